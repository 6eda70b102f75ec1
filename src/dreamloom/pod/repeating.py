"""Is the next cue of a train due? Each is decided on its own, by all that its first had to pass but the rest."""

from dreamloom.pod.episodes import Episode, told
from dreamloom.pod.looking import Look, due, forbid, is_taken, proposed, reason_against, withhold
from dreamloom.pod.plan import LEAD_S, START_WITHIN_S
from dreamloom.pod.state import PodState
from dreamloom.pod.windows import WITHIN_S
from dreamloom.record.events import AnyEvent
from dreamloom.vocabulary.units import Seconds, to_microsecond


def is_due(state: PodState, at: Look) -> bool:
    """True when the next cue of this part's train is to be decided now: a second later it would come too late."""
    train = at.memory(state).train
    lead_s = _lead_s(at)
    return train is not None and at.now_s + lead_s <= train.next_s < at.now_s + 1.0 + lead_s


def look_again(state: PodState, at: Look, episode: Episode | None) -> tuple[Episode | None, list[AnyEvent]]:
    """The next cue of the train: due, or withheld for a reason, and then no other follows."""
    train = at.memory(state).train
    if train is None:
        return episode, []
    within_s = START_WITHIN_S if at.part.phase is None else WITHIN_S
    proposal = proposed(state, at, play_at_s=train.next_s, start_by_s=to_microsecond(train.next_s + within_s))
    reason = reason_against(state, at, proposal)
    if reason is None and is_taken(state, train.next_s, apart_from=at.number):
        reason = "OVERLAP"
    if reason is not None:
        return withhold(episode, reason, at)
    against = forbid(state, at, proposal, episode)
    if against is not None:
        return against
    ended: list[AnyEvent] = [] if episode is None else [told(episode, at.now_s)]
    return None, [*ended, due(proposal, state, at)]


def _lead_s(at: Look) -> Seconds:
    """How long before its moment a cue is decided: behind a wave, as long as a moment of that wave itself."""
    wave = at.senses.waves.get(at.number)
    return wave.tau_s if wave else LEAD_S
