"""What would other methods say of the phase? Each as its paper describes it, on the same 50 values a second as ours.

Every one may predict: its estimate is moved on by its own frequency over the way from the newest bin to the sound, so
that none is punished for a delay that it could have reckoned with. All are causal.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.signal import butter, sosfilt

from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.rhythm.kernel import CENTRE_HZ, LAGS, ComplexArray, applied, designed, endpoint_hilbert, oscillator
from dreamloom.rhythm.learning import CERTAIN_S, truth
from dreamloom.vocabulary.units import BoolArray, FloatArray, Seconds


class Told(NamedTuple):
    """What a method may know beside the signal: how far ahead it is asked, and in which bins waves may be met."""

    ahead_s: Seconds
    is_open: BoolArray


Rival = Callable[[FloatArray, Told], ComplexArray]
"""[bin] to [bin]: what the rhythm will be `ahead_s` after the centre of each bin."""


def kalman(bins: FloatArray, told: Told) -> ComplexArray:
    """A settled Kalman filter of an oscillator in drift and noise (Matsuda and Komaki, Neural Comput 29, 2017)."""
    return _summed(oscillator(told.ahead_s), bins)


def echt(bins: FloatArray, told: Told) -> ComplexArray:
    """The endpoint-corrected Hilbert transform (Schreglmann et al., Nat Commun 12:363, 2021), first order, 2 s."""
    return _summed(endpoint_hilbert(told.ahead_s), bins)


def designed_taps(bins: FloatArray, told: Told) -> ComplexArray:
    """Our own weighted sum as designed from deep sleep in general, before it learns from a sleeper (Wiener, 1949)."""
    return _summed(designed(told.ahead_s), bins)


def echt_without_bias(bins: FloatArray, told: Told) -> ComplexArray:
    """The same, its mean error wherever waves could have been met taken off, as far as that is certain by then."""
    estimates, known = echt(bins, told), truth(bins, BIN_HZ)
    shift = round(told.ahead_s * BIN_HZ)
    errors = np.zeros(len(bins), dtype=np.complex128)
    errors[: len(bins) - shift] = np.conj(estimates[: len(bins) - shift]) * known[shift:]
    errors[~told.is_open] = 0.0
    certain = shift + CERTAIN_S * BIN_HZ
    summed = np.concatenate([np.zeros(certain), np.cumsum(errors)[: max(0, len(bins) - certain)]])[: len(bins)]
    return np.asarray(estimates * np.exp(1j * np.angle(summed)))


def first_order_loop(bins: FloatArray, told: Told) -> ComplexArray:
    """A phase-locked loop around a fixed frequency (Santostasi et al., J Neurosci Methods 259, 2016)."""
    gain, turn = 10.0 / BIN_HZ, 2 * np.pi * CENTRE_HZ / BIN_HZ
    loud, phase = _loudness(bins, 2.0), 0.0
    found = np.zeros(len(bins))
    for place, value in enumerate((bins / loud).tolist()):
        phase += turn - gain * value * np.sin(phase)
        found[place] = phase
    return _moved(loud * np.exp(1j * found), told.ahead_s)


def second_order_loop(bins: FloatArray, told: Told) -> ComplexArray:
    """A phase-locked loop that follows the frequency too, damped at 0.8, 1.5 Hz wide (Gardner, Phaselock, 2005)."""
    damping, usual = 0.8, 2 * np.pi * CENTRE_HZ / BIN_HZ
    width = 1.5 / BIN_HZ / (damping + 0.25 / damping)
    scale = 1 + 2 * damping * width + width**2
    straight, summing = 4 * damping * width / scale, 4 * width**2 / scale
    loud, phase, turn = _loudness(bins, 3.0), 0.0, usual
    found = np.zeros(len(bins))
    for place, value in enumerate((bins / loud).tolist()):
        error = -value * np.sin(phase) * np.sqrt(2.0)
        turn = min(max(turn + summing * error, 0.6 * usual), 1.8 * usual)
        phase += turn + straight * error
        found[place] = phase
    return _moved(loud * np.exp(1j * found), told.ahead_s)


def sine_fit(bins: FloatArray, told: Told) -> ComplexArray:
    """The sine of least squares over the last 1.25 s, of 0.5-1.5 Hz (compared by Li et al., J Neurosci Meth 2025)."""
    size = round(1.25 * BIN_HZ)
    time_s = (np.arange(size) - (size - 1)) / BIN_HZ
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate([np.zeros(size - 1), bins]), size)
    best, found = np.full(len(bins), np.inf), np.zeros(len(bins), dtype=np.complex128)
    for hertz in np.arange(0.5, 1.51, 0.1):
        turns = 2 * np.pi * hertz * time_s
        model = np.column_stack([np.cos(turns), -np.sin(turns), np.ones(size)])
        weights = windows @ np.linalg.pinv(model).T
        # What remains is the whole less what the model holds: one product less than the residual itself.
        rest = (windows**2).sum(axis=1) - np.einsum("nk,kj,nj->n", weights, model.T @ model, weights)
        better = rest < best
        best[better] = rest[better]
        moved = (weights[:, 0] + 1j * weights[:, 1]) * np.exp(2j * np.pi * hertz * told.ahead_s)
        found[better] = moved[better]
    return found


def wavelet(bins: FloatArray, told: Told) -> ComplexArray:
    """Half wavelets that end now, of 0.6-2 Hz; the strongest tells (after Li et al., J Neurosci Methods, 2025)."""
    size = 2 * BIN_HZ
    ages_s = np.arange(size) / BIN_HZ
    rise = np.hanning(2 * size)[:size][::-1]
    estimates = []
    for hertz in np.arange(0.6, 2.01, 0.1):
        taps = 2 * rise * np.exp(2j * np.pi * hertz * ages_s) / rise.sum()
        estimates.append(np.convolve(bins, taps)[: len(bins)] * np.exp(2j * np.pi * hertz * told.ahead_s))
    table = np.array(estimates)
    return np.asarray(table[np.abs(table).argmax(axis=0), np.arange(len(bins))])


def troughs(bins: FloatArray) -> FloatArray:
    """[bin]: how deep the trough is that was just passed, 0 where there is none (Ngo et al., Neuron 78, 2013)."""
    slow = sosfilt(butter(1, (0.25, 4.0), "bandpass", fs=BIN_HZ, output="sos"), bins - bins[0])
    depths = np.zeros(len(bins))
    turned = (slow[2:] > slow[1:-1]) & (slow[1:-1] <= slow[:-2]) & (slow[1:-1] < 0)
    depths[2:][turned] = -slow[1:-1][turned]
    return depths


AFTER_TROUGH_S = 0.5
"""From the trough to the peak: half a period of 1 Hz, within the 0.35-0.55 s that studies of fixed delays use."""

RIVALS: dict[str, Rival] = {
    "kalman": kalman,
    "designed_taps": designed_taps,
    "echt": echt,
    "echt_bias_corrected": echt_without_bias,
    "pll_first_order": first_order_loop,
    "pll_second_order": second_order_loop,
    "sine_fit": sine_fit,
    "wavelet": wavelet,
}


def _summed(taps: ComplexArray, bins: FloatArray) -> ComplexArray:
    return applied(taps, np.full(LAGS - 1, bins[0]), bins)


def _moved(estimates: ComplexArray, ahead_s: Seconds) -> ComplexArray:
    return np.asarray(estimates * np.exp(2j * np.pi * CENTRE_HZ * ahead_s))


def _loudness(bins: FloatArray, over_s: float) -> FloatArray:
    """Root mean square of the last seconds, so that a loop's gain does not depend on the amplifier."""
    size = round(over_s * BIN_HZ)
    sums = np.concatenate([np.zeros(size), np.cumsum(bins**2)])
    counts = np.minimum(np.arange(1, len(bins) + 1), size)
    return np.asarray(np.sqrt(np.maximum((sums[size:] - sums[:-size]) / counts, 0.0)) + 1e-6)
