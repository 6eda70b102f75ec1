"""How often will it happen, if it happened so often? Counts of rare events, and how far they can be trusted."""

from dataclasses import dataclass

from scipy.special import gammaincinv


@dataclass(frozen=True, slots=True)
class Expected:
    """How many are expected, and between which bounds the true mean lies with the asked certainty."""

    mean: float
    low: float
    high: float


def expected_count(seen: int, exposure: float, *, over: float, certainty: float = 0.95) -> Expected:
    """Events to expect over another exposure, if they come independently and at a steady rate.

    Args:
        seen: how often it happened.
        exposure: how long was watched, in any unit, above 0.
        over: how long the other stretch is, in the same unit.
        certainty: of the exact two-sided interval for a Poisson mean (Garwood, Biometrika 28, 1936).

    Raises:
        ValueError: for a negative count or an exposure of 0.
    """
    if seen < 0 or exposure <= 0:
        raise ValueError(f"{seen} events in an exposure of {exposure} cannot have been seen.")
    tail = (1.0 - certainty) / 2.0
    low = float(gammaincinv(seen, tail)) if seen else 0.0
    high = float(gammaincinv(seen + 1, 1.0 - tail))
    factor = over / exposure
    return Expected(seen * factor, low * factor, high * factor)
