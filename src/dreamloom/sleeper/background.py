"""How does the brain hum in each stage? 1/f noise and rhythms, made into frames that join exactly."""

from typing import NamedTuple

import numpy as np
from scipy import fft

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.stages import W
from dreamloom.vocabulary.units import FloatArray

FRAME_S = 4
"""Length of a frame; frames begin every FRAME_S / 2 and overlap by half."""
HOP_S = FRAME_S // 2
_BIN_HZ = 1.0 / FRAME_S


class _Hum(NamedTuple):
    """Exponent and rms (0.5-30 Hz) of the 1/f background, then rms of delta, theta, alpha, sigma, beta; microvolts."""

    slope: float
    background_uv: float
    delta_uv: float
    theta_uv: float
    alpha_uv: float
    sigma_uv: float
    beta_uv: float


HUMS: tuple[_Hum, ...] = (
    _Hum(1.0, 6.0, 2.0, 2.5, 6.0, 0.8, 3.0),
    _Hum(1.35, 7.0, 3.5, 6.0, 1.6, 1.0, 0.8),
    _Hum(1.6, 8.5, 6.0, 4.5, 4.0, 2.4, 0.8),
    _Hum(1.9, 12.0, 14.0, 4.8, 4.0, 1.5, 0.5),
    _Hum(1.35, 6.0, 2.5, 3.4, 2.6, 0.8, 1.6),
)
"""W N1 N2 N3 R. Ours, set so that median band powers with the discrete waves come near a recorded night of one healthy
adult (N2, N3, R) and so that N1 has less alpha and more theta than W."""
RHYTHM_HZ: tuple[tuple[float, float], ...] = ((2.0, 0.8), (5.7, 1.1), (0.0, 0.9), (0.0, 0.9), (20.0, 4.0))
"""Centre and width of delta, theta, alpha, sigma, beta; 0 stands for the person's own."""
ALPHA_ASLEEP_HZ = -0.7
"""Alpha outside W is a little slower."""
CHIN_UV: tuple[float, ...] = (18.0, 7.0, 6.0, 5.0, 2.2)
"""rms chin tone, W N1 N2 N3 R: lowest in R. Ours."""
_WAXING = np.array([0.15, 0.35, 0.3, 0.5, 0.35, 0.25])
"""Spread of the log amplitude from frame to frame and minute to minute: background, then the rhythms. Ours."""


class Background:
    """Frames of EEG, eye, chin and arousal noise of one night at one rate; each frame from its own key alone."""

    def __init__(self, course: Course, sfreq_hz: int) -> None:
        self.course = course
        self.sfreq_hz = sfreq_hz
        self.bins_hz: FloatArray = np.arange(FRAME_S * sfreq_hz // 2 + 1, dtype=np.float64) * _BIN_HZ
        self._hums = np.array([self._hum(stage) for stage in range(len(HUMS))])
        self._eye = _power_law(self.bins_hz, 1.0, 4.0)
        self._chin = _chin(self.bins_hz)
        self._arousal = self._arousal_shape()
        rise = np.sin(np.pi * (np.arange(FRAME_S * sfreq_hz) + 0.5) / (FRAME_S * sfreq_hz))
        self._window = rise[:, None]
        self._frames: Kept[FloatArray] = Kept(self._make_frame, size=3)
        self._depths: Kept[FloatArray] = Kept(self._make_depth, size=4)

    def forget(self) -> None:
        """Frames are made again when asked for."""
        self._frames.forget()

    def second(self, second: int) -> FloatArray:
        """[sfreq_hz, 5], microvolts: EEG, E1, E2, chin, arousal rhythm; what eyes and chin add of their own."""
        frame = second // HOP_S
        at = (second - frame * HOP_S) * self.sfreq_hz
        newer = self._frames(frame)[at : at + self.sfreq_hz]
        older = self._frames(frame - 1)[at + HOP_S * self.sfreq_hz :][: self.sfreq_hz]
        return newer + older

    def _make_frame(self, frame: int) -> FloatArray:
        """[FRAME_S * sfreq_hz, 5]; windows are power complementary, so the sum keeps its size."""
        traits = self.course.traits
        rng = self.course.chance("hum", frame)
        shares = self._shares(frame)
        loudness = np.exp(0.7 * _WAXING * rng.standard_normal(6) + self._depth(frame * HOP_S + HOP_S))
        spectra = np.empty((len(self.bins_hz), 5))
        spectra[:, 0] = self._eeg_power(shares, loudness)
        spectra[:, 1] = spectra[:, 2] = self._eye
        spectra[:, 3] = self._chin * float((shares * np.array(CHIN_UV)).sum() * traits.muscle_gain) ** 2
        spectra[:, 4] = self._arousal
        chance = rng.standard_normal((len(self.bins_hz), 5, 2))
        waves = 0.5 * np.sqrt(spectra * _BIN_HZ) * (chance[..., 0] + 1j * chance[..., 1])
        return np.asarray(fft.irfft(waves, n=len(self._window), axis=0, norm="forward")) * self._window

    def _shares(self, frame: int) -> FloatArray:
        """[5], share of each stage in the frame and two seconds either side."""
        first = frame * HOP_S - 2
        stages = self.course.stages_between(first, first + FRAME_S + 4)
        return np.bincount(stages, minlength=5) / len(stages)

    def _eeg_power(self, shares: FloatArray, loudness: FloatArray) -> FloatArray:
        power = np.zeros(len(self.bins_hz))
        for stage in np.flatnonzero(shares):
            power += shares[stage] * (self._hums[stage] * (loudness**2)[:, None]).sum(axis=0)
        return power

    def _depth(self, second: float) -> FloatArray:
        """[6], slow change of the log loudness of each part, knotted every minute."""
        minute = int(second // 60)
        share = second / 60.0 - minute
        return (1.0 - share) * self._depths(minute) + share * self._depths(minute + 1)

    def _make_depth(self, minute: int) -> FloatArray:
        chance = self.course.chance("depth", minute).standard_normal(6)
        return 0.7 * _WAXING * chance

    def _hum(self, stage: int) -> FloatArray:
        """[6, bin], power density of the background and the five rhythms of one stage for this person."""
        traits, hum = self.course.traits, HUMS[stage]
        gains = (traits.slow_wave_gain, traits.theta_gain, traits.alpha_gain, 1.0, 1.0)
        own_hz = (0.0, 0.0, traits.alpha_hz + (0.0 if stage == W else ALPHA_ASLEEP_HZ), traits.spindle_hz, 0.0)
        parts = [_power_law(self.bins_hz, hum.slope + traits.slope_shift, hum.background_uv)]
        for (centre_hz, width_hz), own, gain, size_uv in zip(RHYTHM_HZ, own_hz, gains, hum[2:], strict=True):
            parts.append(_bump(self.bins_hz, centre_hz or own, width_hz, gain * size_uv))
        return traits.gain**2 * np.array(parts)

    def _arousal_shape(self) -> FloatArray:
        alpha = _bump(self.bins_hz, self.course.traits.alpha_hz, 1.2, 0.75)
        return alpha + _bump(self.bins_hz, 20.0, 4.0, 0.65)


def _power_law(bins_hz: FloatArray, slope: float, rms_uv: float) -> FloatArray:
    """Power density of 1/f**slope noise, level below 0.5 Hz, of rms_uv between 0.5 and 30 Hz."""
    power = np.maximum(bins_hz, 0.5) ** -slope
    power[0] = 0.0
    return _of_size(bins_hz, power, rms_uv)


def _of_size(bins_hz: FloatArray, power: FloatArray, rms_uv: float) -> FloatArray:
    heard = (bins_hz >= 0.5) & (bins_hz <= 30.0)
    return np.asarray(power * rms_uv**2 / (power[heard].sum() * _BIN_HZ))


def _bump(bins_hz: FloatArray, centre_hz: float, width_hz: float, rms_uv: float) -> FloatArray:
    power = np.exp(-(((bins_hz - centre_hz) / width_hz) ** 2) / 2.0)
    return np.asarray(power * rms_uv**2 / (power.sum() * _BIN_HZ))


def _chin(bins_hz: FloatArray) -> FloatArray:
    """Muscle: broad from 10 Hz up, with a little below; unit rms up to 100 Hz."""
    power = (bins_hz / 20.0) ** 2 / (1.0 + (bins_hz / 20.0) ** 2) / (1.0 + (bins_hz / 80.0) ** 2)
    return np.asarray(power / (power[bins_hz <= 100.0].sum() * _BIN_HZ))
