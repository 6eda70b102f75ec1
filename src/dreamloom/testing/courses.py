"""A course of one simulated sleeper: what they would answer, morning by morning; nobody's dream, written by us."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from dreamloom.house import courses, making, outcome_answers
from dreamloom.house.cueing_holds import settle
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.outcome_packs import find_pack, packs_of
from dreamloom.outcomes.courses import Course, schedule
from dreamloom.record.course_events import CourseBegun

CLINICIAN, SLEEPER, NAME = "Dr Moss", "S01", "quiet-weeks"
NIGHTS = 14
BASELINE = 8
MISSED = (3, 10)
"""Two mornings that were not told, counted from 1: one before cues began, one after."""
NIGHTMARES = (1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 2, 2, 1)
"""By night: as usual in the baseline, rising from the eleventh on; the twelfth goes over two in three told nights."""
DREAMSCAPE = "nightmare_rem_tmr"


def answers(number: int) -> dict[str, int]:
    """What the simulated sleeper answers on the morning after night `number`."""
    woken = NIGHTMARES[(number - 1) % len(NIGHTMARES)]
    return {
        "recall": 2,
        "dreams": 1 + woken,
        "bad_dreams": number % 2,
        "nightmares": woken,
        "distress": min(4, woken + number % 2),
        "sleep_quality": 7 - 2 * woken + number % 2,
        "mood_morning": 6 - woken + number % 3,
        "rested": 6 - woken + number % 2,
        "talk": int(woken > 1),
    }


def a_course(
    house: House,
    *,
    first: date,
    trial: str = "",
    stretch: Sequence[tuple[str, int]] = (),
    at_home: str = "",
    packs: str = '"nightly"',
) -> CourseBegun:
    """A night to make others from, and a course of eight baseline and six cued nights, begun with its clinician.

    `at_home` is the kind of nights that are slept there, `packs` what is asked, as it stands in the file.
    """
    if not house.night("first").root.exists():
        bed = PodAsked(id="p1", sleeper=SLEEPER, source="sim:typical,hours=0.002")
        making.write_night(house, "first", [bed], DREAMSCAPE, seed=1)
    text = courses.new_text(
        NAME, sleeper=SLEEPER, clinician=CLINICIAN, first=first.isoformat(), night="first", protocol="IRT-7"
    )
    kinds = stretch or (("baseline", BASELINE), ("cued", NIGHTS - BASELINE))
    nights = "".join(
        f'[[stretch]]\nkind = "{kind}"\nnights = {count}\nat_home = {str(kind == at_home).lower()}\n'
        for kind, count in kinds
    )
    text = text[: text.index("\n[[stretch]]") + 1].replace('trial = ""', f'trial = "{trial}"') + nights
    text = text.replace('packs = ["nightly"]', f"packs = [{packs}]")
    courses.write_course(house, text, name=NAME)
    return courses.begin(house, NAME, by=CLINICIAN)


def tell(house: House, course: Course, number: int, changed: Mapping[str, int] | None = None) -> None:
    """The morning after one night, told and settled."""
    due = schedule(course)[number - 1]
    pack = find_pack(packs_of(house), "nightly")
    said = {**answers(number), **(changed or {})}
    outcome_answers.keep(house, course.sleeper, pack, said, on=due.morning.isoformat(), moment="morning")
    settle(house, course.sleeper)


def days_ago(days: int) -> date:
    """So many days before today, as the house counts days."""
    return outcome_answers.day("") - timedelta(days=days)


def evening_of(number: int) -> str:
    """The evening of night `number` of a course whose fourteenth was last night."""
    return days_ago(NIGHTS - number + 1).isoformat()
