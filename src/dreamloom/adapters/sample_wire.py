"""How do samples come to a bed from another device? Lines of JSON behind a door of the bed, onsets on the boot clock.

A page tells how its phone moves, a joined laptop what its headband hears; between them and the night stands the process
that serves pages. Values are whole tenths of a microvolt, as they are stored.
"""

from typing import Annotated

import msgspec

from dreamloom.adapters.speaker.page_wire import LONGEST_WORD
from dreamloom.signals.blocks import Channel, ChannelKind, StreamInfo
from dreamloom.vocabulary.units import Hertz

DOOR = "samples.door"
LABEL = r"^[A-Za-z0-9][A-Za-z0-9 ./+_-]{0,39}$"
MOST_CHANNELS = 32
MOST_ROWS = 512
"""Samples of one line; four a second are enough for any headband. Ours."""
FASTEST_HZ = 2048.0
MOST_TENTHS = 32767
Label = Annotated[str, msgspec.Meta(pattern=LABEL)]
Tenths = Annotated[int, msgspec.Meta(ge=-MOST_TENTHS, le=MOST_TENTHS)]


class Measures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One channel: its EDF+ label, and what it measures."""

    label: Label
    kind: ChannelKind


class Sends(msgspec.Struct, frozen=True, tag="sends", tag_field="t", forbid_unknown_fields=True):
    """What this device is going to send, said before the night begins."""

    name: Label
    channels: Annotated[tuple[Measures, ...], msgspec.Meta(min_length=1, max_length=MOST_CHANNELS)]
    sfreq_hz: Annotated[float, msgspec.Meta(gt=0.0, le=FASTEST_HZ)]


class Samples(msgspec.Struct, frozen=True, tag="samples", tag_field="t", forbid_unknown_fields=True):
    """Some samples one after the other: the house's boot time of the first, and rows of channels; null never came."""

    at_s: float
    tenths: Annotated[tuple[tuple[Tenths | None, ...], ...], msgspec.Meta(min_length=1, max_length=MOST_ROWS)]


_samples: msgspec.json.Decoder[Samples] = msgspec.json.Decoder(Samples)


def samples_in(line: bytes) -> Samples | None:
    """The samples on this line, None if it holds none."""
    if len(line) > LONGEST_WORD:
        return None
    try:
        return _samples.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def described(sends: Sends, *, source: str) -> StreamInfo:
    """The stream that a night opens for it."""
    channels = tuple(Channel(each.label, each.kind) for each in sends.channels)
    return StreamInfo(source, channels, Hertz(sends.sfreq_hz), max(1, round(sends.sfreq_hz)))


def told_of(stream: StreamInfo, *, name: str) -> Sends:
    """What a device says of the stream it is going to send."""
    channels = tuple(Measures(channel.label, channel.kind) for channel in stream.channels)
    return Sends(name, channels, float(stream.sfreq_hz))
