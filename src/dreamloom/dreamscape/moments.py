"""What comes to all at one moment here? Parts, awakenings and steps between scenes that the house calls."""

from collections.abc import Iterator
from typing import NamedTuple

from dreamloom.dreamscape.company import is_at_one_moment
from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.obeyed import obeyed_awakenings, obeyed_parts, obeyed_relays, unheeded_steps
from dreamloom.dreamscape.quorums import quorums_of
from dreamloom.dreamscape.reports import awakenings_of
from dreamloom.dreamscape.scenes import steps_for_all
from dreamloom.dreamscape.slots import awakening_slot
from dreamloom.vocabulary.units import Seconds


class Shared(NamedTuple):
    """One thing that comes to all at once.

    Attributes:
        slot: its number in a record.
        who: everyone, or all of a group.
        every_s: from one moment to the next, at least; jitter_s is added to that, drawn anew each time.
        to: the scene that a step leads to; None for anything else.
    """

    slot: int
    who: str
    every_s: Seconds
    jitter_s: Seconds = Seconds(0.0)
    to: str | None = None


def shared_moments(dreamscape: Dreamscape) -> tuple[Shared, ...]:
    """All that the house calls for several, of what beds act on."""
    return (*_parts(dreamscape), *_awakenings(dreamscape), *_steps(dreamscape))


def needs_company(dreamscape: Dreamscape) -> bool:
    """Whether anything waits for others, so that sleepers are asked whether they may be counted among them."""
    return bool(quorums_of(dreamscape) or shared_moments(dreamscape))


def meet(dreamscape: Dreamscape) -> bool:
    """Whether anything in such a night passes between sleepers, so that they cannot be rehearsed one by one."""
    return bool(obeyed_relays(dreamscape)) or needs_company(dreamscape)


def _parts(dreamscape: Dreamscape) -> Iterator[Shared]:
    placed = placed_parts(dreamscape)
    for number in obeyed_parts(dreamscape):
        part = placed[number].part
        if is_at_one_moment(part.for_):
            yield Shared(number, part.for_, Seconds(part.every_s), Seconds(part.jitter_s or 0.0))


def _awakenings(dreamscape: Dreamscape) -> Iterator[Shared]:
    for index in obeyed_awakenings(dreamscape):
        asked = awakenings_of(dreamscape)[index]
        if is_at_one_moment(asked.for_):
            least_s, most_s = (asked.apart.at_least_s, asked.apart.at_most_s) if asked.apart else (0.0, 0.0)
            yield Shared(awakening_slot(index), asked.for_, Seconds(least_s), Seconds(max(0.0, most_s - least_s)))


def _steps(dreamscape: Dreamscape) -> Iterator[Shared]:
    for slot, scene, step in steps_for_all(dreamscape):
        if not any(unheeded_steps(dreamscape, scene)):
            yield Shared(slot, step.for_, Seconds(step.after_s or 0.0), to=step.to)
