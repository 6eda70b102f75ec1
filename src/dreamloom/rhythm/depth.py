"""Is this sleep deep enough for slow waves to be met? Their power against that of fast rhythms, without a hypnogram."""

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.fft import rfft

from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.vocabulary.units import FloatArray

WINDOW_S = 4
"""One spectrum: two periods of the slowest wave. They are averaged over 30 s, an epoch of the AASM's."""
AVERAGED_S = 27
SLOW_HZ, FAST_HZ, WAVE_HZ, REST_HZ = (0.5, 4.0), (16.0, 24.0), (0.5, 2.0), (4.25, 24.0)
OPEN_RATIO = 10**2.2
"""22 dB between the summed power of 0.5-4 Hz and that of 16-24 Hz. A spectrum that falls as 1/f^b holds between them
the ratio of its two integrals: 16 dB for b = 1.75, 19 dB for b = 2, 22.5 dB for b = 2.25, 26 dB for b = 2.5. The deeper
the sleep, the more steeply it falls and the larger its slow waves, which both count here; fast rhythms, of waking, REM
and a chin's muscle, count against. So the bound lies where a spectrum without any wave would have to fall by a quarter
of a power more than 1/f^2: slow waves on a usual one reach it. Ours, from this arithmetic, and fitted to no record.
"""
OPEN_SHARE, CLOSE_SHARE = 10**1.0, 10**0.9
"""Or the wave alone stands 10 dB above all that is faster than delta, whatever the amplifier's noise. Ours."""
CLOSE_RATIO = 10**2.1
"""1 dB of hysteresis, so that one quiet second does not end a stretch."""
MOVEMENT_UV = 300.0
"""Between the highest and the lowest bin of a second: four times the AASM's slow wave (75 µV) is movement. Ours."""
REST_S = 5
"""Seconds after a movement in which nothing is learned or decided: the filters still ring. Ours."""


class Depth(NamedTuple):
    """Arrays with one row a sleeper.

    Attributes:
        powers: [..., second, 4], slow, fast, wave and rest, the newest last; NaN where there was none.
        is_open: [...].
        rest_s: [...], how long since a movement at most REST_S.
    """

    powers: FloatArray
    is_open: np.ndarray
    rest_s: np.ndarray


def unknown(sleepers: tuple[int, ...] = ()) -> Depth:
    """Before the first second."""
    return Depth(
        np.full((*sleepers, AVERAGED_S, 4), np.nan), np.zeros(sleepers, dtype=bool), np.zeros(sleepers, dtype=np.int64)
    )


def step(depth: Depth, last_bins: FloatArray, *, good: np.ndarray | bool = True) -> Depth:
    """Takes one more second: last_bins [..., 200] are the last 4 s, good says whether the newest was recorded well."""
    newest = last_bins[..., -BIN_HZ:]
    still = (newest.max(axis=-1) - newest.min(axis=-1) < MOVEMENT_UV) & good
    rest_s = np.where(still, np.minimum(depth.rest_s + 1, REST_S), 0)
    spectra = rfft((last_bins - last_bins.mean(axis=-1, keepdims=True)) * _taper(), axis=-1)
    lines = (spectra.real**2 + spectra.imag**2) * _UNDONE
    bands = [lines[..., each].sum(axis=-1) for each in _BANDS]
    calm = (rest_s >= REST_S)[..., np.newaxis]
    now = np.where(calm, np.stack(bands, axis=-1), np.nan)
    powers = np.concatenate([depth.powers[..., 1:, :], now[..., np.newaxis, :]], axis=-2)
    known = np.isfinite(powers).all(axis=-1)
    sums = np.where(known[..., np.newaxis], powers, 0.0).sum(axis=-2)
    steep = sums[..., 0] > np.where(depth.is_open, CLOSE_RATIO, OPEN_RATIO) * sums[..., 1]
    alone = sums[..., 2] > np.where(depth.is_open, CLOSE_SHARE, OPEN_SHARE) * sums[..., 3]
    is_open = (steep | alone) & (known.sum(axis=-1) >= AVERAGED_S // 3) & calm[..., 0]
    return Depth(powers, is_open, rest_s)


@cache
def _taper() -> FloatArray:
    from scipy.signal import get_window  # half a second to import, and not every bed meets waves

    return np.asarray(get_window("hann", WINDOW_S * BIN_HZ))


_LINES_HZ = np.arange(WINDOW_S * BIN_HZ // 2 + 1) / WINDOW_S
_UNDONE = 1.0 / np.sinc(_LINES_HZ / BIN_HZ) ** 2
_BANDS = tuple(
    slice(int(np.searchsorted(_LINES_HZ, low)), int(np.searchsorted(_LINES_HZ, high, side="right")))
    for low, high in (SLOW_HZ, FAST_HZ, WAVE_HZ, REST_HZ)
)
