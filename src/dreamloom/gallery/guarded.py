"""What is told in the morning of the guardian's steps at a bed, and to whom? All of it to who slept there alone."""

from collections.abc import Sequence

from dreamloom.guardian.rules import is_personal
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    AwakeningMade,
    GuardianStepped,
    NightmareArousalSeen,
    PodIsolated,
    Restored,
)


def shown_to_others(own: Sequence[AnyEvent]) -> list[AnyEvent]:
    """One bed's events without what says how somebody slept: not that either when it was, nor how far it went.

    Waking out of a nightmare tells of the nightmare, so that awakening is left out as well.
    """
    woken: set[int] = set()
    shown = []
    for event in own:
        match event:
            case AwakeningDue():
                woken = woken | {event.awakening} if event.reason == "GUARDIAN" else woken - {event.awakening}
                is_private = event.reason == "GUARDIAN"
            case AwakeningMade():
                is_private = event.awakening in woken
            case GuardianStepped() | Restored():
                is_private = is_personal(event.rule)
            case _:
                is_private = isinstance(event, NightmareArousalSeen)
        if not is_private:
            shown.append(event)
    return shown


def in_words(event: AnyEvent) -> str:
    """One step, or one way back; "" for anything else."""
    match event:
        case GuardianStepped():
            return f"The guardian ({event.rule}): {event.why}"
        case Restored():
            return f"Over again ({event.rule}): {event.why}."
        case PodIsolated():
            return "From here on the bed was by itself: no sound, and nothing to others or from them."
        case _:
            return ""
