"""What may be amiss with a bed's signal, its clock, who claims it, and how its sleeper sleeps?"""

from dreamloom.guardian.rule import HALF_HOUR, MINUTE, TEN_MINUTES, TONIGHT, Rule
from dreamloom.vocabulary.units import Seconds

BEDSIDE: tuple[Rule, ...] = (
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
)  # fmt: skip
