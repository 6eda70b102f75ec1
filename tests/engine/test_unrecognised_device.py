"""Does a bed stay silent when a device comes back to it that may be a neighbour's?"""

from collections.abc import Sequence
from pathlib import Path

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.loop import Outside
from dreamloom.house import making, running
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import AnyEvent, CueDue, CuePlayed, LeaseLapsed, Rearmed, StreamUnrecognised
from dreamloom.testing.nights import EAGER, TinyBed, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vocabulary.units import NightTime

BACK_S, ARMED_S = 60.0, 200.0


def told(event: AnyEvent) -> Outside:
    return Outside(known_s=NightTime(event.onset_s), pod="p1", event=event)


def night_with_a_stranger(*more: Outside) -> Sequence[AnyEvent]:
    """Five minutes of REM at a bed whose sleeper allows one re-arming; a device nobody knows answers at BACK_S."""
    plan, _ = plan_of()
    bed = TinyBed(source=rem_source(seconds=300), grant=grant_for(plan, rearm_after_crash="once"))
    return run_tiny_night({"p1": bed}, script=[told(StreamUnrecognised(onset_s=BACK_S)), *more]).events


def cued_s(events: Sequence[AnyEvent]) -> list[float]:
    return [event.onset_s for event in events if isinstance(event, CueDue | CuePlayed)]


def test_a_device_that_may_be_a_neighbours_disarms_its_bed_and_no_grant_arms_it_again() -> None:
    events = night_with_a_stranger()
    assert [at_s for at_s in cued_s(events) if at_s < BACK_S]
    assert max(cued_s(events)) <= BACK_S + 1
    assert not [event for event in events if isinstance(event, Rearmed)]
    assert "not armed" in {event.reason for event in events if isinstance(event, LeaseLapsed)}


def test_a_person_arms_the_bed_again() -> None:
    events = night_with_a_stranger(told(Rearmed(onset_s=ARMED_S, by="the person in charge")))
    assert not [at_s for at_s in cued_s(events) if BACK_S + 1 < at_s < ARMED_S]
    assert [at_s for at_s in cued_s(events) if at_s > ARMED_S]


def test_a_night_with_a_stranger_is_decided_again(tmp_path: Path) -> None:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S1", source="sim:lucid,start=4h")]
    night = making.write_night(House(tmp_path / "house"), "stranger", pods, str(tmp_path / "eager.yaml"), seed=3)
    running.run_night(night, RunOptions(speed_x=None, until_s=90.0, script=[told(StreamUnrecognised(onset_s=BACK_S))]))
    with read_only(night.record) as record:
        assert [event.pod for event in record.events() if isinstance(event, StreamUnrecognised)] == ["p1"]
    assert replay_night(night).first_difference is None
