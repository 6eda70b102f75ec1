"""How are angles summed up? Mean direction, circular spread, and how far both can be trusted."""

from typing import NamedTuple

import numpy as np

from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

DRAWS = 1000
CERTAINTY = 0.95


class Spread(NamedTuple):
    """Angles in degrees, with 95 % bootstrap intervals; sd is sqrt(-2 ln R) of the mean resultant length R.

    Fisher, Statistical Analysis of Circular Data, 1993, section 2.3.
    """

    mean_deg: float
    sd_deg: float
    mean_ci_deg: tuple[float, float]
    sd_ci_deg: tuple[float, float]
    within_45: float
    within_90: float


def mean_rad(angles_rad: FloatArray) -> float:
    """The mean direction, in (-pi, pi]; 0 for none."""
    return float(np.angle(np.exp(1j * angles_rad).sum())) if len(angles_rad) else 0.0


def sd_rad(angles_rad: FloatArray) -> float:
    """sqrt(-2 ln R): the wrapped normal's standard deviation; inf for angles without a direction."""
    if not len(angles_rad):
        return float("inf")
    resultant = min(1.0, float(np.abs(np.exp(1j * angles_rad).mean())))
    return float(np.sqrt(-2.0 * np.log(resultant))) if resultant > 0 else float("inf")


def wrapped(angles_rad: FloatArray) -> FloatArray:
    """The same directions in (-pi, pi]."""
    return np.asarray(np.angle(np.exp(1j * angles_rad)))


def spread(angles_rad: FloatArray, *, seed: int = 1) -> Spread | None:
    """Figures of errors around 0, with percentile intervals; None for fewer than two.

    Args:
        angles_rad: [n].
        seed: of the bootstrap's draws.
    """
    if len(angles_rad) < 2:
        return None
    vectors = np.exp(1j * angles_rad)
    drawn = stream(seed, "circular", len(vectors)).integers(0, len(vectors), size=(DRAWS, len(vectors)))
    means = vectors[drawn].mean(axis=1)
    centre = mean_rad(angles_rad)
    turns = np.degrees(np.angle(means * np.exp(-1j * centre)) + centre)
    sds = np.degrees(np.sqrt(-2.0 * np.log(np.clip(np.abs(means), 1e-12, 1.0))))
    tails = ((1 - CERTAINTY) / 2, (1 + CERTAINTY) / 2)
    off = np.abs(wrapped(angles_rad))
    return Spread(
        round(float(np.degrees(centre)), 2),
        round(float(np.degrees(sd_rad(angles_rad))), 2),
        _pair(np.quantile(turns, tails)),
        _pair(np.quantile(sds, tails)),
        round(float(np.mean(off <= np.pi / 4)), 4),
        round(float(np.mean(off <= np.pi / 2)), 4),
    )


def _pair(bounds: FloatArray) -> tuple[float, float]:
    low, high = bounds.tolist()
    return round(low, 2), round(high, 2)
