"""What may a bed do now? Leases, commands and offers that reach it, consent, holds, and what disarms it."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from dreamloom.dreamscape.slots import BY_COMMAND, relay_slot
from dreamloom.pod import eye_refusal, talks
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState, all_shut, last_hour, without
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    ConsentWithdrawn,
    CueWithheld,
    EyeWithdrawalAgreed,
    GuardianStepped,
    Held,
    LeaseGranted,
    LeaseLapsed,
    MachineSlept,
    MomentCalled,
    MomentReady,
    MomentUnready,
    OperatorStepped,
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
    Restored,
    SceneEntered,
    SpeakerReopened,
    StreamUnrecognised,
)
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime


def _granted(state: PodState, event: LeaseGranted, _: Plan) -> PodState:
    return replace(state, leases={**state.leases, event.sound_class: event}, cues_since_lease=0)


def _lapsed(state: PodState, event: LeaseLapsed, _: Plan) -> PodState:
    left = {kind: lease for kind, lease in state.leases.items() if lease.lease != event.lease}
    return replace(state, leases=left)


def _commanded(state: PodState, event: CommandGiven, _: Plan) -> PodState:
    return replace(state, command=event)


def _withheld(state: PodState, event: CueWithheld, _: Plan) -> PodState:
    """A command is answered by its silence, and an offer that waited in vain is over."""
    if event.part == BY_COMMAND:
        return replace(state, command=None)
    return replace(state, offers=without(state.offers, event.cause)) if event.reason == "EXPIRED" else state


def _offered(state: PodState, event: RelayOffered, _: Plan) -> PodState:
    return replace(state, offers=(*state.offers, event))


def _taken_back(state: PodState, event: RelayEnded, _: Plan) -> PodState:
    return replace(state, offers=without(state.offers, event.cause))


def _met(state: PodState, event: QuorumMet, plan: Plan) -> PodState:
    return replace(state, quorums=state.quorums | {*plan.quorums[event.quorum :][:1]})


def _unmet(state: PodState, event: QuorumLost, plan: Plan) -> PodState:
    return replace(state, quorums=state.quorums - {*plan.quorums[event.quorum :][:1]})


def _ready(state: PodState, event: MomentReady | MomentUnready, _: Plan) -> PodState:
    one = frozenset({event.part})
    return replace(state, ready=state.ready | one if isinstance(event, MomentReady) else state.ready - one)


def _called(state: PodState, event: MomentCalled, _: Plan) -> PodState:
    return replace(state, moments={**state.moments, event.part: event})


def _withdrawn(state: PodState, _event: ConsentWithdrawn, _: Plan) -> PodState:
    return replace(state, revoked=True, leases={}, command=None, offers=())


def _may_refuse(state: PodState, event: EyeWithdrawalAgreed, _: Plan) -> PodState:
    return replace(state, refusal=eye_refusal.agreed(event))


def _held(state: PodState, _event: Held, _: Plan) -> PodState:
    return replace(state, held=True)


def _guarded(state: PodState, event: GuardianStepped | Restored, _: Plan) -> PodState:
    return replace(state, guard=event.stands)


def _stepped(state: PodState, event: OperatorStepped, _: Plan) -> PodState:
    return replace(state, by_hand=event.rung, by_hand_since_s=NightTime(event.onset_s))


def _stopped(state: PodState, _event: PartStopped, _: Plan) -> PodState:
    return replace(state, stopped=True)


def _entered(state: PodState, event: SceneEntered, _: Plan) -> PodState:
    return replace(state, scene=event.scene, scene_since_s=NightTime(event.onset_s))


def _volume(state: PodState, event: OutputVolumeMoved | OutputVolumeRestored, _: Plan) -> PodState:
    return replace(state, volume_moved=isinstance(event, OutputVolumeMoved))


def _disarmed(state: PodState, _event: SpeakerReopened | MachineSlept, _: Plan) -> PodState:
    return replace(state, armed=False)


def _unknown(state: PodState, _event: StreamUnrecognised | OutputUnconfirmed, _: Plan) -> PodState:
    return replace(state, armed=False, recognised=False)


def _rearmed(state: PodState, _event: Rearmed, _: Plan) -> PodState:
    return replace(state, armed=True, rearmed=True, recognised=True)


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
        ready=frozenset(),
        moments={},
        talks={slot: talks.forgotten(talk) for slot, talk in state.talks.items()},
        elsewhere={**state.elsewhere, **offered},
        lost=False,
        quiet_since_s=now_s,
        volume_moved=False,  # looked at anew
        out_of_bed=False,  # what is warmed again finds out anew
        windows={},
        readings=(),
        signalled_s=(),
        refusal=eye_refusal.forgotten(state.refusal),
        cue_times_s=last_hour(state.cue_times_s, now_s, sum(unseen) + len(offered)),
        parts=all_shut(
            tuple(
                replace(part.cued(now_s, times), train=None) if times else part
                for part, times in zip(state.parts, unseen, strict=True)
            )
        ),
    )


def _is_open(window: PhaseWindowOpened | None, at_s: float) -> bool:
    return window is not None and at_s < window.until_s


FOLDS: Mapping[type[AnyEvent], Callable[[PodState, Any, Plan], PodState]] = MappingProxyType(
    {
        LeaseGranted: _granted,
        LeaseLapsed: _lapsed,
        CommandGiven: _commanded,
        CueWithheld: _withheld,
        RelayOffered: _offered,
        RelayEnded: _taken_back,
        QuorumMet: _met,
        QuorumLost: _unmet,
        MomentReady: _ready,
        MomentUnready: _ready,
        MomentCalled: _called,
        EyeWithdrawalAgreed: _may_refuse,
        ConsentWithdrawn: _withdrawn,
        Held: _held,
        OperatorStepped: _stepped,
        GuardianStepped: _guarded,
        Restored: _guarded,
        PartStopped: _stopped,
        SceneEntered: _entered,
        OutputVolumeMoved: _volume,
        OutputVolumeRestored: _volume,
        SpeakerReopened: _disarmed,
        MachineSlept: _disarmed,
        StreamUnrecognised: _unknown,
        OutputUnconfirmed: _unknown,
        Rearmed: _rearmed,
        Recovered: _recovered,
    }
)
"""What each event of this family makes of the state."""
