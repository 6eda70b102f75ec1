"""What could somebody do who holds the house's own keys? Write the record anew, so that everything in it fits again."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.house.layout import NightFolder
from dreamloom.house.verifying import verify_night
from dreamloom.house.witnessing import kept_at_beds
from dreamloom.ports import StoredEvent
from dreamloom.record.belonging import HOUSE
from dreamloom.record.codec import decode
from dreamloom.record.events import AnyEvent, NightClosed
from dreamloom.testing.tampering import TRIGGERS, Tried
from dreamloom.vocabulary.chance import stream

Rewriting = Callable[[NightFolder, np.random.Generator], None]


def try_rewritings(night: NightFolder, times: int, seed: int, *, is_witnessed: bool) -> list[Tried]:
    """Rewrites a copy of the record so often, each time otherwise, and has it verified.

    `is_witnessed`: beside what the beds vouched for; without, from the files of the record alone. The night's folder
    must be one that may be spoilt; its record is put back at the end.
    """
    whole = night.record.with_suffix(".whole")
    shutil.copyfile(night.record, whole)
    kept = {} if is_witnessed else {copy.path: copy.note for copy in kept_at_beds(night)}
    for path in kept:
        path.unlink()
    tried = []
    for number in range(times):
        what, rewrite = REWRITINGS[number % len(REWRITINGS)]
        shutil.copyfile(whole, night.record)
        rewrite(night, stream(seed, "rewriting", number))
        verdict = verify_night(night)
        tried.append(Tried(what, verdict.first_bad or (None if verdict.ok else verdict.standing)))
    shutil.move(whole, night.record)
    for path, note in kept.items():
        path.write_text(note, encoding="utf-8")
    return tried


def cut_to_an_older_checkpoint(night: NightFolder, chance: np.random.Generator) -> None:
    """Everything behind one of the earlier checkpoints is gone, and the later checkpoints with it."""
    with closing(sqlite3.connect(night.record)) as record:
        record.executescript("".join(f"DROP TRIGGER {name};" for name in TRIGGERS))
        sizes = [row[0] for row in record.execute("SELECT size FROM checkpoints ORDER BY size")][:-1]
        size = sizes[int(chance.integers(len(sizes)))]
        record.execute("DELETE FROM payloads WHERE seq >= ?", (size,))
        record.execute("DELETE FROM events WHERE seq >= ?", (size,))
        record.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
        record.commit()
        record.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rewrite_whole(night: NightFolder, chance: np.random.Generator) -> None:
    """One event is told otherwise; leaves, tree and checkpoint are made anew under the house's own keys."""
    _written_anew(night, chance, keep=0)


def fork(night: NightFolder, chance: np.random.Generator) -> None:
    """The same, and the first checkpoint with all before it stays as it was signed: a second history from there on."""
    with read_only(night.record) as record:
        keep = record.checkpoints()[0].size
    _written_anew(night, chance, keep=keep)


REWRITINGS: Sequence[tuple[str, Rewriting]] = (
    ("cut to an older checkpoint", cut_to_an_older_checkpoint),
    ("fork behind a checkpoint, signed by the house", fork),
    ("write everything anew, signed by the house", rewrite_whole),
)


def _written_anew(night: NightFolder, chance: np.random.Generator, *, keep: int) -> None:
    with read_only(night.record) as record:
        rows = list(record.rows())
        sealed = {row.id: found for row in rows if (found := record.payload(row.id)) is not None}
    events = _otherwise(rows, chance, first=keep)
    _remove(night.record)
    owners = {row.id: row.subject for row in rows}

    def subject_of(event: AnyEvent) -> str:
        return owners.get(event.id, HOUSE)

    vault = FolderVault(night.house.keys)
    with open_ledger(night.record, origin=night.origin, vault=vault, subject_of=subject_of) as ledger:
        for part in (events[:keep], events[keep:]):
            if part:
                ledger.append(part, {event.id: sealed[event.id] for event in part if event.id in sealed})
                ledger.checkpoint()


def _otherwise(rows: Sequence[StoredEvent], chance: np.random.Generator, *, first: int) -> list[AnyEvent]:
    """All events, and one of them a millisecond later than it was."""
    events = [decode(row.body) for row in rows if row.body is not None]
    may = [number for number, event in enumerate(events) if number >= first and not isinstance(event, NightClosed)]
    place = may[int(chance.integers(len(may)))]
    events[place] = msgspec.structs.replace(events[place], onset_s=round(events[place].onset_s + 0.001, 6))
    return events


def _remove(record: Path) -> None:
    for path in (record, *record.parent.glob(f"{record.name}-*")):
        path.unlink(missing_ok=True)
