"""What could somebody with the file in hand do to a record? One change at a time, by seed, each to be found."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dreamloom.adapters.sqlite import read_only
from dreamloom.house.layout import NightFolder
from dreamloom.house.verifying import verify_night
from dreamloom.ports import StoredCheckpoint, StoredEvent
from dreamloom.testing.forgeries import CHANGES, KEYS_TAKEN, no_keys
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import RecordError

TRIGGERS = (
    "events_stay", "leaves_stay", "bodies_are_only_erased", "payloads_are_only_erased", "checkpoints_stay",
    "checkpoints_are_signed_once",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """One change: what was done, and the first thing that verification said does not fit (None if nothing)."""

    what: str
    first_bad: str | None


def try_changes(night: NightFolder, changes: int, seed: int) -> list[Tried]:
    """Makes one change after another to the record, each to a fresh copy put in its place, and has it verified.

    The night's folder must be one that may be spoilt; its record is put back at the end.
    """
    whole = night.record.with_suffix(".whole")
    shutil.copyfile(night.record, whole)
    tried = []
    for number in range(changes):
        what, change = CHANGES[number % len(CHANGES)]
        chance = stream(seed, "tampering", number)
        shutil.copyfile(whole, night.record)
        with closing(sqlite3.connect(night.record)) as record:
            record.executescript("".join(f"DROP TRIGGER {name};" for name in TRIGGERS))
            change(record, chance)
            record.commit()
            record.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with _without(KEYS_TAKEN.get(what, no_keys)(night)):
            tried.append(Tried(what, _first_bad(night)))
    shutil.move(whole, night.record)
    return tried


@contextmanager
def _without(files: Sequence[Path]) -> Iterator[None]:
    """Takes these files away for a while."""
    content = {path: path.read_bytes() for path in files}
    for path in files:
        path.unlink()
    yield
    for path, data in content.items():
        path.touch(mode=0o600)
        path.write_bytes(data)


def try_flips(night: NightFolder, flips: int, seed: int) -> dict[str, int]:
    """Flips one bit of the file at a time, anywhere in it.

    Returns:
        found: verification names what does not fit. refused: the file is no record any more. idle: every row,
        checkpoint, id and sealed payload is as it was, the bit belonged to nothing. unnoticed: any other.
    """
    whole = night.record.read_bytes()
    before = _content(night)
    counts = {"found": 0, "refused": 0, "idle": 0, "unnoticed": 0}
    for number in range(flips):
        chance = stream(seed, "flips", number)
        spoilt = bytearray(whole)
        spoilt[int(chance.integers(len(whole)))] ^= 1 << int(chance.integers(8))
        night.record.write_bytes(spoilt)
        counts[_fate(night, before)] += 1
    night.record.write_bytes(whole)
    return counts


_Content = tuple[list[StoredEvent], list[StoredCheckpoint], list[str], list[bytes | None]]


def _fate(night: NightFolder, before: _Content) -> str:
    try:
        if _first_bad(night) is not None:
            return "found"
        return "idle" if _content(night) == before else "unnoticed"
    except RecordError:
        return "refused"


def _first_bad(night: NightFolder) -> str | None:
    """What verification names; that nothing vouches for the record is an answer too, and never a good one."""
    verdict = verify_night(night)
    return verdict.first_bad or (None if verdict.ok else verdict.standing)


def _content(night: NightFolder) -> _Content:
    with read_only(night.record) as record:
        ids, _ = record.ids_and_leaves()
        return list(record.rows()), record.checkpoints(), ids, [record.payload(event_id) for event_id in ids]
