"""How loud does a sound seem, whatever its peak? So that two sounds at one level are equally loud."""

import math
from typing import NamedTuple

import numpy as np

from dreamloom.jukebox.cues import SOUND_RATE_HZ, LoudnessMethod, PcmArray
from dreamloom.vocabulary.units import Decibels, FloatArray, Seconds

LONG_S = Seconds(3.0)
"""From here on loudness is gated (EBU Tech 3341, 2016: the short-term window); below it are too few blocks."""
SINE_LUFS = Decibels(-3.01)
"""A full-scale sine of 997 Hz in one channel (ITU-R BS.1770-4, Annex 1): what 0 dB means here."""
SILENT_DB = Decibels(-60.0)
"""Frames before the first and behind the last that come so near to the peak are no part of the sound. Ours."""
QUIETEST_DB = Decibels(-60.0)
"""No sound is taken for softer: amplified further it would be noise. Ours."""
_POLES_HZ = (20.598997, 107.65265, 737.86223, 12194.217)
"""IEC 61672-1:2013, Annex E."""


class Loudness(NamedTuple):
    """A sound's loudness, in dB against a full-scale tone of 1 kHz, and how it was found."""

    loudness_db: Decibels
    method: LoudnessMethod


UNWEIGHED = Loudness(Decibels(0.0), "none")


def a_weight_db(pitch_hz: FloatArray) -> FloatArray:
    """The A-weighting of IEC 61672-1:2013 (Annex E, formula E.6); 0 dB at 1 kHz."""
    one, two, three, four = (pole**2 for pole in _POLES_HZ)

    def relative(hz: FloatArray) -> FloatArray:
        squared = np.square(np.maximum(hz, 1e-3))
        below = np.sqrt((squared + two) * (squared + three))
        return np.asarray(four * squared**2 / ((squared + one) * below * (squared + four)), dtype=np.float64)

    return np.asarray(20 * np.log10(relative(pitch_hz) / relative(np.array([1000.0]))), dtype=np.float64)


def a_weighted(frames: PcmArray) -> Loudness:
    """A-weighted level of what sounds, by its energy, of float32[frame]; silence is UNWEIGHED."""
    peak = float(np.max(np.abs(frames), initial=0.0))
    if not peak > 0 or not math.isfinite(peak):
        return UNWEIGHED
    heard = np.flatnonzero(np.abs(frames) >= peak * 10 ** (SILENT_DB / 20))
    sound = frames[heard[0] : heard[-1] + 1].astype(np.float64)
    power = np.abs(np.fft.rfft(sound)) ** 2
    power[1 : len(power) - (len(sound) % 2 == 0)] *= 2  # the half of the spectrum that rfft leaves out
    pitch_hz = np.asarray(np.fft.rfftfreq(len(sound), 1 / SOUND_RATE_HZ), dtype=np.float64)
    mean_square = float(np.sum(power * 10 ** (a_weight_db(pitch_hz) / 10))) / len(sound) ** 2
    return Loudness(_held(10 * math.log10(max(2 * mean_square, 1e-12))), "A-weighted RMS")


def gated(lufs: float) -> Loudness | None:
    """An integrated loudness of BS.1770-4 against a full-scale tone; None where its gates left nothing."""
    return Loudness(_held(lufs - SINE_LUFS), "gated LUFS") if math.isfinite(lufs) else None


def is_long(frames: PcmArray) -> bool:
    """True for a sound whose loudness is gated."""
    return len(frames) >= LONG_S * SOUND_RATE_HZ


def _held(loudness_db: float) -> Decibels:
    """Rounded to a tenth, so that the last bit of a transform never reaches a record; never below QUIETEST_DB."""
    return Decibels(max(round(loudness_db, 1), QUIETEST_DB) + 0.0)
