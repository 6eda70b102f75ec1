"""How does a window look beside the minutes before it? The past-only form of the published smoothing and scaling.

The trees were grown on features with a 7.5-min triangular mean, a 2-min mean, and both on a robust scale of the night.
Live, the triangle keeps its past half; the scale comes from the windows so far and, while they are few, from people at
large: a first half hour in one stage tells nothing of how far a night's features will spread. Windows are compared with
those 30 s, 60 s, ... before them, so each of the six 5-s phases of the epoch grid keeps a context of its own.
"""

from collections.abc import Sequence
from functools import cache
from typing import Self

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from dreamloom.staging.population import Population
from dreamloom.vocabulary.units import FloatArray

Float32Array = npt.NDArray[np.float32]

TRIANGLE = tuple((8 - lag) / 8 for lag in range(8))
"""Weight of the window `lag` epochs ago: the past half of a 15-epoch triangle."""
SHORT_EPOCHS = 4
SPREAD_QUANTILES = (0.05, 0.95)
MEDIAN_WEIGHT_EPOCHS = 15.0
"""What the population's median counts for: the 15 epochs that one triangular mean spans are one look at a sleeper."""
SPREAD_WEIGHT_EPOCHS = 180.0
"""What its spread counts for: a sleep cycle of 90 min, in which every stage is usually passed once."""


class Context(msgspec.Struct, frozen=True, eq=False):
    """What one phase remembers.

    Attributes:
        recent: epoch number and features of the scored windows of the last 8 epochs, oldest first.
        ranked: [window, 2 x feature], both means of every window so far, each column sorted upwards.
    """

    recent: tuple[tuple[int, FloatArray], ...]
    ranked: Float32Array

    @classmethod
    def empty(cls, n_features: int) -> Self:
        return cls(recent=(), ranked=np.empty((0, 2 * n_features), dtype=np.float32))

    def of(self, columns: Sequence[int]) -> "Context":
        """What is remembered of some of the features; the same as if no others had been there."""
        places, n = list(columns), self.ranked.shape[1] // 2
        recent = tuple((epoch, row[places]) for epoch, row in self.recent)
        return Context(recent, self.ranked[:, [*places, *(n + place for place in places)]])


def remember(
    context: Context, features: FloatArray, *, epoch: int, at_large: Population | None = None
) -> tuple[Context, FloatArray]:
    """Adds one window's features; returns them as [3, feature]: as they are, scaled long mean, scaled short mean.

    With `at_large`, the scale begins as the population's and becomes the sleeper's own; without, it is theirs alone.
    """
    kept = tuple(item for item in context.recent if epoch - item[0] < len(TRIANGLE))
    recent = (*kept, (epoch, features))
    means = _means(recent, epoch)
    ranked = _inserted(context.ranked, means.astype(np.float32))
    scaled = _robust_scaled(means, ranked, at_large).reshape(2, -1)
    return replace(context, recent=recent, ranked=ranked), np.vstack([features, scaled])


def _means(recent: tuple[tuple[int, FloatArray], ...], epoch: int) -> FloatArray:
    """[2 x feature], the long and the short mean over the epochs that were scored; missing ones leave no trace."""
    weights = _weights(tuple(epoch - number for number, _ in recent))
    rows = np.array([row for _, row in recent])
    return np.asarray((weights[:, :, np.newaxis] * rows).sum(axis=1).ravel())


@cache
def _weights(lags: tuple[int, ...]) -> FloatArray:
    """[2, window], of windows so many epochs ago."""
    long = [TRIANGLE[lag] for lag in lags]
    short = [1.0 if lag < SHORT_EPOCHS else 0.0 for lag in lags]
    return np.array([[weight / sum(part) for weight in part] for part in (long, short)])


def _inserted(ranked: Float32Array, row: Float32Array) -> Float32Array:
    """One more value in every sorted column: place i holds min(old i, max(old i - 1, new))."""
    edge = np.full((1, row.size), np.inf, dtype=np.float32)
    return np.asarray(np.minimum(np.concatenate([ranked, edge]), np.maximum(np.concatenate([-edge, ranked]), row)))


def _robust_scaled(values: FloatArray, ranked: Float32Array, at_large: Population | None) -> FloatArray:
    """(value - median) / (95 % - 5 % quantile) of the windows so far; a constant column keeps the scale 1."""
    low, median, high = _quantiles(ranked)
    spread = high - low
    if at_large is not None:
        median, spread = _blended(median, spread, len(ranked), at_large)
    tiny = 10 * np.finfo(np.float64).eps
    return np.asarray((values - median) / np.where(spread < tiny, 1.0, spread))


def _blended(
    median: FloatArray, spread: FloatArray, epochs: int, at_large: Population
) -> tuple[FloatArray, FloatArray]:
    """The sleeper's own scale and the population's, weighted as if the latter were so many epochs.

    An amplitude's population is moved to the sleeper's median first: gain and derivation are theirs alone, and only
    how far amplitudes spread around a median is common to people.
    """
    low, middle, high = at_large.quantiles
    factor = np.where(at_large.amplitude, median.reshape(2, -1) / middle, 1.0)
    own_median, own_spread = (epochs / (epochs + weight) for weight in (MEDIAN_WEIGHT_EPOCHS, SPREAD_WEIGHT_EPOCHS))
    return (
        own_median * median + ((1 - own_median) * factor * middle).ravel(),
        own_spread * spread + ((1 - own_spread) * factor * (high - low)).ravel(),
    )


def _quantiles(ranked: Float32Array) -> FloatArray:
    """[3, column], the quantile before, the median and the quantile after, by linear interpolation."""
    last = len(ranked) - 1
    places = [share * last for share in (SPREAD_QUANTILES[0], 0.5, SPREAD_QUANTILES[1])]
    ranks = [int(place) for place in places]
    below, above = ranked[[ranks, [min(rank + 1, last) for rank in ranks]]].astype(np.float64)
    parts = np.array([[place - rank] for place, rank in zip(places, ranks, strict=True)])
    return np.asarray(below + parts * (above - below))
