"""Is nothing missed between a look and the first moment at which another one may come out otherwise?"""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from dreamloom.dreamscape import builtin
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Senses
from dreamloom.pod.loop import Pod
from dreamloom.pod.plan import Plan
from dreamloom.pod.player import decide
from dreamloom.pod.state import PodState, opening_state
from dreamloom.pod.still import is_renewal, spans_of, still_until
from dreamloom.pod.tracking import Believing
from dreamloom.record.events import AnyEvent, ArousalSeen, CueDue, LeaseGranted, LightsOff, SceneEntered, StageScored
from dreamloom.testing.nights import grant_for, plan_of
from dreamloom.vocabulary.units import NightTime

NAMES = ("hybrid_night", "nightmare_rem_tmr", "rem_puzzle", "serial_probe", "tlr_nap", "group_shared", "tdi_n1")
STAGES = ("W", "N1", "N2", "N3", "R")
NOW_S = 7_400
AHEAD_S = 25


@cache
def plan(name: str) -> Plan:
    return plan_of(builtin.load(name)[0])[0]


def scored(end_s: float, stage: str) -> StageScored:
    probabilities = {each: (0.9 if each == stage else 0.025) for each in STAGES}
    return StageScored(
        onset_s=end_s, stage=stage, confidence=0.9, probabilities=probabilities, window_s=30.0, decided_at_s=end_s,
        quality=1.0, method="test",
    )  # fmt: skip


def leased(of: Plan, from_s: float, **otherwise: object) -> LeaseGranted:
    lease = LeaseGranted(
        onset_s=from_s - 3.0, lease=f"p1-{from_s:g}", scene="", sound_class="sleep",
        cues=of.cues_by_class.get("sleep", {}), level_cap_db=45.0, cues_left=50, arm=None,
        dreamscape_sha256=of.dreamscape_sha256, policy_sha256=of.policy_sha256,
        not_before_s=from_s, not_after_s=from_s + 30.0,
    )  # fmt: skip
    return structs.replace(lease, **otherwise)


def due(of: Plan, part: int, at_s: float) -> CueDue:
    name = of.parts[part].play
    return CueDue(
        onset_s=at_s, cue=name, cue_sha256=of.cue_sha256[name], part=part, sound_class=of.sound_class(name),
        level_db=30.0, play_at_s=at_s + 0.25, expires_s=at_s + 0.75, lease="p1-0",
    )  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> tuple[str, PodState]:
    """A bed two hours into its night: stages, cues, an arousal, a lease, at any moments."""
    name = draw(st.sampled_from(NAMES))
    of = plan(name)
    told: list[AnyEvent] = [LightsOff(onset_s=draw(st.sampled_from([0.0, 3_800.0, 3_805.5])), by="test")]
    if of.dreamscape.scenes:
        scene = draw(st.sampled_from(list(of.dreamscape.scenes)))
        told.append(SceneEntered(onset_s=draw(st.integers(6_000, NOW_S)), scene=scene, left="", reason="BEGINNING"))
    first_s = NOW_S - 5 * draw(st.integers(1, 30))
    stages = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=4))
    told += [scored(end_s, stages[end_s // 50 % len(stages)]) for end_s in range(first_s, NOW_S, 5)]
    for back_s in draw(st.lists(st.integers(1, 200) | st.integers(3_500, 3_700), max_size=4 if of.obeyed else 0)):
        told.append(due(of, draw(st.sampled_from(of.obeyed)), float(NOW_S - back_s)))
    for back_s in draw(st.lists(st.floats(1.0, 200.0), max_size=2)):
        told.append(ArousalSeen(onset_s=round(NOW_S - back_s, 6), strength=4.0))
    for back_s in draw(st.lists(st.integers(-5, 40), max_size=2)):
        told.append(leased(of, float(NOW_S - back_s)))
    state = opening_state(of, grant_for(of), draw(st.sampled_from([None, NightTime(NOW_S + 20.5)])))
    for event in sorted(told, key=lambda each: each.onset_s):
        state = evolve(state, event, of)
    return name, state


def look(of: Plan, state: PodState, now_s: float, before: Pod | None = None) -> tuple[Pod, list[AnyEvent]]:
    senses = Senses(in_hand_s=NightTime(now_s + 0.05))
    episodes, said = decide(
        state, of, NightTime(now_s), senses=senses, episodes={} if before is None else before.episodes
    )
    tracking = Believing(in_hand_s=senses.in_hand_s)
    pod = Pod(id="p1", plan=of, tracking=tracking, decision=state, episodes=episodes, is_settled=not said)
    return pod, said


@st.composite
def nearly_lawful(draw: st.DrawFn) -> tuple[str, PodState]:
    """A bed in REM that may cue now or very soon, but for the one or other that ends within seconds."""
    name = draw(st.sampled_from(["hybrid_night", "nightmare_rem_tmr"]))
    of = plan(name)
    told: list[AnyEvent] = [LightsOff(onset_s=NOW_S - draw(st.sampled_from([1_796.0, 3_594.5, 7_000.0])), by="test")]
    if of.dreamscape.scenes:
        told.append(SceneEntered(onset_s=0.0, scene="private", left="", reason="BEGINNING"))
    settled_s = 5 * draw(st.sampled_from([2, 3, 9, 10, 11, 30]))
    told += [scored(end_s, "N2") for end_s in range(NOW_S - 200, NOW_S - settled_s, 5)]
    told += [scored(end_s, "R") for end_s in range(NOW_S - settled_s, NOW_S + 1, 5)]
    told.append(leased(of, float(NOW_S - draw(st.sampled_from([1, 18, 22, 26])))))
    if draw(st.booleans()) and of.obeyed:
        told.append(due(of, of.obeyed[0], float(NOW_S - draw(st.sampled_from([1, 4, 52, 57, 3_595])))))
    if draw(st.integers(0, 3)) == 0:
        told.append(ArousalSeen(onset_s=NOW_S - draw(st.sampled_from([113.25, 116.0])), strength=4.0))
    ends_s = draw(st.sampled_from([None, None, NightTime(NOW_S + 6.0)]))
    state = opening_state(of, grant_for(of), ends_s)
    for event in sorted(told, key=lambda each: each.onset_s):
        state = evolve(state, event, of)
    return name, state


@settings(max_examples=80, deadline=None)
@given(lives() | nearly_lawful())
def test_every_look_before_the_next_moment_comes_out_as_the_last_one(life: tuple[str, PodState]) -> None:
    of, state = plan(life[0]), life[1]
    spans, now_s = spans_of(of), float(NOW_S)
    pod, _ = look(of, state, now_s)
    while now_s < NOW_S + AHEAD_S:
        until_s, before = still_until(pod, spans, NightTime(now_s)), pod
        now_s += 1.0
        while now_s < min(until_s, NOW_S + AHEAD_S):
            again, said = look(of, state, now_s, before)
            assert not said
            assert again.episodes == before.episodes
            now_s += 1.0
        pod, _ = look(of, state, now_s, before)


def test_a_bed_that_nothing_is_known_of_is_still_for_long_and_one_that_stirs_is_not() -> None:
    of = plan("hybrid_night")
    state = evolve(
        opening_state(of, grant_for(of), None),
        SceneEntered(onset_s=1.0, scene="private", left="", reason="BEGINNING"),
        of,
    )
    pod, said = look(of, state, 100.0)
    assert not said
    assert still_until(pod, spans_of(of), NightTime(100.0)) == 160.0  # when one more occasion will have passed
    stirring = structs.replace(pod, tracking=Believing(stirring=True))
    assert still_until(stirring, spans_of(of), NightTime(100.0)) == 100.0


def test_a_lease_that_goes_on_where_another_holds_is_no_news_and_any_other_is() -> None:
    of = plan("hybrid_night")
    state = evolve(opening_state(of, grant_for(of), None), leased(of, 100.0), of)
    assert is_renewal(state, leased(of, 110.0), NightTime(110.0))
    assert not is_renewal(state, leased(of, 129.5), NightTime(129.5))
    assert not is_renewal(state, leased(of, 110.0, cues_left=0), NightTime(110.0))
    assert not is_renewal(state, leased(of, 110.0, level_cap_db=30.0), NightTime(110.0))
    assert not is_renewal(state, leased(of, 110.0, cues={}), NightTime(110.0))
    assert not is_renewal(state, leased(of, 112.0), NightTime(110.0))
    assert not is_renewal(opening_state(of, grant_for(of), None), leased(of, 110.0), NightTime(110.0))
