"""What do the codes of some reports come to, and do people and rules agree? Files in, figures out; nothing is kept.

A human coder gets a sheet of sentences and writes a 1 beside each category that stands in one. Two sheets, or one and
the rules, are compared sentence by sentence.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from dreamloom.house.report_files import read_reports
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError, UsageError, Where
from dreamloom.weave.coding.books import book_for, coded_reports
from dreamloom.weave.coding.coders import CodersAgree, agreement
from dreamloom.weave.coding.connectedness import Connectedness, connectedness
from dreamloom.weave.coding.indices import INDICES, Index, indices
from dreamloom.weave.coding.rules import CATEGORIES, Code
from dreamloom.weave.reports import BASELINE, Report
from dreamloom.weave.words import sentences_of

COLUMNS = ("report", "start", "end", "sentence", *CATEGORIES)
SET = frozenset({"1", "x", "yes"})
FEWEST = 2
"""Reports on either side of a comparison; of one nobody can say how sure. Ours."""


class Coded(Struct, frozen=True, kw_only=True):
    """What the codes of a file's reports come to.

    Attributes:
        reports: of the arm that is described.
        coder: the book, with its language and version.
        codes: by the name of a report.
        indices: with their distance to the baseline where there is one.
        connected: by the name of a report; None of one that is shorter than a window.
        agree: by category; nothing without sheets.
    """

    reports: int
    coder: str
    codes: Mapping[str, Sequence[Code]]
    indices: Sequence[Index]
    connected: Mapping[str, Connectedness | None]
    agree: Sequence[CodersAgree] = ()


def coded(path: Path, *, sheets: Sequence[Path] = (), seed: int = 1) -> Coded:
    """Codes a file's reports by rules; beside them the sheets of human coders, if there are any.

    Reports of the arm "baseline", where there are some beside others, are the norm that the others are held against.

    Raises:
        ConfigError: for a file or a sheet that cannot be read (DL-E701 and on, DL-E818).
        RefusedError: DL-E720 for reports in several languages, DL-E721 for a language without a book.
        UsageError: DL-E819 where reports and sheets have nothing in common.
    """
    reports = read_reports(path)
    book = book_for(reports)
    named = dict(zip(names(reports), coded_reports(reports), strict=True))
    usual = [codes for report, codes in named.values() if report.arm == BASELINE]
    told = {name: codes for name, (report, codes) in named.items() if report.arm != BASELINE}
    if not told:  # baselines alone are described as they are
        told, usual = {name: codes for name, (_, codes) in named.items()}, []
    texts = {name: report.text for name, (report, _) in named.items()}
    by_hand = [read_sheet(sheet, texts) for sheet in sheets]
    rules = {name: codes for name, (_, codes) in named.items()}
    return Coded(
        reports=len(told),
        coder=book.name,
        codes=rules,
        indices=indices(list(told.values()), norms=_norms(usual), seed=seed),
        connected={name: connectedness(text) for name, text in texts.items()},
        agree=_agree(texts, [*by_hand, rules], seed=seed) if by_hand else (),
    )


def names(reports: Sequence[Report]) -> list[str]:
    """By which a report is known in a sheet: its dreamer, its night, and which of theirs in it."""
    found: list[str] = []
    for each in reports:
        first = f"{each.dreamer}/{each.night}"
        again = sum(name == first or name.startswith(f"{first}#") for name in found)
        found.append(f"{first}#{again + 1}" if again else first)
    return found


def sheet(path: Path) -> str:
    """Every sentence of a file's reports as a table, for a person who codes without seeing what rules set.

    Raises:
        ConfigError, RefusedError: as `coded`.
    """
    reports = read_reports(path)
    book_for(reports)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for name, report in zip(names(reports), reports, strict=True):
        for start, end in sentences_of(report.text):
            said = " ".join(report.text[start:end].split())
            table.writerow([name, start, end, said, *("" for _ in CATEGORIES)])
    return out.getvalue()


def read_sheet(path: Path, texts: Mapping[str, str]) -> dict[str, list[Code]]:
    """What a person set, by report; a report that stands in the sheet without any mark is coded too.

    Raises:
        ConfigError: DL-E818 for what is no sheet of these reports, by line.
    """
    table = csv.DictReader(io.StringIO(read_text(path, what="a coder's sheet").removeprefix("\ufeff"), newline=""))
    if tuple(table.fieldnames or ()) != COLUMNS:
        raise _wrong(path, 1, f"Its columns are {', '.join(table.fieldnames or ()) or 'none'}.")
    found: dict[str, list[Code]] = {}
    for row in table:
        name, at = row["report"], (row["start"] or "", row["end"] or "")
        if name not in texts or not all(each.isascii() and each.isdigit() for each in at):
            raise _wrong(path, table.line_num, f"{name!r} at {' to '.join(at)} is no place in these reports.")
        start, end = int(at[0]), int(at[1])
        if not 0 <= start < end <= len(texts[name]):
            raise _wrong(path, table.line_num, f"{name!r} has no characters {start} to {end}.")
        own = found.setdefault(name, [])
        for category in CATEGORIES:
            mark = (row[category] or "").strip().casefold()
            if mark in SET:
                said = texts[name][start:end]
                own.append(
                    Code(start=start, end=end, said=said, category=category, code=category, rule="", coder=path.stem)
                )
            elif mark not in {"", "0", "no"}:
                raise _wrong(path, table.line_num, f"{mark!r} below {category} is no mark.")
    return found


def _norms(usual: Sequence[Sequence[Code]]) -> dict[str, float] | None:
    """The shares of the baseline; none where it is too small to be one."""
    if len(usual) < FEWEST:
        return None
    own = {each.id: each.value for each in indices(usual)}
    return {name: value for name in INDICES if (value := own[name]) is not None}


def _agree(texts: Mapping[str, str], coders: Sequence[Mapping[str, Sequence[Code]]], *, seed: int) -> list[CodersAgree]:
    common = [name for name in texts if all(name in each for each in coders)]
    if len(common) < FEWEST:
        raise UsageError(
            "DL-E819",
            f"{len(common)} reports were coded by everybody, and {FEWEST} are needed.",
            why="Agreement is told of the reports that all of them coded, with an interval by drawing whole reports.",
            do="Give each coder the same sheet: dreamloom coding FILE --sheet > SHEET.csv",
        )
    return agreement(texts, coders, seed=seed)


def _wrong(path: Path, line: int, what: str) -> ConfigError:
    return ConfigError(
        "DL-E818",
        f"This is no coder's sheet of these reports. {what}",
        why="A sheet has a line for each sentence, and 1, x or yes below what stands in it.",
        do="Make it anew: dreamloom coding FILE --sheet > SHEET.csv",
        where=Where(str(path), line, 1),
    )
