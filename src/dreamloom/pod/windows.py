"""May a cue sound at a moment nobody knows yet? A window over the next second, and the cue that is due in it.

A wave is met to the hundredth of a second, a bed decides once a second. So a second ahead everything is decided but
the moment: the window is what a cue must pass, and what the record holds before anything can sound.
"""

from dreamloom.pod.episodes import Episode, told
from dreamloom.pod.looking import Look, Wave, forbid, is_taken, proposed, reason_against, withhold
from dreamloom.pod.plan import LEAD_S
from dreamloom.pod.state import PodState
from dreamloom.record.events import AnyEvent, CueDue, PhaseWindowOpened, WithheldReason
from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.vetoes.cue import Proposal
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

WITHIN_S = Seconds(0.05)
"""A wave's cue that could not begin this soon after its moment never begins: at 0.85 Hz these are 15 degrees, less than
its phase is known to. Ours."""
NEVER_S = Seconds(1.0)
"""Where there is no wave to wait for, the cue is looked at as if its window were as long."""


def look_ahead(state: PodState, at: Look, episode: Episode | None) -> tuple[Episode | None, list[AnyEvent]]:
    """One part that waits for a wave: a window over the next second, none yet, or withheld for a reason."""
    wave = at.senses.waves.get(at.number)
    from_s = to_microsecond(at.now_s + (wave.tau_s if wave else 0.0) + 1.0 / BIN_HZ)
    until_s = to_microsecond(at.now_s + (wave.tau_s if wave else 0.0) + NEVER_S)
    # Judged by its last moment: whatever holds then (a lease, a consent, a late second) holds in all of it.
    proposal = proposed(state, at, play_at_s=until_s, start_by_s=to_microsecond(until_s + WITHIN_S))
    reason = reason_against(state, at, proposal) or _untellable(wave, at)
    if reason is not None:
        return withhold(episode, reason, at)
    if wave is None or wave.is_silent or at.is_resting(state, until_s):
        return episode, []
    if at.is_too_soon(state, from_s):
        return withhold(episode, "REFRACTORY", at)
    if at.yields or _is_called(state, at.now_s, until_s) or is_taken(state, from_s, apart_from=at.number):
        return withhold(episode, "OVERLAP", at)
    against = forbid(state, at, proposal, episode)
    if against is not None:
        return against
    ended: list[AnyEvent] = [] if episode is None else [told(episode, at.now_s)]
    return None, [*ended, _opened(proposal, state, at, from_s)]


def _is_called(state: PodState, now_s: NightTime, until_s: NightTime) -> bool:
    """Whether a moment of all, which comes once, is called for before this window would be over."""
    return any(now_s < each.from_s < until_s - LEAD_S for each in state.moments.values())


def _untellable(wave: Wave | None, at: Look) -> WithheldReason | None:
    if wave is None:
        return "NO_PROFILE"
    if wave.second != int(at.now_s):
        return "STALE"
    return "UNCERTAIN" if wave.is_uncertain else None


def _opened(proposal: Proposal, state: PodState, at: Look, from_s: NightTime) -> PhaseWindowOpened:
    return PhaseWindowOpened(
        onset_s=at.now_s,
        cause=state.readings[-1].event_id if state.readings else None,
        cue=proposal.cue,
        cue_sha256=proposal.cue_sha256,
        part=at.number,
        sound_class=proposal.sound_class,
        level_db=proposal.level_db,
        from_s=from_s,
        until_s=proposal.play_at_s,
        lease=state.leases[proposal.sound_class].lease,
    )


def due_in(window: PhaseWindowOpened, play_at_s: NightTime, now_s: NightTime) -> CueDue:
    """The cue of a window, once its moment is known; told at now_s."""
    planned_s = to_microsecond(play_at_s)
    return CueDue(
        onset_s=now_s,
        cause=window.id,
        cue=window.cue,
        cue_sha256=window.cue_sha256,
        part=window.part,
        sound_class=window.sound_class,
        level_db=window.level_db,
        play_at_s=planned_s,
        expires_s=to_microsecond(planned_s + WITHIN_S),
        lease=window.lease,
    )
