"""Which courses are there, how is one begun, and what became of its nights? A file a course, and the house's record."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.house.making import quoted
from dreamloom.house.outcome_packs import find_pack, packs_of
from dreamloom.house.texts import read_text
from dreamloom.house.trials import find_trial
from dreamloom.outcomes.courses import Course, amiss, schedule
from dreamloom.record.course_events import CourseBegun
from dreamloom.record.events import NightClosed
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, RecordError, RefusedError
from dreamloom.vocabulary.ids import safe_name

CODES = Codes(toml="DL-E649", key="DL-E650", value="DL-E650")


class Begun(NamedTuple):
    """A course that was agreed on: its file, and the word of it in the house's record."""

    course: Course
    begun: CourseBegun


def signs_in_as(clinician: str) -> str:
    """By which name somebody looks at pages whom a course calls so: what stands in a record has no blanks or dots."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", clinician).strip("-_")[:64]


def path_of(house: House, name: str) -> Path:
    """Where the file of a course lies."""
    return house.courses / f"{safe_name(name, what='course')}.toml"


def read_course(house: House, name: str) -> Course:
    """A course as its file says it.

    Raises:
        ConfigError: naming file:line:column; or the nearest name where there is no such course.
    """
    path = path_of(house, name)
    if not path.is_file():
        known = sorted(each.stem for each in house.courses.glob("*.toml"))
        near = get_close_matches(name, known, 1)
        raise ConfigError(
            "DL-E651",
            f"There is no course {name!r}.",
            why=f"Courses of {house.root}: {', '.join(known) or 'none'}.",
            do=f"Did you mean {near[0]!r}?" if near else f"Write one: dreamloom course new {name} --help",
        )
    toml = TomlFile(read_text(path, what="a course"), file=str(path), codes=CODES)
    course = toml.read(Course)
    if course.course != name:
        raise toml.wrong(("course",), f"course = {course.course!r} stands in {path.name}.", do="Write the file's name.")
    for place, what, do in amiss(course):
        raise toml.wrong(place, what, do=do)
    return course


def write_course(house: House, text: str, *, name: str) -> Path:
    """Puts down the file of a new course, to be edited until it is begun.

    Raises:
        RefusedError: when one of that name is there already.
    """
    path = path_of(house, name)
    if path.exists():
        raise RefusedError(
            "DL-E652",
            f"A course {name!r} is there already.",
            why="Nothing is ever written over.",
            still="It was left as it is.",
            do=f"See it: dreamloom course show {name}",
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(path, text.encode())
    return path


def begin(house: House, name: str, *, by: str) -> CourseBegun:
    """Settles a course: from here on its file, its threshold and its clinician stay as they are.

    Raises:
        RefusedError: DL-E653 when it was begun already; DL-E654 when somebody else than its clinician begins it.
        ConfigError, UsageError: for a night, trial or pack that this house does not have.
    """
    course = read_course(house, name)
    if name in {each.course for each in begun_in(house)}:
        raise _refused("DL-E653", f"The course {name!r} was begun already.", "It is agreed on once.", name)
    if by.strip() != course.clinician:
        why = f"Its file names {course.clinician}, who answers when cues are held."
        raise _refused("DL-E654", f"{by or 'Nobody'} cannot begin the course {name!r}.", why, name)
    template_of(house, course)
    packs = packs_of(house)
    for pack in course.packs:
        find_pack(packs, pack)
    if course.trial:
        find_trial(house, course.trial)
    event = CourseBegun(
        onset_s=0.0,
        sleeper=course.sleeper,
        course=name,
        course_sha256=_sha256(path_of(house, name)),
        clinician=course.clinician,
        protocol=course.protocol,
        nightmares=course.hold.nightmares,
        nights=course.hold.nights,
    )
    append_to_house(house, event)
    return event


def begun_in(house: House, sleeper: str | None = None) -> list[CourseBegun]:
    """Every course that was begun, of one sleeper or of all, oldest first."""
    if not house.record.is_file():
        return []
    with read_only(house.record) as record:
        return [each for each in record.of_type("CourseBegun", sleeper) if isinstance(each, CourseBegun)]


def find_begun(house: House, name: str) -> Begun:
    """A course that was begun, as it was agreed on.

    Raises:
        RefusedError: DL-E656 when it was not begun; DL-E658 when its file is another one now.
    """
    course = read_course(house, name)
    found = next((each for each in begun_in(house, course.sleeper) if each.course == name), None)
    if found is None:
        why = "Nights are made of a course once its clinician has begun it."
        raise _refused("DL-E656", f"The course {name!r} was not begun yet.", why, name)
    if found.course_sha256 != _sha256(path_of(house, name)):
        why = f"It was agreed on as {found.course_sha256[:12]}…, and that is not what {path_of(house, name)} says now."
        raise _refused("DL-E658", f"The file of the course {name!r} was changed since it was begun.", why, name)
    return Begun(course, found)


def is_guided(house: House, sleeper: str, on: date) -> bool:
    """Whether a clinician's protocol stands over this sleeper on that day: by a course under one that is not over.

    One whose file was lost or changed counts: that it was begun is known, and when it ends is not.
    """
    return any(each.protocol and not _was_over(house, each, on) for each in begun_in(house, sleeper))


def _was_over(house: House, begun: CourseBegun, on: date) -> bool:
    try:
        course = find_begun(house, begun.course).course
    except DreamloomError:
        return False
    return schedule(course)[-1].morning < on


def template_of(house: House, course: Course) -> NightFolder:
    """The night that each night of the course is made from.

    Raises:
        ConfigError: when there is none of that name, or its sleeper has no bed in it.
    """
    folder = house.night(course.night)
    beds = sleepers_of(folder) if folder.night_toml.is_file() else {}
    if course.sleeper not in beds.values():
        what = f"has no bed for {course.sleeper}" if beds else "is not there"
        raise ConfigError(
            "DL-E659",
            f"The night {course.night!r} {what}.",
            why="Each night of a course is made from it: beds, dreamscape, consents.",
            do=f"Make it: dreamloom new {folder.root}",
        )
    return folder


def night_folder(house: House, course: Course, number: int) -> NightFolder:
    """Where night `number` of a course lies, once it was made."""
    return house.night(f"{course.course}-{number:02d}")


def slept(house: House, course: Course, numbers: Mapping[int, object]) -> dict[int, str]:
    """By number, how each night that was run ended: complete, interrupted, failed, or open."""
    found = dict[int, str]()
    for number in numbers:
        folder = night_folder(house, course, number)
        if not folder.record.is_file():
            continue
        try:
            with read_only(folder.record) as record:
                closed = [each for each in record.of_type("NightClosed") if isinstance(each, NightClosed)]
        except RecordError:
            continue
        found[number] = closed[-1].status if closed else "open"
    return found


def new_text(  # noqa: PLR0913 - what a course is asked for, each by its name
    name: str, *, sleeper: str, clinician: str, first: str, night: str, protocol: str, timezone: str = "UTC"
) -> str:
    """The file of a new course, filled in and explained."""
    return TEXT.format(
        course=quoted(name),
        sleeper=quoted(sleeper),
        clinician=quoted(clinician),
        first=first,
        night=quoted(night),
        protocol=quoted(protocol),
        timezone=quoted(timezone),
    )


TEXT = """# A course above nights. It can be edited until it is begun; then its hash stands in the house's record.
# Not a medical device: it keeps a schedule and a record, and treats nothing.
course = {course}
sleeper = {sleeper}                # a pseudonym
clinician = {clinician}            # who alone lets cues go on once they are held
protocol = {protocol}                  # the clinician's, under which a rehearsal may be logged; "" for none
first = {first}               # the evening of its first night
night = {night}                 # each night is made from this one: its beds, dreamscape and consents
timezone = {timezone}
trial = ""                         # whose sealed schedule draws the arms of nights of kind "trial"
packs = ["nightly"]

# More nightmares than this, in so many reported nights in a row, and no cue plays until the clinician has answered.
hold = {{ nightmares = 2, nights = 3 }}

# Times on the wall; what is said then never names a theme.
remind = {{ evening = "21:30", morning = "07:30" }}

# baseline | cued | trial | shared | control | washout | follow-up; nights in a row, days_before them if any.
# at_home = true: nothing is recorded, and mornings are told: a baseline before any night, by reminder.
[[stretch]]
kind = "baseline"
nights = 8

[[stretch]]
kind = "cued"
nights = 6

[[stretch]]
kind = "follow-up"
nights = 1
days_before = 28
"""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _refused(code: str, what: str, why: str, name: str) -> RefusedError:
    return RefusedError(
        code, what, why=why, still="Nothing was changed.", do=f"See what is agreed on: dreamloom course show {name}"
    )
