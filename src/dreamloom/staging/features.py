"""What does a 30-s window of EEG, EOG or EMG look like in numbers? The feature set the published trees were grown on.

The definitions are those of Vallat & Walker (2021, eLife 10:e70092), whose classifiers expect them to the letter:
descriptive statistics, Hjorth parameters, Welch band powers (median of Hamming windows of 5 s), permutation entropy,
Higuchi and Petrosian fractal dimensions, all on 0.4-30 Hz signal at 100 Hz in microvolts.
"""

from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from scipy.fft import rfft

from dreamloom.vocabulary.units import BoolArray, FloatArray

FeatureKind = Literal["eeg", "eog", "emg"]

FEATURE_HZ = 100
"""Rate at which every feature is defined."""
WINDOW_SAMPLES = 30 * FEATURE_HZ
BAND_HZ = (0.4, 30.0)
BANDS_HZ = {
    "sdelta": (0.4, 1.0),
    "fdelta": (1.0, 4.0),
    "theta": (4.0, 8.0),
    "alpha": (8.0, 12.0),
    "sigma": (12.0, 16.0),
    "beta": (16.0, 30.0),
}
WELCH_SAMPLES = 5 * FEATURE_HZ
HIGUCHI_LAGS = 10
ORDINAL_PATTERNS = 6
"""Orders that three neighbouring samples can stand in."""

_SHAPE = ("hcomp", "higuchi", "hmob", "iqr", "kurt", "nzc", "perm", "petrosian", "skew", "std", "abspow")
_RATIOS = ("dt", "ds", "db", "at")
NAMES: dict[FeatureKind, tuple[str, ...]] = {
    "eeg": tuple(sorted((*_SHAPE, *BANDS_HZ, *_RATIOS))),
    "eog": tuple(sorted((*_SHAPE, *BANDS_HZ))),
    "emg": tuple(sorted(_SHAPE)),
}
"""Features of one channel in the order of the columns of `window_features`: alphabetical, as the trees want them."""


def window_features(windows: FloatArray, kind: FeatureKind) -> FloatArray:
    """[window, 3000] of band-passed microvolts at 100 Hz to [window, feature], columns as in NAMES[kind].

    A constant window has no shape: its undefined entries are 0, never NaN.
    """
    values = _described(windows)
    return _defined(np.stack([values[name] for name in NAMES[kind]], axis=1))


def montage_features(signal: FloatArray, kinds: Sequence[FeatureKind]) -> FloatArray:
    """[channel, 3000], one row per kind, to all their features in a row: one pass is cheaper than one per channel."""
    return np.asarray(montages_features(signal, kinds)[0])


def montages_features(signals: FloatArray, kinds: Sequence[FeatureKind]) -> FloatArray:
    """[sleeper x channel, 3000], one row per kind and sleeper, to [sleeper, feature]: the same, of many at once."""
    values, width = _described(signals), len(kinds)
    columns = [values[name][row::width] for row, kind in enumerate(kinds) for name in NAMES[kind]]
    return _defined(np.stack(columns, axis=1))


def _defined(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, np.float64(0.0))


def _described(windows: FloatArray) -> dict[str, FloatArray]:
    """Every feature that any kind of channel has, by name."""
    steps = np.diff(windows, axis=1)
    falls = np.signbit(steps)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            **_moments(windows),
            **_hjorth(windows, steps),
            **_band_powers(windows),
            "iqr": _interquartile_range(windows),
            "nzc": _changes(np.signbit(windows)),
            "perm": _permutation_entropy(windows, falls),
            "higuchi": _higuchi(windows),
            "petrosian": _petrosian(_changes(falls), windows.shape[1]),
        }


def _moments(windows: FloatArray) -> dict[str, FloatArray]:
    deviation = windows - windows.mean(axis=1, keepdims=True)
    squared = deviation * deviation
    variance = squared.mean(axis=1)
    return {
        "std": np.sqrt(variance * (windows.shape[1] / (windows.shape[1] - 1))),
        "skew": (squared * deviation).mean(axis=1) / variance**1.5,
        "kurt": (squared * squared).mean(axis=1) / variance**2 - 3,
    }


def _hjorth(windows: FloatArray, steps: FloatArray) -> dict[str, FloatArray]:
    variance, variance_1, variance_2 = (x.var(axis=1) for x in (windows, steps, np.diff(steps, axis=1)))
    mobility = np.sqrt(variance_1 / variance)
    return {"hmob": mobility, "hcomp": np.sqrt(variance_2 / variance_1) / mobility}


def _interquartile_range(windows: FloatArray) -> FloatArray:
    """Linear interpolation between order statistics, the definition numpy and R (type 7) share."""
    last = windows.shape[1] - 1
    places = [(int(share * last), share * last % 1) for share in (0.25, 0.75)]
    ordered = np.sort(windows, axis=1)  # dearer than a partition in theory, a quarter of its price in fact
    low, high = (ordered[:, r] + part * (ordered[:, r + 1] - ordered[:, r]) for r, part in places)
    return np.asarray(high - low)


def _changes(flags: BoolArray) -> FloatArray:
    return np.asarray(np.count_nonzero(flags[:, 1:] != flags[:, :-1], axis=1), dtype=np.float64)


def _petrosian(turns: FloatArray, n: int) -> FloatArray:
    """From the number of turning points among n samples (Petrosian 1995)."""
    return np.asarray(np.log10(n) / (np.log10(n) + np.log10(n / (n + 0.4 * turns))))


def _permutation_entropy(windows: FloatArray, falls: BoolArray) -> FloatArray:
    """Bandt & Pompe (2002), order 3, delay 1, normalised to 0-1; ties count as rising, as a stable sort has them."""
    drops = windows[:, 2:] < windows[:, :-2]
    pattern = falls[:, :-1] * np.uint8(4) + drops * np.uint8(2) + falls[:, 1:]
    share = np.stack([np.bincount(row, minlength=8) for row in pattern]) / pattern.shape[1]
    bits = -np.sum(share * np.log2(share, where=share > 0, out=np.zeros_like(share)), axis=1)
    return np.asarray(np.clip(bits / np.log2(ORDINAL_PATTERNS), 0.0, 1.0))


def _higuchi(windows: FloatArray) -> FloatArray:
    """Slope of log curve length over log 1/lag for lags 1-10 (Higuchi 1988)."""
    lags = np.arange(1, HIGUCHI_LAGS + 1)
    y = np.log(np.stack([_curve_length(windows, int(lag)) for lag in lags], axis=1))
    x = -np.log(lags) + np.log(lags).mean()
    return np.asarray((x * (y - y.mean(axis=1, keepdims=True))).sum(axis=1) / np.sum(x * x))


def _curve_length(windows: FloatArray, lag: int) -> FloatArray:
    """Mean normalised length of the `lag` sub-series that take every lag-th sample from 0, 1, ... lag - 1 on."""
    steps = windows[:, lag:] - windows[:, :-lag]
    return np.asarray(np.einsum("ws,s->w", np.abs(steps, out=steps), _step_weights(windows.shape[1], lag)))


@cache
def _step_weights(n: int, lag: int) -> FloatArray:
    """What each step adds to the mean of the normalised lengths: sub-series m has floor((n - 1 - m) / lag) steps."""
    counts = (n - 1 - np.arange(lag)) // lag
    return np.asarray(np.resize((n - 1) / (counts * float(lag) ** 3), n - lag))


def _band_powers(windows: FloatArray) -> dict[str, FloatArray]:
    """Relative power in BANDS_HZ (Simpson), its ratios, and absolute power in BAND_HZ (trapezoid, µV²)."""
    # einsum and not @: BLAS may round differently for another number of windows.
    integrals = np.einsum("wf,fb->wb", _welch_density(windows), _integration_weights())
    power = {name: integrals[:, i] / integrals[:, -2] for i, name in enumerate(BANDS_HZ)}
    delta = power["sdelta"] + power["fdelta"]
    ratios = {name: delta / power[of] for name, of in (("dt", "theta"), ("ds", "sigma"), ("db", "beta"))}
    return power | ratios | {"at": power["alpha"] / power["theta"], "abspow": integrals[:, -1]}


def _welch_density(windows: FloatArray) -> FloatArray:
    """[window, frequency] in µV²/Hz: median periodogram of half-overlapping 5-s Hamming segments, without bias."""
    hop = WELCH_SAMPLES // 2
    n_segments = windows.shape[1] // hop - 1
    segments = np.stack([windows[:, i * hop : i * hop + WELCH_SAMPLES] for i in range(n_segments)], axis=1)
    segments -= segments.mean(axis=2, keepdims=True)
    segments *= _taper()
    spectra = rfft(segments, axis=2, overwrite_x=True)
    power = spectra.real**2 + spectra.imag**2
    power[..., 1:-1] *= 2
    power.sort(axis=1)
    middle = (power[:, (n_segments - 1) // 2] + power[:, n_segments // 2]) / 2
    return np.asarray(middle / (FEATURE_HZ * np.sum(_taper() ** 2) * _median_bias(n_segments)))


def _median_bias(n: int) -> float:
    """Expected median of n exponential variables over their mean (Allen et al. 2012, Phys. Rev. D 85:122006)."""
    even = 2 * np.arange(1, (n - 1) // 2 + 1)
    return float(1 + np.sum(1 / (even + 1) - 1 / even))


@cache
def _taper() -> FloatArray:
    return np.hamming(WELCH_SAMPLES + 1)[:-1]


@cache
def _integration_weights() -> FloatArray:
    """[frequency, band]: one column per band, then the whole band by Simpson, then by trapezoids."""
    freqs = np.arange(WELCH_SAMPLES // 2 + 1, dtype=np.float64) * (FEATURE_HZ / WELCH_SAMPLES)
    columns = [_simpson_weights(freqs, low, high) for low, high in (*BANDS_HZ.values(), BAND_HZ)]
    inside = (freqs >= BAND_HZ[0]) & (freqs <= BAND_HZ[1])
    trapezoid = np.where(inside, freqs[1], np.float64(0.0))
    trapezoid[np.flatnonzero(inside)[[0, -1]]] /= 2
    return np.stack([*columns, trapezoid], axis=1)


def _simpson_weights(freqs: FloatArray, low_hz: float, high_hz: float) -> FloatArray:
    """Of every line in the integral from low_hz to high_hz.

    An even number of lines ends with Cartwright's correction (2017, J Math Sci Math Educ 12:1), as in scipy.
    """
    inside = np.flatnonzero((freqs >= low_hz) & (freqs <= high_hz))
    pairs = (len(inside) - 1) // 2
    weights = np.zeros_like(freqs)
    for first in inside[: 2 * pairs : 2]:
        weights[first : first + 3] += np.array([1.0, 4.0, 1.0]) / 3.0
    if len(inside) % 2 == 0:
        weights[inside[-3:]] += np.array([-1.0, 8.0, 5.0]) / 12.0
    return np.asarray(weights * freqs[1])
