"""Could anybody tell in the morning? What is asked, with decoys that never sounded, and what the answers come to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dreamloom.statistics.blinding import (
    Answers,
    BlindingIndex,
    Recognition,
    blinding_index,
    recognition,
)
from dreamloom.trial.drawing import shuffled

DONT_KNOW = "don't know"
"""Always one of the answers: whoever must guess cannot say that nothing was noticed."""


class Sheet(NamedTuple):
    """What one sleeper is asked in one morning.

    Attributes:
        arms: each may be named, or DONT_KNOW.
        sounds: the planned cue among decoys, in a drawn order; for each: heard in the night, or not.
    """

    sleeper: str
    night: int
    arms: tuple[str, ...]
    sounds: tuple[str, ...]


class Morning(NamedTuple):
    """What one sleeper answered: an arm or DONT_KNOW, and which sounds of the sheet were called heard.

    `real` is the planned cue of that night, `decoys` the other sounds of the sheet; both empty where none was asked.
    """

    sleeper: str
    night: int
    answer: str
    heard: tuple[str, ...] = ()
    real: str = ""
    decoys: tuple[str, ...] = ()


class Blindness(NamedTuple):
    """By arm: the index, and how often the planned cue was recognised; in a silent arm that can be chance alone."""

    by_arm: dict[str, BlindingIndex]
    recognised: dict[str, Recognition]
    mornings: int


def sheet(nonce: bytes, *, sleeper: str, night: int, arms: Sequence[str], cue: str, decoys: Sequence[str]) -> Sheet:
    """The questions of one morning. Whatever the arm, the sheet is the same: it cannot tell what was played.

    The order is drawn from the sealed nonce under a name of its own, so that it says nothing of the schedule.
    """
    sounds = shuffled((cue, *decoys), nonce, "sheet", sleeper, night) if decoys else ()
    return Sheet(sleeper, night, tuple(arms), sounds)


def blindness(mornings: Iterable[Morning], arm_of: Mapping[tuple[str, int], str]) -> Blindness:
    """What the answers come to, once the arms are open.

    Args:
        mornings: one for each sleeper and night that was asked.
        arm_of: the true arm by sleeper and night.
    """
    by_arm: dict[str, list[Morning]] = {}
    for morning in mornings:
        by_arm.setdefault(arm_of[morning.sleeper, morning.night], []).append(morning)
    index = {arm: blinding_index(_counted(arm, each)) for arm, each in sorted(by_arm.items())}
    known = {arm: _recognised(each) for arm, each in sorted(by_arm.items())}
    return Blindness(
        by_arm={arm: each for arm, each in index.items() if each is not None},
        recognised={arm: each for arm, each in known.items() if each is not None},
        mornings=sum(map(len, by_arm.values())),
    )


def _counted(arm: str, mornings: Sequence[Morning]) -> Answers:
    said = Counter("right" if each.answer == arm else each.answer for each in mornings)
    dont_know = said[DONT_KNOW]
    return Answers(said["right"], len(mornings) - said["right"] - dont_know, dont_know)


def _recognised(mornings: Sequence[Morning]) -> Recognition | None:
    asked = [each for each in mornings if each.decoys]
    return recognition([(each.real in each.heard, [decoy in each.heard for decoy in each.decoys]) for each in asked])
