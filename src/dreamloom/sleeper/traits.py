"""How do simulated people differ? Traits drawn once per sleeper from (seed, name), around a preset."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dreamloom.sleeper.presets import PRESETS
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
        heart_bpm: mean heart rate in REM.
        breaths_per_min: mean breathing rate in REM.
        hearing_db: level at the pillow below which a sound is not heard at all, asleep or awake.
        waking_db: level at the pillow of a one-second sound that arouses from N2 one time in two, when it is new.
        lucidity: chance that a sound heard in REM is answered with the agreed eye signal.
        answering: chance that a question heard by somebody who knows that they dream is answered; knowing: that such
            an answer is right.
        signal_spread: how much one eye signal differs from the next in pace and size, 0 to 1.
        signal_repeats: how often a signal is given again at once, as who is told "twice or it does not count" does.
        practised: how many signals are made in the evening, awake, one every nine seconds, gaze resting between.
        look_alikes_per_h: eye bursts per hour of REM that look like the signal and are none.
        phasic_twitching: share of the twitches of REM that keep to its phasic stretches, 0 to 1.
        nightmares_per_h: nightmares that end in waking, per hour of REM.
        outings_per_h: times out of bed, per hour.
        loose_per_h: electrodes that come off, per hour.
        grinding_per_h: bouts of tooth grinding, per hour of N1 and N2.
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
    heart_bpm: float
    breaths_per_min: float
    hearing_db: float
    waking_db: float
    lucidity: float
    answering: float
    knowing: float
    signal_spread: float
    signal_repeats: float
    practised: float
    look_alikes_per_h: float
    phasic_twitching: float
    nightmares_per_h: float
    outings_per_h: float
    loose_per_h: float
    grinding_per_h: float


def traits_of(seed: int, sleeper: str, preset: str = "typical") -> Traits:
    """The person of that name: the same for one (seed, sleeper, preset) for ever, different for another name.

    Spreads are ours; spindle frequency and rate lie in the adult range (13.3 Hz, a few per minute of N2).

    Raises:
        KeyError: if there is no such preset.
    """
    factors = PRESETS[preset]
    person = _draw(stream(seed, sleeper, "traits"), stream(seed, sleeper, "body"), sleeper, preset)
    return changed(person, {name: _scaled(person, name, factor) for name, factor in factors.items()})


def changed(person: Traits, values: Mapping[str, float]) -> Traits:
    """The same person but for these traits."""
    given: dict[str, Any] = dict(values)
    return replace(person, **given)


def _scaled(person: Traits, name: str, factor: float) -> float:
    """What most people never do is given as it is; all else as a factor on the person."""
    return float(getattr(person, name)) * factor or factor


def _draw(rng: np.random.Generator, of_body: np.random.Generator, sleeper: str, preset: str) -> Traits:
    spread = rng.standard_normal(18)
    body = np.clip(of_body.standard_normal(8), -2.0, 2.0).tolist()

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
        heart_bpm=58.0 + 6.0 * body[0],
        breaths_per_min=15.0 + 1.5 * body[1],
        hearing_db=18.0 + 3.0 * body[2],
        waking_db=62.0 + 6.0 * body[3],
        lucidity=0.0,
        answering=0.9,
        knowing=0.85,
        signal_spread=0.0,
        signal_repeats=0.0,
        practised=0.0,
        look_alikes_per_h=0.0,
        phasic_twitching=0.0,
        nightmares_per_h=0.0,
        outings_per_h=0.0,
        loose_per_h=0.0,
        grinding_per_h=0.0,
    )
