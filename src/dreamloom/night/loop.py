"""What does the house decide now? Who keeps a lease: granted for 30 s, renewed at a third of its life, else it lapses.

The night settles a tick when every pod has passed it or is 2 s late. What it grants takes effect three ticks later, on
every machine and in every replay: by then the tick is settled wherever the night runs.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from dreamloom.dreamscape.gate import Quorum
from dreamloom.dreamscape.moments import Shared
from dreamloom.governance.consent import Grant
from dreamloom.guardian import heeding, likeness
from dreamloom.guardian.ladder import WITHOUT_CUES, is_apart
from dreamloom.night.state import BedState, NightState, evolve
from dreamloom.orchestra import moments, quorums, relays
from dreamloom.orchestra.night_clock import is_bounded
from dreamloom.orchestra.quorums import PURPOSE, Member
from dreamloom.orchestra.relays import Carried, Person
from dreamloom.record.events import (
    AnyEvent,
    EyeSignalSeen,
    LeaseGranted,
    LeaseLapsed,
    RelayEnded,
    RelayOffered,
    SoundClass,
)
from dreamloom.vocabulary.ids import EventId
from dreamloom.vocabulary.units import EFFECT_TICKS, Decibels, NightTime, Seconds

LEASE_S = Seconds(30.0)
"""A lost house is a lapsed lease, a lapsed lease is silence: never longer than this."""
STRICT_LEASE_S = Seconds(5.0)
"""Where a night asks for strict leases: a house that died is silence so soon."""
RENEWED_AT = 3.0
"""At this part of a lease's life the next one is granted: a third."""


GUARDED = "held by the guardian"
APART = "kept apart by the guardian"
BY_HAND = "kept apart by a person"
BY_HAND_CUES = "held by a person"
FADE_S = Seconds(10.0)
"""For so long a bed that a person has fade keeps the lease it has: without one its sound would be cut. As long as the
longest fade."""
ONLY_CUES = frozenset({"stream lost", "stopped for tonight", "budget spent", GUARDED, BY_HAND_CUES})
"""Reasons that end the cues of a night, and no awakening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What this night's dreamscape may lease out, resolved before the night opened.

    Attributes:
        scene: in which a night begins, or that there is none.
        cues_in: for each scene, the names of the cues that may sound in it or in one a bed goes to next.
        cues: hashes of the cues that may sound, by name, for each class of sound that a part plays: a lease each.
        awake_cap_db: the author's own cap for awake sounds; None where there is none.
        wakes: somebody is woken by an awake sound.
        lease_s: how long a lease lasts at most.
        own_cues: by pod id, other hashes of some of them: what that sleeper recorded.
        relays: what passes between sleepers.
        quorums: on how many others anything waits.
        shared: what comes to all at one moment.
    """

    scene: str
    cues: dict[SoundClass, dict[str, str]]
    level_cap_db: Decibels
    cues_per_night: int
    dreamscape_sha256: str
    policy_sha256: str
    wakes: bool = False
    lease_s: Seconds = LEASE_S
    cues_in: Mapping[str, Collection[str]] = field(default_factory=dict)
    own_cues: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    relays: tuple[Carried, ...] = ()
    quorums: tuple[Quorum, ...] = ()
    shared: tuple[Shared, ...] = ()
    awake_cap_db: Decibels | None = None

    def cap_db(self, sound_class: SoundClass, grant: Grant) -> float:
        """The most that author and sleeper both allow for a sound of this class."""
        awake_db = self.awake_cap_db if sound_class == "awake" and grant.awake_level_cap_db is not None else None
        return min(self.level_cap_db if awake_db is None else awake_db, grant.cap_db(sound_class))


def settle(
    state: NightState, offer: Offer, tick: int, *, inputs: Sequence[AnyEvent], said_by_pods: Sequence[AnyEvent]
) -> tuple[NightState, list[AnyEvent]]:
    """One tick of the house, after its pods.

    Args:
        state: the night as the last tick left it.
        offer: what may be leased.
        tick: the tick being settled.
        inputs: what came to the house itself from outside.
        said_by_pods: the tick's pod events, by pod id, then in the order said.

    Returns:
        The night after the tick, and the house's own events, stamped.
    """
    for event in said_by_pods:
        state = evolve(state, event)
    state, said = hear(state, tick, inputs)
    state = _guard(state, tick, said)
    for event in _relayed(state, offer, said_by_pods, NightTime(tick + 1.0)) if offer.relays else ():
        state = _say(state, event, tick, said, kind="derived")
    together = _members(state, tick + 1.0) if offer.quorums or offer.shared else []
    counting, news = quorums.count(state.counting, offer.quorums, together, NightTime(tick + 1.0))
    state = replace(state, counting=counting)
    seed = int(offer.dreamscape_sha256[:12], 16)
    called = moments.calls(state.called_s, offer.shared, together, NightTime(tick + 1.0), seed=seed)
    for each in (*news, *called):
        state = _say(state, each, tick, said, kind="derived")
    for pod in sorted(state.beds):
        for event in _lease(state.beds[pod], offer, NightTime(tick + 1.0)):
            state = _say(state, event, tick, said, kind="derived")
    return state, said


def _guard(state: NightState, tick: int, said: list[AnyEvent]) -> NightState:
    """Every bed as the guardian looks at it now; what it decides at one is nothing to another."""
    now_s = NightTime(tick + 1.0)
    alike = likeness.compared({pod: bed.guarded for pod, bed in state.beds.items()})
    for pod in sorted(state.beds):
        guarded, words = heeding.heed(alike[pod], pod, now_s)
        if guarded is not state.beds[pod].guarded:
            bed = replace(state.beds[pod], guarded=guarded)
            state = replace(state, beds={**state.beds, pod: bed})
        for word in words:
            state = _say(state, word, tick, said, kind="derived")
    return state


def _relayed(
    state: NightState, offer: Offer, said_by_pods: Sequence[AnyEvent], now_s: NightTime
) -> list[RelayEnded | RelayOffered]:
    """What passes between sleepers now: offers that somebody took back first, then new ones."""
    signals = {
        event.pod: event.id
        for event in said_by_pods
        if isinstance(event, EyeSignalSeen) and event.status == "confirmed" and event.pod is not None
    }
    if not signals and not state.relaying.open:  # as in nearly every second: nobody to look at
        return []
    people = {pod: _person(bed, now_s) for pod, bed in state.beds.items()}
    return [
        *relays.ended(state.relaying, people, now_s),
        *relays.offers(state.relaying, offer.relays, people, signals=signals, at_s=now_s),
    ]


def _members(state: NightState, now_s: float) -> list[Member]:
    """Those who agreed that their sleep counts among others', and still do."""
    return [
        Member(
            pod=bed.pod,
            consent=bed.consent,
            groups=bed.groups,
            stage=bed.stage,
            scored_s=bed.scored_s,
            is_present=not (bed.lost or bed.out_of_bed),
            scene=bed.scene,
            ready=bed.ready,
        )
        for bed in state.beds.values()
        if bed.consent and bed.grant and PURPOSE in bed.grant.purposes and _agrees(bed, now_s)
        if not bed.is_apart
    ]


def _agrees(bed: BedState, now_s: float) -> bool:
    """True while a grant holds: neither withdrawn nor ended."""
    return bed.grant is not None and not bed.withdrawn and (bed.grant_ends_s is None or now_s < bed.grant_ends_s)


def _person(bed: BedState, now_s: NightTime) -> Person:
    grant = bed.grant
    return Person(
        pod=bed.pod,
        sleeper=bed.sleeper,
        consent=bed.consent,
        agrees=_agrees(bed, now_s) and not bed.is_apart,
        relay_to=grant.relay_to if grant else (),
        relay_from=grant.relay_from if grant else (),
        groups=bed.groups,
        signalled_s=bed.signalled_s,
    )


def hear(state: NightState, tick: int, inputs: Sequence[AnyEvent]) -> tuple[NightState, list[AnyEvent]]:
    """What came to the house from outside, stamped and folded in; nothing is decided."""
    said: list[AnyEvent] = []
    for event in inputs:
        state = _say(state, event, tick, said, kind="input")
    return state, said


def may_lease(bed: BedState, offer: Offer, now_s: NightTime) -> str | None:
    """Why this bedside gets no lease now, or None: it may."""
    grant = bed.grant
    if bed.withdrawn:
        return "withdrawn"
    if grant is None or grant.dreamscape_sha256 != offer.dreamscape_sha256 or "cue" not in grant.purposes:
        return "no consent"
    if bed.grant_ends_s is not None and now_s >= bed.grant_ends_s:
        return "consent ended"
    stands = bed.stands
    silences = (
        (is_apart(stands), APART if is_apart(bed.guarded.stands) else BY_HAND),
        (bed.held, "held by the house"),
        (bed.lost, "stream lost"),
        (bed.remote_clock and not is_bounded(bed.clock_bound_s), "no clock bound"),
        (not bed.armed, "not armed"),
        (bed.stopped, "stopped for tonight"),
        (stands in WITHOUT_CUES, GUARDED if bed.guarded.stands in WITHOUT_CUES else BY_HAND_CUES),
    )
    for is_silent, reason in silences:
        if is_silent:
            return reason
    return None if bed.cues_tonight < offer.cues_per_night else "budget spent"


def _lease(bed: BedState, offer: Offer, now_s: NightTime) -> list[AnyEvent]:
    refused = may_lease(bed, offer, now_s)
    if refused == BY_HAND_CUES and bed.by_hand == "FADE" and now_s - bed.by_hand_since_s < FADE_S:
        return []
    kept = [kind for kind in offer.cues if refused is None or (kind == "awake" and _wakes_anyway(bed, offer, refused))]
    ended = {} if refused is None else {kind: lease for kind, lease in bed.leases.items() if kind not in kept}
    lapsed = [_lapsed(lease, bed.pod, now_s, refused or "") for lease in ended.values()]
    due = [kind for kind in kept if _is_due(bed.leases.get(kind), now_s, offer.lease_s)]
    return [*lapsed, *(_granted(bed, offer, now_s, kind, number) for number, kind in enumerate(due, bed.leases_given))]


def _wakes_anyway(bed: BedState, offer: Offer, refused: str) -> bool:
    """Whoever agreed to be woken in the morning is, though no cue may sound here: by the awake sounds alone."""
    return offer.wakes and refused in ONLY_CUES and bed.grant is not None and bed.grant.may_be_woken


def _is_due(lease: LeaseGranted | None, now_s: NightTime, lease_s: Seconds) -> bool:
    return lease is None or now_s + EFFECT_TICKS >= lease.not_before_s + lease_s / RENEWED_AT


def _granted(bed: BedState, offer: Offer, now_s: NightTime, kind: SoundClass, number: int) -> LeaseGranted:  # noqa: PLR0917 - private, in the order of the sentence
    grant = bed.grant
    assert grant is not None
    own, scene = offer.own_cues.get(bed.pod, {}), bed.scene or offer.scene
    starts_s = now_s + EFFECT_TICKS
    ends_s = min(starts_s + offer.lease_s, math.inf if bed.grant_ends_s is None else bed.grant_ends_s)
    return LeaseGranted(
        onset_s=now_s,
        pod=bed.pod,
        lease=f"{bed.pod}-{number}",
        scene=scene,
        cues={
            name: own.get(name, sha)
            for name, sha in offer.cues[kind].items()
            if name in grant.cues and name in offer.cues_in.get(scene, offer.cues[kind])
        },
        sound_class=kind,
        level_cap_db=offer.cap_db(kind, grant),
        cues_left=max(0, offer.cues_per_night - bed.cues_tonight),
        arm=bed.arm,
        dreamscape_sha256=offer.dreamscape_sha256,
        policy_sha256=offer.policy_sha256,
        not_before_s=starts_s,
        not_after_s=ends_s,
    )


def _lapsed(lease: LeaseGranted, pod: str, now_s: NightTime, reason: str) -> LeaseLapsed:
    return LeaseLapsed(onset_s=now_s, pod=pod, lease=lease.lease, reason=reason, cause=lease.id)


def _say(state: NightState, event: AnyEvent, tick: int, said: list[AnyEvent], *, kind: str) -> NightState:
    identity = str(EventId("night", state.boot, state.events_said))
    stamped = replace(event, id=identity, kind=kind, tick=tick)
    said.append(stamped)
    return evolve(replace(state, events_said=state.events_said + 1), stamped)
