"""What else happened at this bed? Events that a person would tell in the morning, each as one plain sentence."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from dreamloom.gallery import guarded
from dreamloom.gallery.night_clock import duration
from dreamloom.gallery.pod_night import PodNight
from dreamloom.gallery.scene_strip import WHY
from dreamloom.gallery.words import SPOILT, WAKES, counted, stage_in_words, woke
from dreamloom.governance.policy.reasons import in_words
from dreamloom.guardian.rules import PRIVATE
from dreamloom.jukebox.phone_grades import BOUNDS
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    AwakeningMade,
    BackInBedSeen,
    ConsentWithdrawn,
    CueForbidden,
    EyesCalibrated,
    EyeSignalSeen,
    Held,
    LightsOff,
    LightsOn,
    NightmareArousalSeen,
    OutOfBedSeen,
    OutputTurnedDown,
    OutputUnconfirmed,
    OutputVolumeMoved,
    OutputVolumeRestored,
    PartStopped,
    PhoneGraded,
    Rearmed,
    Recovered,
    SceneEntered,
    SignalMended,
    SignalSpoilt,
    SleepOnsetSeen,
    Softened,
    StreamDescribed,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
    ThresholdMeasured,
    TrainingHeld,
)
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold, Rejoined, SetApart
from dreamloom.staging.support import why_not
from dreamloom.vocabulary.stages import Stage

EXCHANGED = "left and right electrode are in each other's place, or the sides were mixed up"
BY_THE_CLOCK = "This bed told no stages: whatever it played went by the clock and is marked unstaged."


SAID_OF_BEDS: dict[type[SetApart | Rejoined | OutOfBedTold | BackInBedTold], str] = {
    SetApart: "Somebody kept this bed private: nothing passed to others or from them",
    Rejoined: "The bed was among the others again",
    OutOfBedTold: "Somebody said that the sleeper was up. Silent from here on",
    BackInBedTold: "Somebody said that the sleeper was in bed again",
}
"""What a person said of a bed, without their name."""


class Happening(Struct, frozen=True):
    """One moment worth telling."""

    onset_s: float
    words: str


def happenings_of(
    own: Sequence[AnyEvent], night: PodNight, *, reader: Literal["sleeper", "others"] = "sleeper"
) -> tuple[Happening, ...]:
    """The happenings of one pod, in the order of the record; others read that something was private, and no more."""
    shown = own if reader == "sleeper" else guarded.shown_to_others(own)
    first = [] if len(shown) == len(own) else [Happening(0.0, PRIVATE)]
    told = ((event.onset_s, _words(event, night)) for event in shown)
    return (*first, *(Happening(onset_s, words) for onset_s, words in told if words))


def tells_no_stage(stream: StreamDescribed) -> bool:
    """True for a bed whose channels show no stage; beliefs that are told without a channel are another matter."""
    kinds = {channel.kind for channel in stream.channels}
    return bool(kinds) and why_not(kinds, stream.grid_hz) is not None


def _words(event: AnyEvent, night: PodNight) -> str:
    match event:
        case LightsOff() | LightsOn():
            return f"Lights {'off' if isinstance(event, LightsOff) else 'on'} ({event.by})."
        case StreamLost():
            return "The signal was lost. The bed was silent from here on."
        case StreamFound():
            return f"The signal was back after {duration(event.lost_s)}."
        case ConsentWithdrawn():
            return f"{event.sleeper} withdrew consent ({event.channel}). {_after_withdrawal(event, night)}"
        case Softened():
            return f"Cues became {event.lower_db:g} dB softer, at most {event.level_cap_db:g} dB: {event.reason}."
        case SceneEntered() | PartStopped() | AwakeningDue() | AwakeningMade() | CueForbidden():
            return _of_the_dreamscape(event)
        case EyesCalibrated() | EyeSignalSeen():
            return _of_the_eyes(event)
        case _:
            return guarded.in_words(event) or _words_of_the_bed(event) or _said_of_the_bed(event)


def _said_of_the_bed(event: AnyEvent) -> str:
    if not isinstance(event, SetApart | Rejoined | OutOfBedTold | BackInBedTold):
        return ""
    return f"{SAID_OF_BEDS[type(event)]} ({event.by})."


def _of_the_dreamscape(event: SceneEntered | PartStopped | AwakeningDue | AwakeningMade | CueForbidden) -> str:
    match event:
        case PartStopped():
            return f"A stop rule ended the cues: {event.reason}."
        case SceneEntered():
            return f"Scene {event.scene} began: {WHY[event.reason]}."
        case AwakeningDue():
            return f"Woken ({event.manner}) out of {stage_in_words(Stage(event.stage))}: {WAKES[event.reason]}."
        case AwakeningMade():
            return woke(event)
        case CueForbidden():
            return f"A rule of the house forbade a cue: {in_words(event.policies)}"


def _words_of_the_bed(event: AnyEvent) -> str:
    match event:
        case (
            StreamDescribed()
            | SleepOnsetSeen()
            | NightmareArousalSeen()
            | OutOfBedSeen()
            | BackInBedSeen()
            | TrainingHeld()
        ):
            return _of_the_sleeper(event)
        case Recovered():
            unknown = duration(event.lost_to_s - event.lost_from_s)
            return f"The night had broken and was opened again; {unknown} before this are unknown."
        case Held():
            why = "The disk was nearly full" if event.reason == "DISK_LOW" else "Memory ran short"
            return f"{why}. The bed was silent from here on, and recording went on."
        case Rearmed():
            return f"The bed was armed again ({event.by})."
        case StreamUnrecognised():
            return "A device was heard again, and nothing said whose it was. The bed was silent from here on."
        case (
            OutputUnconfirmed()
            | OutputVolumeMoved()
            | OutputVolumeRestored()
            | OutputTurnedDown()
            | ThresholdMeasured()
            | PhoneGraded()
        ):
            return _of_the_output(event)
        case SignalSpoilt() | SignalMended():
            return _of_the_signal(event)
        case _:
            return ""


def _of_the_signal(event: SignalSpoilt | SignalMended) -> str:
    if isinstance(event, SignalSpoilt):
        return f"{event.channel} {SPOILT[event.fault]}."
    lasted = duration(event.until_s - event.since_s)
    return f"{event.channel} was well again, after {lasted} in which it {SPOILT[event.fault].split(':')[0]}."


def _of_the_output(
    event: OutputUnconfirmed
    | OutputVolumeMoved
    | OutputVolumeRestored
    | OutputTurnedDown
    | ThresholdMeasured
    | PhoneGraded,
) -> str:
    match event:
        case OutputUnconfirmed():
            return "Nobody had said back a word heard on this output. The bed was not armed."
        case OutputVolumeMoved():
            return (
                f"Somebody turned the volume by {event.now_db - event.was_db:+.1f} dB. The bed was held from here on."
            )
        case OutputVolumeRestored():
            return "The volume was turned back."
        case OutputTurnedDown():
            how = "was paused" if event.now == "paused" else f"was set {event.lowered_db:g} dB below what was planned"
            return f"The sleeper's own page {how}."
        case PhoneGraded():
            why = [bound.in_words(getattr(event, bound.reason)) for bound in BOUNDS if bound.reason in event.reasons]
            return " ".join([f"The phone at this bed had been rehearsed, and graded {event.grade}.", *why])
        case ThresholdMeasured():
            scale = "dB(A)" if event.scale == "dB(A)" else "dB, which stand for the own threshold: no meter was there"
            return f"Levels were counted from {event.threshold_db:.1f} {scale}."


def _of_the_sleeper(
    event: StreamDescribed | SleepOnsetSeen | NightmareArousalSeen | OutOfBedSeen | BackInBedSeen | TrainingHeld,
) -> str:
    if isinstance(event, OutOfBedSeen):
        return "Out of bed, or the band came off: after a movement no lead heard a body. Silent from here on."
    if isinstance(event, BackInBedSeen):
        return "Back in bed: the leads hear a body again."
    if isinstance(event, NightmareArousalSeen):
        return (
            f"Stirred out of REM as out of a nightmare: the heart had gone at {event.heart_per_min:.0f} a minute, "
            f"usually {event.usual_heart_per_min:.0f}, and the breath at {event.breath_per_min:.0f}, usually "
            f"{event.usual_breath_per_min:.0f}. Only the dreamer knows whether it was one."
        )
    if isinstance(event, TrainingHeld):
        turns, lasted = counted(event.presented, "turn"), duration(event.held_s)
        return f"A training was held before the night: {turns} within {lasted}."
    if isinstance(event, SleepOnsetSeen):
        return "Nothing had moved for ten minutes: taken as asleep since then."
    return BY_THE_CLOCK if tells_no_stage(event) else ""


def _of_the_eyes(event: EyesCalibrated | EyeSignalSeen) -> str:
    """What counts as a signal, and on which side it showed."""
    if isinstance(event, EyesCalibrated):
        if event.first == "left":
            return ""
        return f"The first of the looks practised in the evening showed to the right: {EXCHANGED}. So signals counted."
    if event.status != "confirmed":
        return ""
    side = f" It showed to the right first: {EXCHANGED}." if event.first == "right" else ""
    return f"The sleeper signalled with the eyes: left-right-left-right, twice.{side}"


def _after_withdrawal(event: ConsentWithdrawn, night: PodNight) -> str:
    after = sum(cue.fate == "played" and cue.onset_s > event.onset_s for cue in night.cues)
    return f"Yet {counted(after, 'cue')} began after that: find out why." if after else "No cue began after that."
