"""How do judges' rankings of sealed targets come in? A table: which draw, which judge, the four from best to last."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError, Where
from dreamloom.weave.chance.target import Draw

COLUMNS = ("draw", "judge", "ranking")
WHAT = "judges' rankings: a table with the columns draw,judge,ranking, such as 1,anna,c a d b"


def with_rankings(draws: Sequence[Draw], paths: Sequence[Path]) -> tuple[Draw, ...]:
    """The draws with what each judge said, in one table or in several; whatever was in them before stays.

    Raises:
        ConfigError: DL-E800 for a table without these columns, DL-E801 for a draw, a judge or a ranking that cannot be.
    """
    ids = {draw.id: sorted(each.id for each in draw.candidates) for draw in draws}
    said: dict[tuple[str, str], tuple[str, ...]] = {}
    for path, (line, draw, judge, ranking) in [(table, row) for table in paths for row in _rows(table)]:
        order = _order(ranking)
        if draw not in ids:
            raise _wrong(path, line, f"draw {draw!r} is none of {', '.join(ids) or 'none'}")
        if sorted(order) != ids[draw]:
            raise _wrong(path, line, f"{ranking!r} does not order {', '.join(ids[draw])}")
        if (draw, judge) in said:
            raise _wrong(path, line, f"{judge!r} ranked draw {draw} before")
        said[draw, judge] = order
    return tuple(
        replace(each, rankings=(*each.rankings, *(order for (draw, _), order in said.items() if draw == each.id)))
        for each in draws
    )


def _order(ranking: str) -> tuple[str, ...]:
    """The four as they were written, best first: between blanks; or between > or |, where a name has blanks itself."""
    parts = re.split(r"[>|]", ranking)
    return tuple(" ".join(part.split()) for part in parts) if len(parts) > 1 else tuple(ranking.split())


def _rows(path: Path) -> list[tuple[int, str, str, str]]:
    text = read_text(path, what=WHAT).removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    header = [name.strip().casefold() for name in next(table, [])]
    if sorted(header) != sorted(COLUMNS):
        raise ConfigError(
            "DL-E800",
            f"{path} holds no rankings.",
            why=f"Its columns are {', '.join(header) or 'none'}, and should be {', '.join(COLUMNS)}.",
            do="Write a line for each judge and draw, such as 1,anna,c a d b with the best first.",
            where=Where(str(path), 1, 1),
        )
    found = []
    for cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise _wrong(path, table.line_num, f"the line has {len(cells)} fields, and the table {len(header)}")
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        if row["ranking"]:  # else a line of the sheet that this judge left empty
            found.append((table.line_num, row["draw"], row["judge"], row["ranking"]))
    return found


def _wrong(path: Path, line: int, why: str) -> ConfigError:
    return ConfigError(
        "DL-E801",
        "A ranking cannot be counted.",
        why=f"In line {line} {why}.",
        do="Each judge orders the four targets of a draw once, best first, as in: c a d b.",
        where=Where(str(path), line, 1),
    )
