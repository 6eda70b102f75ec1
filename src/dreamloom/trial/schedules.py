"""Who is in which arm, and when? Permuted blocks and counterbalanced sequences, each from the sealed nonce alone."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from dreamloom.record.events import TrialDesign, TrialUnit
from dreamloom.trial.drawing import shuffled


class Assigned(NamedTuple):
    """One line of an opened schedule: a sleeper's arm in one night; None where every cue is drawn by itself."""

    unit: str
    sleeper: str
    night: int
    arm: str | None


def schedule(design: TrialDesign, nonce: bytes) -> list[Assigned]:
    """The whole schedule, by night, then in the order of the units."""
    return [
        Assigned(unit.name, sleeper, night, arm_of_night(design, nonce, sleeper=sleeper, night=night))
        for night in range(1, design.nights + 1)
        for unit in design.units
        for sleeper in unit.sleepers
    ]


def arm_of_night(design: TrialDesign, nonce: bytes, *, sleeper: str, night: int) -> str | None:
    """The arm in which this sleeper spends night number `night` (from 1); None where arms change within a night.

    Raises:
        KeyError: for a sleeper who is in no unit of this trial.
        ValueError: for a night outside it.
    """
    place = place_of(design, sleeper)
    if not 1 <= night <= design.nights:
        raise ValueError(f"night {night} of {design.nights}")
    if design.assign == "within night":
        return None
    if design.assign == "across nights":
        return _sequence(design, nonce, place, (night - 1) // design.block)[(night - 1) % design.block]
    # across sleepers or groups: whole units, in the order they were named, in permuted blocks
    return _block(design, nonce, "units", place // design.block)[place % design.block]


def arm_of_cue(design: TrialDesign, nonce: bytes, *, sleeper: str, night: int, occasion: int) -> str:
    """The arm of this sleeper's cue number `occasion` (from 0) of a night whose cues are drawn one by one.

    Permuted blocks, drawn anew for every sleeper, night and block: whoever knows every cue before one knows its arm
    only where a block is nearly over, and a strict alternation has no better chance than any other order.
    """
    return _block(design, nonce, f"cues of {sleeper}", f"night {night}", occasion // design.block)[
        occasion % design.block
    ]


def drawn_cue(cues: Sequence[str], design: TrialDesign, nonce: bytes, *, arm: str, sleeper: str) -> str:
    """Which of these cues this sleeper gets in an arm that gives each another one; the same in every night.

    Those who lie in one unit get different ones as long as there are enough; where every sleeper is a unit, all do.
    """
    unit = design.units[place_of(design, sleeper)]
    mates, name = (unit.sleepers, unit.name) if len(unit.sleepers) > 1 else (sleepers_of(design), "")
    turn, place = divmod(mates.index(sleeper), len(cues))
    return shuffled(tuple(cues), nonce, "each draws", arm, name, turn)[place]


def place_of(design: TrialDesign, sleeper: str) -> int:
    """The number of the unit in which this sleeper is; raises KeyError where it is in none."""
    for place, unit in enumerate(design.units):
        if sleeper in unit.sleepers:
            return place
    raise KeyError(sleeper)


def sleepers_of(design: TrialDesign) -> tuple[str, ...]:
    """Everybody in the trial, unit by unit."""
    return tuple(sleeper for unit in design.units for sleeper in unit.sleepers)


def together(sleepers: Sequence[str], rooms: Sequence[Sequence[str]]) -> tuple[TrialUnit, ...]:
    """Units of a trial across sleepers: who shares a room is in one arm, because a cue is heard across a room.

    Args:
        sleepers: everybody, in the order of enrolment.
        rooms: who lies with whom; rooms that share a sleeper are one.
    """
    cluster = {sleeper: {sleeper} for sleeper in sleepers}
    for room in rooms:
        merged = set().union(*(cluster[sleeper] for sleeper in room))
        cluster |= dict.fromkeys(merged, merged)
    units: list[TrialUnit] = []
    for sleeper in sleepers:
        if all(sleeper not in unit.sleepers for unit in units):
            mates = tuple(each for each in sleepers if each in cluster[sleeper])
            units.append(TrialUnit(name="+".join(mates), sleepers=mates))
    return tuple(units)


def _sequence(design: TrialDesign, nonce: bytes, place: int, number: int) -> tuple[str, ...]:
    """The arms of one unit in block `number` of its nights, counterbalanced against other units.

    Units are dealt, in a drawn order, in rounds of as many as there are arms. A round shares one permuted block; each
    of its units reads it with the arms renamed by another step round the circle, so that in every night of a whole
    round every arm is there once: order, season and first night weigh the same on every arm.
    """
    steps = len(design.arms)
    order = shuffled(range(len(design.units)), nonce, "order of units", number)
    turn, seat = divmod(order.index(place), steps)
    base = _block(design, nonce, "nights", number, turn)
    step = shuffled(range(steps), nonce, "renamed", number, turn)[seat]
    return tuple(design.arms[(design.arms.index(arm) + step) % steps] for arm in base)


@lru_cache(maxsize=4096)
def _block(design: TrialDesign, nonce: bytes, *names: str | int) -> tuple[str, ...]:
    """A permuted block: every arm as often as every other, in a drawn order."""
    return shuffled(design.arms * (design.block // len(design.arms)), nonce, "block", *names)
