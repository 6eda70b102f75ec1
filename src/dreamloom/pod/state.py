"""What does a pod know when it decides? A fold over its own events and the leases that reach it, nothing else.

What the newest second shows by itself (`looking.Senses`) and what is not told yet (`episodes`) lie outside: both are
found again, and neither is a decision.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dreamloom.dreamscape.gate import Quorum
from dreamloom.dreamscape.model import Gate
from dreamloom.dreamscape.signalled import KEPT
from dreamloom.dreamscape.slots import (
    BY_COMMAND,
    dialogue_slot,
    index_in,
    is_awakening,
    is_dialogue,
    is_relay,
    relay_slot,
)
from dreamloom.governance.consent import Grant
from dreamloom.jukebox.levels import sound_energy
from dreamloom.pod import cycles, talks
from dreamloom.pod.belief import Reading, is_open_after
from dreamloom.pod.cycles import RemPeriods
from dreamloom.pod.plan import Plan
from dreamloom.pod.talks import Talk
from dreamloom.pod.trains import Train, behind, goes_on
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    ArousalSeen,
    AwakeningDue,
    AwakeningMade,
    BackInBedSeen,
    CommandGiven,
    ConsentWithdrawn,
    CueDue,
    CueWithheld,
    EyeSignalSeen,
    Held,
    LeaseGranted,
    LeaseLapsed,
    LightsOff,
    LightsOn,
    MachineSlept,
    NightmareArousalSeen,
    OperatorStaged,
    OutOfBedSeen,
    OutputUnconfirmed,
    OutputVolumeMoved,
    OutputVolumeRestored,
    PartStopped,
    PhaseWindowOpened,
    QuorumLost,
    QuorumMet,
    Rearmed,
    Recovered,
    RelayEnded,
    RelayOffered,
    SceneEntered,
    SleepOnsetSeen,
    Softened,
    SoundClass,
    SpeakerReopened,
    StageScored,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
)
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EFFECT_TICKS, EPOCH_S, HOP_S, Decibels, NightTime, Seconds, to_microsecond

HOUR_S = 3600.0
SLEEP_ONSET_S = Seconds(60.0)
"""Sleep has begun when a minute passed without W. Ours."""
CALLED_S = Seconds(600.0)
"""So long a stage that a person called stands. Ours: as long as somebody who watches one bed looks at another."""
CUE_LOCKED_AROUSAL_S = Seconds(15.0)
"""An arousal this soon after a cue counts as the cue's. Ours, after the back-off of home-tmr."""
CUE_LOCKED_AWAKENING_S = Seconds(60.0)
"""An awakening this soon after a cue counts as the cue's: two epochs, since W needs one epoch to show. Ours."""


@dataclass(frozen=True, slots=True)
class PartState:
    """What one part of the dreamscape remembers of itself; its budget is its own.

    `last_cue_s` is that of its last cue, and of a train its first. `is_open` is True while its gate on stages is, and
    matters where the author says when an open gate closes.
    """

    last_cue_s: NightTime | None = None
    ramp_from_s: NightTime | None = None
    cue_times_s: tuple[NightTime, ...] = ()
    cues_tonight: int = 0
    is_open: bool = False
    train: Train | None = None

    def cues_last_hour(self, now_s: NightTime) -> int:
        return _within_an_hour(self.cue_times_s, now_s)

    def cued(self, now_s: NightTime, times: int = 1) -> "PartState":
        """So many cues more, now."""
        return replace(
            self,
            last_cue_s=now_s,
            cue_times_s=_last_hour(self.cue_times_s, now_s, times),
            cues_tonight=self.cues_tonight + times,
        )


class Waking(NamedTuple):
    """One awakening of the dreamscape, as far as it was made tonight.

    Attributes:
        kind: probe, back to bed or morning.
        times: how often it began.
        due_s: when it began last; made_s: when it ended, None while it rings.
        event: id of the event by which it began last.
        woke: whether the sleeper is known to have been awake then.
        words: cues that were said since it ended.
    """

    kind: str
    times: int
    due_s: NightTime
    event: str | None
    made_s: NightTime | None = None
    woke: bool = False
    words: frozenset[str] = frozenset()


class Happened(NamedTuple):
    """The newest of its kind: in which tick it was told, and its event's id."""

    tick: int
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PodState:
    """Decision state of one bedside. `readings` reach back as far as the longest gate of the plan looks.

    `leases` holds the newest of each class of sound; they share one budget, so cues since then are counted together.
    `talks` are the dialogues, by their numbers.
    `called` is the stage that a person sees, for as long as CALLED_S.
    `quorums` are those that are met, as the house told this bed.
    `offers` are what other sleepers' signals may become here, oldest first; `elsewhere` is what relays remember, by
    their numbers.
    `windows` holds the newest of each part that waits for a wave, until its cue is due.
    `sounds_until_s` is when the newest planned sound ends, if it begins on time and nothing cuts it.
    `recognised` is False from the return of a device that nobody knows until a person armed the bed again.
    `signalled_s` are the beginnings of the newest eye signals that were given twice; `quiet_until_s` is until when the
    sleeper asked for quiet with one. `quiet_since_s` is since when nothing stirred in a watched bed, and `dose` the
    energy of tonight's sleep cues. `nightmare_seen` is True once the sleeper stirred as out of a nightmare tonight.
    `scene` is the one the sleeper is in; None before the first, and where the dreamscape has none. `happened` holds, by
    the author's word, the newest of what may lead on to another.
    `wakings` holds the awakenings that began, by their index; `report_until_s` is until when the last one is told of.
    `rem_periods` are those so far, whether or not anything asks for them.
    `staged` is True from the night's first estimate on, whatever is forgotten later; `unstageable` all night at a bed
    that tells no stage.
    """

    grant: Grant | None
    grant_ends_s: NightTime | None
    parts: tuple[PartState, ...]
    revoked: bool = False
    armed: bool = True
    rearmed: bool = False
    recognised: bool = True
    held: bool = False
    stopped: bool = False
    lost: bool = False
    out_of_bed: bool = False
    staged: bool = False
    unstageable: bool = False
    lights_off_s: NightTime | None = None
    asleep_since_s: NightTime | None = None
    sleep_onset_s: NightTime | None = None
    scene: str | None = None
    scene_since_s: NightTime = NightTime(0.0)
    happened: dict[str, Happened] = field(default_factory=dict)
    wakings: dict[int, Waking] = field(default_factory=dict)
    report_until_s: NightTime = NightTime(float("-inf"))
    rem_periods: RemPeriods = cycles.NONE_YET
    readings: tuple[Reading, ...] = ()
    leases: dict[SoundClass, LeaseGranted] = field(default_factory=dict)
    command: CommandGiven | None = None
    cue_times_s: tuple[NightTime, ...] = ()
    cues_since_lease: int = 0
    lowered_db: Decibels = Decibels(0.0)
    quiet_since_s: NightTime = NightTime(0.0)
    dose: float = 0.0
    volume_moved: bool = False
    paused_until_s: NightTime = NightTime(float("-inf"))
    awakenings_s: tuple[NightTime, ...] = ()
    sounds_until_s: NightTime = NightTime(float("-inf"))
    signalled_s: tuple[NightTime, ...] = ()
    quiet_until_s: NightTime = NightTime(float("-inf"))
    nightmare_seen: bool = False
    windows: dict[int, PhaseWindowOpened] = field(default_factory=dict)
    offers: tuple[RelayOffered, ...] = ()
    called: OperatorStaged | None = None
    talks: dict[int, Talk] = field(default_factory=dict)
    quorums: frozenset[Quorum] = frozenset()
    elsewhere: dict[int, PartState] = field(default_factory=dict)

    def memory(self, number: int) -> PartState:
        """What the part of this number remembers, or whatever else has one."""
        return self.parts[number] if 0 <= number < len(self.parts) else self.elsewhere.get(number, PartState())

    @property
    def stage(self) -> Stage:
        return self.readings[-1].stage if self.readings else Stage.UNSCORED

    @property
    def last_cue_s(self) -> NightTime | None:
        return self.cue_times_s[-1] if self.cue_times_s else None

    def quiet_s(self, now_s: NightTime) -> Seconds:
        """For how long nothing stirred here, as far as anybody watched."""
        return Seconds(0.0 if self.lost or self.out_of_bed else now_s - self.quiet_since_s)

    @property
    def may_rearm_alone(self) -> bool:
        """True while the sleeper's one re-arming after a crash is allowed and unused, and the device is theirs."""
        allowed = self.grant is not None and self.grant.rearm_after_crash == "once"
        return allowed and self.recognised and not self.rearmed and not self.revoked

    @property
    def is_ringing(self) -> bool:
        """True while somebody is being woken here."""
        return any(waking.made_s is None for waking in self.wakings.values())

    @property
    def is_over(self) -> bool:
        """True once the morning's awakening began: this sleeper's night has ended."""
        return any(waking.kind == "morning" for waking in self.wakings.values())

    def is_waking(self, now_s: NightTime) -> bool:
        """True while the sleeper is woken or tells a dream, and once the night has ended: no part plays then."""
        return self.is_ringing or self.is_over or now_s < self.report_until_s

    def overlaps(self, play_at_s: NightTime, *, apart_from: int | None = None) -> bool:
        """True when a sound planned for then would begin before the one planned last has ended, or in a window's time.

        A part that waits for its next wave is not in its own way.
        """
        windows = (window for part, window in self.windows.items() if part != apart_from)
        return play_at_s < self.sounds_until_s or any(play_at_s < window.until_s for window in windows)

    def stage_age_s(self, now_s: NightTime) -> Seconds | None:
        """How long ago the newest estimate's window ended; None before the first."""
        return Seconds(now_s - self.readings[-1].window_end_s) if self.readings else None

    def cues_last_hour(self, now_s: NightTime) -> int:
        """Of all parts and commands together: what the sleeper's own bound counts."""
        return _within_an_hour(self.cue_times_s, now_s)


def opening_state(plan: Plan, grant: Grant | None, grant_ends_s: NightTime | None) -> PodState:
    """The state of a bedside when its night opens: armed, nothing seen, nothing leased."""
    parts = tuple(PartState() for _ in plan.parts)
    return PodState(grant=grant, grant_ends_s=grant_ends_s, parts=parts, unstageable=plan.unstageable)


def evolve(state: PodState, event: AnyEvent, plan: Plan) -> PodState:  # noqa: PLR0911, C901, PLR0912 - one case per event type
    """The state after one event. Pure; the same events in the same order always give the same state."""
    match event:
        case StageScored():
            return _scored(state, event, plan)
        case SleepOnsetSeen():
            first = state.sleep_onset_s is None
            return replace(state, sleep_onset_s=NightTime(event.since_s)) if first else state
        case ArousalSeen():
            return _stirred(state, event, plan)
        case NightmareArousalSeen():
            return replace(_seen(_stirred(state, event, plan), "nightmare", event), nightmare_seen=True)
        case EyeSignalSeen(status="confirmed"):
            return _signalled(state, event, plan)
        case OutOfBedSeen():
            state = _stirs(state, event, plan)
            return replace(state, out_of_bed=True, asleep_since_s=None, parts=_all_shut(state.parts))
        case BackInBedSeen():
            return replace(_stirs(state, event, plan), out_of_bed=False)
        case Softened():
            state = _stirs(state, event, plan)
            return replace(state, lowered_db=Decibels(state.lowered_db + event.lower_db))
        case Held():
            return replace(state, held=True)
        case PartStopped():
            return replace(state, stopped=True)
        case CueDue():
            return _cue_due(state, event, plan)
        case PhaseWindowOpened():
            return replace(state, windows={**state.windows, event.part: event})
        case LeaseGranted():
            return replace(state, leases={**state.leases, event.sound_class: event}, cues_since_lease=0)
        case LeaseLapsed():
            left = {kind: lease for kind, lease in state.leases.items() if lease.lease != event.lease}
            return replace(state, leases=left)
        case CommandGiven():
            return replace(state, command=event)
        case CueWithheld(part=-1):
            return replace(state, command=None)
        case RelayOffered():
            return replace(state, offers=(*state.offers, event))
        case RelayEnded() | CueWithheld(reason="EXPIRED"):
            return replace(state, offers=_without(state.offers, event.cause))
        case AnswerSeen():
            return _answered(state, event, plan)
        case OperatorStaged():
            return replace(state, called=event if event.stage else None)
        case QuorumMet():
            return replace(state, quorums=state.quorums | {*plan.quorums[event.quorum :][:1]})
        case QuorumLost():
            return replace(state, quorums=state.quorums - {*plan.quorums[event.quorum :][:1]})
        case ConsentWithdrawn():
            return replace(state, revoked=True, leases={}, command=None, offers=())
        case StreamLost():
            return replace(_stirs(state, event, plan), lost=True, parts=_all_shut(state.parts))
        case StreamFound():
            return replace(_stirs(state, event, plan), lost=False)
        case AwakeningDue():
            return _wakes(state, event)
        case AwakeningMade():
            return _made(state, event)
        case SceneEntered():
            return replace(state, scene=event.scene, scene_since_s=NightTime(event.onset_s))
        case LightsOff():
            return replace(state, lights_off_s=NightTime(event.onset_s))
        case LightsOn():
            return replace(state, lights_off_s=None, asleep_since_s=None, sleep_onset_s=None)
        case Recovered():
            return _recovered(state, event, plan)
        case OutputVolumeMoved():
            return replace(state, volume_moved=True)
        case OutputVolumeRestored():
            return replace(state, volume_moved=False)
        case SpeakerReopened() | MachineSlept():
            return replace(state, armed=False)
        case StreamUnrecognised() | OutputUnconfirmed():
            return replace(state, armed=False, recognised=False)
        case Rearmed():
            return replace(state, armed=True, rearmed=True, recognised=True)
        case _:
            return state


def _read(state: PodState, event: StageScored) -> Reading:
    """What counts as the stage now: what a person called a short while ago, else what the stager says."""
    now_s, called = NightTime(event.onset_s), state.called
    if called is None or now_s - called.onset_s >= CALLED_S:
        return Reading(now_s, Stage(event.stage), event.confidence, event.probabilities, event.id)
    return Reading(now_s, Stage(called.stage), 1.0, {called.stage: 1.0}, called.id)


def _scored(state: PodState, event: StageScored, plan: Plan) -> PodState:
    now_s = NightTime(event.onset_s)
    reading = _read(state, event)
    stage = reading.stage
    kept = (*state.readings, reading)[-plan.readings_kept :]
    since_s = _asleep_since(state, stage, now_s)
    onset_s = state.sleep_onset_s
    if onset_s is None and since_s is not None and now_s - since_s >= SLEEP_ONSET_S:
        onset_s = since_s
    woke = stage is Stage.W and state.stage not in {Stage.W, Stage.UNSCORED}
    state = _seen(state, "awakening", event) if woke else state
    cue_s = state.last_cue_s
    locked = woke and cue_s is not None and now_s - cue_s <= CUE_LOCKED_AWAKENING_S
    awakenings = (*state.awakenings_s, now_s)[-plan.awakenings_kept :] if locked else state.awakenings_s
    parts = tuple(_gated(part, asked.when, kept) for part, asked in zip(state.parts, plan.parts, strict=True))
    return replace(
        state,
        parts=parts,
        readings=kept,
        staged=True,
        asleep_since_s=since_s,
        sleep_onset_s=onset_s,
        rem_periods=cycles.after(state.rem_periods, stage, _told_s(state, now_s)),
        awakenings_s=awakenings,
    )


def _stirred(state: PodState, event: ArousalSeen | NightmareArousalSeen, plan: Plan) -> PodState:
    state = _stirs(state, event, plan)
    until_s = NightTime(event.onset_s + plan.arousal_pause_s)
    state = _seen(state, "arousal", event)
    return replace(state, paused_until_s=max(state.paused_until_s, until_s), parts=_all_shut(state.parts))


def _seen(state: PodState, what: str, event: AnyEvent) -> PodState:
    return replace(state, happened={**state.happened, what: Happened(event.tick, event.id)})


def _stirs(state: PodState, event: AnyEvent, plan: Plan) -> PodState:
    """The end of a quiet time: what it gave back stays given, and the next one begins."""
    now_s = NightTime(event.onset_s)
    return replace(
        state,
        lowered_db=plan.lowered_now_db(state.lowered_db, state.quiet_s(now_s)),
        quiet_since_s=max(state.quiet_since_s, now_s),
    )


def _told_s(state: PodState, now_s: NightTime) -> Seconds:
    """How much of the night this estimate tells: since the one before it, for at most an epoch."""
    before_s = state.readings[-1].window_end_s if state.readings else now_s - HOP_S
    return Seconds(min(max(now_s - before_s, 0.0), EPOCH_S))


def _signalled(state: PodState, event: EyeSignalSeen, plan: Plan) -> PodState:
    """Counts a signal given twice; where the author says so, it keeps the bed quiet for a while."""
    signalled_s = (*state.signalled_s, NightTime(event.began_s))[-KEPT:]
    pause_s = plan.signal_pause_s(signalled_s, NightTime(event.onset_s))
    quiet_until_s = state.quiet_until_s if pause_s is None else NightTime(event.onset_s + pause_s)
    return replace(_seen(state, "eye signal", event), signalled_s=signalled_s, quiet_until_s=quiet_until_s)


def _gated(part: PartState, gate: Gate, readings: tuple[Reading, ...]) -> PartState:
    """Only where the author says when an open gate closes: any other is told from the readings alone."""
    if gate.close_below is None:
        return part
    is_open = is_open_after(gate, readings, was_open=part.is_open)
    return part if is_open is part.is_open else replace(part, is_open=is_open)


def _all_shut(parts: tuple[PartState, ...]) -> tuple[PartState, ...]:
    """What opens again must satisfy every clause again."""
    return tuple(replace(part, is_open=False) if part.is_open else part for part in parts)


def _asleep_since(state: PodState, stage: Stage, now_s: NightTime) -> NightTime | None:
    if stage is Stage.W:
        return None
    return now_s if state.asleep_since_s is None and stage is not Stage.UNSCORED else state.asleep_since_s


def _cue_due(state: PodState, event: CueDue, plan: Plan) -> PodState:
    """Played, sham, failed and unknown count alike: what was decided uses up budget and refractory time."""
    if is_awakening(event.part):
        return _rung(state, event, plan)
    now_s = NightTime(event.onset_s)
    parts, elsewhere = list(state.parts), state.elsewhere
    if is_relay(event.part) or is_dialogue(event.part):
        elsewhere = {**elsewhere, event.part: _again(state, event, plan)}
    elif event.part != BY_COMMAND:
        parts[event.part] = _again(state, event, plan)
    return replace(
        state,
        command=None if event.part == BY_COMMAND else state.command,
        parts=tuple(parts),
        elsewhere=elsewhere,
        offers=_without(state.offers, event.cause),
        talks=_asked(state, event, plan),
        cue_times_s=_last_hour(state.cue_times_s, now_s, 1),
        cues_since_lease=state.cues_since_lease + 1,
        dose=state.dose + _energy_of(event, plan),
        windows={part: window for part, window in state.windows.items() if part != event.part},
        sounds_until_s=max(state.sounds_until_s, to_microsecond(event.play_at_s + plan.sounding_s(event.cue))),
    )


def _asked(state: PodState, event: CueDue, plan: Plan) -> dict[int, Talk]:
    if not is_dialogue(event.part) or index_in(event.part) not in plan.dialogues:
        return state.talks
    talk, length_s = state.talks.get(event.part, Talk()), plan.sounding_s(event.cue)
    return {**state.talks, event.part: talks.asked(talk, plan.dialogue(event.part), event, length_s=length_s)}


def _answered(state: PodState, event: AnswerSeen, plan: Plan) -> PodState:
    slot = dialogue_slot(event.dialogue)
    if event.dialogue not in plan.dialogues:
        return state
    after = talks.answered(state.talks.get(slot, Talk()), plan.dialogue(slot), event)
    return replace(state, talks={**state.talks, slot: after})


def _rung(state: PodState, event: CueDue, plan: Plan) -> PodState:
    """A sound that wakes, or one for somebody who was woken: none of the night's cues, blamed for no arousal."""
    waking = state.wakings.get(index_in(event.part))
    wakings = state.wakings
    if waking is not None and waking.made_s is not None:
        wakings = {**wakings, index_in(event.part): waking._replace(words=waking.words | {event.cue})}
    return replace(
        state,
        wakings=wakings,
        elsewhere={**state.elsewhere, event.part: _again(state, event, plan)},
        sounds_until_s=max(state.sounds_until_s, to_microsecond(event.play_at_s + plan.sounding_s(event.cue))),
    )


def _wakes(state: PodState, event: AwakeningDue) -> PodState:
    before = state.wakings.get(event.awakening)
    times = 1 if before is None else before.times + 1
    waking = Waking(event.manner, times, NightTime(event.onset_s), event.id or None)
    return replace(state, wakings={**state.wakings, event.awakening: waking}, parts=_all_shut(state.parts))


def _made(state: PodState, event: AwakeningMade) -> PodState:
    waking = state.wakings.get(event.awakening)
    if waking is None:
        return state
    made = waking._replace(made_s=NightTime(event.onset_s), woke=event.how != "GAVE_UP", words=frozenset())
    until_s = NightTime(event.onset_s + event.report_s)
    return replace(state, wakings={**state.wakings, event.awakening: made}, report_until_s=until_s)


def _again(state: PodState, event: CueDue, plan: Plan) -> PartState:
    """What is remembered of the cue's own part, or relay, after it."""
    now_s, before = NightTime(event.onset_s), state.memory(event.part)
    restarts = plan.ramp_restarts(event.part, before.last_cue_s, now_s)
    # A wave's cue is told when its second is over: the rest behind it is counted from its own moment.
    began_s = NightTime(event.play_at_s) if event.part in plan.phased else now_s
    return replace(
        before.cued(now_s),
        ramp_from_s=now_s if restarts else before.ramp_from_s,
        last_cue_s=before.last_cue_s if goes_on(before.train, event) else began_s,
        train=behind(before.train, event, plan.part(event.part).repeat),
    )


def _without(offers: tuple[RelayOffered, ...], name: str | None) -> tuple[RelayOffered, ...]:
    return tuple(offer for offer in offers if offer.id != name) if offers else offers


def _energy_of(event: CueDue, plan: Plan) -> float:
    level_db, lasts_s = Decibels(event.level_db), plan.sounding_s(event.cue)
    return sound_energy(level_db, lasts_s) if event.sound_class == "sleep" else 0.0


def _recovered(state: PodState, event: Recovered, plan: Plan) -> PodState:
    """After a crash: disarmed, unleased, nothing offered, and what may have sounded unseen counts as played just now.

    A bed runs at most EFFECT_TICKS ahead of the record, so each part may have cued so often unseen, and no more; and
    once in a window that was still open then.
    """
    now_s = NightTime(event.lost_to_s)
    unseen = [
        math.ceil(EFFECT_TICKS / part.closest_s) + _is_open(state.windows.get(number), event.lost_from_s)
        if plan.scene_of[number] is None or number in plan.obeyed
        else 0
        for number, part in enumerate(plan.parts)
    ]
    offered = {number: state.memory(number).cued(now_s) for number in {relay_slot(each.relay) for each in state.offers}}
    return replace(
        state,
        armed=False,
        held=False,
        leases={},
        command=None,
        offers=(),
        quorums=frozenset(),
        talks={slot: talks.broken_off(talk) for slot, talk in state.talks.items()},
        elsewhere={**state.elsewhere, **offered},
        lost=False,
        quiet_since_s=now_s,
        volume_moved=False,  # looked at anew
        out_of_bed=False,  # what is warmed again finds out anew
        windows={},
        readings=(),
        signalled_s=(),
        cue_times_s=_last_hour(state.cue_times_s, now_s, sum(unseen) + len(offered)),
        parts=_all_shut(
            tuple(
                replace(part.cued(now_s, times), train=None) if times else part
                for part, times in zip(state.parts, unseen, strict=True)
            )
        ),
    )


def _is_open(window: PhaseWindowOpened | None, at_s: float) -> bool:
    return window is not None and at_s < window.until_s


def _within_an_hour(times_s: tuple[NightTime, ...], now_s: NightTime) -> int:
    return len(times_s) - bisect_left(times_s, 1, key=lambda time_s: now_s - time_s < HOUR_S)


def _last_hour(times_s: tuple[NightTime, ...], now_s: NightTime, more: int) -> tuple[NightTime, ...]:
    """What is left of the hour, and so many more."""
    return (*(time_s for time_s in times_s if now_s - time_s < HOUR_S), *[now_s] * more)
