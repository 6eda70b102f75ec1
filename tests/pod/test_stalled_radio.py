"""A radio that stops for eight seconds, then sends everything at once: the bed is silent, and its record says why."""

from dataclasses import dataclass, replace

import numpy as np

from dreamloom.gallery.happenings import happenings_of
from dreamloom.gallery.pod_night import pod_night
from dreamloom.record.events import CueDue, CueWithheld, GapSeen, StreamFound, StreamLost
from dreamloom.signals.blocks import Block
from dreamloom.testing.nights import TinyBed, rem_source, run_tiny_night
from dreamloom.testing.signals import FakeSource
from dreamloom.vocabulary.units import NightTime

FROM_S, TO_S = 70.0, 78.0


@dataclass
class Stalling:
    """A source whose samples of [FROM_S, TO_S) all come at TO_S."""

    inner: FakeSource

    def __post_init__(self) -> None:
        self.stream = self.inner.stream
        self._held: list[Block] = []

    @property
    def ended(self) -> bool:
        return self.inner.ended and not self._held

    @property
    def ends_s(self) -> NightTime:
        return self.inner.ends_s

    def read(self, until_s: NightTime) -> list[Block]:
        self._held += self.inner.read(until_s)
        beyond_s = FROM_S if FROM_S <= until_s < TO_S else until_s
        ready = [block for block in self._held if block.onset_s < beyond_s]
        self._held = [block for block in self._held if not any(block is other for other in ready)]
        return [replace(block, arrived_s=_arrived(block)) for block in ready]

    def close(self) -> None:
        self.inner.close()


def _arrived(block: Block) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    stalled = (block.arrived_s >= FROM_S) & (block.arrived_s < TO_S)
    return np.where(stalled, TO_S, block.arrived_s)


def test_eight_seconds_of_stall_and_a_burst_are_stored_and_never_cued_on() -> None:
    night = run_tiny_night({"p1": TinyBed(source=Stalling(rem_source(seconds=130)))})
    due_s = [event.onset_s for event in night.of(CueDue)]
    assert [s for s in due_s if FROM_S + 2 < s <= TO_S] == []
    assert any(s < FROM_S for s in due_s)
    assert any(s > TO_S + 2 for s in due_s)
    assert len(night.of(StreamLost)) == len(night.of(StreamFound)) == 1
    assert not night.of(GapSeen)
    assert {event.reason for event in night.of(CueWithheld) if FROM_S <= event.onset_s <= TO_S} & {"STALE"}
    words = [happening.words for happening in happenings_of(night.events, pod_night(night.events, "p1"))]
    assert any(each.startswith("The signal was lost.") for each in words)
    assert any(each.startswith("The signal was back after") for each in words)
