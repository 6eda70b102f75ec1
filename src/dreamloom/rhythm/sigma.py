"""How much of a spindle is in these bins, causally, and where was one, with hindsight? The band of 11-16 Hz."""

from functools import cache

import numpy as np

from dreamloom.rhythm import learning
from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.rhythm.kernel import ComplexArray, applied
from dreamloom.vocabulary.units import BoolArray, FloatArray

LAGS = 25
"""Half a second, the shortest spindle (AASM): a Hann window of it passes 4 Hz, as wide as their band."""
CENTRES_HZ = (13.5, 8.0, 19.0)
"""The middle of 11-16 Hz, and what lies as far below and above it as two such windows hardly overlap. A spindle is a
peak: where alpha, muscle or a slow wave's edge is larger in its band, one beside it is larger still."""
LEAST_SHARE = 0.65**2
"""So much of what varies in half a second, a straight line aside, is its band: YASA's correlation of 0.65."""
LEAST_S = 30
BAND_HZ = (11.0, 16.0)
SMOOTHED = 10
TRUE_SD = 1.5
TRUE_S = (0.5, 3.0)
"""With hindsight: at least so long (AASM), at most so long, above mean and 1.5 SD (Moelle et al. 2002)."""


@cache
def taps() -> ComplexArray:
    """[3, LAGS]: amplitudes of the band and of its neighbours; deaf to what an electrode adds."""
    window = np.hanning(LAGS + 2)[1:-1]
    turns = np.exp(2j * np.pi * np.outer(CENTRES_HZ, np.arange(LAGS)) / BIN_HZ)
    waves = window * turns
    still = waves - window * waves.sum(axis=1, keepdims=True) / window.sum()
    return np.asarray(2.0 * still / window.sum())


def powers_of(past_uv: FloatArray, bins_uv: FloatArray) -> FloatArray:
    """[4, bin], squared amplitudes of the band and its neighbours, and what varied in all beside a straight line.

    Products, and sums of a fixed length: no cut of the bins changes a bit of them.
    """
    values = [applied(each, past_uv, bins_uv) for each in taps()]
    heard_uv = np.concatenate([past_uv, bins_uv])
    mean, slope = (np.correlate(heard_uv, weights, "valid") for weights in (_WINDOW, _SLOPE))
    varied = np.correlate(heard_uv * heard_uv, _WINDOW, "valid") - mean * mean - slope * slope
    return np.array([*(each.real * each.real + each.imag * each.imag for each in values), varied])


_WINDOW = np.hanning(LAGS + 2)[1:-1] / np.hanning(LAGS + 2).sum()
_AGES = np.arange(LAGS) - (LAGS - 1) / 2
_SLOPE = _WINDOW * _AGES / np.sqrt((_WINDOW * _AGES * _AGES).sum())


def spindles_in(signal_uv: FloatArray, counts: BoolArray) -> list[tuple[int, int]]:
    """Spindles found with hindsight, [first, beyond) bins; the truth of every audit, defined here once.

    The band of 11-16 Hz without phase (Butterworth of order 2, forth and back), its envelope averaged over 0.2 s; a
    spindle is where that stays for 0.5 to 3 s above the mean and 1.5 SD of the bins that count.
    """
    envelope_uv = np.abs(learning.truth(signal_uv, BIN_HZ, BAND_HZ))
    envelope_uv = np.convolve(envelope_uv, np.full(SMOOTHED, 1.0 / SMOOTHED), "same")
    usual_uv = envelope_uv[counts]
    if len(usual_uv) < LEAST_S * BIN_HZ:
        return []
    above = np.concatenate([[False], envelope_uv > usual_uv.mean() + TRUE_SD * usual_uv.std(), [False]])
    edges = np.flatnonzero(np.diff(above)).reshape(-1, 2).tolist()
    least, most = (round(each * BIN_HZ) for each in TRUE_S)
    return [(first, beyond) for first, beyond in edges if least <= beyond - first <= most]
