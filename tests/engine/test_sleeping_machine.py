"""Does a machine that slept keep every bed silent until somebody armed it again?"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.adapters.power import is_lid_closed
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.bedside import DISARMING, REARM_AFTER_S, REARMED_BY_CONSENT
from dreamloom.engine.clocks import SHORTEST_SLEEP_S, SleepSense, VirtualClock
from dreamloom.engine.loop import Outside
from dreamloom.house import making, running
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.sleep_watch import LidWatch
from dreamloom.record.events import AnyEvent, CueDue, CuePlayed, LeaseGranted, LeaseLapsed, MachineSlept, Rearmed
from dreamloom.testing.nights import EAGER, TinyBed, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime, Seconds

ASLEEP_S, AWAKE_S = 60.0, 160.0


class Lidded(VirtualClock):
    """A clock that jumps from ASLEEP_S to AWAKE_S: nobody asked what time it was between."""

    def wait_until(self, time_s: NightTime) -> None:
        super().wait_until(time_s)
        if ASLEEP_S <= self._now_s < AWAKE_S:
            self._now_s = NightTime(AWAKE_S)


class Watched(VirtualSpeaker):
    """Remembers from which night time on its bits kept it disarmed."""

    def __init__(self) -> None:
        super().__init__()
        self.armed: list[bool] = []

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        super().set_bit(bit, on=on)
        if bit is Bit.NOT_ARMED:
            self.armed.append(not on)


def slept(known_s: float = ASLEEP_S) -> Outside:
    event = MachineSlept(onset_s=known_s, slept_s=AWAKE_S - ASLEEP_S)
    return Outside(known_s=NightTime(known_s), pod="p1", event=event)


def night_with_a_closed_lid(rearm: str, speaker: VirtualSpeaker) -> Sequence[AnyEvent]:
    plan, _ = plan_of()
    bed = TinyBed(source=rem_source(seconds=300), speaker=speaker, grant=grant_for(plan, rearm_after_crash=rearm))
    return run_tiny_night({"p1": bed}, clock=Lidded(), speed_x=1.0, script=[slept()]).events


def cued_s(events: Sequence[AnyEvent], kind: type = CueDue) -> list[float]:
    return [event.onset_s for event in events if isinstance(event, kind)]


def test_a_closed_lid_disarms_its_bed_until_the_one_rearming_after_it_was_opened() -> None:
    events = night_with_a_closed_lid("once", speaker := Watched())
    (rearmed,) = [event for event in events if isinstance(event, Rearmed)]
    assert rearmed.by == REARMED_BY_CONSENT
    assert rearmed.onset_s >= AWAKE_S + REARM_AFTER_S
    assert [at_s for at_s in cued_s(events) if at_s < ASLEEP_S]
    assert not [at_s for at_s in cued_s(events) + cued_s(events, CuePlayed) if ASLEEP_S + 1 < at_s < rearmed.onset_s]
    assert [at_s for at_s in cued_s(events, CuePlayed) if at_s > rearmed.onset_s]
    assert "not armed" in {event.reason for event in events if isinstance(event, LeaseLapsed)}
    assert not [e for e in events if isinstance(e, LeaseGranted) and ASLEEP_S + 3 < e.onset_s < rearmed.onset_s - 1]
    assert speaker.armed.index(False) > 0


def test_without_leave_to_rearm_a_bed_stays_silent_after_a_closed_lid() -> None:
    events = night_with_a_closed_lid("never", speaker := Watched())
    assert not [event for event in events if isinstance(event, Rearmed)]
    assert max(cued_s(events)) <= ASLEEP_S + 1
    assert speaker.armed[-1] is False


def test_a_rearming_that_waits_from_before_waits_anew_when_the_machine_slept() -> None:
    """A bed of a broken night would have been armed by consent while the lid was closed."""
    plan, _ = plan_of()
    waiting = Outside(
        known_s=NightTime(ASLEEP_S), pod="p1", event=Rearmed(onset_s=ASLEEP_S + 30, by=REARMED_BY_CONSENT)
    )
    grant = grant_for(plan, rearm_after_crash="once")
    bed = TinyBed(source=rem_source(seconds=300), grant=grant)
    events = run_tiny_night({"p1": bed}, clock=Lidded(), speed_x=1.0, script=[waiting, slept()]).events
    assert [event.onset_s for event in events if isinstance(event, Rearmed)] == [AWAKE_S + REARM_AFTER_S]


class Machine:
    """Two clocks, one of which stands still while it sleeps; held up between any two readings for as long as told."""

    def __init__(self, holds_s: Sequence[float]) -> None:
        self.awake_s = self.asleep_s = 0.0
        self._holds_s = list(holds_s)

    def read_awake_s(self) -> float:
        self.awake_s += self._holds_s.pop() if self._holds_s else 0.0
        return self.awake_s

    def read_ever_s(self) -> float:
        return self.read_awake_s() + self.asleep_s


@given(
    st.lists(st.floats(0, 100), max_size=60),
    st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.5, 3600.0]), min_size=1, max_size=12),
)
def test_a_process_that_is_held_up_is_never_taken_for_a_machine_that_slept(
    holds_s: list[float], sleeps_s: list[float]
) -> None:
    machine = Machine(holds_s)
    sense = SleepSense(machine.read_ever_s, machine.read_awake_s)
    told_s = 0.0
    for sleep_s in sleeps_s:
        machine.asleep_s += sleep_s
        told_s += sense.slept_s()
        assert told_s <= machine.asleep_s + 1e-6
    for _ in range(len(holds_s) + 2):  # undisturbed at last, it finds what is left, but for the shortest
        told_s += sense.slept_s()
    assert told_s > 0 or machine.asleep_s == 0 or holds_s


@pytest.mark.parametrize("sleep_s", [0.5, 60.0, 30000.0])
def test_a_sleep_is_told_once_and_whole(sleep_s: float) -> None:
    machine = Machine([])
    sense = SleepSense(machine.read_ever_s, machine.read_awake_s)
    machine.asleep_s = sleep_s
    assert [sense.slept_s() for _ in range(3)] == [sleep_s, 0.0, 0.0]


def test_this_machine_has_not_slept_while_it_was_looked_at() -> None:
    sense = SleepSense()
    assert [sense.slept_s() for _ in range(100)] == [0.0] * 100
    assert SHORTEST_SLEEP_S < 1.0


def test_a_live_night_tells_every_bed_and_the_person_and_is_decided_again(tmp_path: Path) -> None:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id=f"p{n}", sleeper=f"S{n}", source="sim:lucid,start=4h") for n in (1, 2)]
    night = making.write_night(House(tmp_path / "house"), "lid", pods, str(tmp_path / "eager.yaml"), seed=3)
    asked, said = list[int](), list[str]()

    def slept_s() -> Seconds:
        asked.append(1)
        return Seconds(0.5 if len(asked) == 3 else 0.0)

    running.run_night(night, RunOptions(until_s=2.0, slept_s=slept_s, warn=said.append))
    with read_only(night.record) as record:
        events = list(record.events())
    assert [event.pod for event in events if isinstance(event, MachineSlept)] == ["p1", "p2"]
    assert [line for line in said if "slept" in line]
    assert replay_night(night).first_difference is None


def test_a_lid_that_closes_disarms_every_bed_once_and_one_that_was_closed_from_the_first_does_not(
    tmp_path: Path,
) -> None:
    lid = tmp_path / "LID0"
    lid.mkdir()
    (lid / "state").write_text("state:      closed\n")
    said: list[str] = []
    watch = LidWatch(["p2", "p1"], lambda: is_lid_closed(tmp_path), warn=said.append)
    told = []
    for second, state in enumerate(["closed", "open", "closed", "closed", "open", "closed"]):
        (lid / "state").write_text(f"state:      {state}\n")
        told += [(each.pod, each.event.onset_s, each.event.slept_s) for each in watch(NightTime(10.0 + 2 * second))]
    assert told == [("p1", 14.0, 0.0), ("p2", 14.0, 0.0), ("p1", 20.0, 0.0), ("p2", 20.0, 0.0)]
    assert len(said) == 2
    assert not is_lid_closed(tmp_path / "nowhere")
    assert MachineSlept in DISARMING
