"""What does it change at a bed that something was seen of its sleeper, or nothing more is?"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from dreamloom.dreamscape.model import Gate
from dreamloom.dreamscape.signalled import KEPT
from dreamloom.pod import cycles, eye_refusal, talks
from dreamloom.pod.belief import Reading, is_open_after
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PartState, PodState, all_shut, with_seen
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    BackInBedSeen,
    EyeSignalSeen,
    LightsOff,
    LightsOn,
    NightmareArousalSeen,
    OperatorStaged,
    OutOfBedSeen,
    SleepOnsetSeen,
    Softened,
    StageScored,
    StreamFound,
    StreamLost,
)
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold
from dreamloom.vocabulary.stages import CALLED_S, Stage
from dreamloom.vocabulary.units import EPOCH_S, HOP_S, Decibels, NightTime, Seconds

SLEEP_ONSET_S = Seconds(60.0)
"""Sleep has begun when a minute passed without W. Ours."""
CUE_LOCKED_AWAKENING_S = Seconds(60.0)
"""An awakening this soon after a cue counts as the cue's: two epochs, since W needs one epoch to show. Ours."""


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
    state = with_seen(state, "awakening", event) if woke else state
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


def _fell_asleep(state: PodState, event: SleepOnsetSeen, _: Plan) -> PodState:
    return state if state.sleep_onset_s is not None else replace(state, sleep_onset_s=NightTime(event.since_s))


def _stirred(state: PodState, event: ArousalSeen | NightmareArousalSeen, plan: Plan) -> PodState:
    state = _stirs(state, event, plan)
    until_s = NightTime(event.onset_s + plan.arousal_pause_s)
    state = with_seen(state, "arousal", event)
    return _interrupted(replace(state, paused_until_s=max(state.paused_until_s, until_s)))


def _nightmare(state: PodState, event: NightmareArousalSeen, plan: Plan) -> PodState:
    return replace(with_seen(_stirred(state, event, plan), "nightmare", event), nightmare_seen=True)


def _softened(state: PodState, event: Softened, plan: Plan) -> PodState:
    state = _stirs(state, event, plan)
    return replace(state, lowered_db=Decibels(state.lowered_db + event.lower_db))


def _out_of_bed(state: PodState, event: OutOfBedSeen | OutOfBedTold, plan: Plan) -> PodState:
    state = _stirs(state, event, plan)
    return _interrupted(replace(state, out_of_bed=True, asleep_since_s=None))


def _back_in_bed(state: PodState, event: BackInBedSeen | BackInBedTold, plan: Plan) -> PodState:
    return replace(_stirs(state, event, plan), out_of_bed=False)


def _lost(state: PodState, event: StreamLost, plan: Plan) -> PodState:
    return _interrupted(replace(_stirs(state, event, plan), lost=True))


def _interrupted(state: PodState) -> PodState:
    """Gates must open anew by every clause, dialogues by another signal."""
    told = {slot: talks.interrupted(talk) for slot, talk in state.talks.items()}
    return replace(state, parts=all_shut(state.parts), talks=told)


def _found(state: PodState, event: StreamFound, plan: Plan) -> PodState:
    return replace(_stirs(state, event, plan), lost=False)


def _dark(state: PodState, event: LightsOff, _: Plan) -> PodState:
    return replace(state, lights_off_s=NightTime(event.onset_s))


def _light(state: PodState, _event: LightsOn, _: Plan) -> PodState:
    return replace(state, lights_off_s=None, asleep_since_s=None, sleep_onset_s=None)


def _called(state: PodState, event: OperatorStaged, _: Plan) -> PodState:
    return replace(state, called=event if event.stage else None)


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
    if event.status != "confirmed":
        return state
    signalled_s = (*state.signalled_s, NightTime(event.began_s))[-KEPT:]
    pause_s = plan.signal_pause_s(signalled_s, NightTime(event.onset_s))
    quiet_until_s = state.quiet_until_s if pause_s is None else NightTime(event.onset_s + pause_s)
    state = with_seen(state, "eye signal", event)
    return replace(
        state,
        signalled_s=signalled_s,
        quiet_until_s=quiet_until_s,
        first_look=event.first,
        refusal=eye_refusal.after(state.refusal, event),
    )


def _gated(part: PartState, gate: Gate, readings: tuple[Reading, ...]) -> PartState:
    """Only where the author says when an open gate closes: any other is told from the readings alone."""
    if gate.close_below is None:
        return part
    is_open = is_open_after(gate, readings, was_open=part.is_open)
    return part if is_open is part.is_open else replace(part, is_open=is_open)


def _asleep_since(state: PodState, stage: Stage, now_s: NightTime) -> NightTime | None:
    if stage is Stage.W:
        return None
    return now_s if state.asleep_since_s is None and stage is not Stage.UNSCORED else state.asleep_since_s


FOLDS: Mapping[type[AnyEvent], Callable[[PodState, Any, Plan], PodState]] = MappingProxyType(
    {
        StageScored: _scored,
        OperatorStaged: _called,
        SleepOnsetSeen: _fell_asleep,
        ArousalSeen: _stirred,
        NightmareArousalSeen: _nightmare,
        Softened: _softened,
        EyeSignalSeen: _signalled,
        OutOfBedSeen: _out_of_bed,
        BackInBedSeen: _back_in_bed,
        OutOfBedTold: _out_of_bed,
        BackInBedTold: _back_in_bed,
        StreamLost: _lost,
        StreamFound: _found,
        LightsOff: _dark,
        LightsOn: _light,
    }
)
"""What each event of this family makes of the state."""
