"""Is every broken recording either read or plainly refused? Headers made up and files mutated, by seed."""

import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypedDict

import numpy as np

from dreamloom.adapters.edf import EdfSource, annotations, describe
from dreamloom.testing.signals import on_grid
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import NightTime

Outcome = Literal["read", "refused", "uncaught"]
READ_UNTIL_S = NightTime(600.0)

_FILE_WIDTHS = (8, 80, 80, 8, 8, 8, 44, 8, 8, 4)
_SIGNAL_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_ODD_FIELDS = (
    b"", b"0", b"-1", b"1", b"2", b"nan", b"inf", b"-inf", b"1e300", b"1e-300", b"-32768", b"32767", b"99999999",
    b"abc", b"\xff\xfe\xb5V", b"0.0001", b"3.5", b"1_0", b"+1", b"0x10", b"\x00\x00", b"EDF+D", b"EDF+C", b"BDF+D",
    b"uV", b"mV", b"EDF Annotations", b"BDF Annotations", b"EEG C3", b"31.02.85", b"25.61.99", b"1e5", b"-0", b"256",
    b"512", b"768",
)  # fmt: skip


class Counts(TypedDict):
    """How many cases were read, refused with a StreamError, or got past with something else."""

    cases: int
    refused: int
    read: int
    uncaught: int


def run(cases: int, seed: int) -> Counts:
    """Tries so many broken recordings; every case depends on the seed and its number alone."""
    counts = Counts(cases=cases, refused=0, read=0, uncaught=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.edf"
        for number in range(cases):
            path.write_bytes(broken_recording(stream(seed, "edf", number)))
            counts[outcome(path)] += 1
    return counts


def outcome(path: Path) -> Outcome:
    """What becomes of one file when all that we can do with a recording is done to it; a warning counts as uncaught."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _use(path)
    except StreamError:
        return "refused"
    except Exception:  # noqa: BLE001 - counting what nobody named is what this is for
        return "uncaught"
    return "read"


def _use(path: Path) -> None:
    describe(path)
    annotations(path)
    source = EdfSource(path)
    blocks = source.read(READ_UNTIL_S)
    for block in blocks:
        assert block.samples.shape == (len(block.arrived_s), len(source.stream.channels))
        assert np.isfinite(block.samples).all()
    seconds, _, _ = on_grid(blocks, source.stream)
    assert all(np.isfinite(second.samples_uv).all() for second in seconds)


def broken_recording(rng: np.random.Generator) -> bytes:
    """One file: a good one damaged somewhere, a header made of odd fields, or noise behind a magic number."""
    makers: tuple[Callable[[np.random.Generator], bytes], ...] = (_mutated, _mutated, _odd_fields, _odd_fields, _noise)
    return makers[rng.integers(len(makers))](rng)


def good_recording(rng: np.random.Generator) -> bytes:
    """A small whole EDF, EDF+ or BDF of a few signals."""
    is_bdf = bool(rng.integers(2))
    signals = int(rng.integers(1, 4))
    fields = [list(_signal_fields(rng, is_bdf=is_bdf, place=place)) for place in range(signals)]
    variant = [b"", b"+C", b"+D"][rng.integers(3)]
    if variant:
        fields.append(list(_annotation_fields(is_bdf=is_bdf)))
    head = _file_fields(len(fields), is_bdf=is_bdf, variant=variant, records=4)
    return _assemble(head, fields) + _records(rng, fields, is_bdf=is_bdf, records=4)


def _mutated(rng: np.random.Generator) -> bytes:
    data = bytearray(good_recording(rng))
    for _ in range(int(rng.integers(1, 6))):
        at = int(rng.integers(min(len(data), 1300) if rng.random() < 0.8 else len(data)))
        change = rng.integers(3)
        if change == 0:
            data[at] = int(rng.integers(256))
        elif change == 1:
            odd = _ODD_FIELDS[rng.integers(len(_ODD_FIELDS))]
            data[at : at + len(odd)] = odd
        else:
            data[at : at + 8] = _ODD_FIELDS[rng.integers(len(_ODD_FIELDS))][:8].ljust(8)
    return bytes(data[: int(rng.integers(len(data) + 1))] if rng.random() < 0.2 else data)


def _odd_fields(rng: np.random.Generator) -> bytes:
    is_bdf = bool(rng.integers(2))
    fields = [list(_signal_fields(rng, is_bdf=is_bdf, place=place)) for place in range(int(rng.integers(1, 4)))]
    head = _file_fields(len(fields), is_bdf=is_bdf, variant=[b"", b"+C", b"+D"][rng.integers(3)], records=2)
    for _ in range(int(rng.integers(1, 5))):
        odd = _ODD_FIELDS[rng.integers(len(_ODD_FIELDS))]
        group = head if rng.random() < 0.4 else fields[rng.integers(len(fields))]
        group[rng.integers(1, len(group))] = odd
    return _assemble(head, fields) + rng.bytes(int(rng.integers(5000)))


def _noise(rng: np.random.Generator) -> bytes:
    magic = [b"0       ", b"\xffBIOSEMI", b"", b"PK\x03\x04"][rng.integers(4)]
    return magic + rng.bytes(int(rng.integers(2000)))


def _file_fields(signals: int, *, is_bdf: bool, variant: bytes, records: int) -> list[bytes]:
    name = b"BDF" if is_bdf else b"EDF"
    return [
        b"\xffBIOSEMI" if is_bdf else b"0", b"X X X X", b"Startdate X X X X", b"01.01.85", b"00.00.00",
        b"%d" % (256 * (signals + 1)), name + variant if variant else b"", b"%d" % records, b"1", b"%d" % signals,
    ]  # fmt: skip


def _signal_fields(rng: np.random.Generator, *, is_bdf: bool, place: int) -> tuple[bytes, ...]:
    label = [b"EEG C3", b"EOG LOC", b"EMG chin", b"C4-M1", b"SaO2", b""][rng.integers(6)]
    lowest, highest = (b"-8388608", b"8388607") if is_bdf else (b"-32768", b"32767")
    rate = b"50" if rng.random() < 0.8 else b"%d" % (20 + place)
    return (label, b"", b"uV", b"-3276.8", b"3276.7", lowest, highest, b"HP:0.1Hz", rate, b"")


def _annotation_fields(*, is_bdf: bool) -> tuple[bytes, ...]:
    label, lowest, highest = (
        (b"BDF Annotations", b"-8388608", b"8388607") if is_bdf else (b"EDF Annotations", b"-32768", b"32767")
    )
    return (label, b"", b"", b"-1", b"1", lowest, highest, b"", b"30", b"")


def _assemble(head: list[bytes], fields: list[list[bytes]]) -> bytes:
    fixed = b"".join(text[:width].ljust(width) for text, width in zip(head, _FILE_WIDTHS, strict=True))
    columns = zip(zip(*fields, strict=True), _SIGNAL_WIDTHS, strict=True)
    return fixed + b"".join(text[:width].ljust(width) for texts, width in columns for text in texts)


def _records(rng: np.random.Generator, fields: list[list[bytes]], *, is_bdf: bool, records: int) -> bytes:
    width = 3 if is_bdf else 2
    parts = []
    for record in range(records):
        for field in fields:
            size = width * int(field[8])
            notes = b"+%d\x14\x14\x00+%d\x151\x14note\x14\x00" % (record * 2, record)
            parts.append(notes.ljust(size, b"\0") if field[0].endswith(b"Annotations") else rng.bytes(size))
    return b"".join(parts)
