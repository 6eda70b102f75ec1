"""What does a bedside do? Stop rules, back-off, ramps and bits, event by event."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from dreamloom.engine.loop import Outside
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Senses
from dreamloom.pod.player import bits, decide, softened
from dreamloom.pod.state import PodState, opening_state
from dreamloom.record.events import (
    ArousalSeen,
    CommandGiven,
    ConsentWithdrawn,
    CueDue,
    CueWithheld,
    Held,
    LightsOff,
    PartStopped,
    Rearmed,
    Recovered,
    StageScored,
    StreamLost,
)
from dreamloom.testing.events import any_event
from dreamloom.testing.nights import EAGER, TinyBed, TinyNight, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime

PLAN, _ = plan_of()


def opened(*events: object) -> PodState:
    state = opening_state(PLAN, grant_for(PLAN), None)
    for event in events:
        state = evolve(state, event, PLAN)  # type: ignore[arg-type]
    return state


def scored(end_s: float, stage: str) -> StageScored:
    probabilities = {s: (0.9 if s == stage else 0.025) for s in ("W", "N1", "N2", "N3", "R")}
    return StageScored(
        onset_s=end_s, stage=stage, confidence=0.9, probabilities=probabilities, window_s=30.0, decided_at_s=end_s,
        quality=1.0, method="test",
    )  # fmt: skip


def due(at_s: float) -> CueDue:
    return CueDue(
        onset_s=at_s, cue="chord", cue_sha256="0" * 64, part=0, sound_class="sleep", level_db=30.0,
        play_at_s=at_s + 0.25, expires_s=at_s + 0.75, lease="p1-0",
    )  # fmt: skip


def test_an_arousal_soon_after_a_cue_pauses_and_lowers() -> None:
    arousal = ArousalSeen(onset_s=110.0, strength=4.0, id="p1.0.9")
    state = opened(scored(90, "R"), due(100.0), arousal)
    lowered = softened(state, PLAN, arousal)
    assert lowered is not None
    assert (lowered.lower_db, lowered.level_cap_db, lowered.cause) == (3.0, 42.0, "p1.0.9")
    after = evolve(state, lowered, PLAN)
    assert after.lowered_db == 3.0
    assert bits(after, NightTime(129.0), senses=Senses())[Bit.AROUSAL]
    assert not bits(after, NightTime(130.0), senses=Senses())[Bit.AROUSAL]


def test_an_arousal_of_its_own_only_pauses() -> None:
    arousal = ArousalSeen(onset_s=116.0, strength=4.0)
    state = opened(due(100.0), arousal)
    assert softened(state, PLAN, arousal) is None
    assert state.paused_until_s == 136.0


def test_more_awakenings_than_the_rule_tolerates_end_the_cues() -> None:
    state = opened(LightsOff(onset_s=0.0, by="test"))
    for k in range(3):
        start_s = 100.0 * (k + 1)
        for event in (scored(start_s, "R"), due(start_s + 2), scored(start_s + 30, "W")):
            state = evolve(state, event, PLAN)
        _, said = decide(state, PLAN, NightTime(start_s + 31), senses=Senses(), episodes={})
        stopped = [event for event in said if isinstance(event, PartStopped)]
        assert bool(stopped) == (k == 2)
    assert evolve(state, stopped[0], PLAN).stopped


@pytest.mark.parametrize(
    ("apart_s", "ended_by"), [(5_000.0, ["3 cue-locked awakenings within 10800 s"]), (5_500.0, [])]
)
def test_a_stop_rule_is_judged_over_the_whole_of_its_time(apart_s: float, ended_by: list[str]) -> None:
    plan, _ = plan_of(EAGER.replace("within: 30 min", "within: 3 h"))
    state, said = opening_state(plan, grant_for(plan), None), []
    for start_s in (100.0, 100.0 + apart_s, 100.0 + 2 * apart_s):
        for event in (scored(start_s, "R"), due(start_s + 2), scored(start_s + 30, "W")):
            state = evolve(state, event, plan)
        _, said = decide(state, plan, NightTime(start_s + 31), senses=Senses(), episodes={})
    assert [event.reason for event in said if isinstance(event, PartStopped)] == ended_by


def test_no_more_awakenings_are_kept_than_the_rule_looks_back_on() -> None:
    state = opened()
    for start_s in range(100, 2_000, 100):
        for event in (scored(start_s, "R"), due(start_s + 2.0), scored(start_s + 30, "W")):
            state = evolve(state, event, PLAN)
    assert state.awakenings_s == (1_730.0, 1_830.0, 1_930.0)


def test_waking_long_after_a_cue_is_not_the_cues_doing() -> None:
    assert opened(scored(90, "R"), due(100.0), scored(165.0, "W")).awakenings_s == ()


def test_after_a_crash_a_bed_is_disarmed_unleased_and_owes_one_cue() -> None:
    crash = Recovered(onset_s=500.0, lost_from_s=480.0, lost_to_s=500.0, segment=1)
    state = opened(due(100.0), crash)
    assert not state.armed
    assert state.leases == {}
    assert (state.parts[0].cues_tonight, state.cues_last_hour(NightTime(500.0))) == (2, 2)
    assert bits(state, NightTime(501.0), senses=Senses())[Bit.NOT_ARMED]
    assert evolve(state, Rearmed(onset_s=560.0, by="test"), PLAN).armed


def test_a_bed_that_the_house_holds_is_silent_until_its_night_is_opened_again_and_armed() -> None:
    held = opened(scored(90, "R"), Held(onset_s=95.0, reason="DISK_LOW"))
    assert bits(held, NightTime(96.0), senses=Senses())[Bit.HALTED]
    episodes, said = decide(held, PLAN, NightTime(96.0), senses=Senses(), episodes={})
    assert {episode.reason for episode in episodes.values()} == {"HALTED"}
    assert not any(isinstance(event, CueDue) for event in said)
    again = evolve(held, Recovered(onset_s=200.0, lost_from_s=150.0, lost_to_s=200.0, segment=1), PLAN)
    assert not bits(again, NightTime(201.0), senses=Senses())[Bit.HALTED]
    assert bits(again, NightTime(201.0), senses=Senses())[Bit.NOT_ARMED]


def test_a_withdrawal_stays_whatever_comes_after() -> None:
    withdrawn = opened(ConsentWithdrawn(onset_s=50.0, sleeper="S01", channel="test"))
    for event in (
        Rearmed(onset_s=60.0, by="test"),
        Recovered(onset_s=70.0, lost_from_s=0.0, lost_to_s=70.0, segment=1),
    ):
        withdrawn = evolve(withdrawn, event, PLAN)
        assert withdrawn.revoked
        assert bits(withdrawn, NightTime(80.0), senses=Senses())[Bit.REVOKED]


def test_a_lost_stream_is_stale_at_once() -> None:
    state = opened(scored(90, "R"), StreamLost(onset_s=91.0, last_s=90.0))
    assert bits(state, NightTime(91.0), senses=Senses())[Bit.STAGE_STALE]


@given(st.lists(any_event(), max_size=30))
def test_a_fold_is_the_same_however_it_is_cut(events: list[object]) -> None:
    """Folding in two pieces is folding in one, so a night can be picked up anywhere."""
    own = [event for event in events if not isinstance(event, CueDue | StageScored)]
    for cut in (0, len(own) // 2, len(own)):
        half = opened(*own[:cut])
        for event in own[cut:]:
            half = evolve(half, event, PLAN)  # type: ignore[arg-type]
        assert half == opened(*own)


PART = EAGER[EAGER.index("  - for") : EAGER.index("    ramp")] + "    budget: {per_hour: 500, per_night: 1000}\n"
TWICE = EAGER[: EAGER.index("  - for")] + PART + PART + EAGER[EAGER.index("arms:") :]


def two_parts(*script: Outside, **terms: object) -> TinyNight:
    """Two parts with the same gate and the same rhythm: whatever opens the one opens the other."""
    grant = grant_for(plan_of(TWICE)[0], **terms)
    return run_tiny_night({"p1": TinyBed(source=rem_source(seconds=70), grant=grant)}, text=TWICE, script=script)


def dues(night: TinyNight) -> list[CueDue]:
    return [event for event in night.of(CueDue) if isinstance(event, CueDue)]


def test_two_parts_due_in_one_second_are_one_sound_and_then_the_other() -> None:
    night = two_parts()
    planned = dues(night)
    assert {event.part for event in planned} == {0, 1}
    assert all(after.play_at_s - before.play_at_s >= 1.0 for before, after in pairwise(planned))
    waited = [event for event in night.of(CueWithheld) if event.reason == "OVERLAP"]  # type: ignore[attr-defined]
    assert [(event.part, event.until_s - event.onset_s) for event in waited] == [(1, 1.0)]  # type: ignore[attr-defined]


def test_one_cue_an_hour_is_one_cue_however_many_parts_are_due() -> None:
    assert len(dues(two_parts(cues_per_hour=1))) == 1


def commanded(at_s: float) -> Outside:
    plan, _ = plan_of(TWICE)
    event = CommandGiven(
        onset_s=at_s, by="test", cue="chord", cue_sha256=plan.cue_sha256["chord"], sound_class="sleep",
        level_cap_db=45.0, dreamscape_sha256=plan.dreamscape_sha256, policy_sha256="0" * 64, not_after_s=at_s + 2.0,
    )  # fmt: skip
    return Outside(known_s=NightTime(at_s), pod="p1", event=event)


def test_a_command_and_a_part_never_sound_at_once() -> None:
    planned = dues(two_parts(commanded(50.2), commanded(51.2), commanded(52.2), commanded(53.2)))
    assert {event.part for event in planned} == {-1, 0, 1}
    assert all(after.play_at_s - before.play_at_s >= 1.0 for before, after in pairwise(planned))


def test_each_part_has_a_budget_of_its_own() -> None:
    rare = TWICE[::-1].replace("per_hour: 500, per_night: 1000"[::-1], "per_hour: 2, per_night: 2"[::-1], 1)[::-1]
    grant = grant_for(plan_of(rare)[0])
    planned = dues(run_tiny_night({"p1": TinyBed(source=rem_source(seconds=90), grant=grant)}, text=rare))
    assert sum(event.part == 1 for event in planned) == 2
    assert sum(event.part == 0 for event in planned) > 5


def test_a_command_uses_up_no_parts_budget() -> None:
    state = opened(structs.replace(due(100.0), part=-1))
    assert (state.parts[0].cues_tonight, state.cues_last_hour(NightTime(101.0))) == (0, 1)
