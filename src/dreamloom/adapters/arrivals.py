"""When was each stored second in hand, and which of its samples were filled? The file kept beside a pod's EDF.

Little-endian. Header: 8 bytes magic, u32 grid_hz. One row a second: u32 index, f64 arrived_s, u16 runs, runs times
(u16 first slot, u16 slots), u32 CRC-32 of the row. A torn row ends the file.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dreamloom.adapters.edf_file import Layout, digital_of, pieces, read_layout
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quantise import Quantiser
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import BoolArray, FloatArray, Microvolts, NightTime

MAGIC = b"DLARRIV1"
_HEADER = struct.Struct("<8sI")
_ROW = struct.Struct("<IdH")
_RUN = struct.Struct("<HH")
_CHECK = struct.Struct("<I")
HEADER_BYTES = _HEADER.size


def arrivals_beside(edf: Path) -> Path:
    """Where the arrivals of a stored segment lie: POD.edf has POD.arrivals, POD.1.edf has POD.1.arrivals."""
    return edf.with_suffix(".arrivals")


class Row(NamedTuple):
    """One stored second: its index, when it was in hand, and its filled stretches as (first slot, slots)."""

    second: int
    arrived_s: float
    runs: tuple[tuple[int, int], ...]
    ends_at: int


class ArrivalsWriter:
    """Appends one row per second; `sync` makes them durable. An older file of this name had lost its recording."""

    def __init__(self, path: Path, grid_hz: int) -> None:
        self._file = path.open("wb")
        self._file.write(_HEADER.pack(MAGIC, grid_hz))
        self._file.flush()

    def append(self, second: GridSecond) -> None:
        """The row of a second; the operating system has it when this returns."""
        self._file.write(encode_row(second))
        self._file.flush()

    def draft(self, second: GridSecond) -> None:
        """A row behind the last one, where the next append covers it; what may stick out behind that is torn."""
        os.pwrite(self._file.fileno(), encode_row(second), self._file.tell())

    def sync(self) -> None:
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.truncate()
        self._file.close()


def encode_row(second: GridSecond) -> bytes:
    """A second's row, with its check value."""
    runs = runs_of(second.filled)
    row = _ROW.pack(second.index, second.arrived_s, len(runs)) + b"".join(_RUN.pack(*run) for run in runs)
    return row + _CHECK.pack(zlib.crc32(row))


def runs_of(filled: BoolArray) -> list[tuple[int, int]]:
    """The stretches of True, as (first, length)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False])).astype(np.int8)))
    return [(int(first), int(after - first)) for first, after in zip(edges[::2], edges[1::2], strict=True)]


def rows_of(path: Path) -> tuple[int, Iterator[Row]]:
    """The grid rate, and every whole row up to the first torn one; (0, nothing) of a file torn in its header.

    Raises:
        StreamError: when the file is missing or does not begin as an arrivals file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unusable(path, f"{error.strerror}.") from None
    if len(data) < HEADER_BYTES:
        return 0, iter(())
    magic, grid_hz = _HEADER.unpack_from(data)
    if magic != MAGIC or grid_hz == 0:
        raise _unusable(path, f"It begins with {magic!r}.")
    return grid_hz, _rows(data)


def _rows(data: bytes) -> Iterator[Row]:
    at, before = _HEADER.size, None
    while at + _ROW.size + _CHECK.size <= len(data):
        index, arrived_s, count = _ROW.unpack_from(data, at)
        end = at + _ROW.size + count * _RUN.size
        if end + _CHECK.size > len(data) or _CHECK.unpack_from(data, end)[0] != zlib.crc32(data[at:end]):
            return
        if before is not None and index != before + 1:
            return
        runs = tuple(_RUN.iter_unpack(data[at + _ROW.size : end]))
        yield Row(index, arrived_s, runs, end + _CHECK.size)
        at, before = end + _CHECK.size, index


def filled_of(row: Row, grid_hz: int) -> BoolArray:
    """[grid_hz], True where the second was filled."""
    filled = np.zeros(grid_hz, dtype=bool)
    for first, length in row.runs:
        filled[first : first + length] = True
    return filled


class Arrivals(NamedTuple):
    """The arrivals of a whole stored recording.

    Attributes:
        grid_hz: slots in a second.
        arrived_s: [second], when each was in hand.
        filled: [second * grid_hz], which samples were filled in.
        early: [m], each first sample after a second whose end was filled: it settled that second,
        early_s: [m], so it was in hand by then, which its own second's arrival no longer tells.
    """

    grid_hz: int
    arrived_s: FloatArray
    filled: BoolArray
    early: npt.NDArray[np.int64]
    early_s: FloatArray

    def of(self, samples_uv: FloatArray, first: int) -> tuple[FloatArray, FloatArray]:
        """Samples from place `first` of the recording on, the filled ones as not a number, and each one's arrival."""
        places = np.arange(first, first + len(samples_uv))
        arrived_s = self.arrived_s[places // self.grid_hz]
        near = slice(*np.searchsorted(self.early, (first, first + len(samples_uv))))
        arrived_s[self.early[near] - first] = self.early_s[near]
        is_filled = self.filled[first : first + len(samples_uv), np.newaxis]
        return np.where(is_filled, np.nan, samples_uv), arrived_s


def read_arrivals(path: Path, grid_hz: int) -> Arrivals:
    """The arrivals kept beside a recording at this rate.

    Raises:
        StreamError: when the file is missing, is none, or belongs to another rate.
    """
    kept_hz, rows = rows_of(path)
    if kept_hz != grid_hz:
        raise _unusable(path, f"It was kept at {kept_hz} Hz, the recording is at {grid_hz} Hz.")
    kept = list(rows)
    filled = np.concatenate([filled_of(row, grid_hz) for row in kept]) if kept else np.zeros(0, dtype=bool)
    arrived_s = np.array([row.arrived_s for row in kept], dtype=np.float64)
    early = _after_filled_ends(filled, grid_hz)
    return Arrivals(grid_hz, arrived_s, filled, early, arrived_s[early // grid_hz - 1])


def _after_filled_ends(filled: BoolArray, grid_hz: int) -> npt.NDArray[np.int64]:
    ends = [(first, first + length) for first, length in runs_of(filled) if first + length < len(filled)]
    return np.array([after for first, after in ends if after // grid_hz > first // grid_hz], dtype=np.int64)


class StoredSeconds:
    """A stored segment, second by second: exactly the GridSeconds that were appended; can be gone through again.

    Ends with the last second that is whole in both files. Nothing was kept when the arrivals hold no row.
    """

    def __init__(self, edf: str | Path, arrivals: str | Path | None = None) -> None:
        self._edf = Path(edf)
        self._grid_hz, rows = rows_of(Path(arrivals) if arrivals is not None else arrivals_beside(self._edf))
        self._rows = list(rows)

    def __iter__(self) -> Iterator[GridSecond]:
        return self.last(len(self._rows))

    def __len__(self) -> int:
        """Seconds that are whole in both files."""
        return self._whole(read_layout(self._edf)) if self._rows else 0

    def last(self, count: int) -> Iterator[GridSecond]:
        """The last `count` seconds, without reading those before."""
        if not self._rows:
            return
        layout = read_layout(self._edf)
        per_second, whole = round(1 / layout.record_s), self._whole(layout)
        quantiser = _quantiser(layout)
        place = max(0, whole - count)
        for raw in pieces(layout, place * per_second, (whole - place) * per_second, multiple=per_second):
            columns = [digital_of(layout, raw, signal) for signal in layout.signals]
            for digital in np.column_stack(columns).astype(np.int16).reshape(-1, self._grid_hz, len(columns)):
                row = self._rows[place]
                filled = filled_of(row, self._grid_hz)
                yield GridSecond(row.second, digital, quantiser.to_uv(digital), filled, NightTime(row.arrived_s))
                place += 1

    def _whole(self, layout: Layout) -> int:
        return min(len(self._rows), layout.records // round(1 / layout.record_s))


def _quantiser(layout: Layout) -> Quantiser:
    ranges = [signal.physical for signal in layout.signals]
    return Quantiser.of([Channel("", "OTHER", Microvolts(low), Microvolts(high)) for low, high in ranges])


def _unusable(path: Path, why: str) -> StreamError:
    return StreamError(
        "DL-E211",
        f"The arrivals {path} cannot be used.",
        why=why,
        still="The recording itself can be read without them.",
        do="Replay the night with the .arrivals file that was stored beside it.",
    )
