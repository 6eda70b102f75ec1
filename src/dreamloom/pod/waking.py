"""Is this sleeper to be woken now, and are they awake? An awakening begins by gate or by time, and rings till then.

Nobody is woken who did not agree to it. What the body says holds no ring back: it is meant for somebody asleep. What
people and the house decided (a withdrawal, a hold, a bed that is not armed) silences it like any other sound.
"""

from collections.abc import Iterator
from typing import Literal

from dreamloom.dreamscape.company import is_at_one_moment
from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.slots import awakening_slot, index_in
from dreamloom.dreamscape.waking import Awakening
from dreamloom.guardian.ladder import WITHOUT_SOUND
from dreamloom.pod.belief import shut_by_belief
from dreamloom.pod.episodes import Episode, told
from dreamloom.pod.gates import shut_by
from dreamloom.pod.looking import Look, due, forbid, situation, withhold
from dreamloom.pod.plan import LEAD_S, SETTLED_S, START_WITHIN_S, Plan
from dreamloom.pod.state import PodState, Waking
from dreamloom.pod.together import called_now, may_join, news
from dreamloom.record.events import AnyEvent, AwakeningDue, AwakeningMade, AwakeningReason, MomentCalled
from dreamloom.vetoes.cue import Proposal, first_veto, is_fresh
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_microsecond

AWAKE_ESTIMATES = 3
"""The newest so many must say W: one alone is often an arousal. Fifteen seconds. Ours."""
PATIENCE_S = Seconds(120.0)
"""Who is not awake so long after the ramp's end is let sleep on, except in the morning. Ours."""
LONGEST_RING_S = Seconds(900.0)
"""A morning's sound ends so long after its ramp, awake or not; then a person has to look. Ours."""
AT_ONCE = frozenset({"LATEST", "BY_HAND"})
"""Nobody waits for others with these."""
WORD_WITHIN_S = Seconds(60.0)
"""A prompt, or what is said before sleep, comes so soon after its time or never: who sleeps is let sleep. Ours."""
_BEFORE_MADE = NightTime(float("inf"))


def woken(state: PodState, plan: Plan, now_s: NightTime) -> list[AnyEvent]:
    """The awakening that begins or ends now, at most one; mornings come before all others."""
    for index, waking in state.wakings.items():
        if waking.made_s is None:
            return _ended(index, state, plan, now_s)
    said: list[AnyEvent] = []
    is_busy = now_s < state.report_until_s or state.is_over
    for index in sorted(plan.awakenings, key=lambda each: plan.rung[each].kind != "morning"):
        reason = None if is_busy else _begins(index, state, plan, now_s)
        asked, moment = plan.rung[index], called_now(state, awakening_slot(index), now_s)
        if is_at_one_moment(asked.for_):
            reason = reason if reason in AT_ONCE or may_join(state.grant) else None
            said += news(state, awakening_slot(index), now_s, _waits(reason, is_called=moment is not None))
            reason = reason if reason in AT_ONCE or moment is not None else None
        if reason is not None:
            due_now = AwakeningDue(
                onset_s=now_s,
                awakening=index,
                manner=asked.kind,
                reason=reason,
                stage=str(state.stage),
                gives_up_s=to_microsecond(now_s + _patience_s(asked)),
                cause=_cause(state, moment, reason),
            )
            return [*said, due_now]
    return said


def _waits(reason: AwakeningReason | None, *, is_called: bool) -> str | None:
    """Why this bed waits for no moment of all; None while it does."""
    if reason is None:
        return "GATE"
    return "WOKEN" if is_called or reason in AT_ONCE else None


def _cause(state: PodState, moment: MomentCalled | None, reason: AwakeningReason) -> str | None:
    """The moment of all that it came of, else the newest estimate."""
    if moment is not None and reason not in AT_ONCE:
        return moment.id
    return state.readings[-1].event_id or None if state.readings else None


def sounded(state: PodState, at: Look, episode: Episode | None) -> tuple[Episode | None, list[AnyEvent]]:
    """The next sound of an awakening that rings, or the words that belong to one that was made."""
    for cue, is_ring in _wanted(state, at):
        play_at_s = to_microsecond(at.now_s + LEAD_S)
        proposal = _proposal(cue, state, at, play_at_s, is_ring=is_ring)
        lease = state.leases.get(proposal.sound_class)
        reason = first_veto(situation(state, at.now_s, lease=lease, senses=at.senses), proposal)
        if reason is None and state.overlaps(play_at_s):
            reason = "OVERLAP"
        if reason is not None:
            return withhold(episode, reason, at)
        against = forbid(state, at, proposal, episode)
        if against is not None:
            return against
        ended: list[AnyEvent] = [] if episode is None else [told(episode, at.now_s)]
        return None, [*ended, due(proposal, state, at)]
    return None, [] if episode is None or _is_ringing(state, at) else [told(episode, at.now_s)]


def _is_ringing(state: PodState, at: Look) -> bool:
    waking = state.wakings.get(index_in(at.number))
    return waking is not None and waking.made_s is None


def _wanted(state: PodState, at: Look) -> Iterator[tuple[str, bool]]:
    """The cue that is wanted now, and whether it is the one that wakes; nothing between two of its sounds."""
    waking, asked = state.wakings.get(index_in(at.number)), at.plan.rung[index_in(at.number)]
    if waking is None:
        return
    if waking.made_s is None:
        if not at.is_resting(state, at.now_s):
            yield asked.cue, True
        return
    for cue, from_s in _words(asked, waking) if waking.woke else ():
        if cue not in waking.words and from_s <= at.now_s < from_s + WORD_WITHIN_S:
            yield cue, False


def _words(asked: Awakening, waking: Waking) -> Iterator[tuple[str, NightTime]]:
    """What is said to somebody who was woken, and when: the prompt at once, the rest when the report is over."""
    made_s = waking.made_s if waking.made_s is not None else _BEFORE_MADE
    if asked.report is not None and asked.report.prompt is not None:
        yield asked.report.prompt, made_s
    if asked.before_sleep is not None:
        yield asked.before_sleep, NightTime(made_s + max(_report_s(asked), asked.awake_for_s or 0.0))


def _proposal(cue: str, state: PodState, at: Look, play_at_s: NightTime, *, is_ring: bool) -> Proposal:
    waking, part = state.wakings[index_in(at.number)], at.part
    return Proposal(
        cue=cue,
        cue_sha256=at.plan.cue_sha256[cue],
        sound_class=at.plan.sound_class(cue),
        dreamscape_sha256=at.plan.dreamscape_sha256,
        level_db=at.plan.level_db(
            state.grant,
            state.leases.get(at.plan.sound_class(cue)),
            sound_class=at.plan.sound_class(cue),
            lowered_db=Decibels(0.0),
            since_start_s=Seconds(at.now_s - waking.due_s) if is_ring else Seconds(0.0),
            ramp_s=Seconds(part.ramp.over_s if part.ramp and is_ring else 0.0),
        ),
        play_at_s=play_at_s,
        start_by_s=to_microsecond(play_at_s + START_WITHIN_S),
        waking="rings" if is_ring else "speaks",
    )


def _begins(index: int, state: PodState, plan: Plan, now_s: NightTime) -> AwakeningReason | None:
    """Why it begins now; None while it does not."""
    asked, before = plan.rung[index], state.wakings.get(index)
    if state.revoked or state.grant is None or not state.grant.may_be_woken:
        return None
    if state.by_hand == "WAKE" and state.stands == "WAKE" and _is_new(state) and not _is_silent(state):
        return "BY_HAND"
    if asked.kind == "morning":
        return None if before is not None else _morning(index, state, plan, now_s)
    if _is_silent(state):
        return None
    if state.stands == "WAKE":
        return "GUARDIAN" if before is None else None
    if plan.talk_before(index) is not None:
        return _told(index, state, plan, now_s)
    if before is not None and (
        before.times >= (asked.times or 1) or now_s - before.due_s < apart_s(asked, index, before.times, plan.seed)
    ):
        return None
    return "GATE" if asked.when is not None and _is_open(asked.when, state, plan, now_s) else None


def _is_new(state: PodState) -> bool:
    """A person's word to wake is good for one awakening, whatever woke before it."""
    return all(waking.due_s <= state.by_hand_since_s for waking in state.wakings.values())


def _is_silent(state: PodState) -> bool:
    return not state.armed or state.held or state.out_of_bed or state.stands in WITHOUT_SOUND


def _told(index: int, state: PodState, plan: Plan, now_s: NightTime) -> AwakeningReason | None:
    """Soon after the last answer of a dialogue, or what went without one; each of its ends wakes once."""
    before, talk = state.wakings.get(index), state.talks.get(plan.talk_before(index) or 0)
    ended_s = talk.ended_s if talk is not None else None
    if ended_s is None or now_s - ended_s >= WORD_WITHIN_S or (before is not None and before.due_s >= ended_s):
        return None
    return "DIALOGUE" if state.unstageable or is_fresh(state.stage_age_s(now_s)) else None


def _morning(index: int, state: PodState, plan: Plan, now_s: NightTime) -> AwakeningReason | None:
    """Out of a preferred stage if it comes in the time looked for it, else at the latest time, without exception."""
    asked, latest_s = plan.rung[index], plan.wake_s.get(index)
    if latest_s is None:
        return None
    if now_s >= latest_s:
        return "LATEST"
    if not asked.prefer or asked.look_for_s is None or now_s < latest_s - asked.look_for_s:
        return None
    if not is_fresh(state.stage_age_s(now_s)) or not state.readings:
        return None
    preferred = Gate(stage=asked.prefer, stable_for_s=SETTLED_S)
    settled = shut_by_belief(preferred, state.readings, now_s) is None
    return "STAGE" if settled and (asked.when is None or _is_open(asked.when, state, plan, now_s)) else None


def _is_open(gate: Gate, state: PodState, plan: Plan, now_s: NightTime) -> bool:
    """On a stage that is too old to act on nobody is woken; where none is ever told, the gate alone counts."""
    if not state.unstageable and not is_fresh(state.stage_age_s(now_s)):
        return False
    return shut_by(gate, state, now_s, wall=plan.wall) is None


def apart_s(asked: Awakening, index: int, times: int, seed: int) -> float:
    """From the awakening before to this one: whole seconds between both bounds, drawn anew each time."""
    if asked.apart is None:
        return 0.0
    least_s, most_s = int(asked.apart.at_least_s), int(asked.apart.at_most_s)
    if is_at_one_moment(asked.for_):  # drawn by the house, for all alike
        return float(least_s)
    return float(stream(seed, "apart", index, times).integers(least_s, max(least_s, most_s), endpoint=True))


def _ended(index: int, state: PodState, plan: Plan, now_s: NightTime) -> list[AnyEvent]:
    asked, waking = plan.rung[index], state.wakings[index]
    how = _how(state)
    if how is None and now_s - waking.due_s < _patience_s(asked):
        return []
    return [
        AwakeningMade(
            onset_s=now_s,
            awakening=index,
            manner=asked.kind,
            how=how or "GAVE_UP",
            after_s=to_microsecond(now_s - waking.due_s),
            report_s=_report_s(asked) if how is not None else 0.0,
        )
    ]


def _how(state: PodState) -> Literal["STAGE", "OUT_OF_BED", "LIGHTS_ON"] | None:
    """By what this sleeper is known to be awake; None while they are not."""
    newest = state.readings[-AWAKE_ESTIMATES:]
    if len(newest) == AWAKE_ESTIMATES and all(reading.stage is Stage.W for reading in newest):
        return "STAGE"
    if state.out_of_bed:
        return "OUT_OF_BED"
    return "LIGHTS_ON" if state.lights_off_s is None else None


def _patience_s(asked: Awakening) -> float:
    ramp_s = asked.ramp.over_s if asked.ramp else 0.0
    return ramp_s + (LONGEST_RING_S if asked.kind == "morning" else PATIENCE_S)


def _report_s(asked: Awakening) -> float:
    return asked.report.record_s if asked.report is not None else 0.0


def slots(plan: Plan, state: PodState) -> list[int]:
    """Numbers of the awakenings that ring, or were made and may still have something to say."""
    return [awakening_slot(index) for index in plan.awakenings if index in state.wakings]
