"""Did an arm do something to this one person? A randomisation test over their own nights, washout left out.

The test re-draws what was drawn: arms change places within the permuted blocks of the trial's own schedule, so that no
trend, weekday or season needs to be modelled. It speaks of these nights of this person alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, prod

import numpy as np

from dreamloom.statistics.permutation import IntArray, permuted
from dreamloom.vocabulary.texts import Number, Say, in_english
from dreamloom.vocabulary.units import BoolArray, FloatArray

LEAST_NIGHTS = 4
"""Told, of each arm: below it no arrangement can be rare. Ours."""
DRAWS = 9_999
LEVEL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNight:
    """One night of the trial, in the order of the schedule.

    Attributes:
        block: which permuted block it was drawn in; arms change places within it.
        value: what was told; None where it was not.
        is_washed: the nights without a cue that the trial asks for lie before it.
    """

    arm: str
    block: int
    value: float | None
    is_washed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The difference of two arms over one person's nights; `why_not` instead of figures.

    Attributes:
        by: mean of the first arm minus that of the second.
        p: two-sided; never below one in so many as there are arrangements.
        nights: told and counted, by arm. left_out: not told, or not washed out.
    """

    why_not: str = ""
    arms: tuple[str, str] = ("", "")
    by: float | None = None
    p: float | None = None
    arrangements: int = 0
    nights: tuple[int, int] = (0, 0)
    left_out: int = 0


def compare(
    nights: Sequence[DrawnNight], *, arms: tuple[str, str], seed: int, draws: int = DRAWS, say: Say = in_english
) -> Compared:
    """A two-sided randomisation test of one arm against another.

    Nights that were not told stay in the schedule with their place, and are left out of the means: under the
    hypothesis that the arm did nothing, it also did nothing to whether they were told. Whether a night is washed out
    must hang on the calendar alone, never on what was drawn.
    """
    used = [night for night in nights if night.arm in arms]
    is_first = np.array([night.arm == arms[0] for night in used], dtype=bool)
    values = np.array([_counted(night) for night in used])
    counted = (int((is_first & np.isfinite(values)).sum()), int((~is_first & np.isfinite(values)).sum()))
    left_out = int(np.isnan(values).sum()) if used else 0
    if min(counted) < LEAST_NIGHTS:
        short = say(
            "{count} nights of one arm were told, and {least} are needed", count=min(counted), least=LEAST_NIGHTS
        )
        return Compared(why_not=short, arms=arms, nights=counted, left_out=left_out)

    def apart(order: IntArray) -> FloatArray:
        return np.abs(_differences(is_first[order], values))

    blocks = sorted({night.block for night in used})
    classes = [[n for n, night in enumerate(used) if night.block == block] for block in blocks]
    ways = _ways(is_first, classes)
    if ways < 1 / LEVEL:
        few = say(
            "its blocks allow {ways} arrangements, and a p of {p} needs {least}",
            ways=ways,
            p=Number(LEVEL, ".2f"),
            least=f"{1 / LEVEL:.0f}",
        )
        return Compared(why_not=few, arms=arms, nights=counted, left_out=left_out)
    chance = permuted(apart, classes, units=len(used), seed=seed, draws=draws)
    by = float(_differences(is_first[np.newaxis], values)[0])
    return Compared(arms=arms, by=round(by, 4), p=chance.p, arrangements=ways, nights=counted, left_out=left_out)


def _counted(night: DrawnNight) -> float:
    return night.value if night.value is not None and night.is_washed else float("nan")


def _differences(is_first: BoolArray, values: FloatArray) -> FloatArray:
    """[n] differences of means for [n, night] arms; 0 where an arm has no told night at all."""
    told = np.isfinite(values)
    known = np.where(told, values, 0.0)
    first, second = is_first & told, ~is_first & told
    n_first, n_second = first.sum(axis=1), second.sum(axis=1)
    sums = (first * known).sum(axis=1), (second * known).sum(axis=1)
    apart = sums[0] / np.maximum(n_first, 1) - sums[1] / np.maximum(n_second, 1)
    return np.asarray(np.where((n_first > 0) & (n_second > 0), apart, 0.0))


def _ways(is_first: BoolArray, classes: Sequence[Sequence[int]]) -> int:
    """In how many different ways the arms could have been drawn."""
    return prod(comb(len(members), int(is_first[list(members)].sum())) for members in classes)
