"""How would a record be forged? One kind of change a row of the table, none of which needs a key."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dreamloom.adapters.keys import HOUSE_KEY, SIGNING_KEY
from dreamloom.house.layout import NightFolder

Change = Callable[[sqlite3.Connection, np.random.Generator], None]
Fields = dict[str, Any]


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


def _belie(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """A random sleeper's stages all become another one, as if she had slept so."""
    _retell_bed(record, chance, lambda event: event)


def _invent_pod(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """The same, and every event of that bed is given to a pod and a sleeper whom nobody ever heard of."""
    _retell_bed(record, chance, lambda event: {**event, "pod": "zz"}, subject="zz")


def _retell_bed(
    record: sqlite3.Connection,
    chance: np.random.Generator,
    retell: Callable[[Fields], Fields],
    *,
    subject: str | None = None,
) -> None:
    beds = [row[0] for row in record.execute("SELECT DISTINCT subject FROM events WHERE subject != 'house' ORDER BY 1")]
    sleeper = beds[int(chance.integers(len(beds)))]
    for seq, body in record.execute("SELECT seq, body FROM events WHERE subject = ?", (sleeper,)).fetchall():
        event = retell(json.loads(body))
        if event["type"] == "StageScored":
            event |= {"stage": "R" if event["stage"] != "R" else "W", "confidence": 1.0}
        record.execute("UPDATE events SET subject = ?, body = ? WHERE seq = ?", (subject or sleeper, _text(event), seq))


def _text(event: Fields) -> bytes:
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _reword(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """A well-formed event with another onset."""
    seq = _row(record, chance)
    event = json.loads(record.execute("SELECT body FROM events WHERE seq = ?", (seq,)).fetchone()[0])
    event["onset_s"] += 0.5
    record.execute("UPDATE events SET body = ? WHERE seq = ?", (_text(event), seq))


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


def _take_checkpoints(record: sqlite3.Connection, _: np.random.Generator) -> None:
    record.execute("DELETE FROM checkpoints")


def _cut_tail_and_seals(record: sqlite3.Connection, chance: np.random.Generator) -> None:
    """As if the night had broken off before anything was signed."""
    _cut_tail(record, chance)
    _take_checkpoints(record, chance)


def _take_last_checkpoint(record: sqlite3.Connection, _: np.random.Generator) -> None:
    record.execute("DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)")


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
    ("take every checkpoint away", _take_checkpoints),
    ("take the last checkpoint away", _take_last_checkpoint),
    ("cut off the end and take every checkpoint away", _cut_tail_and_seals),
    ("retell a bed as that of a pod nobody knows", _invent_pod),
    ("retell a bed and take its sleeper's key away", _belie),
    ("flip a bit of a sealed payload", _flip_payload),
    ("delete a sealed payload", _delete_payload),
    ("name an event otherwise", _other_id),
)


# --- what is taken away beside the record --------------------------------------------------------------------------


def no_keys(_: NightFolder) -> list[Path]:
    """Most changes need nothing taken away beside the record."""
    return []


def _subject_keys(night: NightFolder) -> list[Path]:
    """Every key but the two that the house itself needs."""
    return [path for path in sorted(night.house.keys.glob("*.key")) if path.name not in {HOUSE_KEY, SIGNING_KEY}]


KEYS_TAKEN: Mapping[str, Callable[[NightFolder], list[Path]]] = {
    "retell a bed and take its sleeper's key away": _subject_keys
}
