"""What is in an EDF or BDF file, and where? Its header read by edfio, its records read from the disk piece by piece."""

import io
import math
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

import edfio
import numpy as np
import numpy.typing as npt

from dreamloom.signals.motion_units import motion_uv
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import FloatArray

Digital = npt.NDArray[np.int16] | npt.NDArray[np.int32]

FIXED_BYTES = 256
"""The fixed part of the header, and the length of each signal's part (Kemp et al. 1992, EDF)."""
MAX_SIGNALS = 4096
"""More than any recording of sleep holds; the field of the header ends at 9999. Ours."""
MAX_PHYSICAL_UV = 1e8
"""A hundred volts: beyond this a header's scaling is a mistake. Ours."""
MIN_STEP_UV = 1e-6
"""A picovolt: below this a header's scaling is a mistake. Ours."""

PIECE_BYTES = 2_000_000
"""How much of a file is read at once. Ours."""

EDFIO_LEAKS = (
    ValueError,  # UnicodeDecodeError and AnonymizedDateError are among them
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    UnboundLocalError,
    MemoryError,
)
"""What edfio 0.4 raises on headers that break the specification."""

_FORMATS: dict[bytes, Literal["EDF", "BDF"]] = {b"0       ": "EDF", b"\xffBIOSEMI": "BDF"}
_UNITS_UV = {"nv": 1e-3, "uv": 1.0, "µv": 1.0, "μv": 1.0, "âµv": 1.0, "mv": 1e3, "v": 1e6}
_ONSET_FIELD = re.compile(r"(?:^| )onset_s=(\d{1,7})(?: |$)")


@dataclass(frozen=True, slots=True)
class Signal:
    """One ordinary signal: as its header describes it, and where its bytes lie in a record."""

    label: str
    unit: str
    sfreq_hz: float
    samples_per_record: int
    first_byte: int
    physical: tuple[float, float]
    digital: tuple[int, int]

    @property
    def unit_uv(self) -> float | None:
        """Microvolts in one of its units, or that stand for one of movement; None when it measures something else."""
        found = _UNITS_UV.get(self.unit.strip().lower())
        return motion_uv(self.label, self.unit) if found is None else found


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's header, checked: what every reader of its records needs.

    Attributes:
        path: the file.
        fmt: EDF has 16-bit samples, BDF 24-bit ones.
        variant: "EDF", "EDF+C" (continuous), "EDF+D" (with gaps) and the same of BDF.
        header_bytes: where the records begin.
        record_s: duration of a record.
        record_bytes: length of a record.
        records: whole records in the file, whatever the header counts.
        signals: the ordinary signals, in order.
        annotations: (first byte, length) of each annotation signal in a record.
        onset_file_s: night time of the first sample, if the file says so; else 0.
    """

    path: Path
    fmt: Literal["EDF", "BDF"]
    variant: str
    header_bytes: int
    record_s: float
    record_bytes: int
    records: int
    signals: tuple[Signal, ...]
    annotations: tuple[tuple[int, int], ...]
    onset_file_s: int

    @property
    def sample_bytes(self) -> int:
        return 2 if self.fmt == "EDF" else 3

    @property
    def has_gaps(self) -> bool:
        return self.variant.endswith("+D")


def read_layout(path: Path) -> Layout:
    """Reads and checks a header.

    Raises:
        StreamError: when the file is missing, is no EDF or BDF, is cut off, or describes impossible records.
    """
    head, size = _read_header(path)
    fmt = _FORMATS[head[:8]]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = edfio.read_edf if fmt == "EDF" else edfio.read_bdf
            return _layout(path, fmt, read(io.BytesIO(head), header_encoding="latin-1"), size)
    except EDFIO_LEAKS as error:
        _refuse(path, "Its header cannot be read", str(error) or type(error).__name__)


def _read_header(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(FIXED_BYTES)
            if head[:8] not in _FORMATS:
                _refuse_format(path, head)
            if len(head) < FIXED_BYTES:
                _refuse(path, "It is cut off inside its header", f"It has {size} bytes, a header at least 256.")
            signals = _signal_count(path, head)
            head += file.read(FIXED_BYTES * signals)
    except OSError as error:
        raise StreamError(
            "DL-E213",
            f"The recording {path} cannot be opened.",
            why=f"{error.strerror or error}.",
            do="Check the path and that you may read the file.",
        ) from None
    if len(head) < FIXED_BYTES * (signals + 1):
        _refuse(path, "It is cut off inside its header", f"{signals} signals need {FIXED_BYTES * (signals + 1)} bytes.")
    return head, size


def _signal_count(path: Path, head: bytes) -> int:
    text = head[252:256].decode("latin-1").strip()
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MAX_SIGNALS:
        _refuse(path, "Its header names no possible number of signals", f"It says {text!r}; 1 to {MAX_SIGNALS} may be.")
    return int(text)


def _refuse_format(path: Path, head: bytes) -> NoReturn:
    found = "It is empty." if not head else f"It begins with {head[:8]!r}; EDF begins with '0', BDF with 'BIOSEMI'."
    raise StreamError(
        "DL-E202",
        f"The recording {path} is neither EDF nor BDF.",
        why=found,
        do="Give an .edf or .bdf file; other formats can be exported to EDF by the program that recorded them.",
    )


def _refuse(path: Path, what: str, why: str) -> NoReturn:
    raise StreamError(
        "DL-E203",
        f"The recording {path} is damaged: {what[0].lower()}{what[1:]}.",
        why=why if why.endswith(".") else f"{why}.",
        do="Fetch or export the file again; a cut-off night of Dreamloom's own is mended when the night is recovered.",
    )


def _layout(path: Path, fmt: Literal["EDF", "BDF"], header: Any, size: int) -> Layout:
    width = 2 if fmt == "EDF" else 3
    record_s = float(header.data_record_duration)
    every = header._signals  # noqa: SLF001 - the annotation signals among them are not public
    lengths = [int(signal.samples_per_data_record) for signal in every]
    header_bytes = FIXED_BYTES * (len(every) + 1)
    if min(lengths) < 0 or not math.isfinite(record_s) or record_s < 0:
        _refuse(path, "Its records have no possible length", f"{record_s} s, {lengths} samples.")
    if int(header.bytes_in_header_record) != header_bytes:
        _refuse(path, "Its header gives a wrong length of itself", f"{header.bytes_in_header_record} bytes")
    record_bytes = width * sum(lengths)
    records = (size - header_bytes) // record_bytes if record_bytes else 0
    signals, annotations, place = [], [], 0
    for signal, length in zip(every, lengths, strict=True):
        if signal.label.rstrip() == f"{fmt} Annotations":
            annotations.append((place, width * length))
        else:
            signals.append(_signal(signal, length, place, record_s))
        place += width * length
    variant = header.reserved[:5] if header.reserved[:5] in {f"{fmt}+C", f"{fmt}+D"} else fmt
    onset = _ONSET_FIELD.search(header.local_recording_identification)
    return Layout(
        path=path,
        fmt=fmt,
        variant=variant,
        header_bytes=header_bytes,
        record_s=record_s,
        record_bytes=record_bytes,
        records=records,
        signals=tuple(signals),
        annotations=tuple(annotations),
        onset_file_s=int(onset[1]) if onset else 0,
    )


def _signal(header: Any, samples: int, first_byte: int, record_s: float) -> Signal:
    return Signal(
        label=header.label.strip(),
        unit=header.physical_dimension.strip(),
        sfreq_hz=samples / record_s if record_s else 0.0,
        samples_per_record=samples,
        first_byte=first_byte,
        physical=(header.physical_min, header.physical_max),
        digital=(header.digital_min, header.digital_max),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """Stored value d means d * step_uv + zero_uv microvolts."""

    step_uv: float
    zero_uv: float


def scale_of(path: Path, signal: Signal) -> Scale:
    """How a voltage signal is scaled.

    Raises:
        StreamError: when its unit is no voltage or its ranges cannot mean anything.
    """
    unit_uv = signal.unit_uv
    if unit_uv is None:
        raise StreamError(
            "DL-E207",
            f"Channel {signal.label!r} of {path} is not in volts but in {signal.unit!r}.",
            why="A sleeper's signals are read in uV, mV or V; movement also in g, mg, m/s2 or counts.",
            do="Choose another channel, or write the true unit into the file's header.",
        )
    (low, high), (lowest, highest) = signal.physical, signal.digital
    low_uv, high_uv = low * unit_uv, high * unit_uv
    step_uv = (high_uv - low_uv) / (highest - lowest) if highest != lowest else math.nan
    if not (abs(step_uv) >= MIN_STEP_UV and max(abs(low_uv), abs(high_uv)) <= MAX_PHYSICAL_UV):
        raise StreamError(
            "DL-E208",
            f"Channel {signal.label!r} of {path} has no usable scale.",
            why=f"Its header maps stored {lowest}..{highest} to {low:g}..{high:g} {signal.unit}.",
            do="Choose another channel, or mend the ranges in the file's header.",
        )
    return Scale(step_uv, low_uv - lowest * step_uv)


def raw_records(layout: Layout, first: int, count: int) -> npt.NDArray[np.uint8]:
    """[records, record_bytes]: at most `count` whole records from `first` on.

    Fewer, or none, when the file has shrunk or gone meanwhile: a stream falls silent, it does not raise.
    """
    size = layout.record_bytes
    try:
        with layout.path.open("rb") as file:
            file.seek(layout.header_bytes + first * size)
            read = file.read(count * size)
    except OSError:
        read = b""
    whole = len(read) // size
    return np.frombuffer(read, dtype=np.uint8, count=whole * size).reshape(whole, size)


def pieces(layout: Layout, first: int, count: int, *, multiple: int = 1) -> Iterator[npt.NDArray[np.uint8]]:
    """The same records, a multiple of so many at a time: a night's file never fills the memory."""
    at_once = multiple * max(1, PIECE_BYTES // layout.record_bytes // multiple)
    for record in range(first, first + count, at_once):
        yield raw_records(layout, record, min(at_once, first + count - record))


def parts(layout: Layout, first_byte: int, length: int) -> Iterator[bytes]:
    """The same few bytes of every record, in order."""
    for raw in pieces(layout, 0, layout.records):
        for row in raw[:, first_byte : first_byte + length]:
            yield row.tobytes()


def digital_of(layout: Layout, raw: npt.NDArray[np.uint8], signal: Signal) -> Digital:
    """[records * samples_per_record], the stored values of one signal in some raw records."""
    length = signal.samples_per_record * layout.sample_bytes
    column = np.ascontiguousarray(raw[:, signal.first_byte : signal.first_byte + length])
    if layout.fmt == "EDF":
        return column.reshape(-1).view("<i2").astype(np.int16, copy=False)
    wide = np.zeros((column.size // 3, 4), dtype=np.uint8)
    wide[:, 1:] = column.reshape(-1, 3)
    return wide.reshape(-1).view("<i4").astype(np.int32, copy=False) >> 8


def microvolts(digital: Digital, scale: Scale) -> FloatArray:
    """[n] stored values to microvolts."""
    return digital.astype(np.float64) * scale.step_uv + scale.zero_uv
