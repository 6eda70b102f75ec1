"""Does silence come whatever fails? Lapsed leases, dead speakers, samples that stop, endings that go wrong."""

import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from dreamloom.adapters.speaker.child import ChildSpeaker
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.engine.bedside import REARM_AFTER_S, REARMED_BY_CONSENT, Bedside
from dreamloom.engine.clocks import RealClock, VirtualClock
from dreamloom.engine.loop import NightEngine
from dreamloom.engine.speaker_care import REOPEN_EVERY_S, STEADY_S
from dreamloom.engine.supervise import each_in_turn, supervise
from dreamloom.pod.loop import Pod
from dreamloom.record.events import (
    AnyEvent,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
    LeaseGranted,
    LeaseLapsed,
    NightClosed,
    OutputFound,
    OutputLost,
    Rearmed,
    SpeakerReopened,
    StreamLost,
)
from dreamloom.signals.blocks import Block
from dreamloom.testing.nights import TinyBed, grant_for, plan_of, rem_source, run_tiny_night, withdrawal
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import RecordError, StreamError
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime, Seconds

pytestmark = pytest.mark.real_time


class Stalling(VirtualSpeaker):
    """A speaker that stops rendering at the given night times, until it is reopened."""

    def __init__(self, *stalls_s: float) -> None:
        super().__init__()
        self.beats_s: list[float] = []
        self.reopened = 0
        self.bits: dict[Bit, bool] = {}
        self._stalls_s = list(stalls_s)

    def beat(self, fresh_s: NightTime) -> None:
        self.beats_s.append(fresh_s)
        super().beat(fresh_s)

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        self.bits[bit] = on
        super().set_bit(bit, on=on)

    def heartbeat_age_s(self) -> Seconds:
        is_stalled = bool(self._stalls_s and self.beats_s and self.beats_s[-1] >= self._stalls_s[0])
        return Seconds(0.7 if is_stalled else 0.0)

    def reopen(self) -> None:
        self.reopened += 1
        self._stalls_s.pop(0)
        super().reopen()


class Dying(Stalling):
    """A speaker that can never be started again."""

    def reopen(self) -> None:
        self.reopened += 1
        raise OSError(11, "no process can be started")


class Unplugged(Stalling):
    """A speaker whose output is away for a while: whatever is started meanwhile does not render either."""

    def __init__(self, from_s: float, to_s: float) -> None:
        super().__init__()
        self._away = (from_s, to_s)

    def heartbeat_age_s(self) -> Seconds:
        from_s, to_s = self._away
        return Seconds(0.7 if self.beats_s and from_s <= self.beats_s[-1] < to_s else 0.0)

    def reopen(self) -> None:
        self.reopened += 1
        VirtualSpeaker.reopen(self)


class Dropping:
    """A stream of whole seconds, some of which never come."""

    def __init__(self, seconds: float, lost: range) -> None:
        inner = rem_source(seconds=seconds, block_samples=100)
        self.stream = inner.stream
        self._ends_s = inner.ends_s
        self._waiting = [block for block in inner.read(NightTime(1e9)) if int(block.onset_s) not in lost]

    @property
    def ended(self) -> bool:
        return not self._waiting

    @property
    def ends_s(self) -> NightTime:
        return self._ends_s

    def read(self, until_s: NightTime) -> list[Block]:
        ready = [block for block in self._waiting if block.arrived_s[-1] <= until_s]
        self._waiting = self._waiting[len(ready) :]
        return ready

    def close(self) -> None:
        self._waiting = []


def live(bed: TinyBed) -> Sequence[AnyEvent]:
    """A night on a clock that jumps, looked after as in real time."""
    return run_tiny_night({"p1": bed}, clock=VirtualClock(), speed_x=1.0).events


def test_a_lapsed_lease_reaches_the_bed() -> None:
    at_tick: dict[int, Pod] = {}

    def listen(tick: int, _: Sequence[AnyEvent], pods: Mapping[str, Pod]) -> None:
        at_tick[tick] = pods["p1"]

    night = run_tiny_night({"p1": TinyBed(source=Dropping(100, range(30, 45)))}, listener=listen)
    (lapsed,) = night.of(LeaseLapsed)
    assert lapsed.reason == "stream lost"
    assert at_tick[lapsed.tick].decision.leases
    for tick in range(lapsed.tick + 2 * EFFECT_TICKS, 45):
        assert at_tick[tick].decision.leases == {}
    again = [event for event in night.of(LeaseGranted) if event.tick > lapsed.tick]
    assert at_tick[99].decision.leases["sleep"] in again  # the guardian kept it by itself for half a minute more


def test_a_withdrawal_is_kept_by_the_house_when_the_bed_has_ended() -> None:
    beds = {"p1": TinyBed(source=rem_source(seconds=40)), "p2": TinyBed(source=rem_source(seconds=80, seed=2))}
    night = run_tiny_night(beds, script=[withdrawal("p1", 60.5)])
    (told,) = night.of(ConsentWithdrawn)
    assert (told.pod, told.sleeper, told.kind) == ("p1", "S-p1", "input")
    assert night.engine.night.beds["p1"].withdrawn


def test_a_withdrawal_in_the_last_moment_stands_before_the_end_of_the_record() -> None:
    night = run_tiny_night({"p1": TinyBed(source=rem_source(seconds=40))}, script=[withdrawal("p1", 40.02)])
    kinds = [type(event) for event in night.events]
    assert kinds.index(ConsentWithdrawn) < kinds.index(NightClosed) == len(kinds) - 1


def test_a_stalled_speaker_is_reopened_and_its_bed_disarmed_until_the_one_rearming() -> None:
    plan, _ = plan_of()
    speaker = Stalling(40.0)
    bed = TinyBed(source=rem_source(seconds=150), speaker=speaker, grant=grant_for(plan, rearm_after_crash="once"))
    events = live(bed)
    (reopened,) = [event for event in events if isinstance(event, SpeakerReopened)]
    (rearmed,) = [event for event in events if isinstance(event, Rearmed)]
    assert speaker.reopened == 1
    assert (reopened.kind, reopened.age_s) == ("input", 0.7)
    assert rearmed.by == REARMED_BY_CONSENT
    assert rearmed.onset_s == pytest.approx(reopened.onset_s + REARM_AFTER_S)
    due_s = [event.onset_s for event in events if isinstance(event, CueDue)]
    assert not [time_s for time_s in due_s if reopened.onset_s + 1 < time_s < rearmed.onset_s]
    assert [time_s for time_s in due_s if time_s < reopened.onset_s]
    assert [time_s for time_s in due_s if time_s > rearmed.onset_s]


def test_without_leave_to_rearm_a_bed_stays_silent_after_a_stall() -> None:
    speaker = Stalling(40.0)
    events = live(TinyBed(source=rem_source(seconds=150), speaker=speaker))
    assert [event for event in events if isinstance(event, SpeakerReopened)]
    assert not [event for event in events if isinstance(event, Rearmed)]
    assert max(event.onset_s for event in events if isinstance(event, CueDue)) < 42.0
    assert speaker.bits[Bit.NOT_ARMED]


def test_the_one_rearming_is_used_once() -> None:
    plan, _ = plan_of()
    speaker = Stalling(40.0, 120.0)
    grant = grant_for(plan, rearm_after_crash="once")
    events = live(TinyBed(source=rem_source(seconds=240), speaker=speaker, grant=grant))
    assert len([event for event in events if isinstance(event, SpeakerReopened)]) == 2
    assert len([event for event in events if isinstance(event, Rearmed)]) == 1


def test_a_speaker_that_cannot_be_started_ends_nobodys_night_and_is_not_hammered() -> None:
    dying = Dying(20.0)
    beds = {
        "p1": TinyBed(source=rem_source(seconds=60), speaker=dying),
        "p2": TinyBed(source=rem_source(seconds=60, seed=2)),
    }
    night = run_tiny_night(beds, clock=VirtualClock(), speed_x=1.0)
    assert dying.bits[Bit.NOT_ARMED]
    assert 2 <= dying.reopened <= 40 / REOPEN_EVERY_S + 1
    assert [event for event in night.of(CuePlayed) if event.pod == "p2" and event.onset_s > 30]
    assert not [event for event in night.of(CueDue) if event.pod == "p1" and event.onset_s > 22]


def test_an_unplugged_output_is_told_once_with_its_name_and_once_when_it_is_back() -> None:
    plan, _ = plan_of()
    speaker = Unplugged(20.0, 85.0)
    grant = grant_for(plan, rearm_after_crash="once")
    bed = TinyBed(source=rem_source(seconds=200), speaker=speaker, grant=grant, output="bedroom_a")
    events = live(bed)
    about = [event for event in events if isinstance(event, SpeakerReopened | OutputLost | OutputFound)]
    assert [type(event) for event in about] == [SpeakerReopened, OutputLost, OutputFound]
    assert speaker.reopened >= 6
    _, lost, found = about
    assert isinstance(lost, OutputLost)
    assert isinstance(found, OutputFound)
    assert lost.device == found.device == "bedroom_a"
    assert found.onset_s - lost.onset_s == pytest.approx(found.lost_s, abs=0.001)
    assert 85.0 <= found.onset_s <= 85.0 + REOPEN_EVERY_S + STEADY_S + 1
    (rearmed,) = [event for event in events if isinstance(event, Rearmed)]
    assert rearmed.onset_s >= 85.0 - REOPEN_EVERY_S + REARM_AFTER_S
    assert not [e for e in events if isinstance(e, CueDue) and 22.0 < e.onset_s < rearmed.onset_s]


def test_the_speaker_is_beaten_only_as_far_as_the_samples_reach() -> None:
    speaker = Stalling()
    events = live(TinyBed(source=Dropping(60, range(30, 50)), speaker=speaker))
    assert [event for event in events if isinstance(event, StreamLost)]
    during = [beat_s for beat_s in speaker.beats_s if 30.0 < beat_s < 49.9]
    assert during == []
    assert max(speaker.beats_s) > 55


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_real_speaker_that_dies_or_hangs_is_replaced_by_a_silent_one(tmp_path: Path, number: signal.Signals) -> None:
    speaker = ChildSpeaker(tmp_path / "bits", now_s=NightTime(0.0))
    first = speaker.pid
    hit: list[int] = []

    def listen(tick: int, _: Sequence[AnyEvent], __: Mapping[str, Pod]) -> None:
        if tick >= 2 and not hit:
            hit.append(tick)
            os.kill(first, number)

    bed = TinyBed(source=rem_source(seconds=8), speaker=speaker)
    events = run_tiny_night({"p1": bed}, clock=RealClock(), speed_x=1.0, listener=listen).events
    reopened = [event for event in events if isinstance(event, SpeakerReopened)]
    assert hit
    assert reopened
    assert speaker.pid != first
    assert (tmp_path / "bits").read_bytes()[Bit.NOT_ARMED] != 0


@pytest.fixture
def beds_made(monkeypatch: pytest.MonkeyPatch) -> list[Bedside]:
    """Every bedside of the night that a test runs."""
    made: list[Bedside] = []
    make = Bedside.__init__

    def remembered(bed: Bedside, *parts: object, **more: object) -> None:
        make(bed, *parts, **more)  # type: ignore[arg-type]
        made.append(bed)

    monkeypatch.setattr(Bedside, "__init__", remembered)
    return made


def test_a_ctrl_c_in_the_middle_of_a_tick_is_not_undone(beds_made: list[Bedside]) -> None:
    class Interrupted(Stalling):
        """The signal comes just when the bed is about to clear its halt."""

        def set_bit(self, bit: Bit, *, on: bool) -> None:
            if bit is Bit.HALTED and not on and len(self.beats_s) > 2500 and not silenced:
                silenced.append(self.beats_s[-1])
                beds_made[0].silence()
            super().set_bit(bit, on=on)

    silenced: list[float] = []
    speaker = Interrupted()
    events = live(TinyBed(source=rem_source(seconds=60), speaker=speaker))
    played_s = [event.onset_s for event in events if isinstance(event, CuePlayed)]
    assert min(played_s) < silenced[0]
    assert max(played_s) <= silenced[0]
    assert speaker.bits[Bit.HALTED]


class Refusing(Stalling):
    def close(self) -> None:
        super().close()
        raise StreamError("DL-E262", "The speaker does not end.")


def test_one_bed_that_cannot_be_closed_keeps_no_other_from_silence() -> None:
    speakers = {"p1": Refusing(), "p2": Stalling(), "p3": Refusing()}
    beds = {name: TinyBed(source=rem_source(seconds=600), speaker=speaker) for name, speaker in speakers.items()}

    def listen(tick: int, _: Sequence[AnyEvent], __: Mapping[str, Pod]) -> None:
        if tick == 20:
            raise RecordError("DL-E420", "The disk is full.")

    ended: list[str] = []

    def end(status: str, reason: str) -> None:
        ended.append(f"{status} {reason}")
        engines[0].close_bedsides()

    engines: list[NightEngine] = []
    turn = NightEngine.run

    def run(self: NightEngine) -> None:
        engines.append(self)
        supervise(lambda: str(turn(self)), end=end)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NightEngine, "run", run)
        with pytest.raises(RecordError, match="disk is full") as caught:
            run_tiny_night(beds, listener=listen)
    assert ended == ["failed DL-E420"]
    assert all(speaker.bits[Bit.HALTED] for speaker in speakers.values())
    assert all(speaker.bits[Bit.NOT_ARMED] for speaker in speakers.values())
    assert any("does not end" in note for note in caught.value.__notes__)


def test_every_step_is_taken_and_the_first_failure_told() -> None:
    taken: list[str] = []

    def fail(name: str) -> None:
        taken.append(name)
        raise ValueError(name)

    with pytest.raises(ValueError, match="a") as caught:
        each_in_turn([lambda: fail("a"), lambda: taken.append("b"), lambda: fail("c")])
    assert taken == ["a", "b", "c"]
    assert caught.value.__notes__ == ["And then: ValueError: c"]
