"""Every drill passes by its own record, and one whose record does not show what it must is told to have failed."""

from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.loop import Outside
from dreamloom.house import making
from dreamloom.house.drilling import drill_named, hold
from dreamloom.house.drills import DRILLS, seen
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import CuePlayed, GlitchSeen, GuardianStepped, PodIsolated, Rearmed
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.units import NightTime


def test_a_check_that_finds_nothing_says_never_and_fails() -> None:
    check = seen.told("PodIsolated", "isolated", within_s=3.0)
    assert check.judge([], "p1", 120.0) == (False, "never")
    soon = PodIsolated(onset_s=121.0, tick=120, pod="p1", rule="no-data")
    assert check.judge([soon], "p1", 120.0) == (True, "after 1 s")
    assert check.judge([soon], "p2", 120.0) == (False, "never")


def test_a_cue_before_a_bed_was_armed_again_fails_its_drill_and_one_behind_it_does_not() -> None:
    check = seen.silent_until_armed("silent")
    armed = Rearmed(onset_s=180.0, pod="p1", by="consent")
    early, later = (
        CuePlayed(onset_s=at_s, pod="p1", cue="chord", planned_s=at_s, actual_s=at_s, verified="none", cut_s=None)
        for at_s in (150.0, 190.0)
    )
    assert check.judge([armed, later], "p1", 120.0) == (True, "0 cues, armed after 60 s")
    assert not check.judge([early, armed], "p1", 120.0)[0]
    assert not check.judge([], "p1", 120.0)[0]


def test_a_drill_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError) as raised:
        drill_named("fire")
    assert all(name in raised.value.why for name in DRILLS)


def test_a_night_in_which_the_guardian_stepped_verifies_and_is_decided_again_as_it_was(tmp_path: Path) -> None:
    pods = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=1500s,hours=0.02") for n in (1, 2)]
    night = making.write_night(House(tmp_path / "house"), "guarded", pods, "nightmare_rem_tmr", seed=1)
    script = [
        Outside(
            known_s=NightTime(10.0), pod="p1", event=GlitchSeen(onset_s=10.0, glitch="IMPOSTOR", differs=("twin",))
        ),
        Outside(known_s=NightTime(12.0), pod="p2", event=GlitchSeen(onset_s=12.0, glitch="CLOCK_STEP", step_s=5.0)),
        Outside(known_s=NightTime(20.0), pod=None, event=GlitchSeen(onset_s=20.0, glitch="NIGHT_LATE")),
    ]
    run_night(night, RunOptions(speed_x=None, script=script))
    with read_only(night.record) as record:
        steps = [(event.pod, event.rule) for event in record.events() if isinstance(event, GuardianStepped)]
    assert set(steps) >= {("p1", "two-claim-one-bed"), ("p2", "clock-step"), ("p1", "house-late"), ("p2", "house-late")}
    assert verify_night(night).ok
    assert replay_night(night).first_difference is None


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", list(DRILLS))
def test_every_drill_passes_by_its_own_record(name: str) -> None:
    done = hold(drill_named(name))
    assert [each for each in done.shown if not each.ok] == []
