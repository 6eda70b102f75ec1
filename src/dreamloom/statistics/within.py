"""Was it more than each one's own others? Places change within a person only, so that no two people are compared."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import beta

from dreamloom.statistics.permutation import IntArray
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

DRAWS = 9_999
SAME = 1e-9
BARS = 24


class Spread(NamedTuple):
    """What chance came to, to be drawn: how many draws lie in each of equal steps from `low` to `high`."""

    low: float
    high: float
    counts: tuple[int, ...]


class Tested(NamedTuple):
    """A statistic, its p, and what chance came to."""

    statistic: float
    p: float
    spread: Spread


class Slots(NamedTuple):
    """What is permuted: each person's things lie behind each other, those of the tested times first.

    Attributes:
        sizes: how many things each person has in all.
        tested: how many of them are of a tested time.
    """

    sizes: tuple[int, ...]
    tested: tuple[int, ...]

    @property
    def firsts(self) -> IntArray:
        """Where each person's things begin."""
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.int64)

    @property
    def seen(self) -> IntArray:
        """[slot]: the things that were of a tested time."""
        each = [first + np.arange(many) for first, many in zip(self.firsts, self.tested, strict=True)]
        return np.concatenate(each) if each else np.empty(0, dtype=np.int64)

    @property
    def owners(self) -> IntArray:
        """[slot]: whose it is."""
        return np.repeat(np.arange(len(self.sizes)), self.tested)


def rearranged(slots: Slots, *, seed: int, draws: int = DRAWS, weights: FloatArray | None = None) -> IntArray:
    """[draw, slot]: which of a person's own things stands where one of a tested time stood; all alike likely.

    Args:
        slots: people and their things.
        seed: of the draws.
        draws: how many.
        weights: [thing] how likely each is to be drawn, relative to the same person's others.
    """
    chance = stream(seed, "within", len(slots.sizes), sum(slots.sizes))
    found = np.empty((draws, sum(slots.tested)), dtype=np.int64)
    ends = np.cumsum(slots.tested)
    people = list(zip(slots.sizes, slots.tested, strict=True))
    for size, many in sorted(set(people)):
        alike = np.array([at for at, each in enumerate(people) if each == (size, many)])
        firsts = slots.firsts[alike, np.newaxis]
        rates = np.ones((len(alike), size)) if weights is None else weights[firsts + np.arange(size)]
        order = _first_of(rates, draws, chance) if many == 1 else _first_few_of(rates, many, draws, chance)
        places = ends[alike, np.newaxis] - many + np.arange(many)
        found[:, places.reshape(-1)] = (firsts + order).reshape(draws, -1)
    return found


def _first_of(rates: FloatArray, draws: int, chance: np.random.Generator) -> IntArray:
    """[draw, person, 1] which one of the person's things."""
    bounds = np.cumsum(rates, axis=1)
    lots = chance.random(size=(draws, len(rates))) * bounds[:, -1]
    return np.asarray((lots[:, :, np.newaxis] >= bounds[:, :-1]).sum(axis=2)[:, :, np.newaxis])


def _first_few_of(rates: FloatArray, many: int, draws: int, chance: np.random.Generator) -> IntArray:
    """[draw, person, place] several of the person's things: clocks at such rates, by which strikes first."""
    strikes = chance.standard_exponential(size=(draws, *rates.shape)) / np.maximum(rates, 1e-300)
    return np.argsort(strikes, axis=2)[:, :, :many]


def arrangements(slots: Slots) -> float:
    """How many ways there are in all; p is never below one in so many."""
    total = 1.0
    for size, many in zip(slots.sizes, slots.tested, strict=True):
        for step in range(many):
            total *= size - step
    return total


def p_value(drawn: FloatArray, seen: float, *, mid: bool = False) -> float:
    """One-sided, the arrangement that happened counted in (Phipson & Smyth, 2010).

    Args:
        drawn: what the draws came to.
        seen: what happened.
        mid: count what is equal by half (Lancaster, 1961): for statistics of few values.
    """
    above = int((drawn > seen + SAME).sum())
    equal = 1 + int((np.abs(drawn - seen) <= SAME).sum())
    return round((above + (0.5 if mid else 1.0) * equal) / (1 + len(drawn)), 5)


def spread_of(drawn: FloatArray, seen: float) -> Spread:
    """The draws in steps that reach what happened as well."""
    low, high = min(float(drawn.min()), seen), max(float(drawn.max()), seen)
    if high - low <= SAME:
        low, high = low - 0.5, high + 0.5
    counts = np.histogram(drawn, bins=BARS, range=(low, high))[0]
    return Spread(round(low, 6), round(high, 6), tuple(counts.tolist()))


def with_error_of_draws(p: float, draws: int) -> float:
    """The upper end of what so many draws leave open for p (one-sided 95 %, Clopper & Pearson, 1934).

    For statistics whose reports had to be cleaned first, so that they change places only nearly as if at random: the
    p that is told errs to the side of chance.
    """
    as_far = round(p * (1 + draws)) - 1
    return 1.0 if as_far >= draws else round(float(beta.ppf(0.95, as_far + 1, draws - as_far)), 5)


def smallest_of(drawn: Sequence[FloatArray], seen: Sequence[float]) -> float:
    """P of the better of several statistics of the same draws (Westfall & Young, 1993: min-p)."""
    each = [np.append(values, value) for values, value in zip(drawn, seen, strict=True)]
    ranks = np.min([_share_as_far(values) for values in each], axis=0)
    return p_value(-ranks[:-1], -float(ranks[-1]))


def _share_as_far(values: FloatArray) -> FloatArray:
    """[value]: which share of all is at least as large."""
    rounded = np.round(values, 9)
    order = np.sort(rounded)
    return np.asarray((len(order) - np.searchsorted(order, rounded, side="left")) / len(order))
