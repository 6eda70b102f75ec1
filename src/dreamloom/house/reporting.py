"""How does a night become its morning report? Reads the record, lets it be judged, writes one page and its numbers."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from dreamloom.adapters.sqlite import read_only
from dreamloom.gallery.blinded import blinded_data, blinded_page
from dreamloom.gallery.morning import as_data, gather
from dreamloom.gallery.morning_page import morning_page
from dreamloom.house.gates_open import gates_of
from dreamloom.house.incidents import bed_of
from dreamloom.house.layout import NightFolder
from dreamloom.house.trial_verifying import is_blind
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import AnyEvent, Erased, NightOpened
from dreamloom.record.roots import record_root
from dreamloom.record.verdict import Verdict
from dreamloom.vocabulary.errors import RecordError, RefusedError

ReportRole = Literal["house", "blinded"]
PAGE, NUMBERS = "index.html", "report.json"


def write_report(folder: NightFolder, role: ReportRole | None = None, *, sleeper: str = "") -> Path:
    """Writes report/index.html and report/report.json of a night, also of one that still runs; returns the page.

    For a sleeper it is report/SLEEPER.html and .json: their own bed, with what is personal to them.

    Readable by the house alone, like the record. Each file is replaced whole, so that a reader never sees half of one.
    While the arms of a trial are sealed, everybody is blinded unless a role is named.

    Raises:
        UsageError: when that sleeper did not sleep in this night.
        RecordError: when there is no record, or none that can be read; one that does not verify is reported as such.
    """
    if not folder.record.exists():
        raise RecordError(
            "DL-E436",
            f"The night {folder.name!r} has no record yet, so there is nothing to report.",
            still="Its three files are as they were.",
            do=f"Run it first: dreamloom run {folder.root}",
        )
    with read_only(folder.record) as record:
        size, events = record.size, list(record.events())
    whole = len(events) >= size
    events = without_erased(events)
    if sleeper:
        bed_of(sleeper, events, folder.name)
    morning = gather(
        events,
        night=folder.name,
        zone=_zone(events),
        verdict=_verdict(folder),
        compared_root=record_root(events) if whole else None,
        gates=gates_of(folder, events),
        reader=sleeper,
    )
    folder.report.mkdir(mode=0o700, exist_ok=True)
    is_blinded = role == "blinded" or (role is None and is_blind(folder, events))
    data, told = (blinded_data, blinded_page) if is_blinded else (as_data, morning_page)
    numbers = msgspec.json.format(msgspec.json.encode(data(morning)), indent=1)
    _replace(folder.report / (f"{sleeper}.json" if sleeper else NUMBERS), numbers + b"\n")
    page = folder.report / (f"{sleeper}.html" if sleeper else PAGE)
    _replace(page, told(morning).encode("utf-8"))
    return page


def without_erased(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """The night as it is told once somebody's texts are gone: without their bed."""
    gone = {event.sleeper for event in events if isinstance(event, Erased) and (event.rows or event.why == "asked")}
    return [
        msgspec.structs.replace(event, roster=tuple(seat for seat in event.roster if seat.sleeper not in gone))
        if isinstance(event, NightOpened)
        else event
        for event in events
    ]


def _verdict(folder: NightFolder) -> Verdict | RecordError | RefusedError:
    """What verification says; a report is written even where nobody can judge, and says so."""
    try:
        return verify_night(folder)
    except (RecordError, RefusedError) as error:
        return error


def _zone(events: Sequence[AnyEvent]) -> ZoneInfo | None:
    opened = next((event for event in events if isinstance(event, NightOpened)), None)
    try:
        return ZoneInfo(opened.timezone) if opened else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as Europe
        return None


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
