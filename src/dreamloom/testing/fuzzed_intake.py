"""How do a sleeper's seconds reach a bed on a bad night? Lost, late, in bursts, with a device clock that is set."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from msgspec.structs import replace as changed

from dreamloom.adapters.simulated_beliefs import DELAY_S
from dreamloom.pod.tracking import BelievedSecond
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    BackInBedSeen,
    EyeSignalSeen,
    NightmareArousalSeen,
    OutOfBedSeen,
)
from dreamloom.signals.blocks import StreamInfo
from dreamloom.signals.grid import Gap
from dreamloom.vocabulary.units import NightTime

Chance = np.random.Generator


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong at one bed.

    Attributes:
        lost: seconds that never come.
        late_s: by second, how much later it comes.
        facts: by second, what else is seen in it.
    """

    lost: frozenset[int]
    late_s: Mapping[int, float]
    facts: Mapping[int, Sequence[AnyEvent]]


def troubles(chance: Chance, duration_s: int, *, staged: bool) -> Trouble:
    """Dropouts of up to two minutes, late blocks, a device clock set forward or back, and a restless sleeper."""
    lost: set[int] = set()
    late_s: dict[int, float] = {}
    for begin, length in _stretches(chance, duration_s, rate_h=2.0, most_s=120):
        lost.update(range(begin, begin + length))
    for begin, length in _stretches(chance, duration_s, rate_h=4.0, most_s=30):
        worst_s = float(chance.choice([0.3, 0.6, 0.8, 1.5, 4.0]))
        late_s |= {index: float(chance.uniform(0.0, worst_s)) for index in range(begin, begin + length)}
    for begin, step_s in _stretches(chance, duration_s, rate_h=1.0, most_s=20):
        if chance.random() < 0.5:  # set forward: the seconds between never were
            lost.update(range(begin, begin + step_s))
        else:  # set back: they come again too late, in one burst
            late_s |= {index: begin + step_s - index for index in range(begin, begin + step_s)}
    return Trouble(frozenset(lost), late_s, _restless(chance, duration_s) if staged else {})


def _stretches(chance: Chance, duration_s: int, *, rate_h: float, most_s: int) -> list[tuple[int, int]]:
    count = int(chance.poisson(rate_h * duration_s / 3600.0))
    return [(int(chance.integers(0, duration_s)), int(chance.integers(1, most_s + 1))) for _ in range(count)]


def _restless(chance: Chance, duration_s: int) -> dict[int, list[AnyEvent]]:
    told: dict[int, list[AnyEvent]] = {}

    def say(index: int, event: AnyEvent) -> None:
        told.setdefault(index, []).append(event)

    for index in chance.integers(0, duration_s, int(chance.poisson(6.0 * duration_s / 3600.0))).tolist():
        say(index, ArousalSeen(onset_s=index + 0.5, strength=4.0))
    for begin, length in _stretches(chance, duration_s, rate_h=0.3, most_s=300):
        say(begin, OutOfBedSeen(onset_s=begin + 1.0, since_s=float(begin)))
        say(begin + length, BackInBedSeen(onset_s=begin + length + 1.0, since_s=float(begin + length - 30)))
    if chance.random() < 0.1:
        index = int(chance.integers(0, duration_s))
        say(index, _nightmare(index + 1.0))
    for index in chance.integers(0, duration_s, int(chance.poisson(8.0 * duration_s / 3600.0))).tolist():
        say(index, _signal(index + 1.0))
    return told


def _nightmare(at_s: float) -> NightmareArousalSeen:
    return NightmareArousalSeen(
        onset_s=at_s,
        heart_per_min=90.0,
        usual_heart_per_min=60.0,
        breath_per_min=22.0,
        usual_breath_per_min=14.0,
    )


def _signal(at_s: float) -> EyeSignalSeen:
    return EyeSignalSeen(
        onset_s=at_s,
        status="confirmed",
        confidence=0.8,
        began_s=at_s - 5.0,
        ended_s=at_s,
        size_uv=300.0,
        sweep_s=0.5,
        first="left",
    )


class Seconds(Protocol):
    """What a bed is told, a second at a time, before anything goes wrong on the way."""

    stream: StreamInfo
    ends_s: NightTime

    @property
    def ended(self) -> bool: ...

    def read(self, until_s: NightTime) -> tuple[Sequence[BelievedSecond], Sequence[Gap]]: ...


class FuzzedIntake:
    """A rehearsed bed's seconds on their way through trouble; implements Intake."""

    def __init__(self, inner: Seconds, trouble: Trouble, *, from_s: int, arrived_s: dict[int, float]) -> None:
        """What came before from_s is passed over; arrived_s is told what came late, as a store would keep it."""
        self.stream = inner.stream
        self.ends_s = NightTime(inner.ends_s + max(trouble.late_s.values(), default=0.0) + 1.0)
        self.fresh_s = NightTime(-math.inf)
        self._inner, self._trouble, self._arrived_s = inner, trouble, arrived_s
        self._waiting: list[BelievedSecond] = []
        self._after_s = -math.inf
        if from_s:
            inner.read(NightTime(from_s + DELAY_S))

    @property
    def ended(self) -> bool:
        return self._inner.ended and not self._waiting

    def read(self, until_s: NightTime) -> tuple[Sequence[BelievedSecond], Sequence[Gap]]:
        """Every second that was in hand by until_s; none overtakes the one before it."""
        for second in self._inner.read(until_s)[0]:
            if second.index in self._trouble.lost:
                continue
            own_s = second.arrived_s + self._trouble.late_s.get(second.index, 0.0)
            self._after_s = round(max(self._after_s, own_s), 6)
            if self._after_s > second.arrived_s:
                self._arrived_s[second.index] = self._after_s
            self._waiting.append(_late(second, self._after_s, self._trouble.facts.get(second.index, ())))
        ready = [second for second in self._waiting if second.arrived_s <= until_s + 1e-9]
        self._waiting = self._waiting[len(ready) :]
        if ready:
            self.fresh_s = NightTime(ready[-1].index + 1.0)
        return ready, ()

    def opened(self, index: int, first: int) -> None:
        """There are no samples."""

    def close(self) -> None:
        """Nothing is held open."""


def _late(second: BelievedSecond, arrived_s: float, facts: Sequence[AnyEvent]) -> BelievedSecond:
    told = tuple(changed(fact) for fact in facts)
    return BelievedSecond(second.index, NightTime(arrived_s), (*second.facts, *told), stirring=second.stirring)
