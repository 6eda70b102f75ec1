"""What do judges get to see who are to find a sealed target? Reports without names, the four, and a table to fill in.

Which of the four was drawn stays where it is sealed. In what order things stand hangs on the published seal alone, so
that it tells nothing, and a sheet that is made again is the same.
"""

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from dreamloom.adapters.folders import write_durably
from dreamloom.gallery.blind_sheet_page import Judged, blind_sheet_page
from dreamloom.house import told_reports, weaving
from dreamloom.house.dreams_met import Asked, prepared
from dreamloom.house.layout import House
from dreamloom.house.ranking_files import COLUMNS
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.weave.chance.design import Design, design_of
from dreamloom.weave.chance.target import Draw, told_of, unsound, unsound_together
from dreamloom.weave.redaction import proposals, redacted
from dreamloom.weave.reports import Report


class Sheet(Struct, frozen=True, kw_only=True):
    """What judges get.

    Attributes:
        page: to read and print. table: to be filled in by each of them.
        left_out: dreamers of this house who do not let judges read what they told.
        to_look_at: places that look like a name, an address or a day.
    """

    page: Path
    table: Path
    draws: tuple[Judged, ...]
    left_out: int
    to_look_at: int


def write(asked: Asked, out: Path) -> Sheet:
    """Writes the page and, beside it, the table; never over one that somebody may have filled in.

    Raises:
        UsageError: DL-E850 where no target was drawn, DL-E851 for draws that cannot be judged, and as `prepared`.
        RefusedError: DL-E852 when a sheet is there already, DL-E853 where judges may read no report of a draw.
    """
    page, table = out.with_suffix(".html"), out.with_suffix(".csv")
    for path in (page, table):
        if path.exists():
            raise RefusedError(
                "DL-E852",
                f"{path} is there already.",
                why="A judge may have filled it in, and nothing is ever written over.",
                still="It was left as it is.",
                do="Give another name: --blind-sheet FILE",
            )
    draws, left_out = sheets(asked)
    write_durably(page, blind_sheet_page(draws).encode())
    write_durably(table, _table(draws).encode())
    found = sum(len(proposals(text)) for draw in draws for text in draw.reports)
    return Sheet(page=page, table=table, draws=draws, left_out=left_out, to_look_at=found)


def sheets(asked: Asked) -> tuple[tuple[Judged, ...], int]:
    """Every draw as judges see it, and how many dreamers are left out because they do not want to be read."""
    found = prepared(asked)
    if not found.draws:
        raise UsageError(
            "DL-E850",
            "There is no sealed target to be found.",
            why="One of four is drawn and sealed before a night, and judges look for it afterwards.",
            do="Before the next one: dreamloom register NIGHT --target FILE, four times. Of a file: --targets FILE.",
        )
    allowed = [each for each in found.reports if "judges" in each.scopes]
    readable = allowed if found.folder is None else _without_what_is_hidden(found.folder.house, allowed)
    design = design_of(readable, found.registration)
    everybody = design_of(found.reports, found.registration)
    if why := _unfit(found.draws, everybody):
        raise UsageError(
            "DL-E851",
            "These draws cannot be judged.",
            why=f"{why}.",
            do="Use them as they were sealed, called by numbers.",
        )
    told = [(draw, [text for text in told_of(draw, design) if text.strip()]) for draw in found.draws]
    for draw, texts in told:
        if not texts:
            raise RefusedError(
                "DL-E853",
                f"No report of draw {draw.id} may be read by judges.",
                why="A dreamer says of each report whether judges may read it, and nobody who told a dream did.",
                still="The text can rank the four: no one reads it then.",
                do="Ask the dreamers: it is the last page of their morning. Or leave --blind-sheet out.",
            )
    left_out = {each.name for each in everybody.dreamers} - {each.name for each in design.dreamers}
    return tuple(_judged(draw, texts) for draw, texts in told), len(left_out)


def _unfit(draws: Sequence[Draw], design: Design) -> str:
    """Why judges cannot be given these draws; "" if they can."""
    wrong = next((why for each in draws if (why := unsound(each))), "")
    named = {each.name.casefold() for each in design.dreamers} & {draw.id.casefold() for draw in draws}
    after = f"draw {min(named)} is called after a dreamer, and judges would read it" if named else ""
    return wrong or after or unsound_together(draws, design.nights)


def _without_what_is_hidden(house: House, reports: Sequence[Report]) -> list[Report]:
    """The same with what their dreamers want hidden hidden; one of which that is not known is left out."""
    found = []
    names: dict[str, str] = {}
    for night in {each.night for each in reports}:
        names |= told_reports.locks(house, night)
    for each in reports:
        name = names.get(each.locked_sha256, "")
        if name:
            found.append(replace(each, text=redacted(each.text, weaving.agreed(house, name).hidden)))
    return found


def _judged(draw: Draw, texts: Sequence[str]) -> Judged:
    def place(text: str) -> bytes:
        return hashlib.sha256(f"{draw.seal}:{text}".encode()).digest()

    return Judged(
        id=draw.id,
        reports=tuple(sorted(texts, key=place)),
        targets=tuple(sorted(draw.candidates, key=lambda each: place(each.id))),
    )


def _table(draws: Sequence[Judged]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows([draw.id, "", ""] for draw in draws)
    return out.getvalue()
