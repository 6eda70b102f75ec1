"""How many people does a comparison need? Exact power of the paired and the two-group test, of means and of shares."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, nctdtr, stdtrit

from dreamloom.vocabulary.units import FloatArray

Compared = Literal["paired", "groups"]
IntArray = npt.NDArray[np.int64]
MOST = 20_000
"""Nobody plans a sleep study of more people in an arm; a search ends there. Ours."""


class Effect(NamedTuple):
    """What is hoped for.

    Attributes:
        of: means, in standard deviations (of the differences where paired); or shares of people.
        size: the standardised difference; for shares: the share in the sham arm, and in the active one.
    """

    of: Literal["means", "shares"]
    size: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """So many people (in each group where there are two) reach this power; `asked` is what was aimed at."""

    n: int
    power: float
    asked: float


def power(effect: Effect, n: int, *, compared: Compared, alpha: float = 0.05) -> float:
    """The chance that a two-sided test on n people, or n in each of two groups, finds this effect.

    Means: t test, by the noncentral t distribution (Cohen, Statistical Power Analysis, 1988). Shares, paired: exact
    McNemar test, the two answers of a person independent, which is the least favourable plan. Shares, groups: Fisher's
    exact test.

    Raises:
        ValueError: for fewer than two people, or a share or level outside (0, 1).
    """
    _refuse_odd(effect, n, alpha)
    if effect.of == "means":
        return _rounded(_of_means(abs(effect.size[0]), n, compared, alpha))
    sham, active = effect.size
    found = _mcnemar(sham, active, n, alpha) if compared == "paired" else _fisher(sham, active, n, alpha)
    return _rounded(found)


def needed(effect: Effect, *, compared: Compared, asked: float = 0.8, alpha: float = 0.05) -> Needed | None:
    """The fewest people that reach the asked power and stay above it in the next few; None if MOST are too few.

    Exact tests have a saw-toothed power, so the first number to reach it may fall below it with one more person.
    """
    n = _first(effect, compared, asked, alpha)
    while n is not None and n <= MOST:
        reached = [power(effect, n + more, compared=compared, alpha=alpha) for more in range(4)]
        below = [more for more, each in enumerate(reached) if each < asked]
        if not below or effect.of == "means":
            return Needed(n=n, power=reached[0], asked=asked)
        n += below[-1] + 1
    return None


def clustered(n: int, *, size: float, icc: float) -> int:
    """People needed where whole rooms or groups of `size` are drawn: n times the design effect 1 + (size - 1) icc."""
    return math.ceil(n * (1.0 + max(0.0, size - 1.0) * icc))


def with_losses(n: int, *, lost: float) -> int:
    """People to enrol where a share of them will be lost: nights broken off, no dream recalled."""
    return math.ceil(n / (1.0 - lost))


def _refuse_odd(effect: Effect, n: int, alpha: float) -> None:
    if n < 2:
        raise ValueError(f"{n} people are no comparison")
    if not 0.0 < alpha < 1.0 or (effect.of == "shares" and not all(0.0 < each < 1.0 for each in effect.size)):
        raise ValueError(f"{effect.size} at a level of {alpha}")


def _first(effect: Effect, compared: Compared, asked: float, alpha: float) -> int | None:
    """The first n of a doubling and a bisection that reaches the asked power."""
    high = 2
    most = MOST if effect.of == "means" else 2000  # exact tests of more people take too long to sum up
    while power(effect, high, compared=compared, alpha=alpha) < asked:
        high *= 2
        if high > most:
            return None
    low = max(1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        reached = power(effect, middle, compared=compared, alpha=alpha) >= asked
        low, high = (low, middle) if reached else (middle, high)
    return high


def _of_means(size: float, n: int, compared: Compared, alpha: float) -> float:
    freedom = n - 1.0 if compared == "paired" else 2.0 * n - 2.0
    shift = size * math.sqrt(n if compared == "paired" else n / 2.0)
    bound = float(stdtrit(freedom, 1.0 - alpha / 2.0))
    return float(1.0 - nctdtr(freedom, shift, bound) + nctdtr(freedom, shift, -bound))


def _mcnemar(sham: float, active: float, n: int, alpha: float) -> float:
    """Sums over how many people differ between their two nights; exact binomial test of those."""
    up, down = active * (1.0 - sham), sham * (1.0 - active)
    differ = up + down
    chances = _binomial(n, differ)
    found = 0.0
    for m in range(1, n + 1):
        if chances[m] > 1e-12:
            least = _mcnemar_bound(m, alpha)
            wins = _binomial(m, up / differ)
            found += float(chances[m]) * float(wins[least:].sum() + wins[: m - least + 1].sum())
    return found


@lru_cache(maxsize=4096)
def _mcnemar_bound(m: int, alpha: float) -> int:
    """The fewest of m that differ one way at which the two-sided exact test is significant; m + 1 for none."""
    upper = np.cumsum(_binomial(m, 0.5)[::-1])[::-1]
    significant = np.flatnonzero(2.0 * upper <= alpha)
    return int(significant[0]) if significant.size and significant[0] * 2 > m else m + 1


def _fisher(sham: float, active: float, n: int, alpha: float) -> float:
    """Sums the chances of every table that Fisher's two-sided exact test calls significant."""
    of_sham, of_active = _binomial(n, sham), _binomial(n, active)
    found = 0.0
    for total in range(2 * n + 1):
        low, high = max(0, total - n), min(total, n)
        k = np.arange(low, high + 1)
        tables = _hypergeometric(n, total, k)
        order = np.argsort(tables, kind="stable")
        tail = np.cumsum(tables[order])
        # tables as unlikely as this one count with it: take the sum up to the last equal one
        last = np.searchsorted(tables[order], tables * (1.0 + 1e-7), side="right") - 1
        significant = tail[last] <= alpha
        found += float((of_sham[k] * of_active[total - k])[significant].sum())
    return found


def _hypergeometric(n: int, total: int, k: IntArray) -> FloatArray:
    """Chance of k of `total` in the first of two groups of n."""
    ways = _choose(n, k) + _choose(n, total - k) - _choose(2 * n, np.asarray(total))
    return np.asarray(np.exp(ways))


def _binomial(n: int, share: float) -> FloatArray:
    k = np.arange(n + 1)
    return np.asarray(np.exp(_choose(n, k) + k * math.log(share) + (n - k) * math.log1p(-share)))


def _choose(n: int, k: IntArray) -> FloatArray:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _rounded(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)
