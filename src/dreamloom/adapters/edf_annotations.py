"""How does EDF+ write what happened when? As time-stamped annotation lists (EDF+ specification, section 2.2)."""

import re
from typing import NamedTuple

import numpy as np

_TAL = re.compile(rb"([+-]\d+(?:\.\d*)?)(?:\x15(\d+(?:\.\d*)?))?\x14([^\x00]*)\x14\x00")
_TIMEKEEPING = re.compile(rb"([+-]\d{1,12}(?:\.\d{0,12})?)\x14")
_FIELD_ENDS = str.maketrans({"\x00": " ", "\x14": " ", "\x15": " "})


class Annotation(NamedTuple):
    """Something that happened, on the clock of the caller."""

    onset_s: float
    duration_s: float
    text: str


def encode(annotation: Annotation) -> bytes:
    """One list with one text; a duration of zero is left out."""
    duration = b"\x15" + _number(annotation.duration_s) if annotation.duration_s > 0 else b""
    text = annotation.text.translate(_FIELD_ENDS).encode("utf-8", errors="replace")
    return _signed(annotation.onset_s) + duration + b"\x14" + text + b"\x14\x00"


def split(annotation: Annotation, text_bytes: int) -> list[Annotation]:
    """The annotation itself, or as many of the same time as its text needs; each cut is marked by an ellipsis."""
    if len(annotation.text.encode()) <= text_bytes:
        return [annotation]
    room = text_bytes - 2 * len("…".encode())
    head = annotation.text.encode()[:room].decode(errors="ignore")
    rest = annotation._replace(text="…" + annotation.text[len(head) :])
    return [annotation._replace(text=head + "…"), *split(rest, text_bytes)]


def encode_record_onset(onset_s: float) -> bytes:
    """The list every record begins with: when it starts, and nothing else."""
    return _signed(onset_s) + b"\x14\x14\x00"


def decode(raw: bytes) -> list[Annotation]:
    """Every annotation with a text in one record's bytes; what breaks the specification is passed over."""
    return [
        Annotation(float(onset), float(duration or 0), text)
        for onset, duration, texts in _TAL.findall(raw)
        for text in texts.decode("utf-8", errors="replace").split("\x14")
        if text
    ]


def decode_record_onset(raw: bytes) -> float | None:
    """When a record starts; None when its first list does not say."""
    match = _TIMEKEEPING.match(raw)
    return float(match[1]) if match else None


def _signed(onset_s: float) -> bytes:
    return (b"-" if onset_s < 0 else b"+") + _number(abs(onset_s))


def _number(value_s: float) -> bytes:
    return np.format_float_positional(round(value_s, 6), trim="-").encode("ascii")
