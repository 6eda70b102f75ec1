"""How does it go, week by week, and what can be said of a change? Reported nights alone, missing ones said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dreamloom.statistics.spread import Mean, difference, mean, rate
from dreamloom.vocabulary.texts import Say, in_english

Values = Sequence[float | None]
"""One for each night; None where it was not told. Never filled up."""
LEAST_BEFORE = 8
"""Mornings of a baseline before anything is held against it: keeping a diary changes what is told in the first ones."""
LEAST_AFTER = 5
WEEK = 7


class Week(NamedTuple):
    """Seven nights, or what is left of them: how many were told, and their mean."""

    first: int
    nights: int
    told: int
    mean: Mean | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """Nightmares, or whatever is counted, per reported night.

    Attributes:
        if_none, if_worst: what it would be if each night that was not told had had none; or as many as the worst told.
    """

    told: int
    nights: int
    total: int
    rate: Mean | None
    if_none: float | None
    if_worst: float | None

    @property
    def missing(self) -> int:
        return self.nights - self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stretch against the nights before it; `why_not` says why nothing is said, and then there are no figures.

    Attributes:
        by: how much higher the later mean is. spreads: the same, in spreads of the baseline's nights.
        is_beyond: its interval leaves 0 out: more than the person's own ups and downs.
        worst: the worst week of the baseline, and `from_worst` the change measured from there: what regression to
            the mean would have made of it.
    """

    why_not: str = ""
    by: Mean | None = None
    spreads: float | None = None
    is_beyond: bool = False
    worst: float | None = None
    from_worst: float | None = None


def per_reported_night(counts: Values) -> Reported:
    """The rate over the nights that were told, and between which bounds the rest could move it."""
    told = [int(each) for each in counts if each is not None]
    missing, nights = len(counts) - len(told), len(counts)
    total = sum(told)
    return Reported(
        told=len(told),
        nights=nights,
        total=total,
        rate=rate(told),
        if_none=round(total / nights, 4) if told else None,
        if_worst=round((total + missing * max(told)) / nights, 4) if told else None,
    )


def weeks(values: Values, *, is_count: bool) -> list[Week]:
    """Week by week; a week in which nothing was told has no mean."""
    found = []
    for first in range(0, len(values), WEEK):
        seven = values[first : first + WEEK]
        told = [each for each in seven if each is not None]
        found.append(Week(first, len(seven), len(told), rate([int(each) for each in told]) if is_count else mean(told)))
    return found


def change(before: Values, after: Values, *, worse_is_more: bool, say: Say = in_english) -> Change:
    """What became of it, against the own baseline's spread; refused where there is too little to hold it against."""
    base, later = ([each for each in values if each is not None] for values in (before, after))
    if len(base) < LEAST_BEFORE:
        few = say("{count} mornings were told before, and {least} are needed", count=len(base), least=LEAST_BEFORE)
        return Change(why_not=few)
    if len(later) < LEAST_AFTER:
        few = say("{count} mornings were told since, and {least} are needed", count=len(later), least=LEAST_AFTER)
        return Change(why_not=few)
    by = difference(later, base)
    if by is None or by.sd == 0.0:
        return Change(why_not=say("the mornings before were all alike, so they have no spread to measure by"))
    worst = _worst_week(before, worse_is_more=worse_is_more)
    return Change(
        by=by,
        spreads=round(by.value / by.sd, 2),
        is_beyond=by.low > 0.0 or by.high < 0.0,
        worst=worst,
        from_worst=None if worst is None else round(sum(later) / len(later) - worst, 4),
    )


def _worst_week(values: Values, *, worse_is_more: bool) -> float | None:
    """Of all weeks that the baseline holds; None where it is no longer than one."""
    if len(values) <= WEEK:
        return None
    seven = ([each for each in values[n : n + WEEK] if each is not None] for n in range(len(values) - WEEK + 1))
    means = [sum(told) / len(told) for told in seven if len(told) > WEEK // 2]
    if not means:
        return None
    return round(max(means) if worse_is_more else min(means), 4)
