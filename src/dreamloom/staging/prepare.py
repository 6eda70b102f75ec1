"""How does the stored signal become what the features expect: 100 Hz, 0.4-30 Hz, ending now?

The response is that of the published pipeline: a linear-phase Hamming FIR of 8.25 s, applied without delay. Where the
filter would need samples that are not there yet, the signal is mirrored at its last sample, so only the newest 4 s of
a window differ from what the whole night would give, and mostly below 1 Hz.
"""

from functools import cache

import numpy as np
from scipy.fft import irfft, rfft

from dreamloom.staging.features import FEATURE_HZ
from dreamloom.vocabulary.units import FloatArray

REACH_S = 5
"""Whole seconds that the filter looks back beyond a window, and that are mirrored at its ends: 4.12 s are needed."""
SLOWEST_GRID_HZ = 80
"""Below this rate the band up to 30 Hz is not all there."""
_BAND_TAPS = 825  # 3.3 / 0.4 Hz at 100 Hz, the Hamming rule for the lower transition
_LOW_TAPS = 45  # 3.3 / 7.5 Hz, for the upper one
_HALF = _BAND_TAPS // 2


def prepared(samples_uv: FloatArray, grid_hz: int) -> FloatArray:
    """[sample, channel] of whole seconds at grid_hz to [channel, sample] at 100 Hz, 0.4-30 Hz, without delay.

    Whole seconds have whole numbers of samples at both rates, so that the spectrum of the one, filtered and cut off
    at 50 Hz, is that of the other: circular convolution is exact where the filter lies wholly inside.
    """
    reach = REACH_S * grid_hz
    wide = _mirrored(np.ascontiguousarray(samples_uv.T), reach)
    size = wide.shape[1] // grid_hz * FEATURE_HZ
    spectrum = rfft(wide, axis=1)[:, : size // 2 + 1]
    spectrum *= _response(size)[: spectrum.shape[1]] * (FEATURE_HZ / grid_hz)
    return np.asarray(irfft(spectrum, size, axis=1, overwrite_x=True)[:, REACH_S * FEATURE_HZ : -REACH_S * FEATURE_HZ])


def _mirrored(signal: FloatArray, reach: int) -> FloatArray:
    """Both ends continued point-symmetrically (2 x end - x), so that neither a drift nor an offset rings."""
    before = 2 * signal[:, :1] - signal[:, reach:0:-1]
    after = 2 * signal[:, -1:] - signal[:, -2 : -2 - reach : -1]
    return np.concatenate([before, signal, after], axis=1)


def _low_pass(taps: int, edge_hz: float) -> FloatArray:
    """A Hamming-windowed sinc with gain 1 at 0 Hz: scipy.signal.firwin, without its half second of import."""
    steps = np.arange(taps) - taps // 2
    shape = np.sinc(2.0 * edge_hz / FEATURE_HZ * steps) * np.hamming(taps)
    return np.asarray(shape / shape.sum())


@cache
def _response(size: int) -> FloatArray:
    """Low-pass at 33.75 Hz less low-pass at 0.2 Hz, without delay: half gain there, full gain from 0.4 to 30 Hz."""
    taps = -_low_pass(_BAND_TAPS, 0.2)
    taps[_HALF - _LOW_TAPS // 2 : _HALF + _LOW_TAPS // 2 + 1] += _low_pass(_LOW_TAPS, 33.75)
    centred = np.roll(np.pad(taps, (0, size - len(taps))), -_HALF)
    return np.asarray(rfft(centred).real)
