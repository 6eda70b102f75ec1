"""Who may silence a bed, from which process? Whoever opens its bits: one mapped file, one byte per bit, no lock."""

import mmap
import os
import tempfile
from pathlib import Path
from typing import Protocol

from dreamloom.vetoes.bits import BITS_SIZE, Bit, silencing
from dreamloom.vocabulary.errors import StreamError

ALL_SILENCING = bytes(1 if place in set(Bit) else 0 for place in range(BITS_SIZE))
ALL_ALLOWING = bytes(BITS_SIZE)


class Bits(Protocol):
    """A pod's bits, wherever they are kept."""

    def set(self, bit: Bit) -> None: ...

    def clear(self, bit: Bit) -> None: ...

    def silence_all(self) -> None: ...

    def read(self) -> bytes: ...


class MemoryBits:
    """Bits of a bed that only its own process can silence: rehearsals."""

    def __init__(self) -> None:
        self._table = bytearray(ALL_SILENCING)

    def set(self, bit: Bit) -> None:
        self._table[bit] = 1

    def clear(self, bit: Bit) -> None:
        self._table[bit] = 0

    def silence_all(self) -> None:
        self._table[:] = ALL_SILENCING

    def read(self) -> bytes:
        return bytes(self._table)


class BitsFile:
    """A pod's bits as a mapped file that any process of this user can open.

    A new file silences for every reason; an existing one is taken as it is. Each change is one byte, so it needs no
    lock and nobody ever reads half of it. Whoever unlinks, replaces or resizes the file silences the bed as HALTED:
    a later withdrawal would go to another file than the one that is read.
    """

    def __init__(self, path: Path) -> None:
        """Opens the bits at path, all silencing if they are new.

        Raises:
            StreamError: if the file cannot be made or opened, or is not BITS_SIZE bytes long.
        """
        self.path = path
        try:
            self._table, self._identity = _mapped(path)
        except OSError as error:
            raise StreamError(
                "DL-E260",
                f"The bits at {path} cannot be opened: {error.strerror}.",
                why="Without them nobody could silence this bed.",
                still="The bed stays silent.",
                do="Check that the folder exists and is writable, then start again.",
            ) from error

    def set(self, bit: Bit) -> None:
        """Silences the bed for this reason; every process that renders sees it in its next quantum."""
        self._table[bit] = 1

    def clear(self, bit: Bit) -> None:
        """Takes this reason back. The bed sounds only when every bit is clear."""
        self._table[bit] = 0

    def silence_all(self) -> None:
        """Every reason at once: how each night and each restart begins."""
        for bit in Bit:
            self._table[bit] = 1

    def read(self) -> bytes:
        """The table as silencing() takes it; empty, which silences, if the file is not the one that was opened."""
        try:
            found = self.path.stat()
        except OSError:
            return b""
        if (found.st_dev, found.st_ino, found.st_size) != self._identity:
            return b""
        return self._table[:]

    def silencing(self) -> tuple[Bit, ...]:
        """The bits that are on now."""
        return silencing(self.read())

    def close(self) -> None:
        """Lets go of the file; the bits stay as they are."""
        self._table.close()


def set_bit(bits: Bits, bit: Bit, *, on: bool) -> None:
    """One bit, on or off."""
    change = bits.set if on else bits.clear
    change(bit)


def silencing_names(bits: Bits) -> tuple[str, ...]:
    """Names of the bits that are on, as outcomes carry them."""
    table = bits.read()
    return () if table == ALL_ALLOWING else tuple(bit.name for bit in silencing(table))


def _mapped(path: Path) -> tuple[mmap.mmap, tuple[int, int, int]]:
    if not path.exists():
        _create(path)
    with path.open("r+b") as file:
        found = os.fstat(file.fileno())
        if found.st_size != BITS_SIZE:
            raise StreamError(
                "DL-E261",
                f"The bits at {path} are {found.st_size} bytes long, not {BITS_SIZE}.",
                why="Something else wrote to this file, so nobody can know what it allows.",
                still="The bed stays silent.",
                do=f"Remove {path} while no night is running; the next start makes a new one, all silencing.",
            )
        return mmap.mmap(file.fileno(), BITS_SIZE), (found.st_dev, found.st_ino, BITS_SIZE)


def _create(path: Path) -> None:
    """Makes the whole file before it gets its name, and never over one that another process made meanwhile."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as draft:
        draft.write(ALL_SILENCING)
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return
