"""What does the house know of a course? Its schedule, nights and mornings put together, what was held and drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.course_packs import scored
from dreamloom.house.courses import Begun, find_begun, slept
from dreamloom.house.cueing_holds import HeldNow, held_in
from dreamloom.house.house_seals import opened
from dreamloom.house.layout import House
from dreamloom.house.outcome_answers import NIGHTLY, Given, by_day, tellings
from dreamloom.house.outcome_packs import find_pack, packs_of
from dreamloom.house.trials import find_trial
from dreamloom.outcomes.account import Account, account, values_of
from dreamloom.outcomes.around import Around, Nearer, nearer
from dreamloom.outcomes.courses import Due, schedule
from dreamloom.outcomes.one_person import Compared, DrawnNight, compare
from dreamloom.outcomes.packs import Scored, scores
from dreamloom.record.course_events import CourseAnswered, CueingHeld, OutcomeMoment
from dreamloom.trial.schedules import arm_of_night
from dreamloom.vocabulary.texts import Say, in_english

CLOSENESS = "closeness"
AROUND: tuple[OutcomeMoment, OutcomeMoment] = ("before", "after")


class HoldTold(NamedTuple):
    """One hold of a course, and what was answered to it; "" while it was not."""

    on: date
    answer: str
    by: str
    because: str


class Rehearsed(NamedTuple):
    """What was logged of a rehearsal on one day."""

    on: date
    answers: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTold:
    """A course as it stands.

    Attributes:
        held: what holds cues now.
        gains: by score, what shared nights did beyond control nights; empty where nobody was asked around any.
        scored: what the answers of its own instruments came to.
        compared: its arms held against each other, once the trial is open; None without a trial, or while it is sealed.
    """

    begun: Begun
    account: Account
    held: HeldNow | None
    holds: Sequence[HoldTold]
    rehearsed: Sequence[Rehearsed]
    compared: Compared | None
    gains: Mapping[str, Nearer]
    scored: Sequence[Scored]
    is_sealed: bool
    today: date


def course_told(house: House, name: str, *, today: date, say: Say = in_english) -> CourseTold:
    """Everything that can be said of a course on this day.

    Raises:
        ConfigError, RefusedError: when there is no such course, it was not begun, or its file was changed.
    """
    found = find_begun(house, name)
    due = schedule(found.course)
    answers = tellings(house, found.course.sleeper)
    mornings = by_day(answers, NIGHTLY, "morning")
    zone = ZoneInfo(found.course.timezone)
    put_together = account(
        due,
        told=_with_evenings(mornings, answers),
        told_on={on: datetime.fromtimestamp(each.told_s, UTC).astimezone(zone).date() for on, each in mornings.items()},
        slept=slept(house, found.course, {each.number: each for each in due}),
        today=today,
        say=say,
    )
    compared = _compared(house, found, put_together, due, say=say)
    return CourseTold(
        begun=found,
        account=put_together,
        held=held_in(house, found.begun),
        holds=_holds(house, found),
        rehearsed=_rehearsed(answers, due),
        compared=compared,
        gains=_gains(house, answers, due, say),
        scored=scored(house, found.course, answers),
        is_sealed=bool(found.course.trial) and compared is None,
        today=today,
    )


def _with_evenings(mornings: Mapping[date, Given], answers: Sequence[Given]) -> dict[date, dict[str, int]]:
    """The answers of each morning, with those of the evening before it."""
    evenings = by_day(answers, NIGHTLY, "evening")
    before = {on + timedelta(days=1): each.answers for on, each in evenings.items()}
    return {on: {**before.get(on, {}), **each.answers} for on, each in mornings.items()}


def _gains(house: House, answers: Sequence[Given], due: Sequence[Due], say: Say) -> dict[str, Nearer]:
    """Closeness and empathy around shared nights, against control nights asked in the same way."""
    asked = {moment: by_day(answers, CLOSENESS, moment) for moment in AROUND}
    if not any(asked.values()):
        return {}
    pack = find_pack(packs_of(house), CLOSENESS)
    before, after = ({on: scores(pack, each.answers) for on, each in asked[moment].items()} for moment in AROUND)

    def around(name: str) -> list[Around]:
        return [
            Around(
                is_shared=each.kind == "shared",
                before=before.get(each.evening, {}).get(name),
                after=after.get(each.morning, {}).get(name),
            )
            for each in due
            if each.kind in {"shared", "control"}
        ]

    return {score.name: nearer(around(score.name), is_drawn=False, seed=0, say=say) for score in pack.score}


def _rehearsed(answers: Sequence[Given], due: Sequence[Due]) -> list[Rehearsed]:
    logged = by_day(answers, "rehearsal", "rehearsal")
    return [Rehearsed(on, logged[on].answers) for on in sorted(logged) if due[0].evening <= on <= due[-1].morning]


def _compared(house: House, found: Begun, told: Account, due: Sequence[Due], *, say: Say) -> Compared | None:
    """The trial's arms over this one person's nights; only behind its lock, when its arms are open to everybody."""
    if not found.course.trial:
        return None
    secret = find_trial(house, found.course.trial).opened_secret
    if secret is None:
        return None
    design, sleeper = secret.design, found.course.sleeper
    if design.assign != "across nights" or len(design.arms) != 2:
        return Compared(why_not=say("one person's nights are compared where two arms are drawn across nights"))
    nights = [night for night in told.nights if night.due.trial_night]
    values = values_of(nights, "nightmares")
    washed = _washed(due, design.washout_nights)
    drawn = [
        DrawnNight(
            arm=arm_of_night(design, secret.nonce, sleeper=sleeper, night=night.due.trial_night) or "",
            block=(night.due.trial_night - 1) // design.block,
            value=value,
            is_washed=washed[night.due.number],
        )
        for night, value in zip(nights, values, strict=True)
    ]
    seed = int(found.begun.course_sha256[:12], 16)
    return compare(drawn, arms=(design.arms[0], design.arms[1]), seed=seed, say=say)


def _washed(due: Sequence[Due], nights: int) -> dict[int, bool]:
    """By number: whether so many nights lie between it and the last one that could have been cued; by the calendar."""
    found, last = dict[int, bool](), None
    for each in due:
        found[each.number] = last is None or (each.evening - last).days > nights
        last = each.evening if each.kind in {"cued", "trial", "shared"} else last
    return found


def _holds(house: House, found: Begun) -> list[HoldTold]:
    sleeper, name = found.course.sleeper, found.course.course
    vault = FolderVault(house.keys, may_make_keys=False)
    with read_only(house.record) as record:
        holds = [each for each in record.of_type("CueingHeld", sleeper) if isinstance(each, CueingHeld)]
        answers = [each for each in record.of_type("CourseAnswered", sleeper) if isinstance(each, CourseAnswered)]
        payloads = {each.id: record.payload(each.id) for each in answers}

    def because(each: CourseAnswered) -> str:
        ciphertext = payloads[each.id]
        if each.because is None or ciphertext is None or not vault.has(sleeper):
            return ""
        return opened(each.because, ciphertext, vault, each.id).decode()

    by_hold = {held: list(each) for held, each in groupby(sorted(answers, key=lambda a: a.held), lambda a: a.held)}
    told = []
    for hold in (hold for hold in holds if hold.course == name):
        on = date.fromisoformat(hold.on)
        said = by_hold.get(hold.id, [])
        told += [HoldTold(on, each.answer, each.by, because(each)) for each in said] or [HoldTold(on, "", "", "")]
    return told
