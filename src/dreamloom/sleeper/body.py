"""How do heart and breath go in second n? Stage by stage, with surges, and without any history.

The trick that spares the history: between two knots the phase always gains a whole number of cycles, and so does
every surge; a whole cycle more or less, long ago, shows nowhere.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.noise import smooth_noise
from dreamloom.sleeper.waves import sniffed
from dreamloom.vocabulary.units import FloatArray


class Manner(NamedTuple):
    """One row of MANNERS: what a stage makes of heart and breath.

    Attributes:
        heart: factor on the heart rate of REM.
        breath: factor on the breathing rate of REM.
        sinus: factor on how far the heart follows the breath.
        heart_wander: slow wandering of the heart's phase, in beats.
        breath_wander: the same of the breath, in breaths.
        breath_spread: spread of the log depth of breath from one to the next.
    """

    heart: float
    breath: float
    sinus: float
    heart_wander: float
    breath_wander: float
    breath_spread: float


MANNERS: tuple[Manner, ...] = (
    Manner(1.06, 1.02, 0.90, 0.20, 0.20, 0.30),
    Manner(0.98, 0.95, 1.33, 0.14, 0.06, 0.15),
    Manner(0.98, 0.95, 1.33, 0.10, 0.03, 0.10),
    Manner(0.99, 0.92, 1.37, 0.06, 0.015, 0.05),
    Manner(1.00, 1.00, 1.00, 0.22, 0.22, 0.35),
)
"""W N1 N2 N3 R. The first three columns as measured by Penzel et al. 2016 (Front Physiol 7:460, table 1, relative to
REM). That breath is regular in N3 and irregular in REM stands in every textbook; the last three columns are ours."""
KNOT_S = 60
"""Rates are drawn every so often and change evenly in between. Ours; longer knots bend the rates less."""
SURGE_S = 18.0
SURGE_BEATS, WAKING_SURGE_BEATS, SURGE_BREATHS = 2.0, 3.0, 1.0
"""An arousal's extra beats and breaths within SURGE_S: at its height some 10 a minute, 15 in waking. Ours; the heart
speeds up with arousals, even some beats before them (Bonnet & Arand 1997, EEG Clin Neurophysiol 102:390)."""
NIGHTMARE_BEATS_PER_S, NIGHTMARE_BREATHS_PER_S = 10.0 / 60.0, 5.0 / 60.0
"""On average over a nightmare; twice as much would be at its height. Ours."""
SINUS_BEATS = 0.03
"""How far a breath shifts the heart's phase: some 3 beats a minute up and down. Ours."""
HEART_UV, BREATH_UV = 1000.0, 400.0
_PQRST = ((-0.17, 0.025, 0.12), (-0.03, 0.010, -0.12), (0.0, 0.011, 1.0), (0.03, 0.010, -0.22), (0.26, 0.045, 0.28))
"""Seconds from the R peak, width, height, the shape of McSharry et al. 2003 (IEEE Trans Biomed Eng 50:289) in its
rough outline; figures ours."""
_GRID_HZ = 64


class _Knot(NamedTuple):
    heart_hz: float
    breath_hz: float
    manner: tuple[float, float, float, float]


class Body:
    """Heart and breath of one night. A sound's arousal shows as a surge; rates follow the planned stages."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._knots: Kept[_Knot] = Kept(self._make_knot, size=6)

    def samples_uv(self, time_s: FloatArray) -> FloatArray:
        """[n, 2]: an ECG lead and a chest belt, at rising times within one second."""
        breath, heart = self._phases(time_s)
        since_s = ((heart + 0.4) % 1.0 - 0.4) / self._between_knots(time_s, lambda knot: knot.heart_hz)
        ecg = sum(size * np.exp(-(((since_s - at_s) / width_s) ** 2) / 2.0) for at_s, width_s, size in _PQRST)
        turn = 2.0 * np.pi * breath
        belt = np.sin(turn + 0.4 * np.sin(turn)) * self._depth(time_s)
        belt_uv = BREATH_UV * belt + self._sniffs_uv(time_s)
        return np.stack([HEART_UV * np.asarray(ecg), belt_uv], axis=1)

    def _sniffs_uv(self, time_s: FloatArray) -> FloatArray:
        sniffs = (each for each in self.course.around(int(time_s[0])) if each.what == "sniff")
        return sum((each.size_uv * sniffed(each, time_s) for each in sniffs), np.zeros(len(time_s)))

    def beats_s(self, second: int) -> list[float]:
        """When the R peaks of this second come, seconds since lights-off."""
        time_s = second + np.arange(_GRID_HZ + 1) / _GRID_HZ
        phase = (self._phases(time_s)[1] + 0.5) % 1.0 - 0.5
        crossed = np.flatnonzero((phase[:-1] < 0.0) & (phase[1:] >= 0.0) & (np.diff(phase) < 0.5))
        share = phase[crossed] / (phase[crossed] - phase[crossed + 1])
        return [float(at_s) for at_s in time_s[crossed] + share / _GRID_HZ]

    def _phases(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Breath and heart in cycles; only the fraction means anything."""
        second = int(time_s[0])
        breath = self._cycles(time_s, lambda knot: knot.breath_hz) + self._wander("breath", time_s, 2)
        heart = self._cycles(time_s, lambda knot: knot.heart_hz) + self._wander("heart", time_s, 1)
        for arousal in self.course.around(second, back_s=int(SURGE_S) + 16):
            if arousal.what == "arousal":
                risen = _risen((time_s - arousal.onset_s) / SURGE_S)
                breath = breath + SURGE_BREATHS * risen
                heart = heart + (WAKING_SURGE_BEATS if arousal.size_uv >= 11.0 else SURGE_BEATS) * risen
        for stretch in self.course.stretches:
            if stretch.what == "nightmare" and stretch.onset_s <= second + 1 and second <= stretch.end_s:
                risen = _risen((time_s - stretch.onset_s) / stretch.duration_s)
                breath = breath + round(NIGHTMARE_BREATHS_PER_S * stretch.duration_s) * risen
                heart = heart + round(NIGHTMARE_BEATS_PER_S * stretch.duration_s) * risen
        sinus = self._between_knots(time_s, lambda knot: knot.manner[0])
        return breath, heart + SINUS_BEATS * sinus * np.sin(2.0 * np.pi * breath)

    def _depth(self, time_s: FloatArray) -> FloatArray:
        """[n], how deep the breath goes: each differs, and an arousal takes a deep one."""
        spread = self._between_knots(time_s, lambda knot: knot.manner[3])
        depth = np.exp(spread * smooth_noise(self.course.chance, "breath depth", time_s, 5.0))
        for arousal in self.course.around(int(time_s[0])):
            if arousal.what == "arousal":
                depth = depth * (1.0 + 0.8 * np.sin(np.pi * _risen((time_s - arousal.onset_s) / arousal.duration_s)))
        return np.asarray(depth)

    def _wander(self, name: str, time_s: FloatArray, column: int) -> FloatArray:
        size = self._between_knots(time_s, lambda knot: knot.manner[column])
        return size * smooth_noise(self.course.chance, f"{name} wander", time_s, 6.0)

    def _cycles(self, time_s: FloatArray, rate_hz: Callable[[_Knot], float]) -> FloatArray:
        """Phase since the knot before: rates meet at the knots, and a gentle bend makes the whole a whole number."""
        place = time_s / KNOT_S
        phase = np.empty(len(time_s))
        for knot in np.unique(np.floor(place)).astype(int).tolist():
            inside = np.floor(place) == knot
            share = place[inside] - knot
            first_hz, last_hz = rate_hz(self._knots(knot)), rate_hz(self._knots(knot + 1))
            even = KNOT_S * (first_hz + last_hz) / 2.0
            phase[inside] = KNOT_S * (first_hz * share + (last_hz - first_hz) * share**2 / 2.0)
            phase[inside] += (round(even) - even) * _risen(share)
        return phase

    def _between_knots(self, time_s: FloatArray, value: Callable[[_Knot], float]) -> FloatArray:
        first = int(time_s[0] // KNOT_S)
        values = np.array([value(self._knots(knot)) for knot in range(first, first + 3)])
        place = time_s / KNOT_S - first
        before = np.floor(place).astype(np.intp)
        share = place - before
        return np.asarray((1.0 - share) * values[before] + share * values[before + 1])

    def _make_knot(self, knot: int) -> _Knot:
        """Rates and manners by the stages within half of KNOT_S either side."""
        traits = self.course.traits
        stages = self.course.planned_between(KNOT_S * knot - KNOT_S // 2, KNOT_S * knot + KNOT_S // 2)
        manner = (np.bincount(stages, minlength=5)[:, None] * np.array(MANNERS)).sum(axis=0) / len(stages)
        faster = np.exp([0.03, 0.02] * self.course.chance("rates", knot).standard_normal(2))
        heart_hz, breath_hz = np.array([traits.heart_bpm, traits.breaths_per_min]) / 60.0 * manner[:2] * faster
        return _Knot(float(heart_hz), float(breath_hz), tuple(manner[2:].tolist()))


def _risen(share: FloatArray) -> FloatArray:
    """From 0 to 1 without a jerk, fastest in the middle, at one and a half times the average."""
    inside = np.clip(share, 0.0, 1.0)
    return np.asarray(inside**2 * (3.0 - 2.0 * inside))
