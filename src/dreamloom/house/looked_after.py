"""Who waits for this person? Courses whose clinician they are, and sleepers who want them to know of something.

A page knows somebody by the name they sign in under, which has no blanks and no dots.
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from dreamloom.house.courses import begun_in, find_begun, signs_in_as
from dreamloom.house.cueing_holds import held_in
from dreamloom.house.layout import House
from dreamloom.house.outcome_sharing import flags_for, persons
from dreamloom.outcomes.courses import schedule
from dreamloom.record.course_events import CourseBegun
from dreamloom.vocabulary.errors import DreamloomError


class CourseSeen(Struct, frozen=True, kw_only=True):
    """A course in one line.

    Attributes:
        over: nights whose morning has come, of `nights`; both 0 where its file is not what was agreed on.
        held_since: the day since which cues wait for an answer; "" where nothing is held.
    """

    name: str
    sleeper: str
    over: int
    nights: int
    held_since: str


class Wish(Struct, frozen=True, kw_only=True):
    """Something that a sleeper wants this person to know, in the words of what was asked."""

    on: str
    sleeper: str
    says: str


def is_called(person: str, signed_in: str) -> bool:
    """Whether somebody who signed in under this name is meant."""
    return signed_in in {person, signs_in_as(person)}


def courses_of(house: House, signed_in: str, *, today: date) -> list[CourseSeen]:
    """Those that were begun with this person; what is held first."""
    mine = [begun for begun in begun_in(house) if is_called(begun.clinician, signed_in)]
    return sorted((_seen(house, begun, today) for begun in mine), key=lambda each: (not each.held_since, each.name))


def wishes_for(house: House, signed_in: str) -> list[Wish]:
    """What sleepers who agreed to that want this person to know, newest first."""
    named: Sequence[str] = [person for person in persons(house) if is_called(person, signed_in)]
    found = {(str(each.on), sleeper, flag.says) for who in named for sleeper, each, flag in flags_for(house, who)}
    return [Wish(on=on, sleeper=sleeper, says=says) for on, sleeper, says in sorted(found, reverse=True)]


def _seen(house: House, begun: CourseBegun, today: date) -> CourseSeen:
    now = held_in(house, begun)
    try:
        due = schedule(find_begun(house, begun.course).course)
    except DreamloomError:
        due = ()
    over = sum(each.morning <= today for each in due)
    held_since = "" if now is None else str(now.on)
    return CourseSeen(name=begun.course, sleeper=begun.sleeper, over=over, nights=len(due), held_since=held_since)
