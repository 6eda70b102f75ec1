"""Where do the eyes go in a signal, and in a burst that only looks like one? Gaze shifts as (seconds, size)."""

import numpy as np

from dreamloom.vocabulary.units import FloatArray

Turns = tuple[tuple[float, float], ...]
"""Gaze shifts: seconds since onset, and size with right positive, in units of a happening's size."""

LUCK = 12
"""How many numbers in [0, 1) a pattern is made of."""
SWEEP_S = 0.55
"""From one turn of a signal to the next. Ours; sleepers are told to look fully left and right, about once a second."""
SETTLED_AFTER_S = 1.4
"""How long the last shift still shows in an AC amplifier."""
AGAIN_S = 2.0
"""From a signal's last look home to the first look of its like, where somebody gives it more than once. Ours."""
PRACTICE_S, PRACTICE_EVERY_S = 8.0, 9.0
"""When the first signal is made that somebody awake is asked for, and how long after it begins the next does. Ours."""
_SIGNAL = (-0.8, 0.8, -0.8, 0.8, 0.0)
"""Left, right, left, right, and back to the middle."""


def signal_turns(luck: FloatArray, spread: float) -> Turns:
    """The agreed left-right-left-right as one sleeper made it this once; spread 0 is the same every time.

    Pace, each pause and each reach vary by up to half their size at a spread of 1. Ours.
    """
    vary = (1.0 + spread * (luck[:LUCK] - 0.5)).tolist()
    reaches = [reach * factor for reach, factor in zip(_SIGNAL, vary[:5], strict=True)]
    at_s, turns, gaze = 0.0, [], 0.0
    for reach, pause in zip(reaches, vary[5:10], strict=True):
        turns.append((at_s, reach - gaze))
        at_s, gaze = at_s + SWEEP_S * vary[10] * pause, reach
    return tuple(turns)


def repeated_turns(luck: FloatArray, spread: float, times: int) -> Turns:
    """The signal so many times in a row, as who was told "twice or it does not count" gives it; no two are alike."""
    told: list[tuple[float, float]] = []
    for time in range(times):
        own = np.roll(luck[:LUCK], 5 * time)
        begun_s = told[-1][0] + AGAIN_S * (1.0 + spread * (float(own[11]) - 0.5)) if told else 0.0
        told += [(begun_s + at_s, size) for at_s, size in signal_turns(own, spread)]
    return tuple(told)


def signals_in(turns: Turns) -> list[tuple[float, float]]:
    """(first look, last look home) of every signal in these shifts, in seconds since their onset; () is the usual."""
    if not turns:
        return [(0.0, (len(_SIGNAL) - 1) * SWEEP_S)]
    return [(turns[at][0], turns[at + len(_SIGNAL) - 1][0]) for at in range(0, len(turns), len(_SIGNAL))]


def practice_s(times: int) -> list[float]:
    """Onsets of so many signals made awake, seconds since lights-off."""
    return [PRACTICE_S + PRACTICE_EVERY_S * time for time in range(times)]


def look_alike_turns(luck: FloatArray) -> Turns:
    """Four to six large glances of a phasic burst: mostly alternating, uneven, ending anywhere. Ours."""
    count = 4 + int(3.0 * luck[0])
    at_s, turns, gaze = 0.0, [], 0.0
    side = 1.0 if luck[11] < 0.5 else -1.0
    for chance, pause in zip(luck[1 : 1 + count].tolist(), luck[5 : 5 + count].tolist(), strict=True):
        reach = side * (0.15 + 0.85 * chance)
        turns.append((at_s, reach - gaze))
        at_s, gaze, side = at_s + 0.15 + 0.6 * pause, reach, side if chance < 0.2 else -side
    return tuple(turns)


def length_s(turns: Turns) -> float:
    """How long a pattern shows."""
    return turns[-1][0] + SETTLED_AFTER_S
