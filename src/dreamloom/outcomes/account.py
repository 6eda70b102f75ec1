"""What became of a course so far? Nights due, run and told; figures of each stretch; what was held, compared, kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from dreamloom.outcomes.courses import AT_HOME, Due, Kind
from dreamloom.outcomes.trends import Change, Reported, Values, Week, change, per_reported_night, weeks
from dreamloom.vocabulary.texts import Say, in_english

COUNTS = ("nightmares", "bad_dreams")
WORSE_IS_MORE = frozenset({"nightmares", "bad_dreams", "distress"})
SHOWN = ("nightmares", "distress", "sleep_quality", "rested", "mood_morning", "mood_evening")
"""In this order: nightmares first, which a course is held by."""
ON_TIME = timedelta(days=1)
"""What is told later than the day after is told from memory; it counts, and is said. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightTold:
    """One night of a course that is over.

    Attributes:
        slept: how its record ended; "" where it was not run, or none was due.
        answers: of its morning; None where nothing was told.
        is_late: told from memory.
    """

    due: Due
    slept: str
    answers: Mapping[str, int] | None
    is_late: bool = False


class Adherence(NamedTuple):
    """Counts of nights that are over: due to be run and run; due to be told, told, and told from memory."""

    to_run: int
    run: int
    to_tell: int
    told: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One item over a course; `before` is the baseline, `since` all that came after it, follow-ups apart.

    `later` is what follow-ups told. `values` has one place for each night that is over, None where it was not told.
    """

    name: str
    values: Values
    weeks: Sequence[Week]
    change: Change
    before: Reported | None
    since: Reported | None
    later: Reported | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A course as it stands on a day."""

    nights: Sequence[NightTold]
    ahead: Sequence[Due]
    adherence: Adherence
    measures: Sequence[Measure]


def account(
    due: Sequence[Due],
    *,
    told: Mapping[date, Mapping[str, int]],
    told_on: Mapping[date, date],
    slept: Mapping[int, str],
    today: date,
    say: Say = in_english,
) -> Account:
    """Puts a course together from what was told.

    Args:
        due: its schedule.
        told: the answers of each morning.
        told_on: the day on which each morning was told.
        slept: by number, how each night's record ended.
        today: nights whose morning is not later than it are over.
        say: how it is said why there is no change to tell.
    """
    over = [each for each in due if each.morning <= today]
    nights = [
        NightTold(
            due=each,
            slept=slept.get(each.number, ""),
            answers=told.get(each.morning),
            is_late=told_on.get(each.morning, each.morning) - each.morning > ON_TIME,
        )
        for each in over
    ]
    return Account(
        nights=nights,
        ahead=due[len(over) :],
        adherence=_adherence(nights),
        measures=[_measure(name, nights, say) for name in SHOWN],
    )


def values_of(nights: Sequence[NightTold], name: str) -> list[float | None]:
    """One item night by night; None where it was not told, never a number put in its place."""
    return [None if night.answers is None else night.answers.get(name) for night in nights]


def _measure(name: str, nights: Sequence[NightTold], say: Say) -> Measure:
    parts = (_of(nights, {"baseline"}), _of(nights, SINCE), _of(nights, AT_HOME))
    before, since, later = (values_of(each, name) for each in parts)
    is_count = name in COUNTS
    return Measure(
        name=name,
        values=values_of(nights, name),
        weeks=weeks(values_of(_of(nights, {"baseline", *SINCE}), name), is_count=is_count),
        change=change(before, since, worse_is_more=name in WORSE_IS_MORE, say=say),
        before=per_reported_night(before) if is_count and before else None,
        since=per_reported_night(since) if is_count and since else None,
        later=per_reported_night(later) if is_count and later else None,
    )


SINCE: frozenset[Kind] = frozenset({"cued", "trial", "shared", "control", "washout"})


def _of(nights: Sequence[NightTold], kinds: frozenset[Kind] | set[Kind]) -> list[NightTold]:
    return [night for night in nights if night.due.kind in kinds]


def _adherence(nights: Sequence[NightTold]) -> Adherence:
    to_run = [night for night in nights if not night.due.at_home]
    told = [night for night in nights if night.answers is not None]
    return Adherence(
        to_run=len(to_run),
        run=sum(night.slept in {"complete", "interrupted"} for night in to_run),
        to_tell=len(nights),
        told=len(told),
        late=sum(night.is_late for night in told),
    )
