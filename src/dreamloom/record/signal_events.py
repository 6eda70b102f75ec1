"""What comes off a body, from which device, with which gaps and faults?"""

from typing import Literal

from msgspec import Struct

from dreamloom.record.envelope import Event, Sha256Hex

StreamDifference = Literal[
    "name", "type", "source_id", "hostname", "session", "channels", "rate", "format", "labels", "twin"
]
"""In which way a stream is not the device a bed was opened with."""
SignalFault = Literal["FLAT", "CLIPPED", "RANGE", "MAINS", "NARROW_BAND", "REVERSED", "EXCHANGED"]


class ChannelDescribed(Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    kind: str
    low_uv: float
    high_uv: float


class StreamDescribed(Event, frozen=True):
    source: str
    sfreq_hz: float
    grid_hz: int
    delay_s: float
    channels: tuple[ChannelDescribed, ...]


class StreamIdentified(Event, frozen=True):
    """Which device this bed is held to, in its own words, none of them rounded: nobody else is let in later tonight.

    Attributes:
        format: the number of its sample format.
        uid: new at each start of its sender.
        labels: of all its channels, as it describes them; so are types and units.
    """

    name: str
    content: str
    source_id: str
    hostname: str
    session: str
    uid: str
    sfreq_hz: float
    format: int
    labels: tuple[str, ...]
    types: tuple[str, ...]
    units: tuple[str, ...]


class StreamLost(Event, frozen=True):
    """No complete second for 2 s past its end; the pod's bits say stale until samples are back."""

    last_s: float


class StreamFound(Event, frozen=True):
    lost_s: float


class StreamEnded(Event, frozen=True):
    """The signal has an end: that of a recording, of a simulated night. Known the device's usual delay after it."""


class GapSeen(Event, frozen=True):
    """Samples never came; the grid was filled and flagged from onset_s on."""

    duration_s: float
    samples: int


class ClockOffsetSeen(Event, frozen=True):
    """The device's clock against the night's, as measured now.

    Attributes:
        offset_s: what is to be added to the device's stamps to give night time.
        used_s: what is added at this moment; it follows the measurement without a jump.
        uncertainty_s: how far the measurement may be wrong.
    """

    offset_s: float
    used_s: float
    uncertainty_s: float


class PodClockBounded(Event, frozen=True):
    """How far a pod on another machine may be off the night's time, told when that begins or ends to be too much.

    `bound_s` is None where nothing bounds it: its exchanges contradict each other, or there were too few.
    """

    bound_s: float | None


class StreamRecognised(Event, frozen=True):
    """A lost stream is listened to again, and says it is the same device; its sender is the same or was restarted."""

    sender: Literal["same", "restarted"]


class StreamUnrecognised(Event, frozen=True):
    """A lost stream is listened to again and nothing says whose it is, so it may be a neighbour's: it is disarmed."""


class SignalSpoilt(Event, frozen=True):
    """A channel has had a fault since since_s, for a third of half a minute: what needs it is not believed.

    Attributes:
        channel: its label; "LEFT / RIGHT" for what only both leads of the eyes tell together.
        fault: FLAT: nothing is heard. CLIPPED: cut off at its amplifier's limit. RANGE: larger than the body's.
            MAINS: more hum of the mains than sleep. NARROW_BAND: nothing is left above some 20 Hz. REVERSED: one lead
            of the eyes is the wrong way round. EXCHANGED: both are in each other's place, against the calibration.
    """

    channel: str
    fault: SignalFault
    since_s: float


class SignalMended(Event, frozen=True):
    """That fault has not been seen for half a minute; it lasted from since_s until until_s."""

    channel: str
    fault: SignalFault
    since_s: float
    until_s: float


class SignalOutlined(Event, frozen=True):
    """How large a bed's first EEG was in each of the seconds before onset_s: all the house ever compares beds by.

    Attributes:
        sizes: second by second, the last one ending at onset_s; log2 of the span in microvolts.
    """

    sizes: tuple[float, ...]


class SignalsStored(Event, frozen=True):
    file: str
    sha256: Sha256Hex
    onset_file_s: float
    duration_s: float
