"""How is a record read from its SQLite file? Page by page, beside a running night, without writing a byte."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from dreamloom.ports import StoredCheckpoint, StoredEvent
from dreamloom.record.codec import decode
from dreamloom.record.events import AnyEvent
from dreamloom.vocabulary.errors import RecordError

BUSY_S = 5.0
"""How long a statement waits for the moment in which the writer changes the journal."""
PAGE_ROWS = 1000
SCHEMA_VERSION = "1"


class SqliteReader:
    """A record as it stands on the disk, read page by page, so that a running night is never held up."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @property
    def origin(self) -> str:
        """The name in its checkpoints and keys."""
        return str(self._query("SELECT value FROM meta WHERE key = 'origin'")[0][0])

    @property
    def size(self) -> int:
        """Durable events."""
        return int(self._query("SELECT coalesce(max(seq) + 1, 0) FROM events")[0][0])

    def rows(self, start: int = 0) -> Iterator[StoredEvent]:
        """Every stored row from seq start on, in order."""
        page = "SELECT seq, subject, leaf, body, id FROM events WHERE seq >= ? ORDER BY seq LIMIT ?"
        while found := self._query(page, start, PAGE_ROWS):
            yield from (StoredEvent(*row) for row in found)
            start = found[-1][0] + 1

    def events(self, start: int = 0) -> Iterator[AnyEvent]:
        """The readable events from seq start on, in order."""
        return (decode(row.body) for row in self.rows(start) if row.body is not None)

    def checkpoints(self) -> list[StoredCheckpoint]:
        """Every checkpoint, smallest first."""
        return [StoredCheckpoint(*row) for row in self._query("SELECT size, note FROM checkpoints ORDER BY size")]

    def ids_and_leaves(self) -> tuple[list[str], list[bytes]]:
        """What a writer needs to go on: every event's id and its leaf."""
        found = self._query("SELECT id, leaf FROM events ORDER BY seq")
        return [row[0] for row in found], [row[1] for row in found]

    def last_tick(self) -> int:
        """The tick of the newest readable event; -1 without one."""
        found = self._query("SELECT body FROM events WHERE body IS NOT NULL ORDER BY seq DESC LIMIT 1")
        return decode(found[0][0]).tick if found else -1

    def held_of(self, subject: str) -> tuple[int, int]:
        """How many texts and how many payloads of this subject are there."""
        texts = self._query("SELECT count(*) FROM events WHERE subject = ? AND body IS NOT NULL", subject)
        payloads = self._query("SELECT count(*) FROM payloads JOIN events USING (seq) WHERE subject = ?", subject)
        return int(texts[0][0]), int(payloads[0][0])

    def of_type(self, tag: str, subject: str | None = None) -> list[AnyEvent]:
        """The readable events of one type, of one subject or of all, in order, without decoding the others."""
        found = "SELECT body FROM events WHERE subject = coalesce(?, subject) AND instr(body, ?) ORDER BY seq"
        events = (decode(row[0]) for row in self._query(found, subject, f'"type":"{tag}"'.encode()))
        return [event for event in events if type(event).__name__ == tag]

    def subjects(self) -> list[str]:
        """Everybody whose events are or were here."""
        return [str(row[0]) for row in self._query("SELECT DISTINCT subject FROM events ORDER BY subject")]

    def payload(self, event_id: str) -> bytes | None:
        """The ciphertext beside an event; None if there is none, or it was erased."""
        found = self._query("SELECT ciphertext FROM payloads JOIN events USING (seq) WHERE id = ?", event_id)
        return found[0][0] if found and isinstance(found[0][0], bytes) else None

    def close(self) -> None:
        """Lets go of the file; nothing was written."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise unreadable(self.path, str(error)) from error


def read_only(path: Path) -> SqliteReader:
    """A record to look at, also while the night runs; writes nothing and holds nobody up.

    Raises:
        RecordError: when there is none at this path.
    """
    try:
        return SqliteReader(_checked(_opened_as_it_is(path), path), path)
    except sqlite3.Error as error:
        if not _journal_of(path).exists():
            raise unreadable(path, str(error)) from error
    try:
        return SqliteReader(_checked(_settled_copy(path), path), path)
    except (OSError, sqlite3.Error) as error:
        raise unreadable(path, str(error)) from error


def _opened_as_it_is(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=BUSY_S, isolation_level=None)


def _settled_copy(path: Path) -> sqlite3.Connection:
    """The record as the next writer will find it, in memory, when a writer was killed in the middle of a change.

    Its half-done change must be undone before anything can be read, and that is not a reader's to do in the file.
    """
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(_journal_of(path), _journal_of(copy))
        with closing(sqlite3.connect(copy)) as settled:
            settled.backup(memory)
    memory.execute("PRAGMA query_only = ON")
    return memory


def _journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        refuse_other_version(connection, path)
    except (RecordError, sqlite3.Error):
        connection.close()
        raise
    return connection


def refuse_other_version(connection: sqlite3.Connection, path: Path) -> None:
    """Returns when this version knows the layout of the file; raises RecordError or sqlite3.Error otherwise."""
    found = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    if found != (SCHEMA_VERSION,):
        raise not_this_record(path, f"Its layout is version {found}, this Dreamloom knows {SCHEMA_VERSION}.")


def not_this_record(path: Path, why: str) -> RecordError:
    """The file is a record, but not the one that was asked for."""
    return RecordError(
        "DL-E408",
        f"{path} is not the record that was asked for.",
        why=why,
        still="It was left as it is.",
        do="Check the path and the night's name.",
    )


def unreadable(path: Path, why: str) -> RecordError:
    """There is no record here, or none that can be read."""
    return RecordError(
        "DL-E412",
        f"{path} cannot be read as a record: {why}.",
        why="It is missing, is no SQLite file of this product, or the disk is failing.",
        still="It was left as it is.",
        do="Check the path; after a disk error, take the night from a backup.",
    )
