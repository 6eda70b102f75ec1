"""Why may nobody be heard across the wall now? Each reason in the one shape of an error, with what to do instead."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from dreamloom.record.room_events import EndOfVoice
from dreamloom.vocabulary.errors import RefusedError

Reason = EndOfVoice | Literal["UNHEARD", "UNNOTED", "IN_USE"]
STILL = "Nothing was heard on either side. What is written still goes both ways."


class _Told(NamedTuple):
    code: str
    what: str
    why: str
    do: str


TOLD: Mapping[str, _Told] = {
    "NO_CONSENT": _Told(
        "DL-E770",
        "Not everybody in the room of {pod} agreed to this.",
        "Being talked to and being listened to are purposes of their own, and the room is everybody's in it.",
        "Go there. Before another night: dreamloom consent give NIGHT SLEEPER --purpose talk --purpose listen",
    ),
    "WITHDRAWN": _Told(
        "DL-E771",
        "Somebody in the room of {pod} said no to everything tonight.",
        "A no holds for the rest of the night, for voices as for every other sound.",
        "Go there.",
    ),
    "ASLEEP": _Told(
        "DL-E772",
        "Nobody knows that everybody in the room of {pod} is awake.",
        "A voice would wake them, and what wakes a sleeper is chosen by a person and told to them.",
        "Write, or choose to speak although they may sleep; that you did stands in the record.",
    ),
    "NOT_READY": _Told(
        "DL-E773",
        "The page of {pod} cannot do that now.",
        "It is not open, is no output of this bed, its sound was not unlocked, or it was not allowed a microphone.",
        "Open it by a fresh link and go through its evening once: dreamloom pod link NIGHT {pod}",
    ),
    "UNNOTED": _Told(
        "DL-E774",
        "The night did not write down in time that somebody is about to be heard.",
        "Nothing passes the wall that does not stand in the record first; the night is slow, hangs, or just ended.",
        "Look whether it runs, and try again: dreamloom now said NIGHT {pod}",
    ),
    "IN_USE": _Told(
        "DL-E775",
        "Somebody is heard in the room of {pod} already.",
        "One at a time, so that everybody knows who it is.",
        "Wait, or end it: dreamloom now hush NIGHT {pod} --by NAME",
    ),
    "UNHEARD": _Told(
        "DL-E776",
        "Whoever is blinded does not listen to a room.",
        "Cues can be heard in it, and while arms are sealed that tells them.",
        "Talk, write, or send somebody who is not blinded.",
    ),
}


def refused(reason: Reason, pod: str) -> RefusedError:
    """The refusal for this reason; one that only ever ends a use is told as a page that could not."""
    told = TOLD.get(reason, TOLD["NOT_READY"])
    return RefusedError(told.code, told.what.format(pod=pod), why=told.why, still=STILL, do=told.do.format(pod=pod))
