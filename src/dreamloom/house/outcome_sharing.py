"""Whom does a sleeper let see what of their outcomes? One named person at a time, taken back at any moment."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House
from dreamloom.house.outcome_answers import Given, given, today
from dreamloom.house.outcome_packs import packs_of, shipped_packs
from dreamloom.outcomes.packs import Flag, Pack
from dreamloom.outcomes.packs import flags as flags_in
from dreamloom.record.course_events import OutcomesShared, Shown
from dreamloom.vocabulary.errors import DreamloomError, RefusedError, UsageError


def share(house: House, sleeper: str, person: str, shown: Collection[Shown]) -> OutcomesShared:
    """Says from now on what this person may see; nothing takes it all back.

    Raises:
        UsageError: where nobody is named.
    """
    if not person.strip():
        raise UsageError(
            "DL-E647",
            "Nobody is named.",
            why="What somebody tells of themselves goes to a person, never to a role or a list.",
            do="Say who: --with NAME.",
        )
    event = OutcomesShared(onset_s=0.0, sleeper=sleeper, person=person.strip(), shown=tuple(sorted(shown)))
    append_to_house(house, event)
    return event


def shared_by(house: House, sleeper: str) -> dict[str, OutcomesShared]:
    """By person: what this sleeper lets them see now."""
    return {event.person: event for event in _told(house, sleeper) if event.sleeper == sleeper}


def sharing_with(house: House, person: str) -> dict[str, OutcomesShared]:
    """By sleeper: what this person may see now."""
    newest = {event.sleeper: event for event in _told(house) if event.person == person}
    return {sleeper: event for sleeper, event in newest.items() if event.shown}


def persons(house: House) -> list[str]:
    """Everybody whom some sleeper lets see something now."""
    newest = {(event.sleeper, event.person): event for event in _told(house)}
    return sorted({person for (_, person), event in newest.items() if event.shown})


def refuse_unshared(house: House, sleeper: str, person: str) -> None:
    """Returns when this sleeper lets this person see their figures.

    Raises:
        RefusedError: DL-E657, else.
    """
    word = shared_by(house, sleeper).get(person)
    if word is None or "figures" not in word.shown:
        raise RefusedError(
            "DL-E657",
            f"{sleeper} does not share their figures with {person or 'nobody'}.",
            why="Outcomes are their dreamer's own, until they say otherwise to a person with a name.",
            still="Whether cues are held, and the answer to that, do not hang on it.",
            do=f'If they wish it: dreamloom outcomes share {sleeper} --with "{person}" --figures',
        )


def flags_for(house: House, person: str) -> list[tuple[str, Given, Flag]]:
    """What this person should know of, of those who agreed to that: sleeper, the day, what; newest first."""
    packs = _packs(house)
    found = [
        (sleeper, each, flag)
        for sleeper, word in sharing_with(house, person).items()
        if "flags" in word.shown
        for each in given(house, sleeper)
        for flag in _flags_of(each, packs)
    ]
    return sorted(found, key=lambda each: (each[1].on, each[1].told_s), reverse=True)


class Wishes(NamedTuple):
    """What a sleeper said this morning that somebody should know, and who was named for that."""

    says: Sequence[str]
    told: Sequence[str]


def wishes_of(house: House, sleeper: str) -> Wishes | None:
    """This day's, for the sleeper's own page; None where there is nothing."""
    packs, on = _packs(house), today(house, sleeper)
    says = [flag.says for each in given(house, sleeper) if each.on == on for flag in _flags_of(each, packs)]
    who = [name for name, word in shared_by(house, sleeper).items() if "flags" in word.shown]
    return Wishes(says, who) if says else None


def _packs(house: House) -> Sequence[Pack]:
    """Those that come along where one of the house's own is broken: its flags are missed, and no page is."""
    try:
        return packs_of(house)
    except DreamloomError:
        return shipped_packs()


def _flags_of(each: Given, packs: Sequence[Pack]) -> list[Flag]:
    return [flag for pack in packs if pack.reference == each.pack for flag in flags_in(pack, each.answers)]


def _told(house: House, sleeper: str | None = None) -> list[OutcomesShared]:
    if not house.record.is_file():
        return []
    with read_only(house.record) as record:
        return [each for each in record.of_type("OutcomesShared", sleeper) if isinstance(each, OutcomesShared)]
