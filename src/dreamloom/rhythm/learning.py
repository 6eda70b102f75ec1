"""Which weights would have told this sleeper's phase best? Refitted every 30 s to what is certain by now."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import butter, hilbert, sosfiltfilt

from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.rhythm.kernel import LAGS, ComplexArray
from dreamloom.vocabulary.units import BoolArray, FloatArray, Seconds

EVERY_S = 30
CERTAIN_S = 4
"""A zero-phase filter's answer no longer changes this long after: eight periods of its highest, two of its lowest."""
LOOKS_BACK_S = 90
FORGETTING = 0.98
"""Of what was learned before, at each refit: half is forgotten in 17 minutes, faster than sleep changes. Ours."""
RIDGE = 1e-3
"""Of the mean eigenvalue, so that weights stay small where the signal says nothing. Ours."""
LEAST_LEARNED_S = 30
KEPT = (LOOKS_BACK_S + 6) * BIN_HZ
TRUTH_BAND_HZ = (0.5, 2.0)


class Learned(NamedTuple):
    """All that was learned of one sleeper so far.

    Attributes:
        gram: [LAGS, LAGS], how past bins go together.
        cross: [LAGS], how they go with the truth ahead_s later.
        heard_s: for how long was learned.
        taps: [LAGS]; None until enough was heard.
    """

    gram: FloatArray
    cross: ComplexArray
    heard_s: float
    taps: ComplexArray | None


def nothing() -> Learned:
    """Of a sleeper who was never heard."""
    return Learned(np.zeros((LAGS, LAGS)), np.zeros(LAGS, dtype=np.complex128), 0.0, None)


def truth(signal_uv: FloatArray, sfreq_hz: float, band_hz: tuple[float, float] = TRUTH_BAND_HZ) -> ComplexArray:
    """[n] to the analytic signal by which phase is judged: Butterworth of order 2, forth and back, then Hilbert.

    Needs what comes after: right from 4 s before the end on, back to 4 s after the beginning.
    """
    sections = butter(2, band_hz, "bandpass", fs=sfreq_hz, output="sos")
    pad = min(len(signal_uv) - 1, int(6 * sfreq_hz))
    return np.asarray(hilbert(sosfiltfilt(sections, signal_uv - signal_uv.mean(), padlen=pad)))


def refitted(  # noqa: PLR0913 - four views of the same bins
    learned: Learned,
    *,
    steady: FloatArray,
    raw: FloatArray,
    calm: BoolArray,
    free: BoolArray,
    ahead_s: Seconds,
    band_hz: tuple[float, float] = TRUTH_BAND_HZ,
) -> Learned:
    """Learns from the 30 s that became certain since the last time.

    Args:
        learned: up to then.
        steady: [n], what the weights will be given: without drift, the newest last, without a break.
        raw: [n], the same with its drift: a high-pass would turn the truth.
        calm: [n], False at a movement or a loss: a window that touches one would outweigh minutes of sleep.
        free: [n], False where the gate is shut or a cue was just decided: no truth is taken from there.
        ahead_s: how long after the end of a bin's own moment the phase is wanted.
        band_hz: the band of the truth.
    """
    shift = ahead_s * BIN_HZ
    whole, part = int(shift), shift - int(shift)
    last = len(raw) - CERTAIN_S * BIN_HZ - whole - 1
    rows = np.arange(max(LAGS, last - EVERY_S * BIN_HZ), last)
    stirs = np.concatenate([[0], np.cumsum(~calm)])
    if len(rows):
        rows = rows[(stirs[rows + whole + 2] == stirs[rows - LAGS + 1]) & free[rows + whole]]
    if not len(rows):
        return learned
    known = truth(raw[-LOOKS_BACK_S * BIN_HZ :], BIN_HZ, band_hz)
    at = rows + whole - (len(raw) - len(known))
    rows, at = rows[at >= 0], at[at >= 0]
    wanted = (1 - part) * known[at] + part * known[at + 1]
    windows = sliding_window_view(steady, LAGS)[rows - LAGS + 1, ::-1]
    gram = FORGETTING * learned.gram + np.einsum("nl,nm->lm", windows, windows, optimize=True)
    cross = FORGETTING * learned.cross + np.einsum("nl,n->l", windows, wanted)
    heard_s = learned.heard_s + len(rows) / BIN_HZ
    taps = _solved(gram, cross) if heard_s >= LEAST_LEARNED_S else None
    return Learned(gram, cross, heard_s, taps)


def _solved(gram: FloatArray, cross: ComplexArray) -> ComplexArray:
    ridge = RIDGE * float(np.trace(gram)) / LAGS + np.finfo(np.float64).tiny
    return np.asarray(np.linalg.solve(gram + ridge * np.eye(LAGS), cross))
