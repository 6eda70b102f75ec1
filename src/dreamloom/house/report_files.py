"""How do reports come in that no night of this house told? A table or JSON lines: dreamer, night, arm, text."""

import csv
import difflib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError, Where
from dreamloom.weave.reports import SCOPES, Report, Scope

NEEDED = ("dreamer", "night", "arm", "text")
MAY = ("protocol", "awakening", "language", "room", "order", "heard", "scopes")
MOST_CHARACTERS = 1_000_000
"""Of one field. Ours."""
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})
WHAT = "dream reports: a table with the columns dreamer,night,arm,text, or a JSON object a line with these names"


def read_reports(path: Path) -> list[Report]:
    """Every report of a CSV or JSONL file, in the file's order.

    Raises:
        ConfigError: for a file that cannot be read (DL-E321, DL-E322) or holds something else, by line and column.
    """
    text = read_text(path, what=WHAT).removeprefix("\ufeff")
    rows = _json_lines(path, text) if text.lstrip()[:1] == "{" else _table(path, text)
    found = [_report(path, line, row) for line, row in rows]
    if not found:
        raise ConfigError(
            "DL-E701",
            f"{path} holds no report.",
            why=f"It should hold {WHAT}.",
            do="Write a line for each report below the header.",
            where=Where(str(path), 1, 1),
        )
    return found


Row = Mapping[str, tuple[Any, int]]
"""By the name of its column: the value, and where in the line it stands."""


def _table(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(MOST_CHARACTERS)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip().casefold() for name in next(table, [])]
        _refuse_header(path, header)
        before = table.line_num
        for cells in table:
            line, before = before + 1, table.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise ConfigError(
                    "DL-E702",
                    f"A row of {len(cells)} fields stands below a header of {len(header)}.",
                    why=f"A field with a {_named(separator)}, a quote or a line end in it must stand in double quotes.",
                    do='Put quotes around the text: "like this", and double the quotes inside it.',
                    where=Where(str(path), line, min(len(cells), len(header)) + 1),
                )
            yield line, {name: (cell, place + 1) for place, (name, cell) in enumerate(zip(header, cells, strict=True))}
    except csv.Error as error:
        raise ConfigError(
            "DL-E703",
            f"This is no table: {error}.",
            why="A quote is not closed, or stands in the middle of a field.",
            do="Save it again as CSV; most programs quote rightly by themselves.",
            where=Where(str(path), max(1, table.line_num), 1),
        ) from None


def _named(separator: str) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab"}[separator]


def _refuse_header(path: Path, header: list[str]) -> None:
    for name in NEEDED:
        if name not in header:
            near = difflib.get_close_matches(name, header, n=1)
            raise ConfigError(
                "DL-E704",
                f"There is no column {name!r}.",
                why=f"Its columns are {', '.join(header) or 'none'}"
                + (f"; {near[0]!r} may be meant." if near else "."),
                do=f"Name the columns {','.join(NEEDED)}; {', '.join(MAY)} may stand beside them.",
                where=Where(str(path), 1, header.index(near[0]) + 1 if near else len(header) + 1),
            )
    for place, name in enumerate(header):
        if name in header[:place]:
            raise ConfigError(
                "DL-E705",
                f"Two columns are called {name!r}.",
                do="Leave one of them out, or give it another name.",
                where=Where(str(path), 1, place + 1),
            )


def _json_lines(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            column = getattr(error, "colno", 1)
            raise _no_object(path, number, column, str(error)) from None
        if not isinstance(found, dict):
            raise _no_object(path, number, 1, "it is no object")
        missing = next((name for name in NEEDED if name not in found), "")
        if missing:
            raise ConfigError(
                "DL-E706",
                f"This report has no {missing!r}.",
                why=f"It has {', '.join(map(str, found)) or 'nothing'}.",
                do=f"Give each line {', '.join(NEEDED)}.",
                where=Where(str(path), number, len(line.rstrip())),
            )
        yield number, {name: (value, max(1, line.find(f'"{name}"') + 1)) for name, value in found.items()}


def _no_object(path: Path, line: int, column: int, why: str) -> ConfigError:
    return ConfigError(
        "DL-E707",
        "This line is no JSON object.",
        why=f"Read as JSON, {why}.",
        do='Write one report a line: {"dreamer": "d1", "night": "n1", "arm": "a", "text": "…"}',
        where=Where(str(path), line, column),
    )


def _report(path: Path, line: int, row: Row) -> Report:
    def value(name: str, default: str = "") -> str:
        found = row.get(name, (default, 1))[0]
        return "" if found is None else found if isinstance(found, str) else str(found)

    def wrong(name: str, what: str) -> ConfigError:
        return ConfigError(
            "DL-E708",
            f"{name} is {value(name)!r}, and should be {what}.",
            do="Change it, or leave it empty where it may be.",
            where=Where(str(path), line, row[name][1]),
        )

    for name in ("dreamer", "night"):
        if not value(name).strip():
            raise wrong(name, "a name")
    order, heard = value("order").strip(), value("heard").strip().casefold()
    if order and not order.lstrip("-").isdigit():
        raise wrong("order", "a whole number")
    if heard and heard not in YES | NO:
        raise wrong("heard", "yes or no")
    scopes = _scopes(value("scopes", "statistics judges"))
    if scopes is None:
        raise wrong("scopes", f"some of {' '.join(SCOPES)}, or private")
    return Report(
        dreamer=value("dreamer").strip(),
        night=value("night").strip(),
        arm=value("arm").strip(),
        text=value("text"),
        protocol=value("protocol").strip(),
        awakening=value("awakening").strip(),
        language=value("language").strip(),
        room=value("room").strip(),
        order=int(order or 0),
        heard=None if not heard else heard in YES,
        scopes=scopes,
        consent="as the file says",
    )


def _scopes(text: str) -> frozenset[Scope] | None:
    named = set(text.replace(",", " ").replace("|", " ").split()) - {"private"}
    return frozenset(scope for scope in SCOPES if scope in named) if named <= set(SCOPES) else None
