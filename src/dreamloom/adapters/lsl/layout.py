"""What do a stream's channels measure, in which unit, and which of them are the sleeper's?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn, get_args

import numpy as np

from dreamloom.adapters.lsl.identity import Announced
from dreamloom.signals.blocks import Channel, ChannelKind
from dreamloom.signals.labels import kind_of, meant, nearest
from dreamloom.signals.motion_units import motion_uv
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import FloatArray, Microvolts

SLOWEST_HZ = 20.0
FASTEST_HZ = 20_000.0
"""As for recordings: below, no spindle can be seen; above, no electrode is sampled. Ours."""
SLEEP_KINDS: tuple[ChannelKind, ...] = ("EEG", "EOG", "EMG")
LONGEST_LABEL = 16
"""Characters of a label in an EDF header."""
CENTRED_HALF_UV = 3277
"""Half of a centred range: steps of 0.1 µV, as in the default one. Ours."""
OFF_CENTRE_UV = 1600.0
"""A channel whose samples lie around more than this, half the usual range, is direct-coupled: centred there. Ours."""
_STRING_FORMAT = 3
"""liblsl's number for streams of text (lsl_c.h: cft_string)."""
_UNITS_UV = {
    **dict.fromkeys(("uv", "µv", "μv", "microvolt", "microvolts", "10^-6v"), 1.0),
    **dict.fromkeys(("mv", "millivolt", "millivolts"), 1e3),
    **dict.fromkeys(("v", "volt", "volts"), 1e6),
    **dict.fromkeys(("nv", "nanovolt", "nanovolts"), 1e-3),
}
"""Spellings met in the field, in small letters; the two signs for micro are two characters."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a stream's description says of its channels: label, kind and unit of each, as written; "" if nothing."""

    labels: tuple[str, ...]
    types: tuple[str, ...]
    units: tuple[str, ...]

    @classmethod
    def of(cls, info: Any) -> "Described":
        """What a full pylsl.StreamInfo says; nothing where the sender wrote none, or another number of channels."""
        count = info.channel_count()
        told = (info.get_channel_labels(), info.get_channel_types(), info.get_channel_units())
        return cls(*(_filled(words, count) for words in told))


@dataclass(frozen=True, slots=True)
class Layout:
    """The channels to read.

    Attributes:
        places: [channel], where each stands in the stream.
        channels: label, kind and range as the night keeps them.
        scale_uv: [channel], microvolts in one of the stream's units.
        assumed_unit: nobody said the unit, and microvolts were assumed.
    """

    places: tuple[int, ...]
    channels: tuple[Channel, ...]
    scale_uv: FloatArray
    assumed_unit: bool

    def microvolts(self, samples: FloatArray) -> FloatArray:
        """[n, channel of the stream] in its units to [n, channel] microvolts; what is no number is NaN."""
        uv = samples[:, self.places].astype(np.float64) * self.scale_uv
        return np.where(np.isfinite(uv), uv, np.nan)

    def centred(self, samples_uv: FloatArray) -> "Layout":
        """With the ranges of direct-coupled channels around what they show now; 16 bits cannot hold them otherwise."""
        if len(samples_uv) == 0:
            return self
        pairs = zip(self.channels, (_middle_uv(column) for column in samples_uv.T), strict=True)
        return replace(self, channels=tuple(_centred(channel, middle_uv) for channel, middle_uv in pairs))


def chosen(stream: Announced, described: Described, names: Sequence[str], unit_uv: float | None) -> Layout:
    """The named channels, or without names every EEG, EOG and EMG channel; without an EEG what shows the body.

    Raises:
        StreamError: when the stream is no sampled signal, a name is missing or shared, or a unit is not known.
    """
    refuse_unsampled(stream)
    labels = [_plain(label) or f"{_plain(stream.type) or 'CH'} {n}" for n, label in enumerate(described.labels, 1)]
    kinds = [_kind(stream, label, type_) for label, type_ in zip(labels, described.types, strict=True)]
    places = [_named(stream, name, labels) for name in names]
    if not names:
        places = [place for place, kind in enumerate(kinds) if kind in SLEEP_KINDS]
        if "EEG" not in {kinds[place] for place in places}:
            places = [place for place, kind in enumerate(kinds) if kind != "OTHER"]
        if not places:
            _refuse_without_eeg(stream, labels)
    for place in places:
        if labels.count(labels[place]) > 1:
            _refuse_twice(stream, labels[place])
    units = [described.units[place] for place in places]
    scales = [unit_uv or _unit_uv(stream, labels[place], kinds[place], described.units[place]) for place in places]
    return Layout(
        places=tuple(places),
        channels=tuple(Channel(labels[place], kinds[place]) for place in places),
        scale_uv=np.array(scales),
        assumed_unit=unit_uv is None and not all(units),
    )


def refuse_unsampled(stream: Announced) -> None:
    """Returns when a stream is a signal with a rate that sleep can be read from; raises StreamError otherwise."""
    if stream.format == _STRING_FORMAT:
        why, do = "It is a stream of text, such as markers.", "Name the stream that carries the samples."
    elif stream.sfreq_hz == 0:
        why = "It has no rate: its samples come whenever something happens."
        do = "Name the stream that carries the samples, or let its sender state a rate."
    elif not SLOWEST_HZ <= stream.sfreq_hz <= FASTEST_HZ:
        why = f"It has {stream.sfreq_hz:g} Hz; rates from {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz can be read."
        do = "Name a stream at such a rate."
    else:
        return
    raise StreamError("DL-E254", f"The LSL stream {stream.name!r} cannot be a sleeper's signal.", why=why, do=do)


def _filled(words: Sequence[str | None] | None, count: int) -> tuple[str, ...]:
    if words is None or len(words) != count:
        return ("",) * count
    return tuple((word or "").strip() for word in words)


def _plain(label: str) -> str:
    """The label as a header can hold it."""
    ascii_only = re.sub(r"[^ -~]", "", label.replace("µ", "u"))
    return " ".join(ascii_only.split())[:LONGEST_LABEL].strip()


def _kind(stream: Announced, label: str, type_: str) -> ChannelKind:
    """What the channel says of itself, else what its label tells, else what the stream is."""
    known: tuple[ChannelKind, ...] = get_args(ChannelKind)
    for word in (type_, kind_of(label), stream.type):
        found = next((kind for kind in known if kind == word.upper() and kind != "OTHER"), None)
        if found is not None:
            return found
    return "OTHER"


def _named(stream: Announced, name: str, labels: Sequence[str]) -> int:
    places = meant(name, labels)
    if len(places) == 1:
        return places[0]
    if places:
        _refuse_twice(stream, labels[places[0]])
    like = nearest(name, labels)
    raise StreamError(
        "DL-E256",
        f"There is no channel {name!r} in the LSL stream {stream.name!r}.",
        why=f"It has {', '.join(repr(label) for label in labels)}.",
        do=f"Did you mean {like!r}?" if like else "Name one of these in channels = [...].",
    )


def _unit_uv(stream: Announced, label: str, kind: ChannelKind, unit: str) -> float:
    if not unit:
        return 1.0
    known = _UNITS_UV.get(re.sub(r"\s+", "", unit).lower())
    if known is None and kind == "MOTION":
        known = motion_uv("acc", unit)
    if known is None:
        raise StreamError(
            "DL-E255",
            f"Channel {label!r} of the LSL stream {stream.name!r} comes in {unit!r}.",
            why="Electrodes are read in uV, mV, V or nV, movement also in g, mg, m/s2 or counts.",
            do="Leave the channel out with channels = [...], or say what it is: "
            f'source = "lsl:name={stream.name},unit=uV".',
        )
    return known


def _middle_uv(column_uv: FloatArray) -> float:
    numbers = column_uv[np.isfinite(column_uv)]
    return float(np.median(numbers)) if len(numbers) else 0.0


def _centred(channel: Channel, middle_uv: float) -> Channel:
    if abs(middle_uv) <= OFF_CENTRE_UV:
        return channel
    middle = round(middle_uv)
    return replace(
        channel, low_uv=Microvolts(float(middle - CENTRED_HALF_UV)), high_uv=Microvolts(float(middle + CENTRED_HALF_UV))
    )


def _refuse_without_eeg(stream: Announced, labels: Sequence[str]) -> NoReturn:
    raise StreamError(
        "DL-E256",
        f"No EEG channel was found in the LSL stream {stream.name!r}.",
        why=f"It has {', '.join(repr(label) for label in labels)}, and its type is {stream.type!r}.",
        do="Name the channels to read in channels = [...].",
    )


def _refuse_twice(stream: Announced, label: str) -> NoReturn:
    raise StreamError(
        "DL-E256",
        f"Two channels of the LSL stream {stream.name!r} are named {label!r}.",
        why="Which one is meant cannot be known.",
        do="Choose others with channels = [...], or rename one in the sending program.",
    )
