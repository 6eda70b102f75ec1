"""May this bed join in what comes to all at one moment? It says when it could, and decides anew when it is called.

The house knows of a bed only whether it is ready. Gate, timers, vetoes, consent and limits are the bed's own: they are
asked before it says so, and again in the very second of the moment.
"""

import msgspec

from dreamloom.dreamscape.company import is_at_one_moment
from dreamloom.governance.consent import Grant
from dreamloom.pod.episodes import Episode, told
from dreamloom.pod.looking import Look, due, is_taken, proposed, reason_against, withhold
from dreamloom.pod.plan import LEAD_S, START_WITHIN_S, Plan
from dreamloom.pod.state import PodState
from dreamloom.record.events import AnyEvent, CueWithheld, MomentCalled, MomentReady, MomentUnready, WithheldReason
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime, to_microsecond

PURPOSE = "group"
"""The purpose of a consent by which somebody is counted among others."""


def is_shared(plan: Plan, number: int) -> bool:
    """True for a part that comes to all at one moment."""
    return number >= 0 and is_at_one_moment(plan.parts[number].for_)


def may_join(grant: Grant | None) -> bool:
    """Whether this sleeper agreed to do something together with others."""
    return grant is not None and PURPOSE in grant.purposes


def called_now(state: PodState, number: int, now_s: NightTime) -> MomentCalled | None:
    """The moment of this very second, if it was called for what stands under this number."""
    moment = state.moments.get(number)
    return moment if moment is not None and moment.from_s == now_s else None


def news(state: PodState, number: int, now_s: NightTime, reason: str | None) -> list[AnyEvent]:
    """What is to be told to the house: that this bed could join in (None), or no longer, and why."""
    moment = called_now(state, number, now_s)
    cause = moment.id if moment is not None else None
    if reason is None:
        return [] if number in state.ready else [MomentReady(onset_s=now_s, part=number)]
    if number not in state.ready:
        return []
    return [MomentUnready(onset_s=now_s, part=number, reason=reason, cause=cause)]


def look_together(state: PodState, at: Look, episode: Episode | None) -> tuple[Episode | None, list[AnyEvent]]:
    """A part for all, at one moment: waiting to be called, called now, or withheld for a reason."""
    moment = called_now(state, at.number, at.now_s)
    if moment is not None:
        return _answered(state, at, episode, moment)
    reason = _against(state, at, at.now_s)
    if reason is not None:
        episode, said = withhold(episode, reason, at)
        return episode, [*said, *news(state, at.number, at.now_s, reason)]
    then_s = NightTime(at.now_s + EFFECT_TICKS)  # if it were called now
    if at.is_resting(state, then_s):
        return episode, news(state, at.number, at.now_s, "RESTING")
    if at.is_too_soon(state, then_s):
        return episode, news(state, at.number, at.now_s, "REFRACTORY")
    episode, said = withhold(episode, "MOMENT", at)
    return episode, [*said, *news(state, at.number, at.now_s, None)]


def _against(state: PodState, at: Look, now_s: NightTime) -> WithheldReason | None:
    """All that stands against this part now, the timers apart."""
    play_at_s = to_microsecond(now_s + LEAD_S)
    proposal = proposed(state, at, play_at_s=play_at_s, start_by_s=to_microsecond(play_at_s + START_WITHIN_S))
    return reason_against(state, at, proposal) or (None if may_join(state.grant) else "CONSENT")


def _answered(
    state: PodState, at: Look, episode: Episode | None, moment: MomentCalled
) -> tuple[Episode | None, list[AnyEvent]]:
    """The cue of this moment; or why this bed is left out of it, told at once."""
    play_at_s = to_microsecond(at.now_s + LEAD_S)
    reason = _against(state, at, at.now_s) or _timed(state, at, play_at_s)
    if reason is None:
        proposal = proposed(state, at, play_at_s=play_at_s, start_by_s=to_microsecond(play_at_s + START_WITHIN_S))
        joined = msgspec.structs.replace(due(proposal, state, at), cause=moment.id)
        ended: list[AnyEvent] = [] if episode is None else [told(episode, at.now_s)]
        return None, [*ended, joined, *news(state, at.number, at.now_s, "RESTING")]
    left_out = CueWithheld(
        onset_s=at.now_s,
        cause=moment.id,
        cue=at.part.play,
        part=at.number,
        reason=reason,
        until_s=at.now_s,
        count=1,
    )
    return episode, [left_out, *news(state, at.number, at.now_s, reason)]


def _timed(state: PodState, at: Look, play_at_s: NightTime) -> WithheldReason | None:
    if at.is_resting(state, at.now_s) or at.is_too_soon(state, at.now_s):
        return "REFRACTORY"
    return "OVERLAP" if is_taken(state, play_at_s) else None
