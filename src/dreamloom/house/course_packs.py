"""Which instruments does a course ask beside its evenings and mornings, and what did their answers come to?"""

from collections.abc import Sequence
from datetime import date
from typing import get_args

from dreamloom.house.layout import House
from dreamloom.house.outcome_answers import Given, by_day
from dreamloom.house.outcome_packs import find_pack, packs_of, shipped_packs
from dreamloom.outcomes.courses import Course
from dreamloom.outcomes.packs import Pack, Scored, band_of, scores
from dreamloom.record.course_events import OutcomeMoment
from dreamloom.vocabulary.errors import DreamloomError


def beside(house: House, course: Course, *, language: str = "en") -> list[Pack]:
    """The packs that this course asks and that have a place of their own; those that come along have one already.

    A pack whose file is gone or broken since is left out: what was told of it stays told.
    """
    known = {pack.id for pack in shipped_packs()}
    try:
        packs = packs_of(house)
    except DreamloomError:
        return []
    asked = [name for name in dict.fromkeys(course.packs) if name.partition(" ")[0] not in known]
    there = [name for name in asked if any(name in {pack.id, pack.reference} for pack in packs)]
    return [find_pack(packs, name, language=language) for name in there]


def scored(house: House, course: Course, told: Sequence[Given]) -> list[Scored]:
    """What the answers came to, by pack and score, oldest first; by the version of the pack that was answered."""
    found: list[Scored] = []
    for pack in beside(house, course):
        own = [Scored(each.reference, each.title, name, on, value, band_of(each, name, value))
               for on, answers, reference in _days(told, pack.id)
               for each in (_answered(house, reference, pack),)
               for name, value in scores(each, answers).items()]  # fmt: skip
        found += sorted(own, key=lambda one: (one.name, one.on))
    return found


def _days(told: Sequence[Given], pack_id: str) -> list[tuple[date, dict[str, int], str]]:
    moments: tuple[OutcomeMoment, ...] = get_args(OutcomeMoment)
    days = (each for moment in moments for each in by_day(told, pack_id, moment).values())
    return [(each.on, each.answers, each.pack) for each in days]


def _answered(house: House, reference: str, newest: Pack) -> Pack:
    return next((pack for pack in packs_of(house) if pack.reference == reference), newest)
