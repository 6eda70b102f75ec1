"""How likely is a sum of independent draws, exactly? By convolution, without any simulation."""

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt

from scipy.special import ndtri
from scipy.stats import beta


def sums_of(outcomes: Sequence[Sequence[float]]) -> dict[float, float]:
    """How likely each sum is where each draw gives one of its outcomes, all alike likely."""
    sums: dict[float, float] = {0.0: 1.0}
    for values in outcomes:
        ahead: defaultdict[float, float] = defaultdict(float)
        for total, chance in sums.items():
            for value in values:
                ahead[round(total + value, 6)] += chance / len(values)
        sums = ahead
    return dict(sums)


def upper_tail(outcomes: Sequence[Sequence[float]], seen: float) -> float:
    """P(sum >= seen) of the same."""
    return min(1.0, sum(chance for total, chance in sums_of(outcomes).items() if total >= seen - 1e-6))


def share_interval(hits: int, of: int, *, certainty: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share (Clopper & Pearson, Biometrika 26, 1934).

    Raises:
        ValueError: for a count that cannot be.
    """
    if not 0 <= hits <= of or not of:
        raise ValueError(f"{hits} of {of} cannot have been counted.")
    tail = (1.0 - certainty) / 2.0
    low = float(beta.ppf(tail, hits, of - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1.0 - tail, hits + 1, of - hits)) if hits < of else 1.0
    return round(low, 4), round(high, 4)


def draws_error(p: float, draws: int) -> float:
    """The half width of the 95 % interval of a p that was found by so many draws."""
    return float(ndtri(0.975)) * sqrt(p * (1.0 - p) / draws)
