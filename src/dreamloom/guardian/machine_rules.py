"""What may be amiss with a bed's sound, the machine it runs on, and the house that decides?"""

from dreamloom.guardian.rule import TEN_MINUTES, TONIGHT, Rule
from dreamloom.vocabulary.units import Seconds

MACHINE: tuple[Rule, ...] = (
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
        "sound-gaps", "sound gaps", "NOTE", 3.0, 0.0, Seconds(0.0), "this bed",
        "its output went without frames 3 times within 10 min", "not once for 10 min",
        "Your sound stuttered. Nothing else changes.",
    ),
    Rule(
        "sound-stutters", "sound gaps", "HOLD", 20.0, 2.0, TEN_MINUTES, "this bed",
        "its output went without frames 20 times within 10 min", "at most twice, for 10 min",
        "Your sound stutters again and again, and what stutters wakes. No cue is played on it.",
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
        "battery", "battery low", "NOTE", 0.0, -1.0, Seconds(30.0), "every bed",
        "20 % left and running down; at 5 % the night is silenced and closed", "plugged in or charged, for 30 s",
        "The machine's battery runs down. Before it is empty every bed is silenced and the night is closed whole.",
    ),
    Rule(
        "disk", "disk low", "HOLD", 0.0, -1.0, Seconds(0.0), "every bed",
        "less than half an hour of recording fits", "the night is opened again",
        "The disk is nearly full. Recording goes on, cues do not.",
    ),
    Rule(
        "memory", "memory high", "NOTE", 0.0, -1.0, Seconds(0.0), "every bed",
        "the night takes more memory than it should", "the night is opened again",
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
        "what asks under the name guide was refused", "not again for half an hour",
        "The guide asked for something that it may not have. It was not done.",
    ),
)  # fmt: skip
