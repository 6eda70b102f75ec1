"""Which cues are due at this bedside now, which are withheld, and why? Gates and timing, then the vetoes."""

from collections.abc import Sequence

from dreamloom.dreamscape import words
from dreamloom.dreamscape.signalled import is_seen
from dreamloom.dreamscape.slots import BY_COMMAND, is_awakening, is_relay, relay_slot
from dreamloom.guardian.ladder import WITHOUT_CUES, WITHOUT_SOUND
from dreamloom.pod.commands import obey
from dreamloom.pod.episodes import Episode, Episodes, told
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import (
    Look,
    Senses,
    due,
    forbid,
    is_behind_a_window,
    is_taken,
    is_unstaged_yet,
    proposed,
    reason_against,
    situation,
    withhold,
)
from dreamloom.pod.plan import LEAD_S, START_WITHIN_S, Plan
from dreamloom.pod.repeating import is_due, look_again
from dreamloom.pod.scenes import entered
from dreamloom.pod.sounded import near_dose
from dreamloom.pod.state import PodState
from dreamloom.pod.talking import asking, displaced, questions
from dreamloom.pod.together import is_shared, look_together, news
from dreamloom.pod.waking import slots, sounded, woken
from dreamloom.pod.windows import look_ahead
from dreamloom.record.events import AnyEvent, ArousalSeen, CueDue, CueWithheld, PartStopped, RelayOffered, Softened
from dreamloom.vetoes.bits import Bit, silenced_by
from dreamloom.vetoes.cue import is_fresh, is_stage_of_sleep, is_waking
from dreamloom.vocabulary.units import NightTime, Seconds, to_four_places, to_microsecond

CUE_LOCKED_AROUSAL_S = Seconds(15.0)
"""An arousal this soon after a cue counts as the cue's. Ours, after the back-off of home-tmr."""


def decide(
    state: PodState, plan: Plan, now_s: NightTime, *, senses: Senses, episodes: Episodes
) -> tuple[Episodes, list[AnyEvent]]:
    """What this bedside does at now_s: stop rules first, then which scene, then one look at every part that is in it.

    Returns:
        The open episodes of silence brought up to now, and the events to be said, unstamped.
        The events are folded into the state when they are said.
    """
    said: list[AnyEvent] = list(_stop_rules(state, plan, now_s))
    state = _folded(state, said, plan)
    if state.command is not None:
        obeyed = obey(state, plan, situation(state, now_s, lease=None, senses=senses))
        obeyed = [*displaced(plan, state, now_s, obeyed), *obeyed]
        state = _folded(state, obeyed, plan)
        said.extend(obeyed)
    went = entered(state, plan, now_s)
    state = _folded(state, went, plan)
    said.extend(went)
    waking = woken(state, plan, now_s)
    state = _folded(state, waking, plan)
    said.extend(waking)
    still_open: dict[int, Episode] = {}
    for number in slots(plan, state):
        episode, events = sounded(state, Look(plan, number, now_s, senses, plan.part(number)), episodes.get(number))
        state = _folded(state, events, plan)
        said.extend(events)
        if episode is not None:
            still_open[number] = episode
    forgot = [forgotten(offer, now_s) for offer in state.offers if now_s >= offer.until_s]
    state = _folded(state, forgot, plan)
    offered = dict.fromkeys(relay_slot(offer.relay) for offer in state.offers if offer.from_s <= now_s)
    over = [each for number, each in episodes.items() if is_relay(number) and number not in offered]
    said += [*forgot, *(told(episode, now_s) for episode in over)]
    for number in questions(plan, state):
        at = Look(plan, number, now_s, senses, asking(plan, state, number))
        episode, events = _look(state, at, episodes.get(number))
        state = _folded(state, events, plan)
        said.extend(events)
        if episode is not None:
            still_open[number] = episode
    for number in sorted((*plan.obeyed, *offered), key=lambda each: each in plan.phased):  # a wave comes again
        if not plan.plays_in(number, state.scene):
            said.extend(told(left, now_s) for left in [episodes.get(number)] if left is not None)
            said.extend(news(state, number, now_s, "SCENE"))
            continue
        is_behind = any(each.reason == "OVERLAP" for each in still_open.values())
        yields = is_behind and is_behind_a_window(state, to_microsecond(now_s + LEAD_S))
        at = Look(plan, number, now_s, senses, plan.part(number), yields=yields)
        state, episode, events = _looked(state, at, episodes.get(number))
        said.extend(events)
        if episode is not None:
            still_open[number] = episode
    return still_open, [*said, *near_dose(state, now_s)]


def _folded(state: PodState, said: Sequence[AnyEvent], plan: Plan) -> PodState:
    """What was just decided counts for what is decided next in the same second: budgets, rests, the sound itself."""
    for event in said:
        state = evolve(state, event, plan)
    return state


def _looked(state: PodState, at: Look, episode: Episode | None) -> tuple[PodState, Episode | None, list[AnyEvent]]:
    """One part at one moment: its next cue, then what follows it before another second is over."""
    said: list[AnyEvent] = []
    if not is_due(state, at):
        look = look_ahead if at.number in at.plan.phased else _look
        look = look_together if is_shared(at.plan, at.number) else look
        episode, said = look(state, at, episode)
        state = _folded(state, said, at.plan)
    while is_due(state, at):
        episode, events = look_again(state, at, episode)
        state = _folded(state, events, at.plan)
        said = [*said, *events]
        if episode is not None:  # withheld, and with it the rest of its train
            break
    return state, episode, said


def _look(state: PodState, at: Look, episode: Episode | None) -> tuple[Episode | None, list[AnyEvent]]:
    """One part at one moment: due, not yet due, or withheld for a reason; with the episode that is open after it."""
    play_at_s = to_microsecond(at.now_s + LEAD_S)
    proposal = proposed(state, at, play_at_s=play_at_s, start_by_s=to_microsecond(play_at_s + START_WITHIN_S))
    reason = reason_against(state, at, proposal)
    if reason is not None:
        return withhold(episode, reason, at)
    if at.is_resting(state, at.now_s):
        return episode, []
    if at.is_too_soon(state, at.now_s):
        return withhold(episode, "REFRACTORY", at)
    if is_taken(state, proposal.play_at_s):
        return withhold(episode, "OVERLAP", at)
    against = forbid(state, at, proposal, episode)
    if against is not None:
        return against
    ended: list[AnyEvent] = [] if episode is None else [told(episode, at.now_s)]
    return None, [*ended, due(proposal, state, at)]


def bits(state: PodState, now_s: NightTime, *, senses: Senses) -> dict[Bit, bool]:
    """What the render callback must read from now on; every bit that is True silences the cues that heed it.

    One lapsed lease silences both classes: the house grants and takes them together.
    """
    age_s = state.stage_age_s(now_s)
    told = state.unstageable or is_fresh(age_s)
    waking = is_waking(state.grant, state.stage, age_s, unstaged_yet=is_unstaged_yet(state))
    leases = state.leases.values()
    return {
        Bit.REVOKED: state.revoked,
        Bit.HALTED: state.held
        or state.out_of_bed
        or state.volume_moved
        or state.stands in WITHOUT_SOUND
        or ((state.stopped or (state.stands in WITHOUT_CUES and not state.fades)) and not state.is_ringing),
        Bit.FADING: state.fades and not state.is_ringing,
        Bit.AROUSAL: senses.stirring or now_s < max(state.paused_until_s, state.quiet_until_s),
        Bit.LEASE_LAPSED: not leases or not all(each.not_before_s <= now_s < each.not_after_s for each in leases),
        Bit.STAGE_STALE: state.lost or not told,
        Bit.NOT_ARMED: not state.armed,
        Bit.STAGE: state.is_ringing or (not state.unstageable and not is_stage_of_sleep(state.grant, state.stage)),
        Bit.NOT_AWAKE: state.lost or not waking,
    }


def heeds(cue: CueDue) -> int:
    """The mask of the bits that silence this cue."""
    mask = silenced_by(cue.sound_class, leased=cue.part != BY_COMMAND)
    return mask & ~(1 << Bit.NOT_AWAKE) if is_awakening(cue.part) else mask


def forgotten(offer: RelayOffered, now_s: NightTime) -> CueWithheld:
    """An offer that waited in vain."""
    return CueWithheld(
        onset_s=offer.from_s,
        cause=offer.id,
        cue=offer.cue,
        part=relay_slot(offer.relay),
        reason="EXPIRED",
        until_s=now_s,
        count=1,
    )


def _stop_rules(state: PodState, plan: Plan, now_s: NightTime) -> list[AnyEvent]:
    """The dreamscape's own stop rules, judged on what has happened so far."""
    stop = plan.dreamscape.stop
    if stop is None or state.stopped:
        return []
    if stop.nightmare is not None and state.nightmare_seen:
        call = f": call the {stop.nightmare.call}" if stop.nightmare.call else ""
        return [PartStopped(onset_s=now_s, reason=f"stirred as out of a nightmare{call}")]
    signal = stop.eye_signal
    if signal is not None and signal.pause_s is None and is_seen(signal.seen, state.signalled_s, now_s):
        return [PartStopped(onset_s=now_s, reason=f"left-right-left-right seen {words.times(signal.seen.times)}")]
    rule = stop.cue_locked_awakenings
    if rule is None:
        return []
    recent = [time_s for time_s in state.awakenings_s if now_s - time_s < rule.within_s]
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
