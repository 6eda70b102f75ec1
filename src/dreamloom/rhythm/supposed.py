"""When might a wave be met where there is no signal at all? Moments of a rehearsal, drawn and never measured."""

import math
from typing import NamedTuple

import msgspec

from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime, Seconds

PER_MINUTE = {"slow oscillation": 10.9, "spindle": 4.2}
"""Moments a minute of open gate, as measured on the bundled recording (docs/benchmarks.md, docs/how-a-night-works.md).
How deep a trough was is not asked: with `trough_below` there are fewer."""


class Supposed(NamedTuple):
    """A moment that a wave might have given."""

    play_at_s: NightTime


class SupposedState(msgspec.Struct, frozen=True):
    """All that the next second depends on.

    Attributes:
        is_deep: the newest estimate is N3, where the rate of slow oscillations was measured: most of N2 has none.
        last_s: when its last cue would have sounded.
    """

    of: str
    seed: int
    part: int
    tau_s: Seconds
    rest_s: Seconds
    next_index: int = 0
    last_s: float = float("-inf")
    is_deep: bool = False
    uncertain: bool = False

    @property
    def chance(self) -> float:
        """Of a moment in a second of open gate outside the rests, so that both together give the measured rate."""
        between_s = 60.0 / PER_MINUTE[self.of]
        return 1.0 / max(1.0, between_s - math.ceil(self.rest_s) + 1.0)


def step(state: SupposedState, index: int, *, is_open: bool) -> tuple[SupposedState, list[Supposed]]:
    """Takes one second; a moment is told when it is over, tau_s before its sound."""
    after = msgspec.structs.replace(state, next_index=index + 1)
    play_at_s = NightTime(index + 1.0 + state.tau_s)
    may_come = is_open and (state.is_deep or state.of == "spindle")
    if not may_come or play_at_s - state.last_s < state.rest_s:
        return after, []
    drawn = stream(state.seed, "supposed wave", state.part, index).random()
    if drawn >= state.chance:
        return after, []
    return msgspec.structs.replace(after, last_s=play_at_s), [Supposed(play_at_s)]
