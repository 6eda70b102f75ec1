"""What stands against a cue of this part now? Vetoes, gate and budget over one look; silences become episodes."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from dreamloom.dreamscape.company import is_at_one_moment
from dreamloom.dreamscape.model import Part
from dreamloom.dreamscape.slots import index_in, is_awakening, is_relay, relay_slot
from dreamloom.guardian.ladder import softer_db
from dreamloom.pod.episodes import Episode, forbidden, let_pass, told
from dreamloom.pod.gates import shut_by
from dreamloom.pod.plan import Plan
from dreamloom.pod.ruled import ruled
from dreamloom.pod.state import PartState, PodState
from dreamloom.pod.talks import is_listening
from dreamloom.record.events import AnyEvent, CueDue, LeaseGranted, WithheldReason
from dreamloom.vetoes.cue import Proposal, Situation, first_veto
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

ABOVE_GATES = frozenset(
    {"REVOKED", "HALTED", "VOLUME", "CONSENT", "NOT_REARMED", "STOPPED", "OUT_OF_BED", "STALE", "UNSCORED"}
)
"""Vetoes that are named even where the gate is shut as well: they say more than "not in this stage"."""


class Wave(NamedTuple):
    """What a bed knows of the wave that one part waits for.

    Attributes:
        second: the second that comes next.
        tau_s: from a moment's decision to its sound.
        is_uncertain: its phase cannot be told well enough.
        is_silent: the next moment stays silent in every arm, as its own control.
    """

    second: int
    tau_s: Seconds
    is_uncertain: bool
    is_silent: bool


class Senses(msgspec.Struct, frozen=True):
    """What the newest second shows by itself: signal state, found again in the stored signal and never recorded.

    Attributes:
        stirring: an arousal or a movement is going on.
        in_hand_s: when it was whole and here; None before the first.
        waves: by the number of the part that waits for one; none where nobody knows how late its sound would be.
    """

    stirring: bool = False
    in_hand_s: NightTime | None = None
    waves: Mapping[int, Wave] = msgspec.field(default_factory=dict)


class Look(NamedTuple):
    """One part of the plan, looked at now; it `yields` where a cue of another waits for nothing but a window to end."""

    plan: Plan
    number: int
    now_s: NightTime
    senses: Senses
    asks: Part | None = None
    yields: bool = False

    @property
    def part(self) -> Part:
        """As the plan has it, found once for all of a look; or the question of a dialogue that comes next."""
        return self.plan.part(self.number) if self.asks is None else self.asks

    def memory(self, state: PodState) -> PartState:
        return state.memory(self.number)

    def is_resting(self, state: PodState, at_s: NightTime) -> bool:
        """True while this part's own last cue is too young for another one then, with what was drawn for this time.

        Judged on night time, so that a late block decides as a punctual one; the draw depends on how many cues came
        before it, so that a replay draws the same. A train rests until its last cue was due or withheld.
        """
        memory, part = self.memory(state), self.part
        if memory.train is not None and memory.train.next_s >= self.now_s:
            return True
        if memory.last_cue_s is None:
            return False
        drawn_s = self._drawn_s(memory.cues_tonight)
        return at_s - memory.last_cue_s < max(part.every_s + drawn_s, part.refractory_s or 0.0)

    def _drawn_s(self, cues: int) -> int:
        """What comes to all at one moment is drawn by the house, for all alike."""
        jitter_s = 0.0 if is_at_one_moment(self.part.for_) else self.part.jitter_s or 0.0
        return _drawn_s(self.plan.seed, self.number, cues, jitter_s) if jitter_s else 0

    def is_too_soon(self, state: PodState, at_s: NightTime) -> bool:
        """True while any cue of the night, of another part as well, is younger than this part's refractory time."""
        since_s = state.last_cue_s
        return self.part.refractory_s is not None and since_s is not None and at_s - since_s < self.part.refractory_s


def _drawn_s(seed: int, part: int, cue: int, jitter_s: float) -> int:
    """Whole seconds from 0 to this many, each as likely: a bed decides once a second."""
    return int(stream(seed, "jitter", part, cue).integers(0, int(jitter_s), endpoint=True))


def withhold(
    episode: Episode | None, reason: WithheldReason, at: Look, *, policies: tuple[str, ...] = ()
) -> tuple[Episode, list[AnyEvent]]:
    """Counts the occasion into the episode of its reason; another reason, or other rules, ends the one before it."""
    if episode is not None and (episode.reason, episode.policies) == (reason, policies):
        return let_pass(episode, at.now_s, every_s=Seconds(at.part.every_s)), []
    fresh = Episode(
        at.part.play, at.number, reason, since_s=at.now_s, last_occasion_s=at.now_s, count=1, policies=policies
    )
    ended: list[AnyEvent] = [] if episode is None else [told(episode, at.now_s)]
    return fresh, [*ended, *([forbidden(fresh, at.plan.policy_sha256)] if policies else [])]


def forbid(
    state: PodState, at: Look, proposal: Proposal, episode: Episode | None
) -> tuple[Episode, list[AnyEvent]] | None:
    """What becomes of this cue where the rules of the house forbid it; None where they let it be."""
    lease = state.leases.get(proposal.sound_class)
    now = situation(state, at.now_s, lease=lease, senses=at.senses)
    verdict = ruled(state, at.plan, now, proposal, number=at.number)
    return None if verdict.allowed else withhold(episode, "POLICY", at, policies=verdict.policies)


def reason_against(state: PodState, at: Look, proposal: Proposal) -> WithheldReason | None:
    """Why this cue may not be, or None: vetoes that say most, then the gate, then the other vetoes and the budget."""
    lease = state.leases.get(proposal.sound_class)
    vetoed = first_veto(situation(state, at.now_s, lease=lease, senses=at.senses), proposal)
    if vetoed in ABOVE_GATES:
        return vetoed
    if state.is_waking(at.now_s):
        return "AWAKENING"
    if at.now_s < state.quiet_until_s:
        return "EYE_SIGNAL"
    shut = shut_by(at.part.when, state, at.now_s, part=at.number, wall=at.plan.wall)
    return shut or vetoed or _over_budget(state, at)


def is_taken(state: PodState, play_at_s: NightTime, *, apart_from: int | None = None) -> bool:
    """Whether then, or now, is the time of another sound, or of an answer."""
    return is_listening(state.talks) or state.overlaps(play_at_s, apart_from=apart_from)


def is_behind_a_window(state: PodState, play_at_s: NightTime) -> bool:
    """Whether nothing but the window of a wave, which may bring no cue, lies over this moment."""
    is_free = play_at_s >= state.sounds_until_s and not is_listening(state.talks)
    return is_free and state.overlaps(play_at_s)


def _over_budget(state: PodState, at: Look) -> WithheldReason | None:
    """The part's own budget; the sleeper's, over all parts, is a veto."""
    budget, memory = at.part.budget, at.memory(state)
    spent = memory.cues_tonight >= budget.per_night or memory.cues_last_hour(at.now_s) >= budget.per_hour
    return "BUDGET" if spent else None


def situation(state: PodState, now_s: NightTime, *, lease: LeaseGranted | None, senses: Senses) -> Situation:
    """The state and the newest second as the vetoes look at them for a cue under this lease."""
    return Situation(
        now_s=now_s,
        grant=state.grant,
        grant_ends_s=state.grant_ends_s,
        revoked=state.revoked,
        halted=state.held,
        guard=state.stands,
        armed=state.armed,
        stopped=state.stopped,
        lease=lease,
        in_hand_s=senses.in_hand_s,
        stage=state.stage,
        stage_age_s=state.stage_age_s(now_s),
        unstaged_yet=is_unstaged_yet(state),
        unstageable=state.unstageable,
        lost=state.lost,
        out_of_bed=state.out_of_bed,
        stirring=senses.stirring,
        paused_until_s=max(state.paused_until_s, state.quiet_until_s),
        cues_last_hour=state.cues_last_hour(now_s),
        cues_since_lease=state.cues_since_lease,
        dose=state.dose,
        volume_moved=state.volume_moved,
    )


def is_unstaged_yet(state: PodState) -> bool:
    """Where no stage is ever told nobody knows when waking ends, so that awake sounds wait for ever."""
    return not state.staged and not state.unstageable


def proposed(state: PodState, at: Look, *, play_at_s: NightTime, start_by_s: NightTime) -> Proposal:
    """The part's cue, to begin in this time, at its level on the ramp."""
    name = at.part.play
    return Proposal(
        cue=name,
        cue_sha256=at.plan.cue_sha256[name],
        sound_class=at.plan.sound_class(name),
        dreamscape_sha256=at.plan.dreamscape_sha256,
        level_db=_level_db(state, at),
        play_at_s=play_at_s,
        start_by_s=start_by_s,
        aims_at=at.part.aims_at if at.part.label else None,
        lasts_s=at.plan.sounding_s(name),
    )


def due(proposal: Proposal, state: PodState, at: Look) -> CueDue:
    """This cue, decided now."""
    return CueDue(
        onset_s=at.now_s,
        cause=_cause(state, at.number),
        cue=proposal.cue,
        cue_sha256=proposal.cue_sha256,
        part=at.number,
        sound_class=proposal.sound_class,
        level_db=proposal.level_db,
        play_at_s=proposal.play_at_s,
        expires_s=proposal.start_by_s,
        lease=state.leases[proposal.sound_class].lease,
    )


def _cause(state: PodState, number: int) -> str | None:
    """The newest estimate of the stage, or the offer that a relay's cue comes of: the oldest that waits."""
    if is_relay(number):
        return next(offer.id for offer in state.offers if relay_slot(offer.relay) == number)
    if is_awakening(number):
        return state.wakings[index_in(number)].event
    return state.readings[-1].event_id if state.readings else None


def _level_db(state: PodState, at: Look) -> Decibels:
    """The planned level on the part's ramp, which begins anew after a rest."""
    memory = at.memory(state)
    restarts = memory.ramp_from_s is None or at.plan.ramp_restarts(at.number, memory.last_cue_s, at.now_s)
    since_s = 0.0 if restarts or memory.ramp_from_s is None else at.now_s - memory.ramp_from_s
    kind = at.plan.sound_class(at.part.play)
    lowered_db = at.plan.lowered_now_db(state.lowered_db, state.quiet_s(at.now_s))
    return at.plan.level_db(
        state.grant,
        state.leases.get(kind),
        sound_class=kind,
        lowered_db=Decibels(lowered_db + at.plan.train_db(at.part) + softer_db(state.stands)),
        since_start_s=Seconds(since_s),
        ramp_s=Seconds(at.part.ramp.over_s if at.part.ramp else 0.0),
    )
