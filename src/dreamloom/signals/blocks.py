"""In which shapes do samples travel? As they arrive (Block), and as whole seconds on the night's grid (GridSecond)."""

from dataclasses import dataclass
from typing import Literal

from dreamloom.vocabulary.units import BoolArray, FloatArray, Hertz, Int16Array, Microvolts, NightTime, Seconds

ChannelKind = Literal["EEG", "EOG", "EMG", "ECG", "PPG", "RESP", "MOTION", "OTHER"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a stream: EDF+ label ("EEG C4-M1"), what it measures, and the range it is stored in."""

    label: str
    kind: ChannelKind
    low_uv: Microvolts = Microvolts(-3276.8)
    high_uv: Microvolts = Microvolts(3276.7)


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What a source promises before the first sample.

    `sfreq_hz` is the true rate as far as the source knows it and may be any positive number (255.5 is real);
    `grid_hz` is the whole-number rate of the night's grid and of the stored file. `delay_s` is the device profile:
    how long after its onset a sample usually arrives.
    """

    source: str
    channels: tuple[Channel, ...]
    sfreq_hz: Hertz
    grid_hz: int
    delay_s: Seconds = Seconds(0.0)


@dataclass(frozen=True, slots=True)
class Block:
    """Some samples as they came, of any length.

    Sample j of the block has onset `onset_s + j / sfreq_hz` in night time; a jump between blocks is a loss.
    `arrived_s` belongs to samples, not to calls: re-cutting a block inherits it.

    Attributes:
        onset_s: night time of the first sample.
        samples: [n, channel], microvolts; NaN where the device sent none.
        sfreq_hz: the true rate these samples were taken at.
        arrived_s: [n], night time at which each sample was in hand.
    """

    onset_s: NightTime
    samples: FloatArray
    sfreq_hz: Hertz
    arrived_s: FloatArray


@dataclass(frozen=True, slots=True)
class GridSecond:
    """One whole second of a pod, on the grid and quantised as it is stored: the unit every decision is made on.

    Attributes:
        index: second k covers night time [k, k + 1).
        digital: [grid_hz, channel], the stored 16-bit values.
        samples_uv: [grid_hz, channel], what those values mean in microvolts.
        filled: [grid_hz], True where a lost sample was filled in.
        arrived_s: the latest arrival of any sample up to the end of this second; never falls from second to second.
    """

    index: int
    digital: Int16Array
    samples_uv: FloatArray
    filled: BoolArray
    arrived_s: NightTime
