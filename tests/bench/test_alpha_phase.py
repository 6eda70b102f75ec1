"""Is the phase of alpha known when a sound could still meet it?"""

import numpy as np

from dreamloom.bench.alpha_phase import foretold, of_recording
from dreamloom.house import recordings
from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.vocabulary.units import Seconds

UNCERTAIN_DEG = 60.0


def test_an_even_wave_is_foretold_and_what_has_no_wave_is_not() -> None:
    time_s = np.arange(60 * BIN_HZ) / BIN_HZ
    awake = np.ones(len(time_s), dtype=np.bool_)
    even = foretold(20.0 * np.sin(2 * np.pi * 10.0 * time_s), awake, Seconds(0.2))
    noise = foretold(np.random.Generator(np.random.PCG64(1)).normal(0, 10, len(time_s)), awake, Seconds(0.2))
    assert even.sd_deg < 5.0
    assert noise.sd_deg > 2 * UNCERTAIN_DEG


def test_on_real_waking_the_phase_of_alpha_is_lost_before_a_sound_could_meet_it() -> None:
    real = recordings.bundled()
    expert = recordings.expert_of(real)
    assert expert is not None
    now, then = (of_recording(real, expert, Seconds(ahead_s)) for ahead_s in (0.0, 0.2))
    assert now.strong_sd_deg < UNCERTAIN_DEG < then.strong_sd_deg < then.sd_deg
