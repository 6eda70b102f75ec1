"""What does the guardian watch for? Rules as data: what raises each, what clears it again, how far it goes, and why.

Every rule has two thresholds, so that nothing flickers: it is raised at one and cleared only once its reading has kept
to the other for a while. Where a watch of the house already acts (disk, battery, memory), the rule refers to its word.
"""

import math
from typing import Literal, NamedTuple

from dreamloom.record.events import Rung
from dreamloom.vocabulary.units import Seconds

TONIGHT = Seconds(math.inf)
"""A calm so long that the rule never clears before the night is over."""


class Sign(NamedTuple):
    """Something that can be read off a bed's events.

    Attributes:
        reads: seconds since it began, -1 while it is not so; how often within the window; or a value as told.
        window_s: for what is counted.
    """

    reads: Literal["lasts", "count", "value"]
    window_s: Seconds = Seconds(0.0)


class Rule(NamedTuple):
    """One thing that may be amiss at a bed.

    Attributes:
        id: its name, in records and on the command line.
        sign: what is read.
        rung: how far the guardian goes while it is raised.
        raises_at, clears_at: raised by a reading of so much or more, cleared by one of so much or less.
        calm_s: for so long the reading must have kept to that.
        affects: whom: this bed alone, every bed of the house, or both beds that are too alike.
        raises, clears: the two, in words.
        why: what is wrong and what is done about it, as the sleeper is told.
    """

    id: str
    sign: str
    rung: Rung
    raises_at: float
    clears_at: float
    calm_s: Seconds
    affects: Literal["this bed", "every bed", "both beds"]
    raises: str
    clears: str
    why: str


MINUTE, TEN_MINUTES, HALF_HOUR = Seconds(60.0), Seconds(600.0), Seconds(1800.0)

SIGNS: dict[str, Sign] = {
    "no data": Sign("lasts"),
    "no clock bound": Sign("lasts"),
    "no output": Sign("lasts"),
    "disk low": Sign("lasts"),
    "memory short": Sign("lasts"),
    "late": Sign("count", TEN_MINUTES),
    "gaps": Sign("count", Seconds(300.0)),
    "clock steps": Sign("count", MINUTE),
    "claims": Sign("count", TEN_MINUTES),
    "bad commands": Sign("count", TEN_MINUTES),
    "jumps": Sign("count", HALF_HOUR),
    "nightmares": Sign("count", HALF_HOUR),
    "awakenings by cues": Sign("count", HALF_HOUR),
    "speaker gaps": Sign("count", HALF_HOUR),
    "slept": Sign("count", MINUTE),
    "battery low": Sign("count", TEN_MINUTES),
    "memory high": Sign("count", TEN_MINUTES),
    "house late": Sign("count", Seconds(120.0)),
    "guide": Sign("count", HALF_HOUR),
    "apart": Sign("value"),
    "restless": Sign("value"),
    "likeness": Sign("value"),
    "level": Sign("value"),
    "dose": Sign("value"),
}

RULES: tuple[Rule, ...] = (
    # --- the signal: 2 s and 10 s without samples as measured for streams that fall silent without an error
    Rule(
        "stalled-stream", "no data", "NOTE", 0.0, -1.0, Seconds(10.0), "this bed",
        "no sample for 2 s", "samples again, for 10 s",
        "Your band sends nothing. Your bed is silent until it does again.",
    ),
    Rule(
        "no-data", "no data", "ISOLATE", 8.0, -1.0, Seconds(30.0), "this bed",
        "no sample for 10 s", "samples again, for 30 s",
        "Your band has sent nothing for ten seconds, so nobody can tell how you sleep. Your bed stays by itself.",
    ),
    Rule(
        "late-burst", "late", "HOLD", 3.0, 0.0, Seconds(0.0), "this bed",
        "3 times late within 10 min", "not once late for 10 min",
        "Your band's samples come late again and again. No cue is played on old news of your sleep.",
    ),
    Rule(
        "wrong-rate", "gaps", "HOLD", 10.0, 2.0, MINUTE, "this bed",
        "10 gaps within 5 min", "at most 2 within 5 min, for a minute",
        "Your band sends fewer samples than it says: pieces are missing again and again, and stages cannot be trusted.",
    ),
    # --- time
    Rule(
        "clock-step", "clock steps", "HOLD", 1.0, 0.0, Seconds(0.0), "this bed",
        "a clock was moved", "no clock moved for a minute",
        "A clock was moved. Cues pause until it is certain again what time it is at your bed.",
    ),
    Rule(
        "no-clock-bound", "no clock bound", "NOTE", 0.0, -1.0, Seconds(10.0), "this bed",
        "nothing bounds how far this bed's clock is off", "bounded again, for 10 s",
        "Your bed's own clock cannot be compared with the house's. Your bed is silent until it can.",
    ),
    Rule(
        "desync", "apart", "HOLD", 0.25, 0.05, MINUTE, "this bed",
        "its clock is 0.25 s from the one that is used", "within 0.05 s for a minute",
        "Your band's clock and the night's have drifted apart, so a cue could miss its moment.",
    ),
    # --- who is who
    Rule(
        "two-claim-one-bed", "claims", "ISOLATE", 1.0, 0.0, Seconds(0.0), "this bed",
        "another stream says it is this bed's", "none for 10 min",
        "Another device says that it is yours. Until that is over your bed stays by itself, and no sound is played.",
    ),
    Rule(
        "cross-talk", "likeness", "ISOLATE", 0.9, 0.5, Seconds(300.0), "both beds",
        "two beds' signals go alike at 0.9 for 2 min", "at most 0.5 for 5 min",
        "Your signal and another bed's are too alike to be two people's: wires may be crossed. Both beds stay apart.",
    ),
    Rule(
        "bad-command", "bad commands", "NOTE", 1.0, 0.0, Seconds(0.0), "this bed",
        "a command that may not be obeyed", "none for 10 min",
        "Somebody or something asked your bed for a sound that it may not play. It was not played.",
    ),
    Rule(
        "forged-commands", "bad commands", "ISOLATE", 3.0, 0.0, Seconds(0.0), "this bed",
        "3 such commands within 10 min", "none for 10 min",
        "Your bed is asked again and again for sounds that it may not play. It listens to nobody until that stops.",
    ),
    # --- the sleeper
    Rule(
        "stage-jumps", "jumps", "NOTE", 3.0, 1.0, MINUTE, "this bed",
        "3 leaps between stages that sleep hardly makes, within half an hour", "at most one",
        "Your sleep was read as leaping in ways that sleep hardly does.",
    ),
    Rule(
        "stages-unbelievable", "jumps", "HOLD", 10.0, 3.0, Seconds(300.0), "this bed",
        "10 such leaps within half an hour", "at most 3, for 5 min",
        "Your stages leap as sleep does not, so they cannot be believed. No cue is played on them.",
    ),
    Rule(
        "fragmentation", "restless", "SOFTEN", 0.0, -0.2, TEN_MINUTES, "this bed",
        "stages change more freely than in your other nights", "0.2 bit under that for 10 min",
        "You sleep more restlessly than in your other nights. Cues are softer.",
    ),
    Rule(
        "nightmare", "nightmares", "SOFTEN", 1.0, 0.0, Seconds(0.0), "this bed",
        "stirred as out of a nightmare", "not again for half an hour",
        "You stirred as out of a nightmare. Cues are softer for half an hour.",
    ),
    Rule(
        "nightmare-again", "nightmares", "HOLD", 2.0, 0.0, HALF_HOUR, "this bed",
        "twice within half an hour", "not again for an hour",
        "You stirred as out of a nightmare again. No cue for an hour at least.",
    ),
    Rule(
        "nightmare-stays", "nightmares", "WAKE", 3.0, 0.0, HALF_HOUR, "this bed",
        "3 times within half an hour", "not again for an hour",
        "The nightmare keeps coming back. You are woken gently, if you agreed to be woken.",
    ),
    Rule(
        "cues-wake", "awakenings by cues", "HOLD", 3.0, 0.0, TONIGHT, "this bed",
        "3 awakenings within a minute of a cue, in half an hour", "not tonight",
        "Cues woke you three times in half an hour. There are no more tonight.",
    ),
    # --- sound
    Rule(
        "level-near-cap", "level", "NOTE", -1.0, -2.0, TEN_MINUTES, "this bed",
        "a cue within 1 dB of the loudest that is leased", "2 dB under it for 10 min",
        "A cue was nearly as loud as you allow. None is ever louder.",
    ),
    Rule(
        "dose-near-cap", "dose", "NOTE", 0.8, 0.0, TONIGHT, "this bed",
        "four fifths of the sound that a night may hold", "not tonight",
        "You have heard most of the sound that one night may hold. Cues end before it is more.",
    ),
    Rule(
        "speaker-gaps", "speaker gaps", "HOLD", 3.0, 0.0, Seconds(0.0), "this bed",
        "its speaker failed 3 times within half an hour", "not once for half an hour",
        "Your speaker keeps failing. No cue is played on it.",
    ),
    Rule(
        "no-output", "no output", "NOTE", 0.0, -1.0, Seconds(10.0), "this bed",
        "its output gives no sound", "it renders again, for 10 s",
        "What your cues are played on is gone. Your bed is silent until it is back and armed.",
    ),
    # --- the house
    Rule(
        "machine-slept", "slept", "NOTE", 1.0, 0.0, Seconds(0.0), "this bed",
        "the machine was suspended, or its lid closed", "a minute later",
        "The machine slept, so nobody watched. Your bed is silent until it is armed again.",
    ),
    Rule(
        "battery", "battery low", "NOTE", 1.0, 0.0, Seconds(0.0), "every bed",
        "20 % left and running down", "10 min later; at 5 % the night is silenced and closed",
        "The machine's battery runs down. Before it is empty every bed is silenced and the night is closed whole.",
    ),
    Rule(
        "disk", "disk low", "HOLD", 0.0, -1.0, Seconds(0.0), "every bed",
        "less than half an hour of recording fits", "the night is opened again",
        "The disk is nearly full. Recording goes on, cues do not.",
    ),
    Rule(
        "memory", "memory high", "NOTE", 1.0, 0.0, Seconds(0.0), "every bed",
        "the night takes more memory than it should", "10 min later",
        "The night's program has grown more than it should. Somebody was told.",
    ),
    Rule(
        "memory-short", "memory short", "HOLD", 0.0, -1.0, Seconds(0.0), "every bed",
        "twice as much memory as it should take", "the night is opened again",
        "Memory runs short. Recording goes on, cues do not.",
    ),
    Rule(
        "house-late", "house late", "FADE", 1.0, 0.0, Seconds(0.0), "every bed",
        "the night is decided more than 10 s late", "in time for 2 min",
        "The house cannot keep up with the night. It fades at every bed, and recording goes on.",
    ),
    Rule(
        "guide-astray", "guide", "NOTE", 1.0, 0.0, Seconds(0.0), "this bed",
        "the guide did what is not on its list", "not again for half an hour",
        "The guide tried something that it may not do. It was not done.",
    ),
)  # fmt: skip
"""In this order they are looked at, and told."""

BY_ID = {rule.id: rule for rule in RULES}
BY_SIGN: dict[str, tuple[Rule, ...]] = {sign: tuple(rule for rule in RULES if rule.sign == sign) for sign in SIGNS}
PERSONAL = frozenset({"nightmares", "awakenings by cues", "restless", "jumps", "level", "dose"})
"""Signs that tell of a sleeper rather than of wires and machines: nobody else is told what they were."""


def is_personal(rule: str) -> bool:
    """True for a rule that says something about how somebody slept; also for one that is not known here."""
    return rule not in BY_ID or BY_ID[rule].sign in PERSONAL
