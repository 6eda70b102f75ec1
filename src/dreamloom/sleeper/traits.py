"""How do simulated people differ? Traits drawn once per sleeper from (seed, name), around a preset."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dreamloom.vocabulary.chance import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """One simulated person. Factors multiply the tables of this package, 1 being the middle of the population.

    Attributes:
        sleeper: the name every draw of this person's night is keyed with.
        preset: which of PRESETS the person was drawn around.
        slope_shift: added to the exponent of the 1/f background.
        gain: factor on all brain signals (skull, hair, electrode site).
        alpha_gain: factor on alpha amplitude; about one adult in ten shows next to none.
        alpha_hz: peak of the waking alpha rhythm.
        theta_gain: factor on theta amplitude.
        spindle_hz: mean spindle frequency.
        spindles_per_min: mean rate in N2.
        slow_wave_gain: factor on slow-oscillation and delta amplitude.
        arousability: factor on arousals and awakenings.
        depth: factor on the share of N3 and, inversely, of N1.
        rem_density: factor on saccades in REM.
        lucid_signals_per_h: left-right-left-right signals per hour of REM.
        onset_latency_s: wake before the first N1.
        sleep_need_s: length of the night's sleep, after which this person stays awake.
        muscle_gain: factor on chin tone.
        electrode_uv: rms of white electrode noise.
        drift_uv: size of slow baseline drift.
        line_uv: amplitude of mains hum.
        line_hz: 50 or 60.
    """

    sleeper: str
    preset: str
    slope_shift: float
    gain: float
    alpha_gain: float
    alpha_hz: float
    theta_gain: float
    spindle_hz: float
    spindles_per_min: float
    slow_wave_gain: float
    arousability: float
    depth: float
    rem_density: float
    lucid_signals_per_h: float
    onset_latency_s: float
    sleep_need_s: float
    muscle_gain: float
    electrode_uv: float
    drift_uv: float
    line_uv: float
    line_hz: float


PRESETS: dict[str, dict[str, float]] = {
    "typical": {},
    "light": {"arousability": 1.6, "depth": 0.7, "slow_wave_gain": 0.85, "onset_latency_s": 1.6},
    "deep": {"arousability": 0.5, "depth": 1.3, "slow_wave_gain": 1.2, "onset_latency_s": 0.6},
    "lucid": {"rem_density": 1.25, "lucid_signals_per_h": 6.0},
    "restless": {"arousability": 2.6, "depth": 0.8, "muscle_gain": 1.3, "drift_uv": 1.5, "sleep_need_s": 0.95},
    "older": {"arousability": 1.7, "depth": 0.5, "slow_wave_gain": 0.7, "spindles_per_min": 0.6, "sleep_need_s": 0.9},
    "noisy": {"electrode_uv": 2.5, "drift_uv": 2.5, "line_uv": 6.0},
}
"""Factors on the population's middle (lucid_signals_per_h: the rate itself). All of them are ours."""


def traits_of(seed: int, sleeper: str, preset: str = "typical") -> Traits:
    """The person of that name: the same for one (seed, sleeper, preset) for ever, different for another name.

    Spreads are ours; spindle frequency and rate lie in the adult range (13.3 Hz, a few per minute of N2).

    Raises:
        KeyError: if there is no such preset.
    """
    factors = PRESETS[preset]
    person = _draw(stream(seed, sleeper, "traits"), sleeper, preset)
    changed: dict[str, Any] = {name: _scaled(person, name, factor) for name, factor in factors.items()}
    return replace(person, **changed)


def _scaled(person: Traits, name: str, factor: float) -> float:
    if name == "lucid_signals_per_h":
        return factor
    return float(getattr(person, name)) * factor


def _draw(rng: np.random.Generator, sleeper: str, preset: str) -> Traits:
    spread = rng.standard_normal(18)

    def around(index: int, middle: float, log_sd: float) -> float:
        return float(middle * np.exp(log_sd * np.clip(spread[index], -2.0, 2.0)))

    return Traits(
        sleeper=sleeper,
        preset=preset,
        slope_shift=0.12 * float(np.clip(spread[0], -2.0, 2.0)),
        gain=around(1, 1.0, 0.18),
        alpha_gain=around(2, 1.0, 0.3),
        alpha_hz=10.0 + 0.6 * float(np.clip(spread[3], -2.0, 2.0)),
        theta_gain=around(4, 1.0, 0.15),
        spindle_hz=13.3 + 0.4 * float(np.clip(spread[5], -2.0, 2.0)),
        spindles_per_min=around(6, 4.0, 0.25),
        slow_wave_gain=around(7, 1.0, 0.15),
        arousability=around(8, 1.0, 0.25),
        depth=around(9, 1.0, 0.12),
        rem_density=around(10, 1.0, 0.25),
        lucid_signals_per_h=0.0,
        onset_latency_s=around(11, 720.0, 0.45),
        sleep_need_s=around(12, 27_600.0, 0.05),
        muscle_gain=around(13, 1.0, 0.25),
        electrode_uv=around(14, 1.0, 0.35),
        drift_uv=around(15, 8.0, 0.4),
        line_uv=around(16, 0.5, 0.7),
        line_hz=50.0,
    )
