"""Is somebody else already writing this? An advisory lock beside the file, held by the kernel while we live."""

import fcntl
import os
import time
from pathlib import Path

from dreamloom.vocabulary.errors import RefusedError

TRIES, BETWEEN_S = 5, 0.01
"""Whoever only asks whether it is held has it for microseconds; nobody is refused for that. Ours."""


def is_held(path: Path) -> bool:
    """Whether some process is writing this now."""
    try:
        handle = os.open(f"{path}.lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


class WriterLock:
    """Holds `<path>.lock` until released or until this process ends, however it ends.

    The file stays: removing it would let two openers each lock their own. A child made by fork without exec would
    inherit the lock, so children are spawned.
    """

    def __init__(self, path: Path) -> None:
        """Takes the lock.

        Raises:
            RefusedError: while another opener holds it, naming the process.
        """
        self._handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except BlockingIOError as error:
            holder = os.pread(self._handle, 20, 0).decode(errors="replace").strip() or "unknown"
            self.release()
            raise _already_running(path, holder) from error
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)

    def _take(self) -> None:
        for _ in range(TRIES - 1):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(BETWEEN_S)
            else:
                return
        fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        """Lets the next writer in; a second call changes nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _already_running(path: Path, holder: str) -> RefusedError:
    night = path.resolve().parent.name
    return RefusedError(
        "DL-E501",
        f"Night {night} is already running (process {holder}).",
        why=f"A record has one writer, and {path}.lock is held.",
        still="The running night goes on; it can be watched, and its record can be read and verified.",
        do=f"Wait for it to close, or stop process {holder}; do not remove the lock file.",
    )
