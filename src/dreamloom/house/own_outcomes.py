"""What does a sleeper see of themselves? Their mornings as figures, in a course or out of one, and their own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.course_account import CLOSENESS, CourseTold, course_told
from dreamloom.house.courses import begun_in, is_guided
from dreamloom.house.layout import House
from dreamloom.house.outcome_answers import NIGHTLY, Given, by_day, tellings
from dreamloom.house.outcome_sharing import shared_by
from dreamloom.house.told_reports import reports
from dreamloom.outcomes.account import Account, account
from dreamloom.outcomes.courses import Due
from dreamloom.outcomes.own_voice import OwnVoice, Voiced, own_voice
from dreamloom.record.course_events import OutcomesShared
from dreamloom.record.morning_events import DreamReported
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.weave.reports import BASELINE

MOST_NIGHTS = 120
"""Of somebody in no course: what fits on a page. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A sleeper's own page; `course` is None where they are in none."""

    sleeper: str
    account: Account
    course: CourseTold | None
    shared: Sequence[OutcomesShared]
    rehearses: bool
    around: bool


def own_outcomes(house: House, sleeper: str, *, today: date, say: Say = in_english) -> Own:
    """Everything they told, put together; of a course whose file was changed the mornings alone."""
    begun = begun_in(house, sleeper)
    told = None
    if begun:
        try:
            told = course_told(house, begun[-1].course, today=today, say=say)
        except DreamloomError:
            told = None
    return Own(
        sleeper=sleeper,
        account=_plain(tellings(house, sleeper), today, say) if told is None else told.account,
        course=told,
        shared=[word for word in shared_by(house, sleeper).values() if word.shown],
        rehearses=is_guided(house, sleeper, today),
        around=told is not None and CLOSENESS in told.begun.course.packs,
    )


def own_words(house: House, sleeper: str, *, say: Say = in_english) -> OwnVoice:
    """How much of their dreaming stays in their own words, week by week; to be shown to them alone."""
    told = reports(house)
    mine = [each for each in told if each.dreamer == sleeper and each.text]
    days = _days(house, sleeper)
    first = min((days[each.night] for each in mine if each.night in days), default=None)
    others: dict[str, list[str]] = {}
    for each in told:
        if each.dreamer != sleeper and each.arm != BASELINE and "statistics" in each.scopes and each.text:
            others.setdefault(each.dreamer, []).append(each.text)
    since = [
        Voiced((days[each.night] - first).days // 7, each.text)
        for each in mine
        if each.arm != BASELINE and first is not None and each.night in days
    ]
    return own_voice([each.text for each in mine if each.arm == BASELINE], others, since, say=say)


def _plain(answers: Sequence[Given], today: date, say: Say) -> Account:
    """As if every night since the first that was told were one of a baseline."""
    mornings = by_day(answers, NIGHTLY, "morning")
    first = max(min(mornings, default=today), today - timedelta(days=MOST_NIGHTS))
    nights = (today - first).days + 1 if mornings else 0
    due = [Due(n + 1, "baseline", first + timedelta(days=n - 1)) for n in range(nights)]
    return account(
        due,
        told={on: each.answers for on, each in mornings.items()},
        told_on={on: datetime.fromtimestamp(each.told_s, UTC).astimezone().date() for on, each in mornings.items()},
        slept={},
        today=today,
        say=say,
    )


def _days(house: House, sleeper: str) -> dict[str, date]:
    """On which day each of their nights was told, by the night as reports name it."""
    if not house.record.is_file():
        return {}
    with read_only(house.record) as record:
        told = [each for each in record.of_type("DreamReported", sleeper) if isinstance(each, DreamReported)]
    return {each.night or each.dreamt_on: date.fromisoformat(each.dreamt_on) for each in told}
