"""How is a night on beliefs lived without looking at every second? From one that may show something to the next."""

import math
from collections.abc import Sequence
from typing import Protocol

from dreamloom.engine.bedside import Bedside
from dreamloom.engine.gatekeeper import Word
from dreamloom.engine.intake import Intake
from dreamloom.pod.still import Spans, is_renewal, spans_of, still_until
from dreamloom.record.events import AnyEvent, LeaseGranted
from dreamloom.vocabulary.units import NightTime


class Foreseen(Intake, Protocol):
    """Seconds of which is known beforehand when they show something, as long as nothing is heard."""

    def nothing_until(self) -> int:
        """The number of the next second that may show something."""

    def pass_over(self, index: int) -> None:
        """The next second to be read is this one."""


class SteppedOver:
    """One bed on beliefs, tick by tick; ticks in which nothing can happen cost nothing.

    What is said is what `Bedside` says when it lives every tick.
    """

    def __init__(self, bed: Bedside, intake: Foreseen) -> None:
        self._bed, self._intake = bed, intake
        self._spans: Spans = spans_of(bed.pod.plan)
        self._still_until, self._lived = 0, -1
        self._held: list[Word] = []

    @property
    def closed(self) -> bool:
        return self._bed.closed

    def live(self, tick: int, words: Sequence[Word]) -> list[AnyEvent]:
        """This tick; they come one after the other."""
        self._held += words
        if tick < self._still_until and all(self._is_renewal(word, tick) for word in words):
            return []
        bed, words, self._held = self._bed, self._held, []
        self._intake.pass_over(tick)
        bed.read(NightTime(tick + 1.0 + self._intake.stream.delay_s))
        if bed.finished:
            return bed.close(tick)
        bed.meet()
        if tick > self._lived + 1:  # what was stepped over is no time in which nobody cared for the speaker
            bed.pass_time(NightTime(float(tick)))
        bed.pass_time(NightTime(tick + 1.0))
        said = bed.advance(tick, words)
        self._lived = tick
        self._still_until = self._next_tick(tick)
        return said

    def _is_renewal(self, word: Word, tick: int) -> bool:
        """What changes no look is told to the pod when it looks next."""
        return isinstance(word, LeaseGranted) and is_renewal(self._bed.pod.decision, word, NightTime(tick + 1.0))

    def _next_tick(self, tick: int) -> int:
        """The next tick at which something may happen here by itself."""
        now_s = NightTime(tick + 1.0)
        turns_s = min(still_until(self._bed.pod, self._spans, now_s), self._bed.rests_until(now_s))
        if turns_s <= now_s:
            return tick + 1
        return math.ceil(min(turns_s - 1.0, self._intake.nothing_until()))
