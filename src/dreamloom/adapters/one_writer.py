"""Is somebody else already writing this? An advisory lock beside the file, held by the kernel while we live."""

import fcntl
import os
from pathlib import Path

from dreamloom.vocabulary.errors import RefusedError


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
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._handle, 20, 0).decode(errors="replace").strip() or "unknown"
            self.release()
            raise _already_running(path, holder) from error
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)

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
