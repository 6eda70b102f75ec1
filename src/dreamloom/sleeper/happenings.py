"""What can happen in a simulated night? Spindles, slow waves, eye movements, arousals, and each one's habits."""

from typing import Literal, NamedTuple

What = Literal[
    "spindle",
    "k complex",
    "slow wave",
    "vertex wave",
    "saccade",
    "blink",
    "slow eyes",
    "lucid signal",
    "twitch",
    "arousal",
    "look-alike",
    "grinding",
    "movement",
    "answer",
    "tension",
    "sniff",
]


class Happening(NamedTuple):
    """One event of the simulated truth.

    Attributes:
        what: its kind.
        onset_s: seconds since lights-off.
        duration_s: how long it lasts.
        size_uv: peak amplitude; of a saccade, positive means gaze to the right; of an arousal, the rms of its EEG.
        pitch_hz: frequency of what oscillates, else 0.
        turns: gaze shifts as (seconds since onset, size in units of size_uv, right is positive); empty for the usual.
    """

    what: What
    onset_s: float
    duration_s: float
    size_uv: float
    pitch_hz: float
    turns: tuple[tuple[float, float], ...] = ()


class Habit(NamedTuple):
    """One row of HABITS; times are gamma or normal, sizes gamma distributed."""

    per_min: tuple[float, float, float, float, float]
    duration_s: float
    duration_sd_s: float
    size_uv: float
    size_shape: float
    pitch_hz: float
    pitch_sd_hz: float


HABITS: dict[What, Habit] = {
    "spindle": Habit((0, 0, 1.0, 0.4, 0), 0.9, 0.25, 22, 8, 0, 0.5),
    "k complex": Habit((0, 0, 1.6, 0, 0), 1.2, 0.1, 95, 12, 0, 0),
    "slow wave": Habit((0, 0, 1.2, 30, 0), 1.2, 0.0, 45, 10, 0.85, 0.13),
    "vertex wave": Habit((0, 1.5, 0.3, 0, 0), 0.4, 0.0, 55, 9, 0, 0),
    "saccade": Habit((18, 0.5, 0, 0, 60), 3.0, 0.0, 70, 6, 0, 0),
    "blink": Habit((12, 0.1, 0, 0, 0), 0.4, 0.0, 110, 8, 0, 0),
    "slow eyes": Habit((0.5, 6, 0, 0, 0), 4.0, 0.6, 25, 6, 0.35, 0.07),
    "lucid signal": Habit((0, 0, 0, 0, 1 / 60), 3.6, 0.0, 170, 30, 0, 0),
    "twitch": Habit((1, 0.3, 0.1, 0.1, 2.0), 0.6, 0.15, 14, 3, 0, 0),
    "arousal": Habit((0, 0.2, 0.15, 0.035, 0.15), 6.5, 2.0, 9, 10, 0, 0),
    "look-alike": Habit((0, 0, 0, 0, 1 / 60), 4.0, 0.5, 150, 15, 0, 0),
    "grinding": Habit((0, 1 / 60, 1 / 60, 0, 0), 6.0, 1.5, 40, 6, 1.0, 0.15),
}
"""Per minute of W N1 N2 N3 R; duration; amplitude; frequency. Spindles are relative to the person's own rate and clock;
lucid signals, look-alikes and grinding to the person's own rate per hour.
K-complex and slow-wave sizes, spindle length and frequency, arousals of 3-15 s lie in the ranges of the AASM manual and
of Purcell et al. 2017; REM saccades come at about one a second inside bursts. The exact figures are ours."""

INFRASLOW_HZ = 0.02
"""Spindles cluster about every 50 s (Lecci et al. 2017)."""
LONGEST_S = 16
"""No happening outlasts this; a second needs no older history."""
SLOTS = 120
"""Half-second slots in a minute, each holding at most one happening of a kind."""
TWO_SIDED = frozenset({"saccade", "slow eyes"})
