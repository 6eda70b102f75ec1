"""What happens in a simulated night, and when? Spindles, slow waves, eye movements, arousals, minute by minute."""

from collections.abc import Collection
from typing import Literal, NamedTuple

import numpy as np

from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.noise import smooth_noise
from dreamloom.sleeper.stages import R, StageIndices, W, stage_indices
from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

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
]


class Happening(NamedTuple):
    """One event of the simulated truth.

    Attributes:
        what: its kind.
        onset_s: seconds since lights-off.
        duration_s: how long it lasts.
        size_uv: peak amplitude; of a saccade, positive means gaze to the right; of an arousal, the rms of its EEG.
        pitch_hz: frequency of what oscillates, else 0.
    """

    what: What
    onset_s: float
    duration_s: float
    size_uv: float
    pitch_hz: float


class _Habit(NamedTuple):
    """One row of HABITS; times are gamma or normal, sizes gamma distributed."""

    per_min: tuple[float, float, float, float, float]
    duration_s: float
    duration_sd_s: float
    size_uv: float
    size_shape: float
    pitch_hz: float
    pitch_sd_hz: float


HABITS: dict[What, _Habit] = {
    "spindle": _Habit((0, 0, 1.0, 0.4, 0), 0.9, 0.25, 22, 8, 0, 0.5),
    "k complex": _Habit((0, 0, 1.6, 0, 0), 1.2, 0.1, 95, 12, 0, 0),
    "slow wave": _Habit((0, 0, 1.2, 30, 0), 1.2, 0.0, 45, 10, 0.85, 0.13),
    "vertex wave": _Habit((0, 1.5, 0.3, 0, 0), 0.4, 0.0, 55, 9, 0, 0),
    "saccade": _Habit((18, 0.5, 0, 0, 60), 3.0, 0.0, 70, 6, 0, 0),
    "blink": _Habit((12, 0.1, 0, 0, 0), 0.4, 0.0, 110, 8, 0, 0),
    "slow eyes": _Habit((0.5, 6, 0, 0, 0), 4.0, 0.6, 25, 6, 0.35, 0.07),
    "lucid signal": _Habit((0, 0, 0, 0, 1 / 60), 3.6, 0.0, 170, 30, 0, 0),
    "twitch": _Habit((1, 0.3, 0.1, 0.1, 2.0), 0.6, 0.15, 14, 3, 0, 0),
    "arousal": _Habit((0, 0.2, 0.15, 0.035, 0.15), 6.5, 2.0, 9, 10, 0, 0),
}
"""Per minute of W N1 N2 N3 R; duration; amplitude; frequency. Spindles are relative to the person's own rate and clock.
K-complex and slow-wave sizes, spindle length and frequency, arousals of 3-15 s lie in the ranges of the AASM manual and
of Purcell et al. 2017; REM saccades come at about one a second inside bursts. The exact figures are ours."""

INFRASLOW_HZ = 0.02
"""Spindles cluster about every 50 s (Lecci et al. 2017)."""
LONGEST_S = 16
"""No happening outlasts this; a second needs no older history."""
SLOTS = 120
"""Half-second slots in a minute, each holding at most one happening of a kind."""
TWO_SIDED = frozenset({"saccade", "slow eyes"})


class Course:
    """One simulated night: who, which stages, and the happenings of any minute, made when asked for.

    Each kind of happening has its own keys, so a course of a few kinds holds the same ones as a whole course.
    """

    def __init__(self, traits: Traits, seed: int, *, until_s: int, kinds: Collection[What] = tuple(HABITS)) -> None:
        self.traits = traits
        self.seed = seed
        self._habits = {what: habit for what, habit in HABITS.items() if what in kinds}
        self.stages: StageIndices = stage_indices(traits, seed, until_s + 120)
        self._minutes: Kept[tuple[Happening, ...]] = Kept(self._make_minute, size=4)

    def chance(self, *names: str | int) -> np.random.Generator:
        """This sleeper's own random stream of these names."""
        return stream(self.seed, self.traits.sleeper, *names)

    def stages_between(self, first: int, beyond: int) -> StageIndices:
        """[beyond - first], stages as indices into SCORED_STAGES; outside the night, the nearest second's."""
        return self.stages[np.clip(np.arange(first, beyond), 0, len(self.stages) - 1)]

    def minute(self, minute: int) -> tuple[Happening, ...]:
        """Everything with its onset in [60 minute, 60 minute + 60), oldest first."""
        return self._minutes(minute)

    def around(self, second: int) -> list[Happening]:
        """Everything that overlaps [second, second + 1), oldest first."""
        minutes = range((second - LONGEST_S) // 60, second // 60 + 1)
        return [
            happening
            for minute in minutes
            for happening in self.minute(minute)
            if happening.onset_s < second + 1 and happening.onset_s + happening.duration_s > second
        ]

    def _make_minute(self, minute: int) -> tuple[Happening, ...]:
        if minute < 0:
            return ()
        stages = np.repeat(self.stages_between(60 * minute, 60 * minute + 60), 2)
        found = self._awakenings(minute) if "arousal" in self._habits else []
        for what, habit in self._habits.items():
            per_min = np.array(habit.per_min)[stages]
            if per_min.any():
                found += self._draw(what, minute, per_min)
        return tuple(sorted(found, key=lambda happening: happening.onset_s))

    def _draw(self, what: What, minute: int, per_min: FloatArray) -> list[Happening]:
        rng = self.chance(what, minute)
        luck, place = rng.random((2, SLOTS))
        onsets_s = 60.0 * minute + (np.arange(SLOTS) + place) / 2.0
        chosen = onsets_s[luck < per_min * rate_factor(self, what, onsets_s) / SLOTS].tolist()
        return [self._shaped(what, rng, onset_s) for onset_s in chosen if self._fits(what, int(onset_s))]

    def _shaped(self, what: What, rng: np.random.Generator, onset_s: float) -> Happening:
        habit = HABITS[what]
        size_uv = habit.size_uv * _size_factor(self.traits, what) * rng.gamma(habit.size_shape, 1.0 / habit.size_shape)
        longer, higher = (min(max(chance, -1.7), 2.5) for chance in rng.standard_normal(2).tolist())
        pitch_hz = (self.traits.spindle_hz if what == "spindle" else habit.pitch_hz) + habit.pitch_sd_hz * higher
        duration_s = 1.0 / pitch_hz if what == "slow wave" else habit.duration_s + habit.duration_sd_s * longer
        side = -1.0 if what in TWO_SIDED and rng.random() < 0.5 else 1.0
        return Happening(what, onset_s, duration_s, side * size_uv, pitch_hz)

    def _fits(self, what: What, second: int) -> bool:
        """An arousal needs sleep around it: what ends in waking is an awakening. A lucid signal needs settled REM."""
        if what == "arousal":
            return bool((self.stages_between(second - 12, second + LONGEST_S) != W).all())
        if what == "lucid signal":
            return bool((self.stages_between(second - 30, second + 10) == R).all())
        return True

    def _awakenings(self, minute: int) -> list[Happening]:
        """Every awakening begins with an arousal."""
        stages = self.stages_between(60 * minute - 1, 60 * minute + 60)
        woken = 60 * minute + np.flatnonzero((stages[1:] == W) & (stages[:-1] != W))
        return [Happening("arousal", float(second), 8.0, 11.0, 0.0) for second in woken]


def rate_factor(course: Course, what: What, onsets_s: FloatArray) -> FloatArray:
    """[n], what this person and this moment make of a habit's rate."""
    traits = course.traits
    if what == "spindle":
        wave = np.sin(2.0 * np.pi * INFRASLOW_HZ * onsets_s + 60.0 * traits.gain)
        return np.asarray(traits.spindles_per_min * (1.0 + 0.8 * wave))
    if what == "saccade":
        return _bursts(course, onsets_s)
    factor = {"arousal": traits.arousability, "lucid signal": traits.lucid_signals_per_h}.get(what, 1.0)
    return np.full(len(onsets_s), factor)


def _bursts(course: Course, onsets_s: FloatArray) -> FloatArray:
    """REM saccades come in bursts of seconds within phasic stretches of tens of seconds; waking ones at any time."""
    minute = int(onsets_s[0] // 60)
    in_rem = np.repeat(course.stages_between(60 * minute, 60 * minute + 60), 2) == R
    if not in_rem.any():
        return np.ones(len(onsets_s))
    phasic = smooth_noise(course.chance, "phasic", onsets_s, 20.0) > 0.1 - 0.7 * (course.traits.rem_density - 1.0)
    burst = smooth_noise(course.chance, "burst", onsets_s, 3.0) > 0.0
    return np.where(in_rem, np.where(phasic & burst, 1.4, 0.04), 1.0)


def _size_factor(traits: Traits, what: What) -> float:
    if what in {"slow wave", "k complex"}:
        return traits.gain * traits.slow_wave_gain
    return {"spindle": traits.gain, "vertex wave": traits.gain, "twitch": traits.muscle_gain}.get(what, 1.0)
