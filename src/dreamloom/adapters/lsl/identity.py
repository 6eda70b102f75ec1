"""Is this the same device as before? What a stream says of itself, and in which ways two streams differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dreamloom.record.events import StreamDifference, StreamIdentified
from dreamloom.vocabulary.units import NightTime


@dataclass(frozen=True, slots=True)
class Announced:
    """A stream as it is announced, without its channels' names.

    Attributes:
        uid: new at each start of the sending process.
        created_at_s: when it was made, on its own machine's clock.
        sfreq_hz: nominal rate; 0 if it has none.
    """

    name: str
    type: str
    source_id: str
    hostname: str
    session_id: str
    channels: int
    sfreq_hz: float
    format: int
    uid: str
    created_at_s: float

    @classmethod
    def of(cls, info: Any) -> "Announced":
        """What a pylsl.StreamInfo says."""
        return cls(
            name=info.name(),
            type=info.type(),
            source_id=info.source_id(),
            hostname=info.hostname(),
            session_id=info.session_id(),
            channels=info.channel_count(),
            sfreq_hz=info.nominal_srate(),
            format=info.channel_format(),
            uid=info.uid(),
            created_at_s=info.created_at(),
        )


def recorded(stream: Announced, words: Sequence[tuple[str, ...]], onset_s: NightTime) -> StreamIdentified:
    """What a night keeps of a device, with its channels' labels, types and units, so that its resumption knows it."""
    labels, types, units = words
    return StreamIdentified(
        onset_s=onset_s,
        name=stream.name,
        content=stream.type,
        source_id=stream.source_id,
        hostname=stream.hostname,
        session=stream.session_id,
        uid=stream.uid,
        sfreq_hz=stream.sfreq_hz,
        format=stream.format,
        labels=labels,
        types=types,
        units=units,
    )


def remembered(event: StreamIdentified) -> Announced:
    """The device as the record has it."""
    return Announced(
        name=event.name,
        type=event.content,
        source_id=event.source_id,
        hostname=event.hostname,
        session_id=event.session,
        channels=len(event.labels),
        sfreq_hz=event.sfreq_hz,
        format=event.format,
        uid=event.uid,
        created_at_s=0.0,
    )


def differences(was: Announced, now: Announced) -> tuple[StreamDifference, ...]:
    """In which ways another stream is not the device that was there; none for itself and for its own restart.

    A name alone is no proof of identity, and neither is this: whoever copies all of it passes. What it keeps out is
    the neighbour's headband, the other recording and the changed montage.
    """
    same: tuple[tuple[StreamDifference, bool], ...] = (
        ("name", was.name == now.name),
        ("type", was.type == now.type),
        ("source_id", was.source_id == now.source_id),
        ("hostname", was.hostname == now.hostname),
        ("session", was.session_id == now.session_id),
        ("channels", was.channels == now.channels),
        ("rate", was.sfreq_hz == now.sfreq_hz),
        ("format", was.format == now.format),
    )
    return tuple(what for what, is_same in same if not is_same)
