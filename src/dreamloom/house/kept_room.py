"""What if the disk is full when a night is to be closed? Room for its end is taken beforehand, and given back then."""

import os
from pathlib import Path
from typing import Self

MB = 2**20


class KeptRoom:
    """A file that takes room on the disk, from entering until it is given back: at the end of a night, or before.

    What is left of a process that was killed is taken over by the next opening.
    """

    def __init__(self, path: Path, size_mb: float) -> None:
        """Takes nothing yet."""
        self._path = path
        self._bytes = int(size_mb * MB)
        self._is_kept = False

    @property
    def held_mb(self) -> float:
        """How much there will be more of once it is given back."""
        return self._bytes / MB if self._is_kept else 0.0

    def __enter__(self) -> Self:
        """Takes the room, or none where the disk has less: the night has been refused by then, or ends by its watch."""
        try:
            _fill(self._path, self._bytes)
            self._is_kept = True
        except OSError:
            self._path.unlink(missing_ok=True)
        return self

    def give_back(self) -> None:
        """Frees it; again changes nothing."""
        self._path.unlink(missing_ok=True)
        self._is_kept = False

    def __exit__(self, *_: object) -> None:
        self.give_back()


def _fill(path: Path, size: int) -> None:
    """Blocks of its own on the disk, not a hole; written out where the system cannot promise them."""
    with path.open("wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
            return
        for _ in range(size // MB):
            file.write(os.urandom(MB))
