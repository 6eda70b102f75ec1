"""When is a stream lost? Two seconds after its last sample at the latest, and again so when the night is replayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from dreamloom.engine.clocks import VirtualClock
from dreamloom.engine.intake import LiveIntake
from dreamloom.engine.loop import VIRTUAL_POLL_S
from dreamloom.pod.loop import LATE_S, Pod
from dreamloom.record.events import AnyEvent, StreamFound, StreamLost
from dreamloom.signals.blocks import Block, GridSecond, StreamInfo
from dreamloom.testing.nights import TinyBed, rem_source, run_tiny_night
from dreamloom.testing.signals import recut
from dreamloom.vocabulary.units import NightTime, Seconds

DELAY_S = 0.05


class Silent:
    """A device that says nothing from one moment until another, and never says that it ended before that."""

    def __init__(self, from_s: float, to_s: float, *, seconds: float) -> None:
        inner = rem_source(seconds=seconds, delay_s=DELAY_S)
        self.stream: StreamInfo = inner.stream
        self._ends_s = inner.ends_s
        samples = recut(inner.read(NightTime(1e9)), 1)
        self._waiting = [block for block in samples if not from_s < block.onset_s + 1e-9 < to_s]

    @property
    def ended(self) -> bool:
        return not self._waiting

    @property
    def ends_s(self) -> NightTime:
        return self._ends_s

    def read(self, until_s: NightTime) -> list[Block]:
        count = int(np.searchsorted([block.arrived_s[-1] for block in self._waiting], until_s, side="right"))
        ready, self._waiting = self._waiting[:count], self._waiting[count:]
        return ready

    def close(self) -> None:
        self._waiting = []


class Kept:
    """A store that remembers what it was given."""

    def __init__(self) -> None:
        self.seconds: list[GridSecond] = []
        self.drafts: list[GridSecond] = []

    def append(self, second: GridSecond) -> None:
        self.seconds.append(second)

    def draft(self, second: GridSecond) -> None:
        self.drafts.append(second)

    def annotate(self, onset_s: NightTime, duration_s: Seconds, text: str) -> None:
        """Not looked at."""

    def sync(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing is held open."""


@dataclass
class Told:
    """When which events were settled, on the night's clock."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    at_s: list[tuple[float, AnyEvent]] = field(default_factory=list)

    def __call__(self, tick: int, events: Sequence[AnyEvent], pods: Mapping[str, Pod]) -> None:
        del tick, pods
        self.at_s.extend((self.clock.now_s(), event) for event in events)

    def first_s(self, kind: type) -> float:
        return next(at_s for at_s, event in self.at_s if isinstance(event, kind))


@pytest.mark.parametrize("last_s", [20.0, 20.01, 20.5, 20.98, 20.99])
def test_a_loss_is_told_at_most_two_seconds_after_the_last_sample(last_s: float) -> None:
    told = Told()
    run_tiny_night({"p1": TinyBed(source=Silent(last_s, 30.0, seconds=40))}, clock=told.clock, listener=told)
    assert told.first_s(StreamLost) <= last_s + DELAY_S + 1.9 + VIRTUAL_POLL_S


@pytest.mark.parametrize("last_s", [20.0, 20.5, 20.99])
def test_no_stream_is_lost_that_was_silent_for_less_than_nine_tenths_of_a_second(last_s: float) -> None:
    told = Told()
    run_tiny_night({"p1": TinyBed(source=Silent(last_s, last_s + 0.88, seconds=40))}, clock=told.clock, listener=told)
    assert not [event for _, event in told.at_s if isinstance(event, StreamLost | StreamFound)]


def test_the_second_in_which_a_device_fell_silent_for_good_is_kept_as_one_that_never_came_in_time() -> None:
    store = Kept()
    intake = LiveIntake(Silent(20.4, 90.0, seconds=100), store, drafts=True)
    for tick in range(60):
        intake.read(NightTime(float(tick)))
    intake.close()
    (last,) = store.seconds[20:]
    assert last.index == store.drafts[-1].index == 20
    assert min(last.arrived_s, store.drafts[-1].arrived_s) > 59.0 + LATE_S
