"""How often, and how large, does this person do what people do, at this moment of the night?"""

from typing import NamedTuple

import numpy as np

from dreamloom.sleeper.happenings import INFRASLOW_HZ, What
from dreamloom.sleeper.noise import Chance, smooth_noise
from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.units import BoolArray, FloatArray

PER_HOUR: dict[What, str] = {
    "lucid signal": "lucid_signals_per_h",
    "look-alike": "look_alikes_per_h",
    "grinding": "grinding_per_h",
}
"""Kinds whose rate is a trait."""
PHASIC_KNOT_S, BURST_KNOT_S = 20.0, 3.0
"""REM is phasic for tens of seconds at a time; within, its saccades come in bursts of seconds. Ours."""


class Slots(NamedTuple):
    """Moments of one person's night: rising times in seconds since lights-off, and which of them are REM."""

    traits: Traits
    chance: Chance
    onsets_s: FloatArray
    in_rem: BoolArray


def does(traits: Traits, what: What) -> bool:
    """True unless this person never does it."""
    return what not in PER_HOUR or float(getattr(traits, PER_HOUR[what])) > 0.0


def rate_factor(what: What, slots: Slots) -> FloatArray:
    """[n], what this person and these moments make of a habit's rate."""
    traits, onsets_s = slots.traits, slots.onsets_s
    if what == "spindle":
        wave = np.sin(2.0 * np.pi * INFRASLOW_HZ * onsets_s + 60.0 * traits.gain)
        return np.asarray(traits.spindles_per_min * (1.0 + 0.8 * wave))
    if what == "saccade":
        return _bursts(slots)
    if what == "look-alike":
        return np.where(phasic(traits, slots.chance, onsets_s), 2.0, 0.2) * traits.look_alikes_per_h
    if what == "twitch" and traits.phasic_twitching > 0.0:
        return _twitching(slots)
    factor = getattr(traits, PER_HOUR[what]) if what in PER_HOUR else 1.0
    return np.full(len(onsets_s), traits.arousability if what == "arousal" else factor)


def phasic(traits: Traits, chance: Chance, at_s: FloatArray) -> BoolArray:
    """[n], whether REM is phasic at these rising times, were it REM."""
    least = 0.1 - 0.7 * (traits.rem_density - 1.0)
    return np.asarray(smooth_noise(chance, "phasic", at_s, PHASIC_KNOT_S) > least)


def size_factor(traits: Traits, what: What) -> float:
    """What this person makes of a habit's size."""
    if what in {"slow wave", "k complex"}:
        return traits.gain * traits.slow_wave_gain
    own = {"spindle": traits.gain, "vertex wave": traits.gain}
    return {**own, "twitch": traits.muscle_gain, "grinding": traits.muscle_gain}.get(what, 1.0)


def _twitching(slots: Slots) -> FloatArray:
    """Twitches of REM keep to its phasic stretches, as far as this person's do."""
    kept = slots.traits.phasic_twitching
    is_phasic = phasic(slots.traits, slots.chance, slots.onsets_s)
    return np.where(slots.in_rem, np.where(is_phasic, 1.0 + 1.2 * kept, 1.0 - kept), 1.0)


def _bursts(slots: Slots) -> FloatArray:
    """REM saccades come in bursts of seconds within phasic stretches of tens of seconds; waking ones at any time."""
    if not slots.in_rem.any():
        return np.ones(len(slots.onsets_s))
    burst = smooth_noise(slots.chance, "burst", slots.onsets_s, BURST_KNOT_S) > 0.0
    is_phasic = phasic(slots.traits, slots.chance, slots.onsets_s)
    return np.where(slots.in_rem, np.where(is_phasic & burst, 1.4, 0.04), 1.0)
