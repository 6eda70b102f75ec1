"""What stands in the header of a recording we write? EDF+C as two tables of (field, width); nobody's name in any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dreamloom.signals.blocks import Channel
from dreamloom.signals.quantise import HIGHEST, LOWEST
from dreamloom.vocabulary.errors import RecordError

NUMBER_BYTES = 8
COUNT_AT = 236
"""Where the number of records stands; the one field that changes while a night is kept."""
ANNOTATIONS = "EDF Annotations"

HEAD_BYTES = 256
NOBODY, UNDATED = b"X X X X", b"Startdate X X X X"
"""What EDF+ has for a person and a date that nobody is told."""

_FILE_FIELDS = (8, 80, 80, 8, 8, 8, 44, 8, 8, 4)
_SIGNAL_FIELDS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
"""Widths of the fields, in the order of the specification (Kemp et al. 1992; Kemp & Olivan 2003)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header is made from."""

    channels: tuple[Channel, ...]
    grid_hz: int
    samples_per_record: int
    record_s: float
    annotation_bytes: int


def encode_header(heading: Heading, *, started: datetime, is_dated: bool, onset_s: int) -> bytes:
    """The header of a file whose first record is night second onset_s, with a record count of 0.

    Args:
        heading: channels and record.
        started: when the first record starts.
        is_dated: True writes that date as EDF+ wants it; False says that the date is hidden.
        onset_s: kept in the recording field, so that the file alone tells its place in the night.

    Raises:
        RecordError: when a label or a range has no exact form in a header.
    """
    date = started.strftime("%d-%b-%Y").upper() if is_dated else "X"
    count = len(heading.channels) + 1
    file_fields = (
        "0",
        NOBODY.decode(),
        f"Startdate {date} X X X onset_s={onset_s}",
        started.strftime("%d.%m.%y"),
        started.strftime("%H.%M.%S"),
        str(256 * (count + 1)),
        "EDF+C",
        "0",
        number(heading.record_s),
        str(count),
    )
    signals = [_channel_fields(heading, channel) for channel in heading.channels]
    signals.append(_annotation_fields(heading))
    by_field = [
        (text, width) for texts, width in zip(zip(*signals, strict=True), _SIGNAL_FIELDS, strict=True) for text in texts
    ]
    return b"".join(_field(text, width) for text, width in [*zip(file_fields, _FILE_FIELDS, strict=True), *by_field])


def is_nameless(head: bytes) -> bool:
    """Whether the first HEAD_BYTES of a recording tell nobody's name and no date, as those that are written here."""
    version, person, recording = (_FILE_FIELDS[0], *_FILE_FIELDS[1:3])
    name, session = head[version : version + person], head[version + person : version + person + recording]
    return name.strip() == NOBODY and session.startswith(UNDATED)


def encode_count(records: int) -> bytes:
    """The field at COUNT_AT."""
    return _field(str(records), NUMBER_BYTES)


def number(value: float) -> str:
    """A number in eight characters that reads back as exactly this number.

    Raises:
        RecordError: when there is none.
    """
    for digits in range(1, NUMBER_BYTES + 1):
        text = f"{value:.{digits}g}"
        if len(text) <= NUMBER_BYTES and float(text) == value and "e" not in text:
            return text
    raise RecordError(
        "DL-E441",
        f"{value!r} cannot be written into the header of a recording.",
        why="A header has eight characters for a number, and the stored samples would mean something else.",
        do="Give the channel a range with fewer digits, such as -3276.8 to 3276.7 µV.",
    )


def _channel_fields(heading: Heading, channel: Channel) -> Sequence[str]:
    ends_uv = number(channel.low_uv), number(channel.high_uv)
    samples = str(heading.samples_per_record)
    return (channel.label, "", "uV", *ends_uv, str(LOWEST), str(HIGHEST), "", samples, "")


def _annotation_fields(heading: Heading) -> Sequence[str]:
    samples = str(heading.annotation_bytes // 2)
    return (ANNOTATIONS, "", "", "-1", "1", str(LOWEST), str(HIGHEST), "", samples, "")


def _field(text: str, width: int) -> bytes:
    if len(text) > width or not text.isascii() or not (text.isprintable()):
        raise RecordError(
            "DL-E442",
            f"{text!r} cannot be written into the header of a recording.",
            why=f"A header holds printable ASCII, here at most {width} characters.",
            do="Give the channel a shorter label such as 'EEG C3-M2'.",
        )
    return text.encode("ascii").ljust(width)
