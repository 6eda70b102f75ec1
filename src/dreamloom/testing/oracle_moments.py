"""Was it lawfully one moment for all? Every call of the house followed again: who was ready, and who had agreed.

What a bed tells of itself is believed here, since what it then plays is judged by its own rules; the house is not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.moments import Shared, shared_moments
from dreamloom.record.events import (
    AnyEvent,
    ConsentGiven,
    MomentCalled,
    MomentReady,
    MomentUnready,
    Recovered,
    SceneEntered,
    StreamEnded,
)

EFFECT_TICKS = 3
COMPANY = 2
TINY = 1e-6


class Somebody(Protocol):
    """One sleeper, as others have to do with them."""

    @property
    def consent(self) -> ConsentGiven | None: ...
    @property
    def groups(self) -> Sequence[str]: ...
    @property
    def lost(self) -> bool: ...
    @property
    def out_of_bed(self) -> bool: ...
    def agrees(self, tick: int) -> bool: ...


class Moments:
    """What was called for all in a night, by the events of every second in turn."""

    def __init__(self, dreamscape: Dreamscape) -> None:
        self.shared = {each.slot: each for each in shared_moments(dreamscape)}
        self.not_called: list[tuple[str, int, float]] = []
        self._ready: dict[str, set[int]] = defaultdict(set)
        self._scene: dict[str, str] = {}
        self._last_s: dict[int, float] = {}
        self._calls: dict[str, MomentCalled] = {}
        self._broken: dict[str, list[str]] = {}

    def called(self, pod: str, now_s: float) -> Iterator[MomentCalled]:
        """What this bed was called for in this second."""
        yield from (each for each in self._calls.values() if each.pod == pod and each.from_s == now_s)

    def broken(self, pod: str, slot: int, cause: str | None, now_s: float) -> list[str]:
        """Every rule that something of this number broke by beginning now: that nobody called, or wrongly."""
        call = self._calls.get(cause or "")
        if call is None or (call.pod, call.part, call.from_s) != (pod, slot, now_s):
            return ["MOMENT"]
        return self._broken[call.id]

    def follow(self, tick: int, events: Sequence[AnyEvent], people: Mapping[str, Somebody]) -> None:
        """One second: what beds told, then what the house called, then what it should have called."""
        if not self.shared:
            return
        for event in events:
            self._hear(event)
        calls = [event for event in events if isinstance(event, MomentCalled)]
        for call in calls:
            self._calls[call.id] = call
            self._broken[call.id] = list(dict.fromkeys(self._wrong(call, tick, people)))
        for slot, each in self.shared.items():
            mine = {call.pod for call in calls if call.part == slot}
            if not mine and self._is_due(each, tick, latest=True):
                self.not_called += [(pod, slot, tick + 1.0) for pod in self._able(each, tick, people)]
            if mine:
                self._last_s[slot] = tick + 1.0 + EFFECT_TICKS

    def _hear(self, event: AnyEvent) -> None:
        pod = event.pod or ""
        match event:
            case MomentReady():
                self._ready[pod].add(event.part)
            case MomentUnready():
                self._ready[pod].discard(event.part)
            case Recovered() | StreamEnded():
                self._ready[pod].clear()
            case SceneEntered():
                self._scene[pod] = event.scene
            case _:
                pass

    def _wrong(self, call: MomentCalled, tick: int, people: Mapping[str, Somebody]) -> Iterator[str]:
        each, pods = self.shared.get(call.part), (call.pod or "", *call.others)
        if each is None or call.from_s != tick + 1.0 + EFFECT_TICKS or len(pods) < COMPANY or len({*pods}) < len(pods):
            yield "MOMENT"
            return
        if not self._is_due(each, tick, latest=False):
            yield "MOMENT"
        known = {pod: people[pod] for pod in pods if pod in people}
        named = tuple(someone.consent.id for someone in known.values() if someone.consent is not None)
        if named != call.consents or len(named) != len(pods) or not all(_joins(known[pod], tick) for pod in pods):
            yield "MOMENT_CONSENT"
        able = {*self._able(each, tick, people), *self._there(each, tick, people)}
        if not able.issuperset(pods) or each.slot not in self._ready[pods[0]]:
            yield "MOMENT"

    def _is_due(self, each: Shared, tick: int, *, latest: bool) -> bool:
        """Long enough after the one before; of what was drawn between two bounds, the latest or the earliest."""
        before_s = self._last_s.get(each.slot)
        if before_s is None:
            return True
        apart_s = max(each.every_s + (int(each.jitter_s) if latest else 0.0), EFFECT_TICKS + 1.0)
        return tick + 1.0 + EFFECT_TICKS >= before_s + apart_s - TINY

    def _able(self, each: Shared, tick: int, people: Mapping[str, Somebody]) -> list[str]:
        """Those who are ready, if they are enough."""
        ready = [pod for pod in self._meant(each, tick, people) if each.slot in self._ready[pod]]
        company = {*ready, *self._there(each, tick, people)}
        return ready if len(company) >= COMPANY else []

    def _there(self, each: Shared, tick: int, people: Mapping[str, Somebody]) -> list[str]:
        return [pod for pod in self._meant(each, tick, people) if each.to and self._scene.get(pod) == each.to]

    def _meant(self, each: Shared, tick: int, people: Mapping[str, Somebody]) -> list[str]:
        return [
            pod
            for pod, someone in people.items()
            if is_meant(each.who, someone.groups) and not (someone.lost or someone.out_of_bed) and _joins(someone, tick)
        ]


def _joins(someone: Somebody, tick: int) -> bool:
    return someone.consent is not None and "group" in someone.consent.purposes and someone.agrees(tick)
