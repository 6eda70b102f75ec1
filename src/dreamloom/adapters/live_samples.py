"""What does a bed show right now? Its newest minute in a mapped file: one process writes, any number look.

The night never waits for whoever looks, and nothing is decided on what is shown. The file is a ring on the bed's own
sample grid, in tenths of a microvolt; its place in the header moves last, so whoever looks sees whole samples or none.
"""

import mmap
import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.vocabulary.units import Hertz, Int16Array, Seconds

SHOWN_S = Seconds(60.0)
"""How far back a view may look at what a bed shows: twice the 30 s that it draws. Ours."""
STEP_UV = 0.1
"""Smaller than any band's own noise; +-3276.7 uV fit. As in the stored files."""
MISSING = -32768
"""Stands for a sample that never came."""
MAGIC = b"DLLIVE1\0"
_HEAD = struct.Struct("<8sdII")
_PLACE = struct.Struct("<q")
_PLACE_AT = _HEAD.size
HEAD_BYTES = 64


class Newest(NamedTuple):
    """Samples as they are shown.

    Attributes:
        first: place of the first one on the bed's grid, from the beginning of the night on.
        samples: [n, channel], tenths of a microvolt; MISSING where none came.
        sfreq_hz: of the grid.
    """

    first: int
    samples: Int16Array
    sfreq_hz: Hertz


class LiveSamples:
    """Writes what one bed shows; made anew at each opening, and gone at its close."""

    def __init__(self, path: Path, stream: StreamInfo) -> None:
        """Makes the file, readable by its owner alone; raises OSError when the disk refuses."""
        self._path = path
        self._hz = stream.grid_hz
        self._channels = len(stream.channels)
        self._rows = int(SHOWN_S * self._hz)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.ftruncate(handle, HEAD_BYTES + self._rows * self._channels * 2)
            self._map = mmap.mmap(handle, 0)
        finally:
            os.close(handle)
        self._ring = _ring(self._map, self._channels)
        self._ring[:] = MISSING
        self._next = 0
        _PLACE.pack_into(self._map, _PLACE_AT, 0)
        _HEAD.pack_into(self._map, 0, MAGIC, float(self._hz), self._channels, self._rows)

    def show(self, block: Block) -> None:
        """Puts a block where its onset belongs; what is older than what is shown already is left out."""
        n = len(block.samples)
        if n == 0:
            return
        places = np.rint((block.onset_s + np.arange(n) / block.sfreq_hz) * self._hz).astype(np.int64)
        kept = places >= max(self._next, int(places[-1]) - self._rows + 1)
        if not kept.any():
            return
        first, last = max(self._next, int(places[-1]) - self._rows + 1), int(places[-1])
        self._ring[np.arange(first, last + 1) % self._rows] = MISSING
        self._ring[places[kept] % self._rows] = tenths_of(block.samples[kept])
        self._next = last + 1
        _PLACE.pack_into(self._map, _PLACE_AT, self._next)

    def close(self) -> None:
        """Shows nothing any more."""
        del self._ring
        with suppress(BufferError):
            self._map.close()
        self._path.unlink(missing_ok=True)


class LiveView:
    """Looks at what one bed shows, from any process."""

    def __init__(self, table: mmap.mmap, *, sfreq_hz: Hertz, channels: int) -> None:
        self._map = table
        self._ring = _ring(table, channels)
        self.sfreq_hz = sfreq_hz
        self.channels = channels

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """What lies at path; None while nothing is shown there."""
        try:
            with path.open("rb") as file:
                table = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return None
        if len(table) < HEAD_BYTES:
            return None
        magic, hz, channels, rows = _HEAD.unpack_from(table, 0)
        if magic != MAGIC or len(table) != HEAD_BYTES + rows * channels * 2:
            return None
        return cls(table, sfreq_hz=Hertz(hz), channels=channels)

    @property
    def end(self) -> int:
        """The place behind the newest sample."""
        return int(_PLACE.unpack_from(self._map, _PLACE_AT)[0])

    def since(self, index: int) -> Newest:
        """What came from this index on, or as much of it as is still there."""
        rows = len(self._ring)
        end = self.end
        first = max(index, end - rows, 0)
        samples = self._ring[np.arange(first, end) % rows].copy()
        overwritten = max(0, self.end - rows - first)  # while this was being copied
        return Newest(first + overwritten, samples[overwritten:], self.sfreq_hz)

    def close(self) -> None:
        del self._ring
        with suppress(BufferError):
            self._map.close()


def _ring(table: mmap.mmap, channels: int) -> Int16Array:
    return np.frombuffer(table, dtype="<i2", offset=HEAD_BYTES).reshape(-1, channels)


def tenths_of(samples_uv: np.ndarray) -> Int16Array:
    """Clipped to what fits; NaN is MISSING."""
    scaled = np.clip(np.rint(samples_uv / STEP_UV), MISSING + 1, -(MISSING + 1))
    return np.where(np.isfinite(scaled), scaled, MISSING).astype("<i2")
