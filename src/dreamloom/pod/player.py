"""Which cues are due at this bedside now, which are withheld, and why? Gates and timing, then the vetoes."""

from dataclasses import replace
from typing import NamedTuple

from dreamloom.dreamscape.model import Part
from dreamloom.jukebox.levels import planned_db
from dreamloom.pod.commands import obey
from dreamloom.pod.gates import shut_by
from dreamloom.pod.plan import LEAD_S, START_WITHIN_S, Plan
from dreamloom.pod.state import BY_COMMAND, CUE_LOCKED_AROUSAL_S, HOUR_S, Episode, PartState, PodState, evolve
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    CueDue,
    CueWithheld,
    LeaseGranted,
    PartStopped,
    Softened,
    WithheldReason,
)
from dreamloom.vetoes.bits import Bit, silenced_by
from dreamloom.vetoes.cue import STAGE_FRESH_S, Proposal, Situation, first_veto, is_stage_of_sleep
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_four_places, to_microsecond

ABOVE_GATES = frozenset({"REVOKED", "HALTED", "CONSENT", "NOT_REARMED", "STOPPED", "STALE", "UNSCORED"})
"""Vetoes that are named even where the gate is shut as well: they say more than "not in this stage"."""


class Moment(NamedTuple):
    """One part of the plan, looked at now."""

    plan: Plan
    number: int
    now_s: NightTime

    @property
    def part(self) -> Part:
        return self.plan.dreamscape.parts[self.number]

    def memory(self, state: PodState) -> PartState:
        return state.parts[self.number]


def decide(state: PodState, plan: Plan, now_s: NightTime) -> tuple[PodState, list[AnyEvent]]:
    """What this bedside does at now_s: stop rules first, then one look at every part of the dreamscape.

    Returns:
        The state with its episodes of silence brought up to now, and the events to be said, unstamped.
        The events are folded into the state when they are said.
    """
    said: list[AnyEvent] = list(_stop_rules(state, plan, now_s))
    for event in said:
        state = evolve(state, event, plan)
    said.extend(obey(state, plan, situation(state, now_s, lease=None)))
    seen = state
    for number in range(len(plan.dreamscape.parts)):
        state, events = _look(state, seen, Moment(plan, number, now_s))
        said.extend(events)
    return state, said


def end_episodes(state: PodState, plan: Plan, now_s: NightTime) -> tuple[PodState, list[AnyEvent]]:
    """Writes down every episode of silence still open; the bedside closes."""
    ended = [
        _withheld(part.episode, Moment(plan, number, now_s))
        for number, part in enumerate(state.parts)
        if part.episode is not None
    ]
    return replace(state, parts=tuple(replace(part, episode=None) for part in state.parts)), list(ended)


def _look(state: PodState, seen: PodState, at: Moment) -> tuple[PodState, list[AnyEvent]]:
    """One part at one moment: due, not yet due, or withheld for a reason."""
    memory = at.memory(state)
    proposal = _proposal(seen, at)
    reason = _reason(seen, at, proposal)
    if reason is not None:
        return _let_pass(state, at, reason)
    if memory.last_cue_s is not None and at.now_s - memory.last_cue_s < at.part.every_s:
        return state, []
    ended = [] if memory.episode is None else [_withheld(memory.episode, at)]
    return _remember(state, at, replace(memory, episode=None)), [*ended, _due(proposal, state, at)]


def _reason(state: PodState, at: Moment, proposal: Proposal) -> WithheldReason | None:
    vetoed = first_veto(situation(state, at.now_s, lease=state.leases.get(proposal.sound_class)), proposal)
    if vetoed in ABOVE_GATES:
        return vetoed
    return shut_by(at.part.when, state, at.now_s) or vetoed or _over_budget(state, at)


def _over_budget(state: PodState, at: Moment) -> WithheldReason | None:
    budget = at.part.budget
    spent = state.cues_tonight >= budget.per_night or state.cues_last_hour(at.now_s) >= budget.per_hour
    return "BUDGET" if spent else None


def situation(state: PodState, now_s: NightTime, *, lease: LeaseGranted | None) -> Situation:
    """The state as the vetoes look at it for a cue under this lease."""
    return Situation(
        now_s=now_s,
        grant=state.grant,
        grant_ends_s=state.grant_ends_s,
        revoked=state.revoked,
        halted=False,
        armed=state.armed,
        stopped=state.stopped,
        lease=lease,
        stage=state.stage,
        stage_age_s=state.stage_age_s(now_s),
        lost=state.lost,
        stirring=state.stirring,
        paused_until_s=state.paused_until_s,
        cues_last_hour=state.cues_last_hour(now_s),
        cues_since_lease=state.cues_since_lease,
    )


def bits(state: PodState, now_s: NightTime) -> dict[Bit, bool]:
    """What the render callback must read from now on; every bit that is True silences the cues that heed it.

    One lapsed lease silences both classes: the house grants and takes them together.
    """
    age_s = state.stage_age_s(now_s)
    leases = state.leases.values()
    return {
        Bit.REVOKED: state.revoked,
        Bit.HALTED: state.stopped,
        Bit.AROUSAL: state.stirring or now_s < state.paused_until_s,
        Bit.LEASE_LAPSED: not leases or not all(each.not_before_s <= now_s < each.not_after_s for each in leases),
        Bit.STAGE_STALE: state.lost or age_s is None or age_s > STAGE_FRESH_S,
        Bit.NOT_ARMED: not state.armed,
        Bit.STAGE: not is_stage_of_sleep(state.grant, state.stage),
    }


def heeds(due: CueDue) -> int:
    """The mask of the bits that silence this cue."""
    return silenced_by(due.sound_class, leased=due.part != BY_COMMAND)


def _proposal(state: PodState, at: Moment) -> Proposal:
    name = at.part.play
    return Proposal(
        cue=name,
        cue_sha256=at.plan.cue_sha256[name],
        sound_class=at.plan.sound_class(name),
        dreamscape_sha256=at.plan.dreamscape_sha256,
        level_db=Decibels(to_four_places(_level_db(state, at))),
        play_at_s=to_microsecond(at.now_s + LEAD_S),
    )


def _level_db(state: PodState, at: Moment) -> Decibels:
    """Threshold and step, under every cap, less what arousals took, on the part's ramp."""
    levels = at.plan.dreamscape.levels
    lease = state.leases.get(at.plan.sound_class(at.part.play))
    caps_db = [
        Decibels(levels.cap_dba),
        Decibels(state.grant.level_cap_db if state.grant else 0.0),
        Decibels(lease.level_cap_db if lease else 0.0),
    ]
    target_db = Decibels(min([at.plan.threshold_db + levels.over_threshold_db, *caps_db]) - state.lowered_db)
    memory = at.memory(state)
    restarts = memory.ramp_from_s is None or at.plan.ramp_restarts(at.number, memory.last_cue_s, at.now_s)
    since_s = 0.0 if restarts or memory.ramp_from_s is None else at.now_s - memory.ramp_from_s
    ramp_s = Seconds(at.part.ramp.over_s if at.part.ramp else 0.0)
    return planned_db(target_db, caps_db, since_start_s=Seconds(since_s), ramp_s=ramp_s)


def _due(proposal: Proposal, state: PodState, at: Moment) -> CueDue:
    return CueDue(
        onset_s=at.now_s,
        cause=state.readings[-1].event_id if state.readings else None,
        cue=proposal.cue,
        cue_sha256=proposal.cue_sha256,
        part=at.number,
        sound_class=proposal.sound_class,
        level_db=proposal.level_db,
        play_at_s=proposal.play_at_s,
        expires_s=to_microsecond(proposal.play_at_s + START_WITHIN_S),
        lease=state.leases[proposal.sound_class].lease,
    )


def _let_pass(state: PodState, at: Moment, reason: WithheldReason) -> tuple[PodState, list[AnyEvent]]:
    """Counts the occasion into the episode of its reason; another reason ends the episode before it."""
    memory = at.memory(state)
    episode = memory.episode
    if episode is not None and episode.reason == reason:
        if at.now_s - episode.last_occasion_s >= at.part.every_s:
            episode = replace(episode, last_occasion_s=at.now_s, count=episode.count + 1)
        return _remember(state, at, replace(memory, episode=episode)), []
    ended: list[AnyEvent] = [] if episode is None else [_withheld(episode, at)]
    fresh = Episode(reason=reason, since_s=at.now_s, last_occasion_s=at.now_s, count=1)
    return _remember(state, at, replace(memory, episode=fresh)), ended


def _withheld(episode: Episode, at: Moment) -> CueWithheld:
    return CueWithheld(
        onset_s=episode.since_s,
        cue=at.part.play,
        part=at.number,
        reason=episode.reason,
        until_s=at.now_s,
        count=episode.count,
    )


def _remember(state: PodState, at: Moment, part: PartState) -> PodState:
    return replace(state, parts=(*state.parts[: at.number], part, *state.parts[at.number + 1 :]))


def _stop_rules(state: PodState, plan: Plan, now_s: NightTime) -> list[AnyEvent]:
    """The dreamscape's own stop rules, judged on what has happened so far."""
    stop = plan.dreamscape.stop
    rule = stop.cue_locked_awakenings if stop else None
    if rule is None or state.stopped:
        return []
    recent = [time_s for time_s in state.awakenings_s if now_s - time_s < min(rule.within_s, HOUR_S)]
    if len(recent) <= rule.more_than:
        return []
    return [PartStopped(onset_s=now_s, reason=f"{len(recent)} cue-locked awakenings within {rule.within_s:g} s")]


def softened(state: PodState, plan: Plan, arousal: ArousalSeen) -> Softened | None:
    """An arousal soon after a cue lowers the ceiling for the rest of the night; any other only pauses."""
    last_s = state.last_cue_s
    if last_s is None or arousal.onset_s - last_s > CUE_LOCKED_AROUSAL_S or plan.arousal_lower_db <= 0:
        return None
    ceiling_db = plan.dreamscape.levels.cap_dba - state.lowered_db - plan.arousal_lower_db
    return Softened(
        onset_s=arousal.onset_s,
        cause=arousal.id,
        lower_db=plan.arousal_lower_db,
        level_cap_db=to_four_places(ceiling_db),
        reason="arousal soon after a cue",
    )
