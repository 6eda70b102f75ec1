"""Which weights would have told this sleeper's phase best? Refitted every 30 s to what is certain by now."""

from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from scipy.linalg.lapack import dposv

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
REACHES = (LAGS, LAGS // 2)
"""Of the weights that are averaged, in bins: all of the past in hand, and half of it, which errs otherwise. Ours."""
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
    from scipy.signal import hilbert  # late, as in depth: half a second to import

    return np.asarray(hilbert(_zero_phase(signal_uv, sfreq_hz, band_hz), axis=-1))


def truth_at(signal_uv: FloatArray, place: int, band_hz: tuple[float, float] = TRUTH_BAND_HZ) -> complex:
    """`truth` at one bin of [n] alone, n even: over a whole look back a weighted sum, as all of it is linear."""
    n = len(signal_uv)
    if n == LOOKS_BACK_S * BIN_HZ:
        real, turned = _truth_weights(place, band_hz)
        return complex(np.dot(real, signal_uv), np.dot(turned, signal_uv))
    passed = _zero_phase(signal_uv, BIN_HZ, band_hz)
    return complex(passed[place], np.dot(_hilbert_weights(n, place), passed))


@lru_cache(maxsize=256)
def _truth_weights(place: int, band_hz: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    """What each bin of a look back counts in the truth at one bin, and in its quadrature: `truth` from end to start."""
    from scipy.signal import sosfilt  # late, as in depth: half a second to import

    n, pad = LOOKS_BACK_S * BIN_HZ, 6 * BIN_HZ
    sections, settled = _sections(BIN_HZ, band_hz)
    rings, _ = sosfilt(sections, np.zeros(n + 2 * pad), zi=settled)

    def unfiltered(weights: FloatArray) -> FloatArray:
        earlier = np.asarray(sosfilt(sections, weights[::-1]))[::-1].copy()
        earlier[0] += np.dot(rings, weights)
        return earlier

    def of_signal(weights: FloatArray) -> FloatArray:
        wide = unfiltered(unfiltered(np.pad(weights, pad)[::-1])[::-1])
        before, own, after = wide[:pad], wide[pad : pad + n].copy(), wide[pad + n :]
        own[pad:0:-1] -= before
        own[-2 : -2 - pad : -1] -= after
        own[0] += 2 * before.sum()
        own[-1] += 2 * after.sum()
        return np.asarray(own - own.mean())

    return of_signal(np.eye(1, n, place)[0]), of_signal(_hilbert_weights(n, place))


def _hilbert_weights(n: int, place: int) -> FloatArray:
    """[n], n even: what each sample counts in the quadrature of the one at this place."""
    distance = place - np.arange(n)
    weights = np.zeros(n)
    odd = distance % 2 != 0
    weights[odd] = 2.0 / n / np.tan(np.pi * distance[odd] / n)
    return weights


def _zero_phase(signal_uv: FloatArray, sfreq_hz: float, band_hz: tuple[float, float]) -> FloatArray:
    """Forth and back, each end continued point-symmetrically and its filter settled, as scipy's sosfiltfilt has it."""
    from scipy.signal import sosfilt  # late, as in depth: half a second to import

    sections, settled = _sections(sfreq_hz, band_hz)
    signal_uv = signal_uv - signal_uv.mean()
    pad = min(len(signal_uv) - 1, int(6 * sfreq_hz))
    before = 2 * signal_uv[0] - signal_uv[pad:0:-1]
    after = 2 * signal_uv[-1] - signal_uv[-2 : -2 - pad : -1]
    wide = np.concatenate([before, signal_uv, after])
    forth, _ = sosfilt(sections, wide, zi=settled * wide[0])
    back, _ = sosfilt(sections, forth[::-1], zi=settled * forth[-1])
    return np.ascontiguousarray(back[::-1][pad : pad + len(signal_uv)])


@cache
def _sections(sfreq_hz: float, band_hz: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    from scipy.signal import butter, sosfilt_zi  # late, as in depth: half a second to import

    sections = butter(2, band_hz, "bandpass", fs=sfreq_hz, output="sos")
    return sections, sosfilt_zi(sections)


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
    gram = FORGETTING * learned.gram + gram_of(steady, rows)
    cross = FORGETTING * learned.cross + cross_of(steady, rows, wanted)
    heard_s = learned.heard_s + len(rows) / BIN_HZ
    taps = _solved(gram, cross) if heard_s >= LEAST_LEARNED_S else None
    return Learned(gram, cross, heard_s, taps)


def gram_of(steady: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
    """[LAGS, LAGS], the sum over rows of the products of the bin l before and the bin m before.

    Within a run of rows each entry differs from its neighbour up the diagonal by a product at either end of the run,
    so that the first line and the ends give all of it: diagonals are laid side by side and summed downwards.
    """
    breaks = np.flatnonzero(np.diff(rows) != 1)
    begins, ends = rows[np.r_[0, breaks + 1]], rows[np.r_[breaks, len(rows) - 1]]
    windows = sliding_window_view(steady, LAGS)[:, ::-1]
    enters, leaves = windows[begins - LAGS], windows[ends - LAGS + 1]
    changes, upper = np.zeros((LAGS, 2 * LAGS)), np.zeros((LAGS, 2 * LAGS))
    np.matmul(np.concatenate([enters, leaves]).T, np.concatenate([enters, -leaves]), out=changes[:, :LAGS])
    steps = np.concatenate([cross_of(steady, rows, steady[rows])[np.newaxis], _by_diagonal(changes)[:-1]])
    np.cumsum(steps, axis=0, out=_by_diagonal(upper))
    half = upper[:, :LAGS]
    gram = half + half.T
    gram[np.diag_indices(LAGS)] /= 2.0
    return np.asarray(gram)


def _by_diagonal(wide: FloatArray) -> FloatArray:
    """A view of [LAGS, 2 LAGS] in which [l, k] is [l, l + k]."""
    row, entry = wide.strides
    return as_strided(wide, (LAGS, LAGS), (row + entry, entry))


def cross_of(steady: FloatArray, rows: npt.NDArray[np.int64], wanted: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """[LAGS], the sum over rows of what is wanted there times the bin l before."""
    first, last = int(rows[0]), int(rows[-1])
    spread = np.zeros(last + 1 - first, dtype=wanted.dtype)
    spread[rows - first] = wanted
    past = steady[first - LAGS + 1 : last + 1]
    if not np.iscomplexobj(spread):
        return np.correlate(past, spread, "valid")[::-1]
    return cross_of(steady, rows, wanted.real) + 1j * cross_of(steady, rows, wanted.imag)


def _solved(gram: FloatArray, cross: ComplexArray) -> ComplexArray | None:
    """The mean of the best weights over each of REACHES: where they differ, the rhythm is less sure and |z| smaller.

    None where what was heard holds nothing that could be told apart.
    """
    taps = np.zeros(LAGS, dtype=np.complex128)
    for reach in REACHES:
        held = gram[:reach, :reach]
        ridge = RIDGE * float(np.trace(held)) / reach + np.finfo(np.float64).tiny
        wanted = np.stack([cross.real[:reach], cross.imag[:reach]], axis=1)
        _, weights, wrong = dposv(held + ridge * np.eye(reach), wanted)
        if wrong:
            return None
        taps[:reach] += (weights[:, 0] + 1j * weights[:, 1]) / len(REACHES)
    return taps
