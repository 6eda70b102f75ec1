"""What does the house know about a running night? A fold over the record: who is armed, leased, lost, withdrawn."""

import msgspec
from msgspec import field
from msgspec.structs import replace

from dreamloom.dreamscape.signalled import KEPT
from dreamloom.dreamscape.slots import is_awakening
from dreamloom.governance.consent import Grant
from dreamloom.guardian import signs
from dreamloom.guardian.bed import Guarded
from dreamloom.guardian.ladder import highest, is_apart
from dreamloom.orchestra import quorums, relays
from dreamloom.orchestra.quorums import Counting
from dreamloom.orchestra.relays import Relaying
from dreamloom.record.events import (
    AnyEvent,
    ArmsSealed,
    BackInBedSeen,
    ConsentGiven,
    ConsentWithdrawn,
    CueDue,
    CueWithheld,
    EyeSignalSeen,
    GroupsTold,
    Held,
    LeaseGranted,
    LeaseLapsed,
    MachineSlept,
    MomentCalled,
    MomentReady,
    MomentUnready,
    OperatorStaged,
    OperatorStepped,
    OutOfBedSeen,
    OutputUnconfirmed,
    PartStopped,
    PodClockBounded,
    QuorumLost,
    QuorumMet,
    Rearmed,
    Recovered,
    RelayEnded,
    RelayOffered,
    Rung,
    SceneEntered,
    Sealed,
    SoundClass,
    SpeakerReopened,
    StageScored,
    StreamEnded,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
)
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold, Rejoined, SetApart
from dreamloom.vocabulary.stages import CALLED_S, Stage
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime


class BedState(msgspec.Struct, frozen=True, kw_only=True):
    """One bedside as the house sees it.

    Attributes:
        leases: the newest of each class of sound.
        consent: id of its ConsentGiven; None before it was told.
        groups: of the dreamscape, that its sleeper is in.
        signalled_s: beginnings of the newest eye signals that were given twice, oldest first.
        stage, scored_s: the newest estimate and the end of its window.
        ready: what it could do now, if it were the moment of all.
        called: the stage that a person sees, for as long as CALLED_S.
        remote_clock: its pod runs on another machine, so that the night's time there is known within bounds only.
        scene: the one its sleeper is in; None before the first, and where there are none.
        clock_bound_s: how far it may be off; None where nothing bounds it.
        guarded: what the guardian knows of it.
        apart: a person keeps it private: its own cues go on, and nothing passes.
        by_hand, by_hand_since_s: how far a person holds it back, and since when.
    """

    pod: str
    sleeper: str
    grant: Grant | None
    grant_ends_s: NightTime | None
    arm: Sealed | None = None
    withdrawn: bool = False
    lost: bool = False
    armed: bool = True
    held: bool = False
    remote_clock: bool = False
    clock_bound_s: float | None = None
    scene: str | None = None
    stopped: bool = False
    leases: dict[SoundClass, LeaseGranted] = field(default_factory=dict)
    leases_given: int = 0
    cues_tonight: int = 0
    consent: str | None = None
    groups: tuple[str, ...] = ()
    signalled_s: tuple[NightTime, ...] = ()
    stage: Stage = Stage.UNSCORED
    scored_s: NightTime = NightTime(0.0)
    called: OperatorStaged | None = None
    out_of_bed: bool = False
    ready: frozenset[int] = frozenset()
    guarded: Guarded = field(default_factory=Guarded)
    by_hand: Rung = "NONE"
    by_hand_since_s: NightTime = NightTime(0.0)
    apart: bool = False

    @property
    def stands(self) -> Rung:
        """How far this bed is held back, by the guardian or by a person, whichever goes further."""
        return self.guarded.stands if self.by_hand == "NONE" else highest((self.guarded.stands, self.by_hand))

    @property
    def is_apart(self) -> bool:
        """True where nothing of this bed may reach another, nor anything of another this one."""
        return self.apart or is_apart(self.stands)


class NightState(msgspec.Struct, frozen=True, kw_only=True):
    """All bedsides of a night, by pod id in alphabetical order, and the count of what the house itself has said.

    `called_s` is the newest moment of all, by the number of what came then.
    """

    beds: dict[str, BedState] = field(default_factory=dict)
    relaying: Relaying = field(default_factory=Relaying)
    counting: Counting = field(default_factory=Counting)
    called_s: dict[int, NightTime] = field(default_factory=dict)
    boot: int = 0
    events_said: int = 0


def evolve(state: NightState, event: AnyEvent) -> NightState:
    """The state after one event of the record, whoever said it."""
    if event.pod is None:
        return _evolve_every_bed(state, event)
    if event.pod not in state.beds:
        return state
    before = state.beds[event.pod]
    bed = _guarded(_evolve_bed(before, event), event)
    return replace(
        state,
        beds=state.beds if bed is before else {**state.beds, event.pod: bed},
        relaying=_evolve_relaying(state.relaying, event),
        counting=_evolve_counting(state.counting, event),
        called_s=_evolve_called(state.called_s, event),
    )


def _evolve_every_bed(state: NightState, event: AnyEvent) -> NightState:
    """What belongs to no bed may be amiss at every one."""
    beds = {pod: _guarded(bed, event) for pod, bed in state.beds.items()}
    return replace(state, beds=beds) if any(beds[pod] is not bed for pod, bed in state.beds.items()) else state


def _guarded(bed: BedState, event: AnyEvent) -> BedState:
    guarded = signs.heard(bed.guarded, event)
    return bed if guarded is bed.guarded else replace(bed, guarded=guarded)


def _evolve_called(state: dict[int, NightTime], event: AnyEvent) -> dict[int, NightTime]:
    return {**state, event.part: NightTime(event.from_s)} if isinstance(event, MomentCalled) else state


def _evolve_counting(state: Counting, event: AnyEvent) -> Counting:
    match event:
        case QuorumMet() | QuorumLost():
            return quorums.noted(state, event.quorum, event.pod or "", is_met=isinstance(event, QuorumMet))
        case Recovered():
            return quorums.forgotten(state, event.pod or "")
        case _:
            return state


def _evolve_relaying(state: Relaying, event: AnyEvent) -> Relaying:
    match event:
        case RelayOffered():
            return relays.noted(state, event)
        case RelayEnded() | CueDue() | CueWithheld():
            return relays.settled(state, event.cause)
        case Recovered():
            return relays.forgotten(state, event.pod or "")
        case _:
            return state


def _evolve_bed(bed: BedState, event: AnyEvent) -> BedState:  # noqa: PLR0911, C901, PLR0912 - one case per event type
    match event:
        case ArmsSealed():
            return replace(bed, arm=event.arm)
        case ConsentGiven():
            return replace(bed, consent=event.id)
        case StageScored():
            return replace(bed, stage=_stage(bed, event), scored_s=NightTime(event.onset_s))
        case OperatorStaged():
            return replace(bed, called=event if event.stage else None)
        case OperatorStepped():
            return replace(bed, by_hand=event.rung, by_hand_since_s=NightTime(event.onset_s))
        case OutOfBedSeen() | OutOfBedTold():
            return replace(bed, out_of_bed=True)
        case BackInBedSeen() | BackInBedTold():
            return replace(bed, out_of_bed=False)
        case SetApart() | Rejoined():
            return replace(bed, apart=isinstance(event, SetApart))
        case GroupsTold():
            return replace(bed, groups=event.groups)
        case EyeSignalSeen(status="confirmed"):
            return replace(bed, signalled_s=(*bed.signalled_s, NightTime(event.began_s))[-KEPT:])
        case ConsentWithdrawn():
            return replace(bed, withdrawn=True)
        case StreamLost():
            return replace(bed, lost=True)
        case MomentReady():
            return replace(bed, ready=bed.ready | {event.part})
        case MomentUnready():
            return replace(bed, ready=bed.ready - {event.part})
        case StreamEnded():
            return replace(bed, ready=frozenset())
        case StreamFound():
            return replace(bed, lost=False)
        case Recovered():
            return replace(
                bed,
                armed=False,
                held=False,
                lost=False,
                clock_bound_s=None,
                cues_tonight=bed.cues_tonight + EFFECT_TICKS,
                out_of_bed=False,  # what is warmed again finds out anew
                signalled_s=(),
                ready=frozenset(),
            )
        case SpeakerReopened() | MachineSlept() | StreamUnrecognised() | OutputUnconfirmed():
            return replace(bed, armed=False)
        case Rearmed():
            return replace(bed, armed=True)
        case PodClockBounded():
            return replace(bed, clock_bound_s=event.bound_s)
        case SceneEntered():
            return replace(bed, scene=event.scene)
        case Held():
            return replace(bed, held=True)
        case PartStopped():
            return replace(bed, stopped=True)
        case LeaseGranted():
            leases = {**bed.leases, event.sound_class: event}
            return replace(bed, leases=leases, leases_given=bed.leases_given + 1)
        case LeaseLapsed():
            left = {kind: lease for kind, lease in bed.leases.items() if lease.lease != event.lease}
            return replace(bed, leases=left)
        case CueDue() if not is_awakening(event.part):
            return replace(bed, cues_tonight=bed.cues_tonight + 1)
        case _:
            return bed


def _stage(bed: BedState, event: StageScored) -> Stage:
    """As the bed itself counts it: what a person called a short while ago, else what the stager says."""
    called = bed.called
    return Stage(event.stage if called is None or event.onset_s - called.onset_s >= CALLED_S else called.stage)
