"""Which sleep cycle is it? REM periods of courses that a test writes down, as a live track would tell them."""

from msgspec.structs import replace

from dreamloom.dreamscape.gate import Cycles, Gate
from dreamloom.pod import cycles
from dreamloom.pod.fold import evolve
from dreamloom.pod.gates import cycle_of, shut_by
from dreamloom.pod.state import PodState, opening_state
from dreamloom.record.events import StageScored
from dreamloom.testing.nights import grant_for, plan_of
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import HOP_S, NightTime

PLAN, _ = plan_of()
N2, REM, WAKE = Stage.N2, Stage.R, Stage.W


def seen(*course: tuple[Stage, float]) -> cycles.RemPeriods:
    """After these stages, each for so many minutes, told every five seconds."""
    found = cycles.NONE_YET
    for stage, minutes in course:
        for _ in range(round(minutes * 60 / HOP_S)):
            found = cycles.after(found, stage, HOP_S)
    return found


def test_a_rem_period_is_over_when_fifteen_minutes_passed_without_rem() -> None:
    assert seen((N2, 80), (REM, 10), (N2, 14.9)).ended == 0
    assert seen((N2, 80), (REM, 10), (N2, 15)).ended == 1
    assert seen((N2, 80), (REM, 10), (N2, 90), (REM, 20), (WAKE, 15)).ended == 2


def test_rem_that_comes_back_within_fifteen_minutes_belongs_to_the_same_period() -> None:
    assert seen((REM, 10), (N2, 14), (REM, 5), (N2, 14.9)).ended == 0
    assert seen((REM, 10), (N2, 14), (REM, 5), (N2, 15)).ended == 1


def test_moments_of_rem_that_a_live_track_sees_in_error_make_no_period_and_prolong_none() -> None:
    flicker = [(REM, 0.25), (N2, 2.0)] * 20
    assert seen(*flicker).rem_s == 0.0
    assert seen((REM, 10), *flicker[:16]).ended == 1


def test_a_short_period_counts_as_the_first_of_a_night_and_later_not() -> None:
    assert seen((REM, 2), (N2, 15)).ended == 1
    assert seen((REM, 10), (N2, 20), (REM, 2), (N2, 20)).ended == 1
    assert seen((REM, 10), (N2, 20), (REM, 5), (N2, 20)).ended == 2


def test_nothing_is_known_of_a_time_without_a_stage() -> None:
    assert seen((REM, 10), (N2, 10), (Stage.UNSCORED, 60), (N2, 4.9)).ended == 0
    assert seen((REM, 10), (N2, 10), (Stage.UNSCORED, 60), (N2, 5)).ended == 1


def told(state: PodState, stage: Stage, from_s: float, minutes: float) -> PodState:
    for hop in range(round(minutes * 60 / HOP_S)):
        end_s = from_s + (hop + 1) * HOP_S
        probabilities = {str(stage): 1.0} if stage is not Stage.UNSCORED else {}
        event = StageScored(
            onset_s=end_s, stage=str(stage), confidence=0.9, probabilities=probabilities, window_s=30.0,
            decided_at_s=end_s, quality=1.0, method="test",
        )  # fmt: skip
        state = evolve(state, event, PLAN)
    return state


def test_a_gate_on_cycles_is_shut_before_sleep_and_in_every_other_cycle() -> None:
    state = opening_state(PLAN, grant_for(PLAN), None)
    gate = Gate(cycle=Cycles(from_=2, to=2))
    assert cycle_of(told(state, WAKE, 0.0, 5), NightTime(300.0)) == 0
    first = told(told(state, N2, 0.0, 60), REM, 3600.0, 10)
    assert (cycle_of(first, NightTime(4200.0)), shut_by(gate, first, NightTime(4200.0), part=0)) == (1, "CYCLE")
    second = told(first, N2, 4200.0, 20)
    assert (cycle_of(second, NightTime(5400.0)), shut_by(gate, second, NightTime(5400.0), part=0)) == (2, None)
    third = told(told(second, REM, 5400.0, 10), N2, 6000.0, 20)
    assert shut_by(gate, third, NightTime(7200.0), part=0) == "CYCLE"


def test_where_no_stage_is_told_a_cycle_lasts_ninety_minutes_from_sleep_onset_or_lights_off() -> None:
    bed = replace(opening_state(PLAN, None, None), unstageable=True)
    assert cycle_of(bed, NightTime(9_000.0)) == 0
    dark = replace(bed, lights_off_s=NightTime(0.0))
    assert [cycle_of(dark, NightTime(at_s)) for at_s in (0.0, 5_399.0, 5_400.0, 16_200.0)] == [1, 1, 2, 4]
    asleep = replace(dark, sleep_onset_s=NightTime(1_000.0))
    assert cycle_of(asleep, NightTime(5_400.0)) == 1


def test_asleep_for_counts_from_the_last_time_somebody_fell_asleep() -> None:
    gate, state = Gate(asleep_for_s=600.0), opening_state(PLAN, grant_for(PLAN), None)
    assert shut_by(gate, state, NightTime(1_000.0), part=0) == "ASLEEP_FOR"
    asleep = told(told(state, WAKE, 0.0, 1), N2, 60.0, 10)
    assert shut_by(gate, asleep, NightTime(660.0), part=0) == "ASLEEP_FOR"
    assert shut_by(gate, asleep, NightTime(665.0), part=0) is None
    woken = told(told(asleep, WAKE, 660.0, 1), N2, 720.0, 5)
    assert shut_by(gate, woken, NightTime(1_020.0), part=0) == "ASLEEP_FOR"
