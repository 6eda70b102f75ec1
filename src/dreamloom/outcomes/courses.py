"""What is a course above nights, and which of its nights is when? A schedule as data, counted in days."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

Kind = Literal["baseline", "cued", "trial", "shared", "control", "washout", "follow-up"]
"""baseline: before anything; cued: as consented; trial: by the sealed arms of one; shared and control: with others and
without; washout: no cue, so that one night does not reach into the next; follow-up: at home, told alone."""
WITH_CUES: frozenset[Kind] = frozenset({"cued", "trial", "shared"})
AT_HOME: frozenset[Kind] = frozenset({"follow-up"})
QUIET: frozenset[Kind] = frozenset({"baseline", "washout", "follow-up"})
"""May be slept anywhere."""
LONGEST_NIGHTS = 400
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Hold(Struct, frozen=True, forbid_unknown_fields=True):
    """More nightmares than this, in so many reported nights in a row, hold cues until the clinician answers."""

    nightmares: int
    nights: int


class Remind(Struct, frozen=True, forbid_unknown_fields=True):
    """At what time on the wall, evening and morning; "" for not at all."""

    evening: str = ""
    morning: str = ""


class Stretch(Struct, frozen=True, forbid_unknown_fields=True):
    """Nights of one kind in a row; so many days after the stretch before.

    `at_home`: nothing is recorded, and each morning is told; as follow-ups are, and a baseline may be.
    """

    kind: Kind
    nights: int
    days_before: int = 0
    at_home: bool = False


class Course(Struct, frozen=True, forbid_unknown_fields=True):
    """One course of one sleeper.

    Attributes:
        course: its name; it becomes that of its nights, and tells neither who nor why.
        clinician: who alone lets cues go on once they are held.
        protocol: the clinician's, under which a rehearsal may be logged; "" for none.
        first: the evening of its first night.
        night: a night of the house that each of its nights is made from, with its beds, dreamscape and consents.
        trial: whose sealed schedule draws the arms of its trial nights; "" without.
        packs: what is asked.
    """

    course: str
    sleeper: str
    clinician: str
    first: date
    night: str
    hold: Hold
    stretch: tuple[Stretch, ...]
    protocol: str = ""
    timezone: str = "UTC"
    trial: str = ""
    packs: tuple[str, ...] = ("nightly",)
    remind: Remind = Remind()


class Due(NamedTuple):
    """One night of a course, counted from 1; `trial_night` as its trial counts them, 0 outside it.

    `at_home`: it is slept anywhere and told alone.
    """

    number: int
    kind: Kind
    evening: date
    trial_night: int = 0
    at_home: bool = False

    @property
    def morning(self) -> date:
        """The day on which it is told."""
        return self.evening + timedelta(days=1)


Complaint = tuple[tuple[str | int, ...], str, str]


def schedule(course: Course) -> tuple[Due, ...]:
    """Every night of a course, in order."""
    due, day, trial_night = list[Due](), course.first, 0
    for stretch in course.stretch:
        day += timedelta(days=stretch.days_before)
        at_home = stretch.at_home or stretch.kind in AT_HOME
        for _ in range(stretch.nights):
            trial_night += stretch.kind == "trial"
            counted = trial_night if stretch.kind == "trial" else 0
            due.append(Due(len(due) + 1, stretch.kind, day, trial_night=counted, at_home=at_home))
            day += timedelta(days=1)
    return tuple(due)


def night_of(course: Course, evening: date) -> Due | None:
    """Which of its nights begins on this evening; None between stretches, before and after."""
    return next((due for due in schedule(course) if due.evening == evening), None)


def night_told(course: Course, morning: date) -> Due | None:
    """Which of its nights is told on this morning."""
    return next((due for due in schedule(course) if due.morning == morning), None)


def amiss(course: Course) -> Iterator[Complaint]:
    """What cannot be meant in this course."""
    if not course.clinician.strip():
        yield ("clinician",), "Nobody is named who answers a hold.", "Name one person."
    if course.sleeper.casefold() in course.course.casefold():
        yield ("course",), "The course is called after its sleeper.", "Choose a name that tells nobody who it is."
    if course.hold.nightmares < 0 or course.hold.nights < 1:
        yield ("hold",), "That threshold cannot be gone over.", "Write, say, { nightmares = 2, nights = 3 }."
    yield from _stretches(course)
    if not _is_zone(course.timezone):
        yield ("timezone",), f"There is no time zone {course.timezone!r}.", "Write one such as Europe/Berlin or UTC."
    for name in ("evening", "morning"):
        if (at := getattr(course.remind, name)) and not CLOCK.fullmatch(at):
            yield ("remind", name), f"{at!r} is no time on a wall.", 'Write one such as "21:30", or "" for none.'
    trials = any(each.kind == "trial" for each in course.stretch)
    if trials != bool(course.trial):
        yield ("trial",), "Trial nights and a sealed trial come together.", "Name the trial, or take its nights out."


def _stretches(course: Course) -> Iterator[Complaint]:
    if not course.stretch or any(each.nights < 1 or each.days_before < 0 for each in course.stretch):
        yield ("stretch",), "A stretch has no night.", "Write nights = 1 or more, and no days before 0."
    if sum(each.nights for each in course.stretch) > LONGEST_NIGHTS:
        yield ("stretch",), f"That is more than {LONGEST_NIGHTS} nights.", "Make several courses of it."
    if any(each.at_home and each.kind not in QUIET for each in course.stretch):
        yield ("stretch",), "At home nobody is cued, and nobody sleeps beside.", "Take at_home out of that stretch."


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
