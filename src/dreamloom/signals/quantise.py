"""Which 16-bit value is kept for a microvolt, and which microvolt does it mean again?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dreamloom.signals.blocks import Channel
from dreamloom.vocabulary.units import FloatArray, Int16Array

LOWEST = -32768
HIGHEST = 32767


@dataclass(frozen=True, slots=True, eq=False)
class Quantiser:
    """The map between microvolts and stored values, one range per channel.

    `low_uv` is stored as -32768 and `high_uv` as 32767, so the default channel range has steps of exactly 0.1 µV.
    `digital(uv(d)) == d` for every stored value: what was stored once is stored again unchanged.

    Attributes:
        low_uv: [channel], or [1] where all channels share it, the microvolts of -32768.
        high_uv: the same of 32767.
    """

    low_uv: FloatArray
    high_uv: FloatArray
    step_uv: FloatArray = field(init=False)
    zero_uv: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        step_uv = (self.high_uv - self.low_uv) / (HIGHEST - LOWEST)
        object.__setattr__(self, "step_uv", step_uv)
        object.__setattr__(self, "zero_uv", self.low_uv - LOWEST * step_uv)

    @classmethod
    def of(cls, channels: Sequence[Channel]) -> "Quantiser":
        """The quantiser of a stream's channels, in their order."""
        ranges = [(channel.low_uv, channel.high_uv) for channel in channels]
        if len(set(ranges)) == 1:  # one range for all is four times as fast as the same range once per channel
            ranges = ranges[:1]
        low_uv, high_uv = np.array(ranges, dtype=np.float64).reshape(-1, 2).T
        return cls(low_uv, high_uv)

    def digital(self, samples_uv: FloatArray) -> Int16Array:
        """[n, channel] microvolts to the nearest stored value, ties to even, clipped at the rails; never NaN."""
        inside_uv = np.minimum(np.maximum(samples_uv, self.low_uv), self.high_uv)
        return (np.rint((inside_uv - self.low_uv) / self.step_uv) + LOWEST).astype(np.int16)

    def to_uv(self, digital: npt.NDArray[np.int16]) -> FloatArray:
        """[n, channel] stored values to the microvolts they mean."""
        return digital * self.step_uv + self.zero_uv

    def as_stored(self, samples_uv: FloatArray) -> FloatArray:
        """What these microvolts will read as once they are kept."""
        return self.to_uv(self.digital(samples_uv))
