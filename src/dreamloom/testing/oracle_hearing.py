"""What does one event of the record change in what a bed knew? One function each, for a judge who asks no pod."""

from collections.abc import Callable
from typing import Any

from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    AwakeningDue,
    AwakeningMade,
    AwakeSoundsAllowed,
    BackInBedSeen,
    CommandGiven,
    ConsentGiven,
    ConsentWithdrawn,
    CueDue,
    CueWithheld,
    EyeSignalSeen,
    GuardianStepped,
    Held,
    LeaseGranted,
    LeaseLapsed,
    LightsOff,
    LightsOn,
    MachineSlept,
    MomentReady,
    MomentUnready,
    NightmareArousalSeen,
    OperatorStaged,
    OperatorStepped,
    OutOfBedSeen,
    OutputVolumeMoved,
    OutputVolumeRestored,
    PhaseWindowOpened,
    Rearmed,
    Recovered,
    RelayEnded,
    RelayOffered,
    Restored,
    SceneEntered,
    SleepOnsetSeen,
    SpeakerReopened,
    StageScored,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
    ThresholdMeasured,
)
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold
from dreamloom.testing.oracle_bed import BedTold, Rem, Told, longest_s, shut, signalled, stage_told
from dreamloom.testing.oracle_cues import due, recovered

SLEEP_BEGINS_AFTER_S = 60.0
CUE_AROUSES_WITHIN_S, CUE_WAKES_WITHIN_S = 15.0, 60.0
LEAST_PAUSE_S = 60.0
"""After an arousal, where the author says nothing."""
REARM_AFTER_S = 60.0
REM_APART_S, REM_COUNTS_S, FIRST_REM_COUNTS_S, REM_SETTLED_S = 900.0, 300.0, 60.0, 30.0


def hear(bed: BedTold, event: AnyEvent) -> None:
    """One more event of this bed, in the order of the record."""
    hearing = _HEARD.get(type(event))
    if hearing is not None:
        hearing(bed, event)
    bed.talks.hear(event, lasts_s=longest_s(bed.dreamscape, event.cue) if isinstance(event, CueDue) else 0.0)
    bed.said |= {slot: talk.part for slot, talk in bed.talks.held.items()}


def _stage(bed: BedTold, event: StageScored) -> None:
    now_s, before = event.onset_s, bed.stage
    stage, shares = stage_told(bed.called, event)
    since_before_s = now_s - bed.told[-1].end_s if bed.told else 5.0
    if stage == "W":
        bed.asleep_since_s = None
    elif bed.asleep_since_s is None and stage != "UNSCORED":
        bed.asleep_since_s = now_s
    since_s = bed.asleep_since_s
    if bed.sleep_onset_s is None and since_s is not None and now_s - since_s >= SLEEP_BEGINS_AFTER_S:
        bed.sleep_onset_s = since_s
    woke = stage == "W" and before in {"N1", "N2", "N3", "R"}
    if woke and bed.cues_s and now_s - bed.cues_s[-1] <= CUE_WAKES_WITHIN_S:
        bed.awakenings_s.append(now_s)
    _rem(bed.rem, stage, min(max(since_before_s, 0.0), 30.0))
    if woke:
        bed.happened["awakening"] = event.tick
    bed.told.append(Told(now_s, stage, shares))
    bed.staged = True


def _rem(rem: Rem, stage: str, told_s: float) -> None:
    """Periods of REM with a quarter of an hour without between them (Feinberg & Floyd, 1979)."""
    if stage == "UNSCORED":
        rem.run_s = 0.0
        return
    ran_s, rem.run_s = rem.run_s, rem.run_s + told_s if stage == "R" else 0.0
    if rem.run_s >= REM_SETTLED_S:
        rem.held_s += told_s if ran_s >= REM_SETTLED_S else rem.run_s
        rem.away_s = 0.0
        return
    rem.away_s = rem.away_s + told_s if rem.held_s > 0 else 0.0
    if rem.away_s >= REM_APART_S:
        rem.ended += rem.held_s >= (REM_COUNTS_S if rem.ended else FIRST_REM_COUNTS_S)
        rem.held_s = rem.away_s = 0.0


def _arousal(bed: BedTold, event: ArousalSeen | NightmareArousalSeen) -> None:
    bed.stirs(event.onset_s)
    arousal = bed.dreamscape.stop.arousal if bed.dreamscape.stop else None
    pause_s = arousal.pause_s if arousal else LEAST_PAUSE_S
    bed.paused_until_s = max(bed.paused_until_s, event.onset_s + pause_s)
    shut(bed)
    bed.happened["arousal"] = event.tick
    if isinstance(event, NightmareArousalSeen):
        bed.nightmare = True
        bed.happened["nightmare"] = event.tick
    elif arousal is not None and bed.cues_s and event.onset_s - bed.cues_s[-1] <= CUE_AROUSES_WITHIN_S:
        bed.lowered_db += arousal.lower_db


def _eyes(bed: BedTold, event: EyeSignalSeen) -> None:
    if event.status != "confirmed":
        return
    bed.signals_s.append(event.began_s)
    bed.happened["eye signal"] = event.tick
    rule = bed.dreamscape.stop.eye_signal if bed.dreamscape.stop else None
    if rule is not None and rule.pause_s is not None and signalled(rule.seen, bed.signals_s, event.onset_s):
        bed.quiet_until_s = event.onset_s + rule.pause_s


def _disarmed(bed: BedTold, event: SpeakerReopened | MachineSlept | StreamUnrecognised) -> None:
    bed.armed, bed.disarmed_s = False, event.onset_s
    bed.recognised = bed.recognised and not isinstance(event, StreamUnrecognised)


def _rearmed(bed: BedTold, event: Rearmed) -> None:
    """By a person, or once by the sleeper's own consent, a minute after the fault."""
    if event.by.startswith("consent"):
        allowed = bed.consent is not None and bed.consent.rearm_after_crash == "once" and bed.recognised
        if not allowed or bed.rearmed_by_consent or event.onset_s - bed.disarmed_s < REARM_AFTER_S - 1.0:
            return
    bed.armed = bed.recognised = bed.rearmed_by_consent = True


def _woken(bed: BedTold, event: AwakeningDue | AwakeningMade) -> None:
    bed.woken.hear(event)
    if isinstance(event, AwakeningDue):
        shut(bed)


def _withdrawn(bed: BedTold, _: ConsentWithdrawn) -> None:
    bed.withdrawn = True


def _lights_off(bed: BedTold, event: LightsOff) -> None:
    bed.lights_off_s = event.onset_s


def _lights_on(bed: BedTold, _: LightsOn) -> None:
    bed.lights_off_s = bed.asleep_since_s = bed.sleep_onset_s = None


def _left(bed: BedTold, event: OutOfBedSeen | OutOfBedTold) -> None:
    bed.stirs(event.onset_s)
    bed.out_of_bed, bed.asleep_since_s = True, None
    shut(bed)


def _back(bed: BedTold, event: BackInBedSeen | BackInBedTold) -> None:
    bed.stirs(event.onset_s)
    bed.out_of_bed = False


def _lost(bed: BedTold, event: StreamLost) -> None:
    bed.stirs(event.onset_s)
    bed.lost = True
    shut(bed)


def _found(bed: BedTold, event: StreamFound) -> None:
    bed.stirs(event.onset_s)
    bed.lost = False


def _onset(bed: BedTold, event: SleepOnsetSeen) -> None:
    bed.sleep_onset_s = event.since_s if bed.sleep_onset_s is None else bed.sleep_onset_s


def _consent(bed: BedTold, event: ConsentGiven) -> None:
    bed.consent = event


def _hold(bed: BedTold, _: Held) -> None:
    bed.held = True


def _guard(bed: BedTold, event: GuardianStepped | Restored) -> None:
    """The house counts on it at once, the bed three seconds later."""
    bed.guard = event.stands
    bed.guard_next.append((event.tick + 3, event.stands))


def _step(bed: BedTold, event: OperatorStepped) -> None:
    bed.by_hand = event.rung


def _lease(bed: BedTold, event: LeaseGranted) -> None:
    bed.leases[event.lease] = event


def _lapse(bed: BedTold, event: LeaseLapsed) -> None:
    bed.lapsed.setdefault(event.lease, event.tick)


def _threshold(bed: BedTold, event: ThresholdMeasured) -> None:
    bed.threshold_db = event.threshold_db


def _awake(bed: BedTold, event: AwakeSoundsAllowed) -> None:
    bed.awake_cap_db = event.level_cap_db


def _volume(bed: BedTold, event: OutputVolumeMoved | OutputVolumeRestored) -> None:
    bed.volume_moved = isinstance(event, OutputVolumeMoved)


def _scene(bed: BedTold, event: SceneEntered) -> None:
    bed.scene, bed.scene_since_s = event.scene, event.onset_s


def _window(bed: BedTold, event: PhaseWindowOpened) -> None:
    bed.windows[event.part] = event


def _ready(bed: BedTold, event: MomentReady) -> None:
    bed.ready.add(event.part)


def _unready(bed: BedTold, event: MomentUnready) -> None:
    bed.ready.discard(event.part)


def _called(bed: BedTold, event: OperatorStaged) -> None:
    bed.called = event if event.stage else None


def _offer(bed: BedTold, event: RelayOffered) -> None:
    bed.offers[event.id] = event


def _forgotten(bed: BedTold, event: CueWithheld) -> None:
    if event.reason == "EXPIRED":
        bed.offers.pop(event.cause or "", None)


def _taken_back(bed: BedTold, event: RelayEnded) -> None:
    """It may still sound for as long as the bed does not know; nothing of it is owed any more."""
    bed.ended.add(event.cause or "")


def _command(bed: BedTold, event: CommandGiven) -> None:
    bed.commands[event.id] = event


_HEARD: dict[type, Callable[[BedTold, Any], None]] = {
    StageScored: _stage,
    ArousalSeen: _arousal,
    NightmareArousalSeen: _arousal,
    EyeSignalSeen: _eyes,
    CueDue: due,
    AwakeningDue: _woken,
    AwakeningMade: _woken,
    Recovered: recovered,
    SpeakerReopened: _disarmed,
    MachineSlept: _disarmed,
    StreamUnrecognised: _disarmed,
    Rearmed: _rearmed,
    ConsentGiven: _consent,
    ConsentWithdrawn: _withdrawn,
    LightsOff: _lights_off,
    LightsOn: _lights_on,
    OutOfBedSeen: _left,
    BackInBedSeen: _back,
    OutOfBedTold: _left,
    BackInBedTold: _back,
    StreamLost: _lost,
    StreamFound: _found,
    SleepOnsetSeen: _onset,
    Held: _hold,
    GuardianStepped: _guard,
    OperatorStepped: _step,
    Restored: _guard,
    LeaseGranted: _lease,
    LeaseLapsed: _lapse,
    CommandGiven: _command,
    ThresholdMeasured: _threshold,
    AwakeSoundsAllowed: _awake,
    OutputVolumeMoved: _volume,
    OutputVolumeRestored: _volume,
    SceneEntered: _scene,
    RelayOffered: _offer,
    RelayEnded: _taken_back,
    PhaseWindowOpened: _window,
    MomentReady: _ready,
    MomentUnready: _unready,
    OperatorStaged: _called,
    CueWithheld: _forgotten,
}
"""What each event says of a bed; what is not here says nothing that a cue depends on."""
