"""Decision state is what follows from the record, and nothing else: compared after every tick of a whole night."""

from collections.abc import Sequence

import numpy as np
import pytest

from dreamloom.engine import bedside
from dreamloom.engine.loop import Outside
from dreamloom.pod import loop as pod_loop
from dreamloom.pod.fold import evolve
from dreamloom.pod.loop import Pod
from dreamloom.pod.state import PodState, opening_state
from dreamloom.ports import SignalSource
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    CommandGiven,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
    GuardianStepped,
    LeaseGranted,
    LeaseLapsed,
    Restored,
    Softened,
    StreamFound,
    StreamLost,
)
from dreamloom.signals.blocks import Block
from dreamloom.testing.nights import TinyBed, TinyNight, grant_for, plan_of, run_tiny_night, withdrawal
from dreamloom.testing.signals import FakeSource, Waveform
from dreamloom.vocabulary.units import EFFECT_TICKS, FloatArray, NightTime

PLAN, _ = plan_of()
GRANT = grant_for(PLAN)


class Losing:
    """A source whose samples of some seconds never come."""

    def __init__(self, inner: FakeSource, lost: range) -> None:
        self.stream = inner.stream
        self._inner = inner
        self._lost = lost

    @property
    def ended(self) -> bool:
        return self._inner.ended

    @property
    def ends_s(self) -> NightTime:
        return self._inner.ends_s

    def read(self, until_s: NightTime) -> list[Block]:
        return [block for block in self._inner.read(until_s) if int(block.onset_s) not in self._lost]

    def close(self) -> None:
        self._inner.close()


def stirring_at(*moments_s: float) -> Waveform:
    """Alpha, and a rhythm above 16 Hz that rises for four seconds at each of these moments."""

    def waveform(onset_s: FloatArray) -> FloatArray:
        loud = np.zeros(len(onset_s), dtype=bool)
        for moment_s in moments_s:
            loud |= (onset_s >= moment_s) & (onset_s < moment_s + 4.0)
        fast_uv = np.where(loud, 40.0, 5.0) * np.sin(2 * np.pi * 22.0 * onset_s)
        return np.asarray(40.0 * np.sin(2 * np.pi * 10.0 * onset_s) + fast_uv)

    return waveform


def eventful_night(monkeypatch: pytest.MonkeyPatch) -> tuple[TinyNight, dict[int, Pod]]:
    """Cues, two arousals, a stream lost and found, a command, a withdrawal; and the bed after each tick."""
    after: dict[int, Pod] = {}
    advance = pod_loop.advance

    def watched(
        pod: Pod,
        tick: int,
        *,
        inputs: Sequence[AnyEvent],
        leases: Sequence[LeaseGranted | LeaseLapsed],
        seconds: object,
    ) -> tuple[Pod, list[AnyEvent]]:
        after[tick], said = advance(pod, tick, inputs=inputs, leases=leases, seconds=seconds)  # type: ignore[arg-type]
        return after[tick], said

    monkeypatch.setattr(bedside.pod_loop, "advance", watched)
    inner = FakeSource(true_hz=100, grid_hz=100, duration_s=240, waveforms=(stirring_at(70.0, 120.0),))
    source: SignalSource = Losing(inner, range(150, 158))
    night = run_tiny_night(
        {"p1": TinyBed(source=source, grant=GRANT)}, script=[chord_now(60.2), withdrawal("p1", 220.4)]
    )
    return night, after


def chord_now(at_s: float) -> Outside:
    event = CommandGiven(
        onset_s=at_s,
        by="the person in charge",
        cue="chord",
        cue_sha256=PLAN.cue_sha256["chord"],
        sound_class="sleep",
        level_cap_db=45.0,
        dreamscape_sha256=PLAN.dreamscape_sha256,
        policy_sha256="0" * 64,
        not_after_s=at_s + 2.0,
    )
    return Outside(known_s=NightTime(at_s), pod="p1", event=event)


def folded(record: Sequence[AnyEvent], tick: int, before: PodState) -> PodState:
    """One tick of the record folded on: inputs, then what the house granted with effect now, then what was decided."""
    own = [event for event in record if event.pod == "p1"]
    house = (LeaseGranted, LeaseLapsed, GuardianStepped, Restored)
    said = [event for event in own if event.tick == tick and not isinstance(event, house)]
    leases = [event for event in own if event.tick == tick - EFFECT_TICKS and isinstance(event, house)]
    inputs = [event for event in said if event.kind == "input"]
    derived = [event for event in said if event.kind == "derived"]
    for event in (*inputs, *leases, *derived):
        before = evolve(before, event, PLAN)
    return before


def test_the_live_decision_state_is_the_fold_of_the_record_after_every_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    night, after = eventful_night(monkeypatch)
    happened = {type(event) for event in night.events}
    assert happened >= {
        CueDue,
        CuePlayed,
        ArousalSeen,
        Softened,
        StreamLost,
        StreamFound,
        LeaseLapsed,
        CommandGiven,
        ConsentWithdrawn,
    }
    assert any(pod.senses.stirring for pod in after.values())
    assert any(pod.episodes for pod in after.values())
    state = opening_state(PLAN, GRANT, None)
    for tick in sorted(after):
        state = folded(night.events, tick, state)
        assert after[tick].decision == state, tick
