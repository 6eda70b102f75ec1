"""Does a bed move through scenes as written? Its own steps, what plays in each, and what the house leases."""

from functools import cache
from itertools import pairwise

import pytest

from dreamloom.dreamscape import obeyed
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.reader import read
from dreamloom.dreamscape.unstaged import by_the_clock
from dreamloom.engine.loop import Outside
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Senses
from dreamloom.pod.player import decide
from dreamloom.pod.scenes import entered
from dreamloom.pod.state import PodState, opening_state
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    CueDue,
    CueWithheld,
    EyeSignalSeen,
    LeaseGranted,
    NightmareArousalSeen,
    Recovered,
    SceneEntered,
    StageScored,
)
from dreamloom.testing.nights import EAGER, TinyBed, TinyNight, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vocabulary.units import NightTime

PART = """      - for: each sleeper
        when: {stage: R, confidence: ">= 0.8", stable_for: 10 s, because: ours}
        play: CUE
        every: 4 s
        budget: {per_hour: 500, per_night: 1000, because: ours}
"""
SCENES = f"""scenes:
  own:
    parts:
{PART.replace("CUE", "chord")}    next:
      - {{to: common, for: each sleeper, after: 60 s}}
  common:
    parts:
{PART.replace("CUE", "bell")}    next:
      - {{to: quiet, for: each sleeper, when: {{stage: R, confidence: ">= 0.8"}}, after: 20 s}}
      - {{to: own, for: each sleeper, on: arousal}}
  quiet:
    about: Nothing plays, for good.
    next:
      - {{to: own, for: each sleeper, on: awakening}}
arms:"""
TEXT = (
    EAGER[: EAGER.index("parts:")].replace(
        "chord:", "bell: {kind: sound, class: sleep, make: tone, notes: [A5], duration: 1 s, because: ours}\n  chord:"
    )
    + SCENES
    + EAGER.partition("arms:")[2].replace("active: {cue: chord}", "active: {cue: own}")
)
PLAN, _ = plan_of(TEXT)


@cache
def night(*, block_samples: int = 25, script: tuple[Outside, ...] = (), seconds: float = 90) -> TinyNight:
    bed = TinyBed(source=rem_source(seconds=seconds, block_samples=block_samples))
    return run_tiny_night({"a": bed}, text=TEXT, arm="active", script=script)


def steps(events: list[AnyEvent]) -> list[tuple[float, str, str]]:
    return [(e.onset_s, e.scene, e.reason) for e in events if isinstance(e, SceneEntered)]


def test_each_scene_plays_its_own_parts_while_the_sleeper_is_in_it_and_no_other() -> None:
    found = night()
    assert steps(found.events) == [(1.0, "own", "BEGINNING"), (61.0, "common", "AFTER"), (81.0, "quiet", "GATE")]
    heard = {e.onset_s: (e.cue, e.part) for e in found.events if isinstance(e, CueDue)}
    assert {cue for at_s, cue in heard.items() if at_s < 61} == {("chord", 0)}
    assert {cue for at_s, cue in heard.items() if 61 <= at_s < 81} == {("bell", 1)}
    assert not [at_s for at_s in heard if at_s >= 81]
    told = [e for e in found.events if isinstance(e, CueWithheld)]
    assert all(e.until_s <= 81 for e in told if e.part == 1)


def test_the_same_samples_cut_otherwise_give_the_same_record() -> None:
    def decided(found: TinyNight) -> list[tuple[float, str]]:
        return [(e.onset_s, type(e).__name__) for e in found.events if isinstance(e, SceneEntered | CueDue)]

    assert decided(night()) == decided(night(block_samples=7))


def test_a_lease_names_the_scene_and_holds_its_cues_and_those_of_the_next_one() -> None:
    leases = [e for e in night().events if isinstance(e, LeaseGranted)]
    cues = {lease.scene: set(lease.cues) - {"silence"} for lease in leases}
    assert cues == {"own": {"chord", "bell"}, "common": {"chord", "bell"}, "quiet": {"chord"}}


def test_a_scene_that_the_house_names_is_entered_and_plays() -> None:
    told = SceneEntered(onset_s=30.0, scene="common", left="own", reason="TOGETHER")
    found = night(script=(Outside(known_s=NightTime(30.0), pod="a", event=told),), seconds=60)
    assert [step for step in steps(found.events) if step[0] == 30.0] == [(30.0, "common", "TOGETHER")]
    assert {e.cue for e in found.events if isinstance(e, CueDue) and 31 < e.onset_s < 51} == {"bell"}


def state_in(scene: str, since_s: float, *events: AnyEvent) -> PodState:
    state = opening_state(PLAN, grant_for(PLAN), None)
    state = evolve(state, SceneEntered(onset_s=since_s, scene=scene, left="", reason="BEGINNING"), PLAN)
    for event in events:
        state = evolve(state, event, PLAN)
    return state


def scored(end_s: float, stage: str, tick: int) -> StageScored:
    return StageScored(
        onset_s=end_s, stage=stage, confidence=0.9, probabilities={stage: 0.9}, window_s=30.0, decided_at_s=end_s,
        quality=1.0, method="test", tick=tick,
    )  # fmt: skip


def next_scene(state: PodState, now_s: float) -> list[tuple[str, str, str | None]]:
    return [(e.scene, e.reason, e.cause) for e in entered(state, PLAN, NightTime(now_s)) if isinstance(e, SceneEntered)]


def test_an_arousal_leads_back_in_its_own_second_and_never_later() -> None:
    stirred = state_in("common", 100.0, ArousalSeen(onset_s=110.0, strength=4.0, tick=109, id="a.0.7"))
    assert next_scene(stirred, 110.0) == [("own", "AROUSAL", "a.0.7")]
    assert next_scene(stirred, 111.0) == []


def test_waking_leads_on_and_so_may_a_signal_or_a_nightmare() -> None:
    woken = state_in("quiet", 100.0, scored(150.0, "N2", 149), scored(155.0, "W", 154))
    assert next_scene(woken, 155.0) == [("own", "AWAKENING", None)]
    signal = EyeSignalSeen(
        onset_s=120.0, status="confirmed", confidence=0.8, began_s=115.0, ended_s=120.0, size_uv=200.0, sweep_s=0.5,
        first="left", tick=119,
    )  # fmt: skip
    bad = NightmareArousalSeen(
        onset_s=130.0, heart_per_min=90, usual_heart_per_min=60, breath_per_min=20, usual_breath_per_min=12, tick=129
    )
    happened = state_in("quiet", 100.0, signal, bad).happened
    assert {what: each.tick for what, each in happened.items()} == {"eye signal": 119, "nightmare": 129, "arousal": 129}


def test_on_a_stage_too_old_to_act_on_nobody_goes_anywhere() -> None:
    dreaming = state_in("common", 100.0, scored(125.0, "R", 124))
    assert next_scene(dreaming, 125.0) == [("quiet", "GATE", None)]
    assert next_scene(dreaming, 141.0) == []


def test_after_a_crash_the_sleeper_is_where_they_were_and_only_parts_that_may_have_played_count() -> None:
    crash = Recovered(onset_s=300.0, lost_from_s=290.0, lost_to_s=300.0, segment=1)
    state = state_in("common", 100.0, crash)
    assert (state.scene, state.scene_since_s) == ("common", 100.0)
    assert [part.cues_tonight for part in state.parts] == [1, 1]
    assert next_scene(state, 301.0) == []


def test_a_silence_that_is_open_is_told_when_its_scene_is_left() -> None:
    state = state_in("own", 0.0, scored(58.0, "N2", 57))
    episodes, _ = decide(state, PLAN, NightTime(59.0), senses=Senses(), episodes={})
    assert list(episodes) == [0]
    after, said = decide(state, PLAN, NightTime(60.0), senses=Senses(), episodes=episodes)
    assert [(e.part, e.until_s) for e in said if isinstance(e, CueWithheld)] == [(0, 60.0)]
    assert list(after) == [1]


def test_a_scene_with_a_step_that_no_bed_heeds_is_silent_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obeyed, "HEEDED_IN_STEPS", obeyed.HEEDED_IN_STEPS - {"on"})
    dreamscape = read(TEXT, file="a.yaml")
    assert obeyed.obeyed_parts(dreamscape) == (0,)
    assert any('no part of the scene "common" plays' in found.text for found in not_yet(dreamscape))


def test_parts_of_a_scene_go_by_the_clock_at_a_bed_that_tells_no_stage() -> None:
    fallback = "        else: {pod: phone, when: {after_lights_off: 5 h, for: 1 h}, label: unstaged}\n"
    dreamscape = read(TEXT.replace("play: bell\n", "play: bell\n" + fallback), file="a.yaml")
    (played,) = by_the_clock(dreamscape, "phone").scenes["common"].parts
    assert (played.label, played.when.after_lights_off_s, played.when.stage) == ("unstaged", 18_000.0, ())


def test_a_part_of_the_whole_night_keeps_its_number_when_scenes_are_added() -> None:
    with_scenes = EAGER.replace("arms:", SCENES.replace("CUE", "chord").replace("bell", "chord"), 1)
    plan, _ = plan_of(with_scenes)
    assert plan.scene_of == (None, "own", "common")
    assert plan.parts[0] == plan_of()[0].parts[0]
    assert all(b > a for a, b in pairwise(plan.obeyed))
