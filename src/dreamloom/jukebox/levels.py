"""How loud may a cue be? Planned level under its caps, the ramp from silent, digital gain."""

import math
from collections.abc import Iterable

from dreamloom.vocabulary.units import Decibels, Seconds, to_four_places

UNCALIBRATED_FULL_SCALE_DB = Decibels(100.0)
"""Level at the pillow that a full-scale sound is taken to have until somebody measures the output; ours.

High on purpose: most bedside outputs are quieter, so that an error of this guess makes a cue too soft, never too loud.
"""
RAMP_DEPTH_DB = Decibels(40.0)
"""How far below its target a ramp from silent begins; ours. 40 dB under a bedroom cue is below hearing."""
NIGHTLY_DOSE_DB = Decibels(30.0)
"""LAeq over eight hours in a bedroom (WHO, Guidelines for Community Noise, 1999, table 4.1): all its sleep cues."""
DOSE_OVER_S = Seconds(8 * 3600.0)
NO_SOUND_DB = Decibels(-math.inf)


def gain(level_db: Decibels, *, full_scale_db: Decibels, loudness_db: Decibels = Decibels(0.0)) -> float:
    """Linear gain, 0 to 1, that brings a sound of peak 1.0 to level_db on an output of full_scale_db.

    full_scale_db is the level at the pillow of a full-scale tone of 1 kHz, loudness_db that of the sound against such
    a tone: two sounds at one level_db are equally loud there.
    A level above full scale gives 1.0. A level or calibration that is no number gives 0.0: silence is the safe answer.
    """
    relative_db = level_db - loudness_db - full_scale_db
    if math.isnan(relative_db) or math.isinf(full_scale_db):
        return 0.0
    return math.pow(10.0, min(relative_db, 0.0) / 20.0)


def sound_energy(level_db: Decibels, lasts_s: Seconds) -> float:
    """What a sound adds to a night's dose: its energy against 0 dB, times its length in seconds."""
    return math.pow(10.0, level_db / 10.0) * lasts_s if math.isfinite(level_db) else 0.0


NIGHTLY_DOSE = sound_energy(NIGHTLY_DOSE_DB, DOSE_OVER_S)


def still_lowered_db(lowered_db: Decibels, *, quiet_s: Seconds, up_db: Decibels, after_s: Seconds) -> Decibels:
    """What is left of a lowering after so much quiet: up_db of it is given back after every after_s, never more."""
    steps = math.floor(max(quiet_s, 0.0) / after_s)
    return Decibels(max(lowered_db - up_db * steps, 0.0))


def capped_db(target_db: Decibels, caps_db: Iterable[Decibels]) -> Decibels:
    """The target or the lowest of the caps on it, whichever is lower; NO_SOUND_DB if one of them is no number."""
    bounds_db = [target_db, *caps_db]
    return NO_SOUND_DB if any(map(math.isnan, bounds_db)) else min(bounds_db)


def ramped_db(target_db: Decibels, *, since_start_s: Seconds, over_s: Seconds) -> Decibels:
    """Level on the way from silent to target_db: linear in decibels from RAMP_DEPTH_DB below it, over_s long.

    Before the start there is no sound; after the end, or without a ramp (over_s = 0), the target.
    """
    if not since_start_s >= 0:
        return NO_SOUND_DB
    if since_start_s >= over_s:
        return target_db
    return Decibels(target_db - RAMP_DEPTH_DB * (1.0 - since_start_s / over_s))


def planned_db(
    threshold_db: Decibels,
    over_db: Decibels,
    caps_db: Iterable[Decibels],
    *,
    lowered_db: Decibels,
    since_start_s: Seconds = Seconds(0.0),
    ramp_s: Seconds = Seconds(0.0),
) -> Decibels:
    """The level of the next cue, as events carry it.

    over_db above what this sleeper just heard awake on the same output, under every cap, less what arousals took, on
    its ramp since its part began. Lowering counts from what would have sounded, not from a cap that did not bind; a
    negative one counts as 0, for an arousal never makes a bed louder.
    """
    capped = capped_db(Decibels(threshold_db + over_db), caps_db)
    target_db = Decibels(capped - max(lowered_db, 0.0))
    return Decibels(to_four_places(ramped_db(target_db, since_start_s=since_start_s, over_s=ramp_s)))
