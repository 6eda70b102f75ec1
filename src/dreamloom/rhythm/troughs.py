"""How deep was the trough that a wave comes from? As deep as what a fixed threshold of a paper was compared with."""

from collections.abc import Sequence

from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.rhythm.kernel import CENTRE_HZ
from dreamloom.vocabulary.units import FloatArray

SMOOTHED = 5
"""Bins, 100 ms: a mean over them halves the power at 4.4 Hz, as the 0.25-4 Hz of Ngo et al. 2013 does at 4 Hz."""
PERIOD = round(BIN_HZ / CENTRE_HZ)
"""Bins of one slow wave of the usual frequency: whatever its phase is now, its last trough lies among them."""
REACH = PERIOD + SMOOTHED - 1


def trough_uv(bins_uv: FloatArray) -> float:
    """The lowest that the wave was within its last period: [REACH] bins without their drift, the newest last."""
    # Added one by one, in an order that no cut of the signal changes.
    summed = sum((bins_uv[first : first + PERIOD] for first in range(1, SMOOTHED)), bins_uv[:PERIOD])
    return float(summed.min()) / SMOOTHED


def deep_ones(
    crossed: Sequence[tuple[int, float]], bins_uv: FloatArray, *, zeroth: int, below_uv: float | None
) -> Sequence[tuple[int, float]]:
    """Of the bins in which the wanted phase was met, those of a wave whose last trough was at least so deep.

    Args:
        crossed: bins of a second, and how strong the rhythm was in each.
        bins_uv: that second's and those before, without their drift.
        zeroth: where bin 0 of the second lies in bins_uv, were it there.
        below_uv: None where any wave is good enough.
    """
    if below_uv is None:
        return crossed
    ends = ((zeroth + place + 1, (place, strength)) for place, strength in crossed)
    return [each for end, each in ends if trough_uv(bins_uv[end - REACH : end]) <= below_uv]
