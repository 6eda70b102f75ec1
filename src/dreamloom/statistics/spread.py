"""How sure is a mean over nights of one person? Counts that come in clusters, nights that resemble the one before."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv, stdtrit

from dreamloom.vocabulary.units import FloatArray

CERTAINTY = 0.95
STEP = 1.0
"""Ratings are told in whole numbers."""
ROUNDING = 1e-4
"""Bounds are rounded so."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with the bounds between which the true one lies with the asked certainty.

    Attributes:
        n: how many were told.
        sd: their own spread, night by night.
        alike: how much more alike neighbours are than chance, as the factor by which it lengthens the interval.
    """

    value: float
    low: float
    high: float
    n: int
    sd: float
    alike: float


def rate(counts: Sequence[int], *, certainty: float = CERTAINTY) -> Mean | None:
    """The mean of counts with an exact Poisson interval (Garwood 1936), widened where they are no Poisson counts.

    Clusters (variance over mean) and likeness of neighbours both make fewer independent events of the ones seen. None
    seen at all still leaves an upper bound. None where nothing was counted.
    """
    told = np.asarray(counts, dtype=np.float64)
    if not told.size:
        return None
    mean, sd = float(told.mean()), _sd(told)
    clustered = max(1.0, sd**2 / mean) if mean > 0 else 1.0
    alike = _alike(told)
    seen, exposure = told.sum() / (clustered * alike), told.size / (clustered * alike)
    tail = (1.0 - certainty) / 2.0
    low = float(gammaincinv(seen, tail)) if seen else 0.0
    high = float(gammaincinv(seen + 1.0, 1.0 - tail))
    return Mean(_r(mean), _r(low / exposure), _r(high / exposure), told.size, _r(sd), _r(math.sqrt(alike)))


def mean(values: Sequence[float], *, step: float = STEP, certainty: float = CERTAINTY) -> Mean | None:
    """The mean of ratings with a t interval on as many nights as they are worth; None for fewer than two.

    Nights that all told the same have no spread, and are no certainty: see `_least_half`.

    Args:
        values: one for each told night.
        step: by how much a night that differed would have differed.
        certainty: of the interval.
    """
    told = np.asarray(values, dtype=np.float64)
    if told.size < 2:
        return None
    middle, sd, alike = float(told.mean()), _sd(told), _alike(told)
    worth = _worth(told.size, math.sqrt(alike))
    half = float(stdtrit(worth - 1.0, (1.0 + certainty) / 2.0)) * sd / math.sqrt(worth)
    half = max(half, _least_half(worth, step=step, certainty=certainty))
    return Mean(_r(middle), _r(middle - half), _r(middle + half), told.size, _r(sd), _r(math.sqrt(alike)))


def difference(
    later: Sequence[float], before: Sequence[float], *, step: float = STEP, certainty: float = CERTAINTY
) -> Mean | None:
    """How much the later mean lies above the one before, with Welch's interval on what the nights are worth.

    Where either hardly varies, both intervals are put together instead (Zou & Donner 2008), for Welch would take its
    nights for certain. `sd` is the spread of the nights before, by which a change may be measured. None where either
    has fewer than two.
    """
    a, b = (mean(each, step=step, certainty=certainty) for each in (later, before))
    if a is None or b is None:
        return None
    least = [_least_half(_worth(each.n, each.alike), step=step, certainty=certainty) for each in (a, b)]
    halves = [(each.high - each.low) / 2.0 for each in (a, b)]
    if any(half <= low + ROUNDING for half, low in zip(halves, least, strict=True)):
        half = math.hypot(*halves)
    else:
        half = _welch(a, b, certainty)
    value = a.value - b.value
    return Mean(_r(value), _r(value - half), _r(value + half), a.n + b.n, b.sd, max(a.alike, b.alike))


def _welch(a: Mean, b: Mean, certainty: float) -> float:
    worth = [_worth(each.n, each.alike) for each in (a, b)]
    parts = [each.sd**2 / size for each, size in zip((a, b), worth, strict=True)]
    freedom = sum(parts) ** 2 / sum(part**2 / (size - 1.0) for part, size in zip(parts, worth, strict=True))
    return float(stdtrit(freedom, (1.0 + certainty) / 2.0)) * math.sqrt(sum(parts))


def _worth(nights: int, alike: float) -> float:
    return max(2.0, nights / alike**2)


def _least_half(worth: float, *, step: float, certainty: float) -> float:
    """How far the mean may lie from what every night told: the share of other nights that none seen leaves open.

    That share is the exact bound of none in `worth` (Clopper & Pearson 1934); a night that differs does so by a step.
    No interval is narrower, or one night that differed would make a mean surer than none.
    """
    return step * (1.0 - float(((1.0 - certainty) / 2.0) ** (1.0 / worth)))


def _alike(told: FloatArray) -> float:
    """(1 + r) / (1 - r) of the first-order likeness r of neighbours, which short series tell too low (Kendall 1954)."""
    if told.size < 4:
        return 1.0
    off = told - told.mean()
    total = float(off @ off)
    if total == 0.0:
        return 1.0
    seen = float(off[1:] @ off[:-1]) / total
    likeness = min(0.8, max(0.0, seen + (1.0 + 3.0 * seen) / told.size))
    return (1.0 + likeness) / (1.0 - likeness)


def _sd(told: FloatArray) -> float:
    return float(told.std(ddof=1)) if told.size > 1 else 0.0


def _r(value: float) -> float:
    return round(value, 4) + 0.0
