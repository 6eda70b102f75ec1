"""Does a live night grow out of its memory? Told once; at twice as much every bed is held, and recording goes on."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from dreamloom.engine.loop import Outside
from dreamloom.record.events import GlitchSeen, Held
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

HOUSE_MB = 500.0
HOUSE_BEDS = 16
"""Sixteen beds stay below it for twelve hours (promised in docs/figures.md): a night above it leaks."""
HOLD_X = 2.0
"""A machine that ends a process for its memory ends recording with it, so cues go first, with room to spare. Ours."""
LOOK_EVERY_S = Seconds(30.0)

LookAtMemory = Callable[[], float | None]


class Limits(NamedTuple):
    """Resident memory of the night's process in MB: a person is told, every bed is held."""

    to_tell_mb: float
    to_hold_mb: float


def limits(beds: int) -> Limits:
    """As for sixteen beds; for more, in proportion."""
    most_mb = HOUSE_MB * max(1.0, beds / HOUSE_BEDS)
    return Limits(most_mb, HOLD_X * most_mb)


class MemoryWatch:
    """Looks now and then at what the process of a live night holds in memory.

    Args:
        pods: every bed's.
        look: resident memory in MB; None where nobody knows.
        warn: told what a person has to do.
    """

    def __init__(self, pods: Iterable[str], look: LookAtMemory, *, warn: Callable[[str], None]) -> None:
        self._pods = sorted(pods)
        self._look = look
        self._warn = warn
        self._next_s = NightTime(-math.inf)
        self._is_told = self._is_held = False

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """What the record should hold of it: that memory is high, once, and that the beds are held, once."""
        if now_s < self._next_s or self._is_held:
            return []
        self._next_s = NightTime(now_s + LOOK_EVERY_S)
        held_mb, most = self._look(), limits(len(self._pods))
        if held_mb is None or held_mb < most.to_tell_mb:
            return []
        told = [] if self._is_told else self._tell(now_s, held_mb, most)
        return told if held_mb < most.to_hold_mb else [*told, *self._hold(now_s, held_mb)]

    def _tell(self, now_s: NightTime, held_mb: float, most: Limits) -> list[Outside]:
        self._is_told = True
        self._warn(
            f"This night takes {held_mb:.0f} MB of memory, more than the {most.to_tell_mb:.0f} MB it should. "
            f"At {most.to_hold_mb:.0f} MB every bed falls silent; to begin afresh, end it and run it again."
        )
        event = GlitchSeen(onset_s=to_microsecond(now_s), glitch="MEMORY_HIGH")
        return [Outside(known_s=now_s, pod=None, event=event)]

    def _hold(self, now_s: NightTime, held_mb: float) -> list[Outside]:
        self._is_held = True
        self._warn(f"This night takes {held_mb:.0f} MB of memory: every bed is silent from now on, recording goes on.")
        event = Held(onset_s=to_microsecond(now_s), reason="MEMORY_HIGH")
        return [Outside(known_s=now_s, pod=pod, event=event) for pod in self._pods]
