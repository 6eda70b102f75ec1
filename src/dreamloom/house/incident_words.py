"""How is one thing that went wrong told to this reader? A sentence, or nothing where it is not theirs to read."""

from dreamloom.record.events import (
    AnyEvent,
    GlitchSeen,
    GuardianStepped,
    Held,
    MachineSlept,
    NightClosed,
    OutputFound,
    OutputLost,
    PodIsolated,
    Rearmed,
    Recovered,
    Restored,
    SpeakerReopened,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
)
from dreamloom.record.guide_events import GuideRanAway

GLITCHES = {
    "LATE": "Samples came late.",
    "IMPOSTOR": "Another stream answered in this bed's place and was left outside.",
    "RENAMED": "The bed's device went by another name and was left outside.",
    "CLOCK_STEP": "A clock was moved.",
    "BATTERY_LOW": "The machine's battery ran low.",
    "BATTERY_CHARGED": "The machine's battery was charged again.",
    "SOUND_GAP": "The bed's output went without sound for a moment.",
    "MEMORY_HIGH": "The night's program took more memory than it should.",
    "NIGHT_LATE": "The house could not keep up with the night.",
    "SOUND_CHANGED": "A sound at this bed was not the one it was laid down as. It was not played.",
}
RAN_AWAY = {
    "REFUSALS": "chose too often what it may not",
    "UNLISTED": "chose what was on no list",
    "CALLS": "was asked more often than it may be in a night",
    "TOKENS": "used more words than it may in a night",
    "SECONDS": "took longer than it may in a night",
    "COST": "cost more than it may in a night",
    "SILENT": "did not answer",
}
REFUSED = "Something came to this bed as a word of its house, and was not obeyed"


def in_words(event: AnyEvent) -> str:
    """What happened, to somebody who may read it; "" for what needs no account."""
    match event:
        case GuardianStepped() | Restored():
            return _of_guardian(event)
        case PodIsolated():
            return "Kept by itself from here on: no sound, nothing to others or from them. It was recorded on."
        case GuideRanAway():
            return f"The model {event.model} that chose for the guide {RAN_AWAY[event.why]}. It was off from there on."
        case GlitchSeen():
            return GLITCHES.get(event.glitch, _refused(event))
        case _:
            return _plain(event)


def _of_guardian(event: GuardianStepped | Restored) -> str:
    if isinstance(event, Restored):
        return f"Over ({event.rule}): {event.why}."
    return f"{event.why} ({event.rule}: {event.rung.lower()})"


def _refused(event: GlitchSeen) -> str:
    if not event.glitch.startswith("ORDER_"):
        return ""
    return f"{REFUSED}: {event.glitch.removeprefix('ORDER_').replace('_', ' ').lower()}."


def _plain(event: AnyEvent) -> str:  # noqa: PLR0911 - one line for each kind
    match event:
        case StreamLost():
            return f"Nothing came from the bed; the last sample was of second {event.last_s:.0f}."
        case StreamFound():
            return f"Samples came again, after {event.lost_s:.0f} s."
        case StreamUnrecognised():
            return "A device was heard again, and nothing said whose it was. The bed was disarmed."
        case MachineSlept():
            slept = f"The machine slept for {event.slept_s:.0f} s" if event.slept_s else "The machine's lid was closed"
            return f"{slept}. The bed was disarmed."
        case SpeakerReopened() | OutputLost() | OutputFound():
            return "The bed's sound came back." if isinstance(event, OutputFound) else "The bed's sound stopped."
        case Recovered():
            return f"The night had broken off; {event.lost_to_s - event.lost_from_s:.0f} s are unknown."
        case Held():
            return f"Every bed was held: {'the disk was nearly full' if event.reason == 'DISK_LOW' else 'memory'}."
        case Rearmed():
            return "The bed was armed again."
        case NightClosed() if event.status == "failed":
            return "The night ended with a failure."
        case _:
            return ""
