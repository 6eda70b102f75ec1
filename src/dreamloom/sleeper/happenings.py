"""What happens in a simulated night, and when? Spindles, slow waves, eye movements, twitches, arousals, minute by minute."""

from typing import Literal, NamedTuple

import numpy as np

from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.stages import R, StageIndices, W, stage_indices
from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import BoolArray, FloatArray

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
    "slow wave": _Habit((0, 0, 2.5, 30, 0), 1.2, 0.0, 45, 10, 0.85, 0.13),
    "vertex wave": _Habit((0, 1.5, 0.3, 0, 0), 0.4, 0.0, 55, 9, 0, 0),
    "saccade": _Habit((16, 1.0, 0, 0, 60), 3.0, 0.0, 70, 6, 0, 0),
    "blink": _Habit((9, 0.2, 0, 0, 0), 0.4, 0.0, 110, 8, 0, 0),
    "slow eyes": _Habit((0.5, 9, 0, 0, 0), 4.0, 0.6, 45, 6, 0.35, 0.07),
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
_PER_MIN = 120
"""Half-second slots in a minute, each holding at most one happening of a kind."""


class Course:
    """One simulated night: who, which stages, and the happenings of any minute, made when asked for and then forgotten."""

    def __init__(self, traits: Traits, seed: int, *, until_s: int) -> None:
        self.traits = traits
        self.seed = seed
        self.stages: StageIndices = stage_indices(traits, seed, until_s + 2 * 60)
        self._minutes: Kept[tuple[Happening, ...]] = Kept(self._make_minute, size=4)

    def stage_at(self, second: int) -> int:
        """Index into SCORED_STAGES; before lights-off and after the end, the nearest second's."""
        return int(self.stages[min(max(second, 0), len(self.stages) - 1)])

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
        slots = np.clip(60 * minute + np.arange(_PER_MIN) // 2, 0, len(self.stages) - 1)
        stages = self.stages[slots]
        found: list[Happening] = []
        for what, habit in HABITS.items():
            per_min = np.array(habit.per_min)[stages]
            if per_min.any():
                found += self._draw(what, minute, per_min)
        found += self._awakenings(minute)
        return tuple(sorted(found, key=lambda happening: happening.onset_s))

    def _draw(self, what: What, minute: int, per_min: FloatArray) -> list[Happening]:
        rng = stream(self.seed, self.traits.sleeper, what, minute)
        onsets_s = 60.0 * minute + (np.arange(_PER_MIN) + rng.random(_PER_MIN)) / 2.0
        chosen = rng.random(_PER_MIN) < per_min * self._rate_factor(what, onsets_s) / _PER_MIN
        if what == "arousal":
            chosen &= self._undisturbed(onsets_s)
        if what == "lucid signal":
            chosen &= self._steady(onsets_s, R)
        return self._sized(what, rng, onsets_s, chosen)

    def _sized(self, what: What, rng: np.random.Generator, onsets_s: FloatArray, chosen: BoolArray) -> list[Happening]:
        habit = HABITS[what]
        sizes_uv = (
            habit.size_uv * self._size_factor(what) * rng.gamma(habit.size_shape, 1.0 / habit.size_shape, _PER_MIN)
        )
        pitches_hz = (habit.pitch_hz or (self.traits.spindle_hz if what == "spindle" else 0.0)) + (
            habit.pitch_sd_hz * np.clip(rng.standard_normal(_PER_MIN), -2.0, 2.0)
        )
        durations_s = habit.duration_s + habit.duration_sd_s * np.clip(rng.standard_normal(_PER_MIN), -1.7, 3.0)
        if what == "slow wave":
            durations_s = 1.0 / pitches_hz
        if what in {"saccade", "slow eyes"}:
            sizes_uv = sizes_uv * np.where(rng.random(_PER_MIN) < 0.5, -1.0, 1.0)
        return [
            Happening(what, float(onsets_s[i]), float(durations_s[i]), float(sizes_uv[i]), float(pitches_hz[i]))
            for i in np.flatnonzero(chosen)
        ]

    def _size_factor(self, what: What) -> float:
        traits = self.traits
        if what in {"slow wave", "k complex"}:
            return traits.gain * traits.slow_wave_gain
        return {"spindle": traits.gain, "vertex wave": traits.gain, "twitch": traits.muscle_gain}.get(what, 1.0)

    def _rate_factor(self, what: What, onsets_s: FloatArray) -> FloatArray:
        traits = self.traits
        if what == "spindle":
            wave = np.sin(2.0 * np.pi * INFRASLOW_HZ * onsets_s + 60.0 * traits.gain)
            return traits.spindles_per_min * (1.0 + 0.8 * wave)
        if what == "saccade":
            return self._bursts(onsets_s, traits.rem_density)
        factor = {"arousal": traits.arousability, "lucid signal": traits.lucid_signals_per_h}.get(what, 1.0)
        return np.full(len(onsets_s), factor)

    def _bursts(self, onsets_s: FloatArray, density: float) -> FloatArray:
        """REM saccades come in bursts of seconds within phasic stretches of tens of seconds; waking ones do not."""
        seconds = onsets_s.astype(np.intp)
        phasic = self._noise("phasic", onsets_s, 20.0) > 0.2 - 0.8 * (density - 1.0)
        burst = self._noise("burst", onsets_s, 3.0) > 0.0
        in_rem = self.stages[np.clip(seconds, 0, len(self.stages) - 1)] == R
        return np.where(in_rem, np.where(phasic & burst, 1.3, 0.03), 1.0)

    def _noise(self, name: str, onsets_s: FloatArray, knot_s: float) -> FloatArray:
        """Smooth noise of about unit size: keyed knots every knot_s, joined by straight lines."""
        first = int(onsets_s[0] // knot_s)
        last = int(onsets_s[-1] // knot_s) + 1
        knots = [
            float(stream(self.seed, self.traits.sleeper, name, knot).standard_normal())
            for knot in range(first, last + 1)
        ]
        return np.interp(onsets_s / knot_s, np.arange(first, last + 1), knots)

    def _undisturbed(self, onsets_s: FloatArray) -> BoolArray:
        """Asleep from 12 s before to 16 s after, and the only candidate of its half minute."""
        asleep = np.array([self._all_asleep(int(onset_s)) for onset_s in onsets_s])
        return asleep

    def _all_asleep(self, second: int) -> bool:
        around = self.stages[max(0, second - 12) : second + LONGEST_S]
        return bool((around != W).all())

    def _steady(self, onsets_s: FloatArray, stage: int) -> BoolArray:
        """The stage holds from 30 s before to 10 s after."""
        return np.array([bool((self.stages[max(0, int(at) - 30) : int(at) + 10] == stage).all()) for at in onsets_s])

    def _awakenings(self, minute: int) -> list[Happening]:
        """Every awakening begins with an arousal and a movement."""
        first = 60 * minute
        span = self.stages[max(0, first - 1) : first + 60]
        woken = np.flatnonzero((span[1:] == W) & (span[:-1] != W)) + 1 + max(0, first - 1)
        return [Happening("arousal", float(second), 8.0, 11.0, 0.0) for second in woken if second // 60 == minute]
