"""Whose time is over? What is past its date, or was never to be kept, goes at the next opening, and it is logged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.one_writer import is_held
from dreamloom.adapters.sqlite import read_only
from dreamloom.adapters.sqlite_erasing import clear_rest
from dreamloom.engine.clocks import utc_now
from dreamloom.house import left_behind
from dreamloom.house.erasing import erase_rows, remove, remove_export
from dreamloom.house.house_record import append_to_house, erase_in_house, subject_of
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import EXPORTS, REPORTS, SIGNALS, SOUNDS, NightLeft, left_in, nights_of
from dreamloom.house.night_file import NOBODY
from dreamloom.house.retention_times import KeepDays, keep_days
from dreamloom.record.belonging import HOUSE
from dreamloom.record.events import AnyEvent, ConsentGiven, Erased, HostDescribed, NightClosed, NightOpened
from dreamloom.vocabulary.errors import RecordError

FIRST_WORDS = 8
"""NightOpened and HostDescribed stand among the first events of a record."""
KEEP_RAW = "keep raw"
LONGEST_NIGHT = timedelta(hours=36)
"""A night that broke off is over at the latest then. Ours."""
Why = Literal["retention", "no keep raw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What goes of one sleeper in one night, and why.

    Attributes:
        rows: their texts in its record, where these go too; else 0.
        files: by kind.
    """

    folder: NightFolder
    sleeper: str
    why: Why
    rows: int
    files: dict[str, tuple[Path, ...]]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(paths) for kind, paths in sorted(self.files.items())}


def due_nights(house: House, utc: datetime, *, but: NightFolder | None = None) -> list[Due]:
    """What is past its time in the nights of this house, running ones and one other left aside."""
    days = keep_days(house)
    spared = but.root.resolve() if but else None
    return [
        each
        for folder in nights_of(house)
        if folder.root.resolve() != spared and folder.record.exists() and not is_held(folder.record)
        for each in _due_in(folder, days, utc)
    ]


def due_exports(house: House, utc: datetime) -> list[Path]:
    """What lies in exports/ for too long."""
    oldest_s = (utc - timedelta(days=keep_days(house).exports)).timestamp()
    return [path for path in sorted(house.exports.glob("*")) if path.stat().st_mtime < oldest_s]


def due_consents(house: House, utc: datetime) -> list[str]:
    """Of whom the house's own record holds consents for too long."""
    if not house.record.is_file():
        return []
    oldest_s = (utc - timedelta(days=keep_days(house).consents)).timestamp()
    newest: dict[str, float] = {}
    with read_only(house.record) as record:
        for event in record.events():
            newest[subject_of(event)] = event.onset_s
    return sorted(name for name, at_s in newest.items() if name != HOUSE and at_s < oldest_s)


def keep_to_times(house: House, *, but: NightFolder | None = None, utc: datetime | None = None) -> list[Due]:
    """Takes away what is past its time, each logged first; returns what went from nights.

    Raises:
        ConfigError: when retention.toml is wrong.
        RecordError, RefusedError, OSError: when something cannot be written; it is taken away at the next opening.
    """
    now = utc or utc_now()
    due = due_nights(house, now, but=but)
    vault = FolderVault(house.keys) if due else None
    for each in due:
        if vault is not None:
            _take(each, vault)
    for path in due_exports(house, now):
        _log_export(house)
        remove_export(path)
    for sleeper in due_consents(house, now):
        erase_in_house(house, sleeper, why="retention")
        remove(left_behind.drawings_of(house, sleeper))
        clear_rest(house.record, [f'"sleeper":"{sleeper}"'.encode()])
    return due


def _log_export(house: House) -> None:
    word = Erased(onset_s=0.0, sleeper=HOUSE, why="retention", rows=0, payloads=0, files={EXPORTS: 1})
    append_to_house(house, word)


def _take(due: Due, vault: FolderVault) -> None:
    word = Erased(onset_s=0.0, sleeper=due.sleeper, why=due.why, rows=0, payloads=0, files=due.counts)
    erase_rows(due.folder, word, vault, takes_texts=due.rows > 0)
    if due.rows:
        clear_rest(due.folder.record, [f'"pod":"{pod}"'.encode() for pod in _beds(due.folder, due.sleeper)])
    remove(path for paths in due.files.values() for path in paths)


def _beds(folder: NightFolder, sleeper: str) -> list[str]:
    return [pod for pod, name in left_behind.sleepers_of(folder).items() if name == sleeper]


def _due_in(folder: NightFolder, days: KeepDays, utc: datetime) -> Iterator[Due]:
    try:
        with read_only(folder.record) as record:
            opened = _opened(islice(record.events(), FIRST_WORDS))
            if opened is None or not _may_be_due(folder, days, utc - opened):
                return
            first = [*islice(record.events(), FIRST_WORDS), *record.of_type(ConsentGiven.__name__)]
            closed = record.of_type(NightClosed.__name__)
    except RecordError:
        return
    ended = opened + (timedelta(seconds=closed[-1].onset_s) if closed else LONGEST_NIGHT)
    if utc < ended:
        return
    unkept = _unkept(first) if utc >= ended + timedelta(hours=days.morning_h) else set()
    for sleeper in sorted({*left_behind.sleepers_of(folder).values()}):
        left = left_in(folder, sleeper)
        if left is None:
            continue
        if sleeper in unkept and left.files[SIGNALS]:
            yield _due(left, sleeper, "no keep raw", [SIGNALS])
            left = _without_signals(left)
        age = utc - ended
        kinds = [
            kind
            for kind, most in ((SIGNALS, days.signals), (SOUNDS, days.sounds), (REPORTS, days.reports))
            if age >= timedelta(days=most) and left.files[kind]
        ]
        rows = left.rows if age >= timedelta(days=days.events) else 0
        if kinds or rows:
            yield _due(left, sleeper, "retention", kinds, rows=rows)


def _due(left: NightLeft, sleeper: str, why: Why, kinds: Sequence[str], *, rows: int = 0) -> Due:
    return Due(
        folder=left.folder, sleeper=sleeper, why=why, rows=rows, files={kind: left.files[kind] for kind in kinds}
    )


def _without_signals(left: NightLeft) -> NightLeft:
    files = {**left.files, SIGNALS: ()}
    return NightLeft(left.folder, left.pods, left.rows, left.payloads, files, is_shared=left.is_shared)


def _opened(first: Iterable[AnyEvent]) -> datetime | None:
    """When the night was opened, by its own clock."""
    host = next((event for event in first if isinstance(event, HostDescribed)), None)
    return None if host is None else datetime.fromisoformat(host.utc)


def _may_be_due(folder: NightFolder, days: KeepDays, age: timedelta) -> bool:
    """A look that costs next to nothing: every opening of a night takes it at every other night of the house."""
    soonest = timedelta(hours=days.morning_h) if days.signals else timedelta(0)
    kinds = ((folder.signals, soonest), (folder.report, timedelta(days=days.reports)))
    sounds = [(at, timedelta(days=days.sounds)) for at in (folder.sound, folder.house.sealed_sound(folder.name))]
    return age >= timedelta(days=days.events) or any(
        age >= most and folder.is_dir() for folder, most in (*kinds, *sounds)
    )


def _unkept(first: Sequence[AnyEvent]) -> set[str]:
    """Who lies in a bed and did not agree that their samples are kept; nobody lies behind a recording."""
    seats = [seat for event in first if isinstance(event, NightOpened) for seat in event.roster]
    agreed = {event.sleeper for event in first if isinstance(event, ConsentGiven) and KEEP_RAW in event.purposes}
    return {seat.sleeper for seat in seats if not seat.source.startswith(NOBODY)} - agreed
