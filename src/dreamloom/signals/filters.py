"""How is a signal filtered without looking ahead, to the same bits however it is cut?

Every filter is a frozen description plus a state that travels beside it: `step(state, samples) -> (state, samples)`.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import signal

from dreamloom.vocabulary.units import FloatArray, Hertz, Seconds

STAGING_HZ = 100
"""The rate staging wants its samples at (YASA's features were learned at 100 Hz; Vallat & Walker 2021)."""
RESAMPLER_DELAY_S = Seconds(0.25)
"""Half the resampler's length. Ours: long enough for 80 dB, short enough for a cue inside the same second."""
EDGE_SHARE = 0.45
"""The resampler's -6 dB edge, as a share of the lower of the two rates. Ours: 45 Hz at 100 Hz."""
STOP_BAND_DB = 80.0
"""Below the last bit of 0.1 µV at the loudest sleep signal. Ours."""
NOTCH_QUALITY = 30.0
"""Width of a notch is its frequency over this. Ours."""


@dataclass(frozen=True, slots=True, eq=False)
class SosFilter:
    """A causal filter in second-order sections.

    Attributes:
        sections: [section, 6], as scipy.signal designs them.
    """

    sections: FloatArray

    def start(self, first_uv: FloatArray) -> FloatArray:
        """The state of a filter that has seen [channel] first_uv for ever, so that an offset makes no step.

        Returns:
            [section, 2, channel].
        """
        settled = signal.sosfilt_zi(self.sections)
        return np.asarray(settled[:, :, np.newaxis] * first_uv)

    def step(self, state: FloatArray, samples_uv: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Filters [n, channel] on from a state; the same bits for any n."""
        if len(samples_uv) == 0:  # which scipy refuses
            return state, samples_uv
        filtered, after = signal.sosfilt(self.sections, samples_uv, axis=0, zi=state)
        return after, filtered


def band_pass(low_hz: float, high_hz: float, *, sfreq_hz: Hertz, order: int = 4) -> SosFilter:
    """A Butterworth band-pass; -3 dB at both edges."""
    return SosFilter(signal.butter(order, (low_hz, high_hz), btype="bandpass", fs=sfreq_hz, output="sos"))


def notch(mains_hz: float, *, sfreq_hz: Hertz) -> SosFilter:
    """Takes out the hum of the mains, 50 or 60 Hz by country."""
    return SosFilter(signal.tf2sos(*signal.iirnotch(mains_hz, NOTCH_QUALITY, fs=sfreq_hz)))


@dataclass(frozen=True, slots=True, eq=False)
class Resampler:
    """Whole grid seconds to 100 Hz, by a linear-phase polyphase filter.

    Works on whole seconds only, so blocks cannot change a bit. What it returns for second k is the signal of
    [k - delay_s, k + 1 - delay_s); at 100 Hz it returns the samples themselves, at once.

    Attributes:
        grid_hz: the rate that comes in.
        taps: [2 * 25 * down + 1] at the common multiple of both rates; empty at 100 Hz.
    """

    grid_hz: int
    taps: FloatArray

    @property
    def delay_s(self) -> Seconds:
        """How much older the samples that come out are: 0.25 s, or nothing at 100 Hz."""
        return RESAMPLER_DELAY_S if len(self.taps) else Seconds(0.0)

    @property
    def up(self) -> int:
        return STAGING_HZ // math.gcd(STAGING_HZ, self.grid_hz)

    @property
    def down(self) -> int:
        return self.grid_hz // math.gcd(STAGING_HZ, self.grid_hz)

    @property
    def carried(self) -> int:
        """How many samples of the past the next second needs; whole periods of the polyphase."""
        return self.down * math.ceil((len(self.taps) - 1) / self.up / self.down)

    def start(self, first_uv: FloatArray) -> FloatArray:
        """The state of a signal that was [channel] first_uv for ever, so that an offset makes no step.

        Returns:
            [carried, channel].
        """
        return np.tile(np.asarray(first_uv, dtype=np.float64), (self.carried if len(self.taps) else 0, 1))

    def step(self, state: FloatArray, second_uv: FloatArray) -> tuple[FloatArray, FloatArray]:
        """[grid_hz, channel] to [100, channel]."""
        if len(self.taps) == 0:
            return state, second_uv
        known = np.concatenate((state, second_uv))
        out = signal.upfirdn(self.taps, known, self.up, self.down, axis=0)
        first = self.carried * self.up // self.down
        return known[-self.carried :], np.asarray(out[first : first + STAGING_HZ])


def resampler(grid_hz: int) -> Resampler:
    """The resampler from a grid rate to 100 Hz."""
    if grid_hz == STAGING_HZ:
        return Resampler(grid_hz, np.empty(0))
    up = STAGING_HZ // math.gcd(STAGING_HZ, grid_hz)
    half = round(RESAMPLER_DELAY_S * grid_hz * up)
    edge_hz = EDGE_SHARE * min(STAGING_HZ, grid_hz)
    window = ("kaiser", signal.kaiser_beta(STOP_BAND_DB))
    return Resampler(grid_hz, up * signal.firwin(2 * half + 1, edge_hz, window=window, fs=grid_hz * up))
