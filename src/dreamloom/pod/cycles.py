"""In which sleep cycle is this sleeper? REM periods, counted while they happen, each when it has ended.

A cycle ends with its REM period, and a REM period where fifteen minutes pass without REM (Feinberg & Floyd 1979,
Psychophysiology 16:283). What is seen in hindsight there is decided here as soon as it is certain, so that a new cycle
begins fifteen minutes late. One that has no REM, as the first often has, is counted with the one after it.
"""

from typing import NamedTuple

from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S, Seconds

APART_S = Seconds(900.0)
"""Between two REM periods at least so long without REM (Feinberg & Floyd 1979)."""
LEAST_REM_S = Seconds(300.0)
"""A REM period holds at least so much REM (Feinberg & Floyd 1979), except tonight's first."""
LEAST_FIRST_REM_S = Seconds(60.0)
"""The first may be as short as it is (Feinberg & Floyd 1979); two epochs, since a live estimate errs. Ours."""
SETTLED_S = EPOCH_S
"""Less REM than an epoch in a row is taken for an error of the live track: it neither begins nor prolongs a REM period.
Ours."""
CYCLE_S = Seconds(5_400.0)
"""How long a cycle is taken to last where no stage is ever told: about 90 min (Feinberg & Floyd 1979)."""


class RemPeriods(NamedTuple):
    """Tonight's REM periods so far.

    Attributes:
        ended: how many are over.
        run_s: REM without a break up to now.
        rem_s: settled REM of the one that may be going on.
        away_s: what was told since its last settled REM; nothing is known of a time without a stage, so it is no part.
    """

    ended: int = 0
    run_s: float = 0.0
    rem_s: float = 0.0
    away_s: float = 0.0


NONE_YET = RemPeriods()


def after(seen: RemPeriods, stage: Stage, told_s: Seconds) -> RemPeriods:
    """The REM periods after one more estimate, which tells so much of the night."""
    if stage is Stage.UNSCORED:
        return seen._replace(run_s=0.0)
    run_s = seen.run_s + told_s if stage is Stage.R else 0.0
    if run_s >= SETTLED_S:
        fresh_s = run_s if seen.run_s < SETTLED_S else told_s
        return seen._replace(run_s=run_s, rem_s=seen.rem_s + fresh_s, away_s=0.0)
    away_s = seen.away_s + told_s if seen.rem_s > 0 else 0.0
    if away_s < APART_S:
        return seen._replace(run_s=run_s, away_s=away_s)
    least_s = LEAST_REM_S if seen.ended else LEAST_FIRST_REM_S
    return RemPeriods(ended=seen.ended + (seen.rem_s >= least_s), run_s=run_s)


def by_the_clock(since_s: float) -> int:
    """The number of the cycle, so long after sleep began or seems to have begun; at a bed that tells no stage."""
    return 1 + int(max(since_s, 0.0) // CYCLE_S)
