"""How does the stored signal become what the features expect: 100 Hz, 0.4-30 Hz, ending now?

The response is that of the published pipeline: a linear-phase Hamming FIR of 8.25 s, applied without delay. Where the
filter would need samples that are not there yet, the signal is mirrored at its last sample, so only the newest 4 s of
a window differ from what the whole night would give, and mostly below 1 Hz.
"""

from functools import cache
from math import gcd

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import firwin, resample_poly

from dreamloom.staging.features import FEATURE_HZ
from dreamloom.vocabulary.units import FloatArray

REACH_S = 5
"""Whole seconds the filters look back beyond a window: 4.12 s of band-pass, 0.05 s of resampling."""
SLOWEST_GRID_HZ = 80
"""Below this rate the band up to 30 Hz is not all there."""
_BAND_TAPS = 825  # 3.3 / 0.4 Hz at 100 Hz, the Hamming rule for the lower transition
_LOW_TAPS = 45  # 3.3 / 7.5 Hz, for the upper one
_HALF = _BAND_TAPS // 2


def prepared(samples_uv: FloatArray, grid_hz: int) -> FloatArray:
    """[sample, channel] of whole seconds at grid_hz to [channel, sample] at 100 Hz, 0.4-30 Hz, without delay."""
    return _band_passed(_at_feature_rate(np.ascontiguousarray(samples_uv.T), grid_hz))


def _at_feature_rate(signal: FloatArray, grid_hz: int) -> FloatArray:
    if grid_hz == FEATURE_HZ:
        return signal
    common = gcd(grid_hz, FEATURE_HZ)
    up, down = FEATURE_HZ // common, grid_hz // common
    taps = _anti_alias(up, down)
    # The published stubs know the window as a name only; scipy documents taps as well.
    return np.asarray(resample_poly(signal, up, down, axis=1, window=taps, padtype="line"))  # type: ignore[call-overload]


@cache
def _anti_alias(up: int, down: int) -> FloatArray:
    """Flat to 33 Hz and closed from 67 Hz on: what folds back from between falls into the band-pass's stop band."""
    widest = max(up, down)
    return np.asarray(firwin(10 * widest + 1, 1.0 / widest, window=("kaiser", 5.0)))


def _band_passed(signal: FloatArray) -> FloatArray:
    wide = _mirrored(signal)
    # Circular convolution is exact where the filter lies wholly inside, which is all that is kept.
    size = next_fast_len(wide.shape[1], real=True)
    spectrum = rfft(wide, size, axis=1) * _response(size)
    return np.asarray(irfft(spectrum, size, axis=1)[:, 2 * _HALF : 2 * _HALF + signal.shape[1]])


def _mirrored(signal: FloatArray) -> FloatArray:
    """Both ends continued point-symmetrically (2 x end - x), so that neither a drift nor an offset rings."""
    before = 2 * signal[:, :1] - signal[:, _HALF:0:-1]
    after = 2 * signal[:, -1:] - signal[:, -2 : -2 - _HALF : -1]
    return np.concatenate([before, signal, after], axis=1)


@cache
def _response(size: int) -> FloatArray:
    """Low-pass at 33.75 Hz less low-pass at 0.2 Hz: half gain there, full gain from 0.4 to 30 Hz."""
    taps = -firwin(_BAND_TAPS, 0.2, window="hamming", fs=FEATURE_HZ)
    taps[_HALF - _LOW_TAPS // 2 : _HALF + _LOW_TAPS // 2 + 1] += firwin(
        _LOW_TAPS, 33.75, window="hamming", fs=FEATURE_HZ
    )
    return np.asarray(rfft(taps, size))
