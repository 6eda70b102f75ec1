"""Is somebody woken when their author and they said so? By gate, by stage, at the latest time, and by nothing else."""

import dataclasses
from collections.abc import Sequence
from functools import cache

import pytest
from msgspec import structs

from dreamloom.pod import waking
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Senses
from dreamloom.pod.plan import Plan
from dreamloom.pod.player import bits, decide, heeds, softened
from dreamloom.pod.state import PodState, Waking, opening_state
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    AwakeningDue,
    AwakeningMade,
    CueDue,
    CuePlayed,
    CueWithheld,
    Held,
    LeaseGranted,
    LightsOff,
    OutOfBedSeen,
    PartStopped,
    StageScored,
    StreamLost,
)
from dreamloom.testing.nights import EAGER, TinyBed, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime

TEXT = EAGER.replace(
    "parts:",
    """  tone: {kind: sound, class: awake, make: tone, notes: [A4], duration: 1 s, because: ours}
  say: {kind: sound, class: awake, make: tone, notes: [C5], duration: 1 s, because: ours}
parts:""",
).replace(
    "arms:",
    """awakenings:
  - kind: probe
    for: each sleeper
    when: {asleep_for: 60 s}
    cue: tone
    ramp: {from: silent, over: 10 s, to: calibrated}
    apart: {at_least: 100 s, at_most: 140 s}
    times: 2
    report: {ask: "What was there?", prompt: say, record_for: 20 s}
    before_sleep: tone
  - kind: morning
    for: each sleeper
    cue: tone
    ramp: {from: silent, over: 10 s, to: calibrated}
    latest: "07:00"
    prefer: R
    look_for: 100 s
arms:""",
)
PLAN = dataclasses.replace(plan_of(TEXT)[0], wake_s={1: NightTime(1_000.0)}, seed=3)
GRANT = grant_for(PLAN, stages=("W", "N1", "N2", "N3", "R"), purposes=("cue", "wake"))
LEASE = LeaseGranted(
    onset_s=0.0, lease="p1-0", scene="", cues=PLAN.cue_sha256, sound_class="awake", level_cap_db=45.0, cues_left=0,
    arm=None, dreamscape_sha256=PLAN.dreamscape_sha256, policy_sha256="0" * 64, not_before_s=0.0, not_after_s=1e6,
)  # fmt: skip


def scored(end_s: float, stage: str) -> StageScored:
    return StageScored(
        onset_s=end_s, stage=stage, confidence=0.9, probabilities={stage: 0.9}, window_s=30.0, decided_at_s=end_s,
        quality=1.0, method="test", tick=int(end_s) - 1,
    )  # fmt: skip


def lived(
    course: Sequence[str],
    *,
    plan: Plan = PLAN,
    from_s: int = 0,
    state: PodState | None = None,
    also: Sequence[AnyEvent] = (),
) -> tuple[PodState, list[AnyEvent]]:
    """A bed told one stage every five seconds, and deciding every second; what it said, and where it ended."""
    if state is None:
        state = opening_state(plan, GRANT, None)
        for event in (LightsOff(onset_s=0.0, by="test"), LEASE):
            state = evolve(state, event, plan)
    said: list[AnyEvent] = []
    episodes: dict[int, object] = {}
    for second in range(from_s, from_s + 5 * len(course)):
        now_s = second + 1
        for event in also:
            if second < event.onset_s <= now_s:
                state = evolve(state, event, plan)
        if now_s % 5 == 0:
            state = evolve(state, scored(now_s, course[(second - from_s) // 5]), plan)
        senses = Senses(in_hand_s=NightTime(now_s))
        found, events = decide(state, plan, NightTime(now_s), senses=senses, episodes=episodes)  # type: ignore[arg-type]
        episodes = dict(found)
        for event in events:
            state = evolve(state, event, plan)
        said += events
    return state, said


def of(said: Sequence[AnyEvent], kind: type) -> list[AnyEvent]:
    return [event for event in said if isinstance(event, kind)]


@cache
def probed() -> tuple[PodState, tuple[AnyEvent, ...]]:
    state, said = lived(["N2"] * 20 + ["W"] * 10 + ["N2"] * 60)
    return state, tuple(said)


def test_a_probe_rings_on_its_ramp_until_the_sleeper_is_awake_and_then_asks() -> None:
    said = probed()[1]
    began, made = of(said, AwakeningDue)[0], of(said, AwakeningMade)[0]
    assert isinstance(began, AwakeningDue)
    assert isinstance(made, AwakeningMade)
    assert (began.onset_s, began.manner, began.reason, began.stage) == (65.0, "probe", "GATE", "N2")
    assert (made.onset_s, made.how, made.after_s, made.report_s) == (115.0, "STAGE", 50.0, 20.0)
    rung = [event for event in said if isinstance(event, CueDue) and event.cue == "tone" and event.onset_s < 115]
    assert [event.onset_s for event in rung[:4]] == [65.0, 68.0, 71.0, 74.0]
    levels = [event.level_db for event in rung]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1] == max(levels)
    assert {event.part for event in rung} == {-300}
    after = [(event.cue, event.onset_s) for event in said if isinstance(event, CueDue) and event.onset_s >= 115]
    assert after[:2] == [("say", 115.0), ("tone", 135.0)]


def test_probes_lie_apart_as_drawn_and_are_no_more_than_asked_for() -> None:
    began = [event.onset_s for event in of(probed()[1], AwakeningDue)]
    assert len(began) == 2
    assert 100.0 <= began[1] - began[0] <= 260.0
    apart = [waking.apart_s(PLAN.dreamscape.awakenings[0], 0, times, seed) for times in range(9) for seed in range(9)]
    assert min(apart) >= 100.0
    assert max(apart) <= 140.0
    assert len(set(apart)) > 20


def test_what_wakes_is_none_of_the_nights_cues_and_softens_nothing() -> None:
    state, _ = lived(["N2"] * 15)
    assert state.is_ringing
    assert (state.cue_times_s, state.cues_since_lease) == ((), 0)
    assert softened(state, PLAN, ArousalSeen(onset_s=76.0, strength=4.0)) is None


def test_while_somebody_is_woken_or_tells_a_dream_no_part_plays_and_that_is_told() -> None:
    eager, _ = lived(["R"] * 14)
    state = evolve(eager, structs.replace(LEASE, lease="p1-1", sound_class="sleep", cues_left=100), PLAN)
    _, said = lived(["R"] * 12, state=state, from_s=70)
    assert {event.part for event in said if isinstance(event, CueDue)} == {-300}
    assert state.is_ringing
    _, episodes = lived(["R"] * 20, state=state, from_s=70, also=[OutOfBedSeen(onset_s=75.0, since_s=74.0)])
    told = [event.reason for event in episodes if isinstance(event, CueWithheld) and event.part == 0]
    assert "AWAKENING" in told


def test_whoever_sleeps_on_is_let_sleep_and_in_the_morning_somebody_must_look() -> None:
    _, said = lived(["N2"] * 60)
    first = of(said, AwakeningMade)[0]
    assert isinstance(first, AwakeningMade)
    assert (first.how, first.after_s, first.report_s) == ("GAVE_UP", 130.0, 0.0)
    assert not [event for event in said if isinstance(event, CueDue) and event.cue == "say"]


def morning(course: Sequence[str], *, also: Sequence[AnyEvent] = ()) -> list[AnyEvent]:
    """What is said from second 850 on, in a night whose probes are all made."""
    state = opening_state(PLAN, GRANT, None)
    for event in (LightsOff(onset_s=0.0, by="test"), LEASE):
        state = evolve(state, event, PLAN)
    probes = Waking("probe", 2, NightTime(0.0), None, NightTime(1.0))
    return lived(course, state=structs.replace(state, wakings={0: probes}), from_s=850, also=also)[1]


def test_a_morning_wakes_out_of_a_preferred_stage_that_comes_in_its_time() -> None:
    (began,) = of(morning(["N2"] * 20 + ["R"] * 20), AwakeningDue)
    assert isinstance(began, AwakeningDue)
    assert (began.manner, began.reason, began.stage) == ("morning", "STAGE", "R")
    assert began.onset_s == 985.0


def test_a_preferred_stage_before_its_time_wakes_nobody() -> None:
    (began,) = of(morning(["R"] * 10 + ["N2"] * 30), AwakeningDue)
    assert began.onset_s in {900.0, 1_000.0}
    (late,) = of(morning(["R"] * 8 + ["N2"] * 32), AwakeningDue)
    assert isinstance(late, AwakeningDue)
    assert (late.onset_s, late.reason) == (1_000.0, "LATEST")


@pytest.mark.parametrize(
    "amiss",
    [StreamLost(onset_s=950.0, last_s=949.0), PartStopped(onset_s=950.0, reason="a stop rule")],
    ids=["stream lost", "stopped"],
)
def test_at_the_latest_time_nothing_that_only_ends_cues_keeps_from_waking(amiss: AnyEvent) -> None:
    said = morning(["N2"] * 40, also=[amiss])
    assert [event.onset_s for event in of(said, AwakeningDue)] == [1_000.0]
    assert [event.onset_s for event in of(said, CueDue)][:2] == [1_000.0, 1_003.0]


def test_a_hold_of_the_house_and_a_missing_consent_silence_it_and_are_told() -> None:
    said = morning(["N2"] * 40, also=[Held(onset_s=950.0, reason="DISK_LOW")])
    assert not of(said, CueDue)
    assert [event.onset_s for event in of(said, AwakeningDue)] == [1_000.0]
    refused = structs.replace(opening_state(PLAN, grant_for(PLAN), None), lights_off_s=NightTime(0.0))
    _, without = lived(["N2"] * 30, state=evolve(refused, LEASE, PLAN), from_s=900)
    assert not of(without, CueDue)


def test_after_the_morning_no_part_and_no_probe_comes() -> None:
    state, said = lived(["N2"] * 10, state=None)
    over = evolve(
        state,
        AwakeningDue(onset_s=50.0, awakening=1, manner="morning", reason="LATEST", stage="N2", gives_up_s=960.0),
        PLAN,
    )
    over = evolve(over, OutOfBedSeen(onset_s=51.0, since_s=50.0), PLAN)
    _, said = lived(["N2"] * 30, state=over, from_s=51)
    assert [event.how for event in of(said, AwakeningMade)] == ["OUT_OF_BED"]  # type: ignore[attr-defined]
    assert not of(said, AwakeningDue)


def test_the_bits_of_a_stopped_night_let_a_waking_through_and_nothing_else() -> None:
    state, _ = lived(["N2"] * 15)
    stopped = evolve(state, PartStopped(onset_s=75.0, reason="test"), PLAN)
    on = {bit for bit, is_on in bits(stopped, NightTime(75.0), senses=Senses()).items() if is_on}
    rings = CueDue(
        onset_s=75.0, cue="tone", cue_sha256="0" * 64, part=-300, sound_class="awake", level_db=30.0, play_at_s=75.25,
        expires_s=75.75, lease="p1-0",
    )  # fmt: skip
    assert not {bit for bit in on if heeds(rings) >> bit & 1}
    for other in ("sleep", "awake"):
        cue = CueDue(
            onset_s=75.0, cue="x", cue_sha256="0" * 64, part=0, sound_class=other, level_db=30.0, play_at_s=75.25,  # type: ignore[arg-type]
            expires_s=75.75, lease="p1-0",
        )  # fmt: skip
        assert {bit for bit in on if heeds(cue) >> bit & 1}
    assert Bit.REVOKED not in on


@pytest.mark.parametrize("block_samples", [25, 7])
def test_a_night_rings_through_its_speaker_and_the_sleeper_who_agreed_is_woken(block_samples: int) -> None:
    agreed = grant_for(PLAN, stages=("W", "N1", "N2", "N3", "R"), purposes=("cue", "wake"))
    bed = TinyBed(source=rem_source(seconds=110, block_samples=block_samples), grant=agreed)
    night = run_tiny_night({"a": bed}, text=TEXT, arm="sham")
    (began,) = night.of(AwakeningDue)
    played = [event for event in night.of(CuePlayed) if event.onset_s > began.onset_s]
    assert len(played) > 3
    assert {event.cue for event in played if isinstance(event, CuePlayed)} == {"tone"}
