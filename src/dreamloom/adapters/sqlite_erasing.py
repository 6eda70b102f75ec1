"""Is a text that was erased from a record out of its file, too? A file that still shows some of it is rewritten."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from dreamloom.adapters.sqlite_reader import BUSY_S, unreadable
from dreamloom.adapters.sqlite_schema import BLANK_EVENTS, DROP_PAYLOADS

SETTINGS = ("secure_delete = ON", "temp_store = MEMORY", "fullfsync = ON")


def clear_rest(path: Path, marks: Sequence[bytes]) -> None:
    """Returns when the file of a closed record shows these bytes nowhere but in texts that are still there.

    Pages are overwritten as texts go (secure_delete); this looks for what an older page or a torn opening left.

    Raises:
        RecordError: when the file cannot be read or rewritten.
    """
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as connection:
            for setting in SETTINGS:
                connection.execute(f"PRAGMA {setting}")
            if _shown(path, marks) > _held(connection, marks):
                connection.execute("VACUUM")
    except sqlite3.Error as error:
        raise unreadable(path, str(error)) from error


def blank(path: Path, subject: str) -> None:
    """Takes a subject's texts and payloads out of a record that no longer fits its checkpoints, so takes no more words.

    Nothing vouched for it before, and nothing does after; but what a person asked to be erased is gone.

    Raises:
        RecordError: when the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S)) as connection, connection:
            for setting in SETTINGS:
                connection.execute(f"PRAGMA {setting}")
            connection.execute(BLANK_EVENTS, (subject,))
            connection.execute(DROP_PAYLOADS, (subject,))
    except sqlite3.Error as error:
        raise unreadable(path, str(error)) from error


def _shown(path: Path, marks: Sequence[bytes]) -> int:
    data = path.read_bytes()
    return sum(data.count(mark) for mark in marks)


def _held(connection: sqlite3.Connection, marks: Sequence[bytes]) -> int:
    bodies = connection.execute("SELECT body FROM events WHERE body IS NOT NULL")
    return sum(bytes(body).count(mark) for (body,) in bodies for mark in marks)
