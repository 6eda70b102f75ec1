"""When is a cue wanted? Gates clause by clause, on readings that a test writes down."""

import dataclasses

import msgspec
import pytest

from dreamloom.dreamscape.model import Comparison, Gate, MeanConfidence
from dreamloom.pod.belief import Reading, is_open_after
from dreamloom.pod.fold import evolve
from dreamloom.pod.gates import shut_by
from dreamloom.pod.state import PodState, opening_state
from dreamloom.record.events import AnyEvent, ArousalSeen, StageScored, StreamLost
from dreamloom.testing.nights import grant_for, plan_of
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import NightTime

PLAN, _ = plan_of()
SURE = Comparison(">=", 0.8)
REM = Gate(stage=(Stage.R,), confidence=SURE, stable_for_s=20.0)


def reading(end_s: float, stage: Stage, certainty: float) -> Reading:
    """An estimate whose window ended then; what is left of the probability goes to the other stages alike."""
    if stage is Stage.UNSCORED:
        return Reading(NightTime(end_s), stage, 0.0, {}, "")
    rest = (1.0 - certainty) / 4
    probabilities = {str(s): certainty if s is stage else rest for s in SCORED_STAGES}
    return Reading(NightTime(end_s), stage, certainty, probabilities, "")


def asleep(*readings: Reading, lights_off_s: float | None = 0.0, onset_s: float | None = None) -> PodState:
    state = opening_state(PLAN, grant_for(PLAN), None)
    return msgspec.structs.replace(
        state,
        readings=readings,
        lights_off_s=None if lights_off_s is None else NightTime(lights_off_s),
        sleep_onset_s=None if onset_s is None else NightTime(onset_s),
    )


def rem(*ends_s: float, certainty: float = 0.9) -> tuple[Reading, ...]:
    return tuple(reading(end_s, Stage.R, certainty) for end_s in ends_s)


def test_a_gate_opens_when_its_stage_held_for_the_whole_time() -> None:
    assert shut_by(REM, asleep(*rem(80, 85, 90, 95)), NightTime(99.0), part=0) == "STABILITY"
    assert shut_by(REM, asleep(*rem(80, 85, 90, 95, 100)), NightTime(100.0), part=0) is None


def test_one_estimate_of_another_stage_shuts_it_at_once() -> None:
    state = asleep(*rem(80, 85, 90, 95), reading(100, Stage.N2, 0.9))
    assert shut_by(REM, state, NightTime(101.0), part=0) == "STAGE"


def test_one_unsure_estimate_shuts_it_and_the_time_begins_anew() -> None:
    unsure = asleep(*rem(80, 85, 90, 95), reading(100, Stage.R, 0.79))
    assert shut_by(REM, unsure, NightTime(100.0), part=0) == "CONFIDENCE"
    again = asleep(*unsure.readings, *rem(105, 110, 115, 120))
    assert shut_by(REM, again, NightTime(124.0), part=0) == "STABILITY"
    assert shut_by(REM, again, NightTime(125.0), part=0) is None


def test_unscored_shuts_it_by_its_own_name() -> None:
    assert shut_by(REM, asleep(*rem(80, 85), reading(90, Stage.UNSCORED, 0.0)), NightTime(91.0), part=0) == "UNSCORED"
    assert shut_by(REM, asleep(), NightTime(91.0), part=0) == "UNSCORED"


def test_several_stages_count_together() -> None:
    gate = Gate(stage=(Stage.N2, Stage.N3), confidence=SURE)
    shared = Reading(NightTime(90.0), Stage.N2, 0.5, {"N2": 0.5, "N3": 0.4, "W": 0.1}, "")
    assert shut_by(gate, asleep(shared), NightTime(91.0), part=0) is None


@pytest.mark.parametrize(
    ("now_s", "expected"), [(1799.0, "OUTSIDE_WINDOW"), (1800.0, None), (7199.0, None), (7200.0, "OUTSIDE_WINDOW")]
)
def test_a_window_begins_after_lights_off_and_ends_by_itself(now_s: float, expected: str | None) -> None:
    gate = Gate(after_lights_off_s=1800.0, for_s=5400.0)
    assert shut_by(gate, asleep(lights_off_s=0.0), NightTime(now_s), part=0) == expected


def test_before_lights_off_nothing_that_waits_for_it_opens() -> None:
    gate = Gate(after_lights_off_s=0.0)
    assert shut_by(gate, asleep(lights_off_s=None), NightTime(50.0), part=0) == "BEFORE_LIGHTS_OFF"


def test_a_window_after_sleep_onset_waits_for_sleep() -> None:
    gate = Gate(after_sleep_onset_s=60.0)
    assert shut_by(gate, asleep(), NightTime(500.0), part=0) == "OUTSIDE_WINDOW"
    assert shut_by(gate, asleep(onset_s=445.0), NightTime(500.0), part=0) == "OUTSIDE_WINDOW"
    assert shut_by(gate, asleep(onset_s=440.0), NightTime(500.0), part=0) is None


def test_a_mean_gate_needs_all_its_readings_and_their_mean() -> None:
    gate = Gate(stage=(Stage.N3,), mean_confidence=MeanConfidence(at_least=0.9, over_readings=30, reading_every_s=1.0))
    deep = [reading(end_s, Stage.N3, 0.95) for end_s in range(60, 105, 5)]
    assert shut_by(gate, asleep(*deep[-4:]), NightTime(100.0), part=0) == "CONFIDENCE"
    assert shut_by(gate, asleep(*deep), NightTime(100.0), part=0) is None
    dipped = [*deep[:-2], reading(95, Stage.N3, 0.3), deep[-1]]
    assert shut_by(gate, asleep(*dipped), NightTime(100.0), part=0) == "CONFIDENCE"


LASTING = Gate(stage=(Stage.R,), confidence=SURE, stable_for_s=20.0, close_below=0.5)


def course(gate: Gate, *readings: Reading) -> list[bool]:
    """Whether the gate is open after each of them."""
    found = [False]
    for count in range(1, len(readings) + 1):
        found.append(is_open_after(gate, readings[:count], was_open=found[-1]))
    return found[1:]


def test_an_open_gate_with_a_closing_bound_does_not_flicker() -> None:
    wavering = [*rem(80, 85, 90, 95, 100), *rem(105, certainty=0.79), *rem(110, certainty=0.5), *rem(115)]
    assert course(LASTING, *wavering) == [False] * 4 + [True] * 4
    assert course(REM, *wavering) == [False] * 4 + [True] + [False] * 3


def test_below_its_closing_bound_it_closes_and_must_be_opened_anew() -> None:
    low = [*rem(80, 85, 90, 95, 100), *rem(105, certainty=0.49), *rem(110, certainty=0.7), *rem(115, 120, 125, 130)]
    assert course(LASTING, *low) == [False] * 4 + [True] + [False] * 6
    assert course(LASTING, *low, *rem(135))[-1]


@pytest.mark.parametrize("ended", [reading(105, Stage.UNSCORED, 0.0), reading(105, Stage.W, 0.5)])
def test_unscored_and_waking_close_it_whatever_its_bound(ended: Reading) -> None:
    loose = Gate(stage=(Stage.R,), confidence=SURE, stable_for_s=20.0, close_below=0.1)
    assert course(loose, *rem(80, 85, 90, 95, 100), ended)[-2:] == [True, False]


def scored(end_s: float, certainty: float) -> StageScored:
    likely = {"R": certainty, "N2": 1.0 - certainty}
    return StageScored(
        onset_s=end_s,
        stage="R" if certainty >= 0.5 else "N2",
        confidence=max(likely.values()),
        probabilities=likely,
        window_s=30.0,
        decided_at_s=end_s,
        quality=1.0,
        method="test",
    )


@pytest.mark.parametrize(
    "closed_by",
    [ArousalSeen(onset_s=121.0, strength=4.0), StreamLost(onset_s=121.0, last_s=119.0)],
    ids=["arousal", "lost"],
)
def test_an_arousal_or_a_lost_stream_closes_it_and_what_opened_it_must_hold_again(closed_by: AnyEvent) -> None:
    part = msgspec.structs.replace(PLAN.dreamscape.parts[0], when=LASTING)
    plan = dataclasses.replace(PLAN, dreamscape=msgspec.structs.replace(PLAN.dreamscape, parts=(part,)))
    state = opening_state(plan, grant_for(plan), None)
    for end_s in range(80, 105, 5):
        state = evolve(state, scored(end_s, 0.9), plan)
    for end_s in range(105, 125, 5):
        state = evolve(state, scored(end_s, 0.6), plan)
    assert shut_by(LASTING, state, NightTime(120.0), part=0) is None
    state = evolve(state, closed_by, plan)
    assert shut_by(LASTING, state, NightTime(121.0), part=0) == "CONFIDENCE"
    assert shut_by(LASTING, evolve(state, scored(125, 0.6), plan), NightTime(125.0), part=0) == "CONFIDENCE"
