"""How is a happening told in one line, in a terminal, while the night runs? Only what a person may want to act on."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from dreamloom.gallery.happenings import tells_no_stage
from dreamloom.gallery.words import SPOILT, WAKES, woke
from dreamloom.guardian.ladder import MEANS
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    AwakeningMade,
    BackInBedSeen,
    ConsentWithdrawn,
    EyeSignalSeen,
    GlitchSeen,
    GuardianStepped,
    Held,
    MachineSlept,
    NightmareArousalSeen,
    OperatorStepped,
    OutOfBedSeen,
    OutputFound,
    OutputLost,
    PartStopped,
    Rearmed,
    Recovered,
    Restored,
    Rung,
    SignalMended,
    SignalSpoilt,
    SleepOnsetSeen,
    SpeakerReopened,
    StreamDescribed,
    StreamEnded,
    StreamFound,
    StreamLost,
    StreamRecognised,
    StreamUnrecognised,
)

if TYPE_CHECKING:
    from dreamloom.pod.loop import Pod

RECOGNISED = {"same": "its device is heard again", "restarted": "its device was started anew and is heard again"}
UNRECOGNISED = "a device without an address is heard again, perhaps a neighbour's: recording, silent until armed"
GLITCHES = {
    "LATE": "samples are late",
    "IMPOSTOR": "another stream answers in this one's place: left outside, end it or rename it",
    "RENAMED": "its device goes by another name now and stays outside: name it as before",
    "CLOCK_STEP": "a clock was moved; samples keep their order",
    "UNIT_ASSUMED": "nobody says the unit of its channels: taken as microvolts; write unit= at the source if not",
    "BATTERY_LOW": "",  # told with its percent when it is seen
    "MEMORY_HIGH": "",  # told with its size when it is seen
    "BATTERY_CHARGED": "",
    "NIGHT_LATE": "the house cannot keep up: every bed fades until it can",
    "SOUND_GAP": "its output went without sound for a moment",
    "SOUND_CHANGED": "a sound kept at this bed was changed: it stays silent",
    "ORDER_UNSIGNED": "somebody who is not the house told this bed to sound: not obeyed",
    "ORDER_FORGED": "somebody told this bed to sound under a false signature: not obeyed",
    "ORDER_REPLAYED": "an order came to this bed a second time: not obeyed",
    "ORDER_STALE": "an order came to this bed at a time it was not for: not obeyed",
    "ORDER_WRONG_POD": "an order for another bed came to this one: not obeyed",
    "ORDER_WRONG_NIGHT": "an order of another night came to this bed: not obeyed",
    "ORDER_OLD_POLICY": "an order under other rules than tonight's came to this bed: not obeyed",
    "ORDER_UNENROLLED": "the house does not know this bed: recording, silent; see: dreamloom pod show",
    "ORDER_REVOKED": "this bed was revoked: recording, silent; see: dreamloom pod show",
}
STEPS: dict[Rung, str] = {
    **MEANS,
    "NONE": "held back no longer",
    "FADE": "what sounds fades, then no cue",
    "ISOLATE": "no sound at all, until let go",
}
"""What a person asked for, by rung."""
CLOSED = "the machine's lid was closed: recording on"
PLAIN = {
    StreamLost: "stream lost: silent, the other beds go on",
    StreamEnded: "its recording has ended",
    OutOfBedSeen: "out of bed, or the band is off: recording, silent until back",
    BackInBedSeen: "back in bed",
}


def in_words(event: AnyEvent) -> str:  # noqa: PLR0911 - one case per kind of event
    """What happened at a bed, without its time and name; empty for what needs no telling."""
    match event:
        case ConsentWithdrawn():
            return f"{event.sleeper} withdrew: silent for tonight, at once"
        case Recovered():
            return "going on after a break: recording, silent until armed"
        case Held() | PartStopped():
            return _of_silence(event)
        case GuardianStepped() | Restored():
            return _of_guardian(event)
        case Rearmed() | OperatorStepped():
            return _of_people(event)
        case MachineSlept():
            slept = f"the machine slept for {event.slept_s:.0f} s: recording again"
            return f"{slept if event.slept_s else CLOSED}, silent until armed"
        case SpeakerReopened() | OutputLost() | OutputFound():
            return _of_output(event)
        case StreamDescribed() | SleepOnsetSeen() | EyeSignalSeen() | NightmareArousalSeen():
            return _of_body(event)
        case AwakeningDue() | AwakeningMade():
            return _of_waking(event)
        case _:
            return _of_stream(event)


def still_recorded(pods: Mapping[str, "Pod"], silent: Collection[str]) -> str:
    """How all beds are, in one line: which are lost, which have no output."""
    lost = [pod for pod in pods if pods[pod].decision.lost]
    told = f"lost, nothing is recorded of it: {', '.join(lost)}" if lost else "all recorded"
    if lost and len(lost) < len(pods):
        told = f"recorded: {', '.join(pod for pod in pods if pod not in lost)}; {told}"
    return f"{told}; without sound: {', '.join(sorted(silent))}" if silent else told


def without_sound(silent: Collection[str], events: Sequence[AnyEvent]) -> set[str]:
    """The beds whose output is gone, after these events."""
    now = set(silent)
    for event in events:
        if event.pod is not None and isinstance(event, OutputLost):
            now.add(event.pod)
        if event.pod is not None and isinstance(event, OutputFound):
            now.discard(event.pod)
    return now


def _of_stream(event: AnyEvent) -> str:
    match event:
        case StreamLost() | StreamEnded() | OutOfBedSeen() | BackInBedSeen():
            return PLAIN[type(event)]
        case StreamFound():
            return f"stream back after {event.lost_s:.0f} s"
        case StreamRecognised() | StreamUnrecognised():
            return RECOGNISED[event.sender] if isinstance(event, StreamRecognised) else UNRECOGNISED
        case SignalSpoilt():
            return f"{event.channel} {SPOILT[event.fault]}"
        case SignalMended():
            return f"{event.channel} is well again"
        case GlitchSeen():
            return GLITCHES.get(event.glitch, event.glitch.lower())
        case _:
            return ""


def _of_guardian(event: GuardianStepped | Restored) -> str:
    """What goes no further than a note is told by whatever raised it."""
    if event.rung == "NOTE":
        return ""
    if isinstance(event, Restored):
        return f"the guardian lets {event.rule} be: {event.why}"
    return f"the guardian: {event.why} ({event.rule}: {event.rung.lower()})"


def _of_people(event: Rearmed | OperatorStepped) -> str:
    return f"armed again ({event.by})" if isinstance(event, Rearmed) else f"{event.by}: {STEPS[event.rung]}"


def _of_silence(event: Held | PartStopped) -> str:
    if isinstance(event, PartStopped):
        return f"silent for tonight, a stop rule of the dreamscape: {event.reason}"
    why = "the disk is nearly full" if event.reason == "DISK_LOW" else "memory runs short"
    return f"silent until the night is opened again: {why}; recording goes on"


def _of_body(event: StreamDescribed | SleepOnsetSeen | EyeSignalSeen | NightmareArousalSeen) -> str:
    match event:
        case NightmareArousalSeen():
            return "stirred as out of a nightmare: heart and breath had quickened in REM"
        case EyeSignalSeen():
            side = " (to the right first: electrodes or sides are exchanged)" if event.first == "right" else ""
            signalled = f"signalled with the eyes: left-right-left-right, twice{side}"
            return signalled if event.status == "confirmed" else ""
        case SleepOnsetSeen():
            return "nothing moved for ten minutes: taken as asleep since then"
        case StreamDescribed():
            return "tells no stages: its cues go by the clock, each marked unstaged" if tells_no_stage(event) else ""


def _of_waking(event: AwakeningDue | AwakeningMade) -> str:
    return woke(event) if isinstance(event, AwakeningMade) else f"woken ({event.manner}): {WAKES[event.reason]}"


def _of_output(event: SpeakerReopened | OutputLost | OutputFound) -> str:
    match event:
        case OutputLost():
            return f"its output{_named(event.device)} gives no sound: recording, silent until it is back and armed"
        case OutputFound():
            return f"its output{_named(event.device)} is back after {event.lost_s:.0f} s: silent until armed"
        case SpeakerReopened():
            return "its speaker stopped and was started again: recording, silent until armed"


def _named(device: str) -> str:
    return f" {device}" if device else ""
