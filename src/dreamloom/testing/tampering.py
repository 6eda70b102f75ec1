"""What could somebody with the file in hand do to a record? One change at a time, by seed, each to be found."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from dreamloom.adapters.sqlite import read_only
from dreamloom.house.layout import NightFolder
from dreamloom.house.verifying import verify_night
from dreamloom.ports import StoredCheckpoint, StoredEvent
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import RecordError

Change = Callable[[sqlite3.Connection, np.random.Generator], None]
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
        tried.append(Tried(what, _first_bad(night)))
    shutil.move(whole, night.record)
    return tried


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
    return verify_night(night).first_bad


def _content(night: NightFolder) -> _Content:
    with read_only(night.record) as record:
        ids, _ = record.ids_and_leaves()
        return list(record.rows()), record.checkpoints(), ids, [record.payload(event_id) for event_id in ids]


# --- the changes ---------------------------------------------------------------------------------------------------


def _row(record: sqlite3.Connection, chance: np.random.Generator) -> int:
    """A random event."""
    return int(chance.integers(record.execute("SELECT count(*) FROM events").fetchone()[0]))


def _flipped(content: bytes, chance: np.random.Generator) -> bytes:
    spoilt = bytearray(content)
    spoilt[int(chance.integers(len(content)))] ^= 1 << int(chance.integers(8))
    return bytes(spoilt)


def _flip_body(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    _flip(record, chance, "SELECT body FROM events WHERE seq = ?", "UPDATE events SET body = ? WHERE seq = ?")


def _flip_leaf(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    _flip(record, chance, "SELECT leaf FROM events WHERE seq = ?", "UPDATE events SET leaf = ? WHERE seq = ?")


def _flip(record: sqlite3.Connection, chance: np.random.Generator, read: str, write: str) -> None:
    seq = _row(record, chance)
    record.execute(write, (_flipped(record.execute(read, (seq,)).fetchone()[0], chance), seq))


def _reword(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """A well-formed event with another onset."""
    seq = _row(record, chance)
    event = json.loads(record.execute("SELECT body FROM events WHERE seq = ?", (seq,)).fetchone()[0])
    event["onset_s"] += 0.5
    body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    record.execute("UPDATE events SET body = ? WHERE seq = ?", (body, seq))


def _blank(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    record.execute("UPDATE events SET body = NULL WHERE seq = ?", (_row(record, chance),))


def _other_subject(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    seq = _row(record, chance)
    (subject,) = record.execute("SELECT subject FROM events WHERE seq = ?", (seq,)).fetchone()
    other = "house" if subject != "house" else "S01"
    record.execute("UPDATE events SET subject = ? WHERE seq = ?", (other, seq))


def _delete(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    record.execute("DELETE FROM events WHERE seq = ?", (_row(record, chance),))


def _delete_and_close_up(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """One event less, and every later one moved up so that no number is missing."""
    seq = _row(record, chance)
    record.execute("DELETE FROM events WHERE seq = ?", (seq,))
    record.execute("UPDATE events SET seq = -seq WHERE seq > ?", (seq,))
    record.execute("UPDATE events SET seq = -seq - 1 WHERE seq < 0")


def _cut_tail(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    record.execute("DELETE FROM events WHERE seq >= ?", (_row(record, chance),))


def _swap(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """Two neighbours change places, whole rows."""
    seq = max(1, _row(record, chance))
    for old, new in ((seq, -1), (seq - 1, seq), (-1, seq - 1)):
        record.execute("UPDATE events SET seq = ? WHERE seq = ?", (new, old))


def _insert(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """An old event told once more at the end, as if it had happened again."""
    (size,) = record.execute("SELECT count(*) FROM events").fetchone()
    record.execute(
        "INSERT INTO events SELECT ?, id || '~', subject, leaf, body FROM events WHERE seq = ?",
        (size, _row(record, chance)),
    )


def _flip_payload(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    seqs = [row[0] for row in record.execute("SELECT seq FROM payloads ORDER BY seq")]
    seq = seqs[int(chance.integers(len(seqs)))]
    (ciphertext,) = record.execute("SELECT ciphertext FROM payloads WHERE seq = ?", (seq,)).fetchone()
    record.execute("UPDATE payloads SET ciphertext = ? WHERE seq = ?", (_flipped(ciphertext, chance), seq))


def _delete_payload(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    seqs = [row[0] for row in record.execute("SELECT seq FROM payloads ORDER BY seq")]
    record.execute("DELETE FROM payloads WHERE seq = ?", (seqs[int(chance.integers(len(seqs)))],))


def _other_id(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    record.execute("UPDATE events SET id = id || '~' WHERE seq = ?", (_row(record, chance),))


def _flip_checkpoint(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    sizes = [row[0] for row in record.execute("SELECT size FROM checkpoints ORDER BY size")]
    size = sizes[int(chance.integers(len(sizes)))]
    (note,) = record.execute("SELECT note FROM checkpoints WHERE size = ?", (size,)).fetchone()
    place = int(chance.integers(len(note)))
    spoilt = note[:place] + ("A" if note[place] != "A" else "B") + note[place + 1 :]
    record.execute("UPDATE checkpoints SET note = ? WHERE size = ?", (spoilt, size))


CHANGES: Sequence[tuple[str, Change]] = (
    ("flip a bit of an event", _flip_body),
    ("flip a bit of a leaf", _flip_leaf),
    ("reword an event", _reword),
    ("blank an event", _blank),
    ("give an event to somebody else", _other_subject),
    ("delete an event", _delete),
    ("delete an event and close up", _delete_and_close_up),
    ("cut off the end", _cut_tail),
    ("swap two events", _swap),
    ("tell an event twice", _insert),
    ("change a checkpoint", _flip_checkpoint),
    ("flip a bit of a sealed payload", _flip_payload),
    ("delete a sealed payload", _delete_payload),
    ("name an event otherwise", _other_id),
)
