"""How does a record lie on a disk? One SQLite file with one writer: WAL, FULL, committed in groups."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from dreamloom.adapters.folders import mounted_file_systems, refuse_shared_folder, sync_folder
from dreamloom.adapters.one_writer import WriterLock
from dreamloom.adapters.sqlite_reader import (
    BUSY_S,
    SCHEMA_VERSION,
    SqliteReader,
    not_this_record,
    read_only,
    refuse_other_version,
    unreadable,
)
from dreamloom.adapters.sqlite_schema import BLANK_EVENTS, DROP_PAYLOADS, SCHEMA, SETTINGS
from dreamloom.ports import Ledger, StoredCheckpoint, StoredEvent, Vault
from dreamloom.record.chain import Chain, Link, refuse_stray_payloads, resume_order
from dreamloom.record.codec import decode
from dreamloom.record.events import AnyEvent
from dreamloom.record.merkle import EMPTY, Frontier
from dreamloom.seals.notes import Checkpoint, is_key_name, open_note, public_key, sign_note
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.ids import EventId

__all__ = ["GROUP_S", "SqliteLedger", "SqliteReader", "open_ledger", "read_only"]

GROUP_S = 0.1
"""An append that comes later than this after the oldest waiting one commits by itself."""


class SqliteLedger(Ledger):
    """The one writer of a record; for use by one thread. Made by `open_ledger`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        lock: WriterLock,
        *,
        chain: Chain,
        vault: Vault,
        monotonic_s: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._reader = SqliteReader(connection, path)
        self._path = path
        self._lock = lock
        self._chain = chain
        self._vault = vault
        self._monotonic_s = monotonic_s
        self._durable_size = chain.frontier.size
        self._waiting: list[Link] = []
        self._waiting_payloads: dict[str, bytes] = {}
        self._oldest_s = 0.0
        self._failure: RecordError | None = None
        self._closed = False

    @property
    def origin(self) -> str:
        """The record's name."""
        return self._chain.origin

    @property
    def public_key(self) -> bytes:
        """The Ed25519 key that its checkpoints are signed with."""
        return public_key(self._vault.signing_key())

    @property
    def size(self) -> int:
        """Events appended so far, durable or not."""
        return self._chain.frontier.size

    @property
    def durable_size(self) -> int:
        """Events that survive a crash from now on."""
        return self._durable_size

    def append(self, events: Sequence[AnyEvent], payloads: Mapping[str, bytes] | None = None) -> None:
        """Adds all of these events in this order, or none.

        Commits by itself when the oldest waiting event is older than `GROUP_S`.

        Raises:
            RecordError: for an event that does not come next or cannot be written, and for ever after a disk error.
        """
        self._refuse_if_over()
        refuse_stray_payloads(payloads or {}, events)
        chain, links = self._chain.extend(events, self._vault.subject_key)
        now_s = self._monotonic_s()
        if not self._waiting:
            self._oldest_s = now_s
        self._chain = chain
        self._waiting += links
        self._waiting_payloads.update(payloads or {})
        if self._waiting and now_s - self._oldest_s > GROUP_S:
            self.commit()

    def commit(self) -> None:
        """Returns when everything appended is on the disk.

        Raises:
            RecordError: when the disk refuses; the ledger then takes nothing more.
        """
        self._refuse_if_over()
        if self._waiting:
            self._settle()

    def checkpoint(self) -> StoredCheckpoint:
        """Commits what waits together with the signed root over everything: both are on the disk, or neither."""
        return self._sign()

    def erase(self, subject: str, log: AnyEvent) -> None:
        """Takes away every text and payload of this subject, with the event that logs it: all of it, or nothing.

        Leaves stay, so that every other proof stands.
        """
        self.commit()
        self.append([log])
        self._sign((BLANK_EVENTS, [(subject,)]), (DROP_PAYLOADS, [(subject,)]))

    def held_of(self, subject: str) -> tuple[int, int]:
        """How many durable texts and payloads of this subject are there."""
        return self._reader.held_of(subject)

    @property
    def last_tick(self) -> int:
        """The tick of the newest event that can be read; -1 without one."""
        return self._chain.order.tick

    def next_id(self, origin: str) -> EventId:
        """The id of the next event that this origin tells of the newest life in the record."""
        counts = self._chain.order.counts
        boot = max((last_boot for last_boot, _ in counts.values()), default=0)
        own_boot, own_n = counts.get(origin, (-1, -1))
        return EventId(origin, boot, own_n + 1 if own_boot == boot else 0)

    def _sign(self, *more: tuple[str, list[tuple[object, ...]]]) -> StoredCheckpoint:
        self._refuse_if_over()
        note = sign_note(_claim(self.origin, self._chain.frontier), name=self.origin, seed=self._vault.signing_key())
        self._settle(*more, ("INSERT OR IGNORE INTO checkpoints VALUES (?, ?)", [(self.size, note)]))
        return StoredCheckpoint(self.size, note)

    def checkpoints(self) -> list[StoredCheckpoint]:
        """Every checkpoint, smallest first."""
        return self._reader.checkpoints()

    def rows(self, start: int = 0) -> Iterator[StoredEvent]:
        """Every row from seq start on, also those not durable yet."""
        yield from self._reader.rows(start)
        for link in list(self._waiting):
            if link.seq >= start:
                yield StoredEvent(link.seq, link.subject, link.leaf, link.body, link.event_id)

    def events(self, start: int = 0) -> Iterator[AnyEvent]:
        """The readable events from seq start on, in order."""
        return (decode(row.body) for row in self.rows(start) if row.body is not None)

    def payload(self, event_id: str) -> bytes | None:
        """The ciphertext beside an event; None if there is none, or it was erased."""
        return self._waiting_payloads.get(event_id) or self._reader.payload(event_id)

    def close(self) -> None:
        """Commits, signs a last checkpoint, leaves one plain file and lets the next writer in.

        Raises:
            RecordError: when that fails, or had failed before: a broken record is never closed as a good one.
        """
        if self._closed:
            return
        try:
            if self._failure or self.size:
                self.checkpoint()
        finally:
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None and self._failure:
            self._release()
        else:
            self.close()

    def _release(self) -> None:
        self._closed = True
        with suppress(sqlite3.Error):  # readers may hold the WAL; it is then left for the next writer to fold in
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()
        self._lock.release()

    def _refuse_if_over(self) -> None:
        if self._failure:
            raise self._failure
        if self._closed:
            raise RecordError("DL-E411", "This record is closed.", do="Open it again to write.")

    def _settle(self, *more: tuple[str, list[tuple[object, ...]]]) -> None:
        self._write(
            ("INSERT INTO events VALUES (?, ?, ?, ?, ?)", [_row(link) for link in self._waiting]),
            ("INSERT INTO payloads VALUES (?, ?)", self._payload_rows()),
            *more,
        )
        self._durable_size = self._chain.frontier.size
        self._waiting.clear()
        self._waiting_payloads.clear()

    def _write(self, *statements: tuple[str, list[tuple[object, ...]]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                self._connection.executemany(sql, values)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._failure = _unwritable(self._path, str(error), self._durable_size)
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise self._failure from error

    def _payload_rows(self) -> list[tuple[object, ...]]:
        seq_of = {link.event_id: link.seq for link in self._waiting}
        return [(seq_of[event_id], ciphertext) for event_id, ciphertext in self._waiting_payloads.items()]


def open_ledger(
    path: Path,
    *,
    origin: str,
    vault: Vault,
    subject_of: Callable[[AnyEvent], str],
    mounts: Callable[[], str] = mounted_file_systems,
    monotonic_s: Callable[[], float] = time.monotonic,
) -> SqliteLedger:
    """Makes a record, or opens one again to go on writing.

    Args:
        path: the file, in a folder that exists.
        origin: its name in checkpoints and keys, without spaces or plus signs; always the same for one record.
        vault: where the keys come from.
        subject_of: whose key an event hangs on.
        mounts: the table of mounted file systems.
        monotonic_s: seconds on a clock that never goes back, for `GROUP_S`.

    Raises:
        RefusedError: when another process writes it, or the folder is a network or synchronised one.
        RecordError: when it is no record, another one, or does not fit its newest checkpoint.
    """
    refuse_shared_folder(path.parent, mounts())
    try:
        lock = WriterLock(path)
    except OSError as error:
        raise _unwritable(path, str(error), 0) from error
    with ExitStack() as undo:
        undo.callback(lock.release)
        connection = undo.enter_context(closing(_connected(path, origin)))
        chain = _resumed(SqliteReader(connection, path), Chain(origin, subject_of), public_key(vault.signing_key()))
        undo.pop_all()
    return SqliteLedger(connection, path, lock, chain=chain, vault=vault, monotonic_s=monotonic_s)


def _row(link: Link) -> tuple[object, ...]:
    return link.seq, link.event_id, link.subject, link.leaf, link.body


def _connected(path: Path, origin: str) -> sqlite3.Connection:
    if not is_key_name(origin):
        raise not_this_record(path, f"{origin!r} cannot name a record: no spaces, no plus signs, not empty.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(path, str(error), 0) from error
    try:
        _prepare(connection, path, origin)
    except (RecordError, sqlite3.Error) as error:
        connection.close()
        raise error if isinstance(error, RecordError) else unreadable(path, str(error)) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, origin: str) -> None:
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    if not connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA}")
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?), ('origin', ?)", (SCHEMA_VERSION, origin))
        connection.execute("COMMIT")
        sync_folder(path.parent)
    refuse_other_version(connection, path)
    if (found := SqliteReader(connection, path).origin) != origin:
        raise not_this_record(path, f"It is the record of {found}, not of {origin}.")


def _resumed(reader: SqliteReader, chain: Chain, public: bytes) -> Chain:
    """The chain as it stood, after a look at the newest checkpoint: nothing is added to a record that lost its end."""
    ids, leaves = reader.ids_and_leaves()
    newest = next(reversed(reader.checkpoints()), None)
    covered = newest.size if newest else 0
    frontier = EMPTY.extend(leaves[:covered])
    if len(leaves) != reader.size:
        raise _misfit(reader.path, covered, len(leaves))
    if newest and open_note(newest.note, name=chain.origin, public=public) != _claim(chain.origin, frontier):
        raise _misfit(reader.path, newest.size, len(leaves))
    order = resume_order(ids, reader.last_tick())
    return replace(chain, frontier=frontier.extend(leaves[covered:]), order=order)


def _claim(origin: str, frontier: Frontier) -> str:
    return Checkpoint(origin, frontier.size, frontier.root).text


def _misfit(path: Path, covered: int, found: int) -> RecordError:
    return RecordError(
        "DL-E410",
        f"{path} does not fit its newest checkpoint, so nothing is added to it.",
        why=f"{covered} events were signed, {found} are here, and their root or the signing key is another.",
        still="What is there can be read.",
        do="Run `dreamloom verify` to see which events do not fit.",
    )


def _unwritable(path: Path, why: str, durable: int) -> RecordError:
    return RecordError(
        "DL-E413",
        f"{path} cannot be written: {why}.",
        why="The disk is full, failing or write-protected.",
        still=f"The first {durable} events are safe; nothing after them was acknowledged." if durable else "",
        do="Free space or change the disk, then open the night again.",
    )
