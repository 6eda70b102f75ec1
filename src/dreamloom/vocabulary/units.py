"""In which units do numbers travel? Seconds, hertz, microvolts, decibels; rounding rules for numbers in events."""

from typing import NewType

import numpy as np
import numpy.typing as npt

Seconds = NewType("Seconds", float)
"""A duration in seconds."""
NightTime = NewType("NightTime", float)
"""Seconds since the night opened, on the night's one clock."""
Hertz = NewType("Hertz", float)
Microvolts = NewType("Microvolts", float)
Decibels = NewType("Decibels", float)

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Int16Array = npt.NDArray[np.int16]

EPOCH_S = Seconds(30.0)
"""The AASM scoring epoch: epoch k is [30 k, 30 k + 30) of night time."""
HOP_S = Seconds(5.0)
"""How often a live stage estimate is renewed."""
BEDROOM_MAX_DB = Decibels(45.0)
"""No sleep cue is louder and no grant allows more: LAmax,fast of single events in bedrooms (WHO, Guidelines for
Community Noise, 1999, table 4.1)."""
AWAKE_MAX_DB = Decibels(75.0)
"""No awake sound is louder and no grant allows more: a loud alarm clock, well under the 80 dB of the WHO-ITU standard
on safe listening (H.870, 2019). Ours; no output gives more either."""
EFFECT_TICKS = 3
"""Ticks between a grant and its effect: by then its tick, settled at most 2 s late, is settled wherever the night runs.
A bed never runs further ahead of the settled record."""


def to_microsecond(time_s: float) -> NightTime:
    """Night time as events carry it: rounded to 1 µs, so that the last bit of a sum never reaches the record."""
    return NightTime(round(float(time_s), 6) + 0.0)


def to_four_places(value: float) -> float:
    """Levels, confidences and amplitudes as events carry them: rounded to 1e-4; -0.0 becomes 0.0."""
    return round(float(value), 4) + 0.0
