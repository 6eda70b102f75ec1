"""Are two sounds at one level equally loud, and is a weight what its standard says?"""

import math

import numpy as np
import pytest

from dreamloom.adapters.loudness import weighed
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.jukebox.cues import SOUND_RATE_HZ
from dreamloom.jukebox.levels import gain
from dreamloom.jukebox.loudness import a_weight_db, a_weighted, gated
from dreamloom.jukebox.synth import make, named
from dreamloom.ports import PlayCommand
from dreamloom.testing import loud_storms
from dreamloom.vetoes.bits import Bit

A_TABLE = {31.5: -39.4, 63.0: -26.2, 125.0: -16.1, 250.0: -8.6, 500.0: -3.2, 1000.0: 0.0, 2000.0: 1.2, 4000.0: 1.0}
A_TABLE |= {8000.0: -1.1, 16000.0: -6.6}
"""IEC 61672-1:2013, table 3, at nominal frequencies: exact ones lie up to 0.1 dB aside."""


def tone(pitch_hz, seconds, peak=1.0):
    times_s = np.arange(round(seconds * SOUND_RATE_HZ)) / SOUND_RATE_HZ
    return (peak * np.sin(2 * np.pi * pitch_hz * times_s)).astype(np.float32)


@pytest.mark.parametrize(("pitch_hz", "weight_db"), A_TABLE.items())
def test_the_a_weighting_is_that_of_the_standard(pitch_hz, weight_db):
    assert a_weight_db(np.array([pitch_hz]))[0] == pytest.approx(weight_db, abs=0.15)


@pytest.mark.parametrize(("pitch_hz", "loudness_db"), [(1000.0, 0.0), (250.0, -8.7), (4000.0, 1.0)])
def test_a_short_tone_weighs_its_energy_under_the_a_curve(pitch_hz, loudness_db):
    found = a_weighted(tone(pitch_hz, 0.5))
    assert found.method == "A-weighted RMS"
    assert found.loudness_db == pytest.approx(loudness_db, abs=0.15)


def test_silence_around_a_sound_does_not_make_it_softer():
    padded = np.concatenate([np.zeros(40_000, np.float32), tone(1000.0, 0.2), np.zeros(40_000, np.float32)])
    assert a_weighted(padded).loudness_db == a_weighted(tone(1000.0, 0.2)).loudness_db


@pytest.mark.parametrize("frames", [np.zeros(0, np.float32), np.zeros(480, np.float32)])
def test_silence_weighs_nothing(frames):
    assert weighed(named("n", frames)).weighed_by == "none"


def test_a_long_sound_is_gated_so_that_its_pauses_do_not_count():
    spoken = np.concatenate([tone(997.0, 2.0), np.zeros(4 * SOUND_RATE_HZ, np.float32)])
    found = weighed(named("n", spoken))
    assert found.weighed_by == "gated LUFS"
    assert found.loudness_db == pytest.approx(0.0, abs=0.5)
    assert weighed(named("n", tone(997.0, 5.0))).loudness_db == pytest.approx(0.0, abs=0.1)


def test_gates_that_leave_nothing_are_no_loudness():
    assert gated(-math.inf) is None


SOUNDS = {
    "chord": {"notes": ["C5", "E5", "G5"], "duration_s": 1.0},
    "chime": {"notes": ["E5", "B5"], "duration_s": 2.0},
    "tone": {"pitch": "A3", "duration_s": 0.5},
    "pink_burst": {"duration_s": 0.05},
}


@pytest.mark.parametrize("kind", list(SOUNDS))
def test_what_leaves_a_speaker_is_as_loud_as_its_level_whatever_the_sound(kind, tmp_path):
    sound = weighed(make(kind, **SOUNDS[kind]))
    speaker = VirtualSpeaker(wav_path=tmp_path / "a.wav")
    for bit in Bit:
        speaker.set_bit(bit, on=False)
    speaker.beat(0.5)
    speaker.play(PlayCommand("a", sound, 55.0, 1.0, 1.5))
    speaker.beat(2.0)
    speaker.beat(4.0)
    speaker.close()
    heard = np.frombuffer((tmp_path / "a.wav").read_bytes()[44:], "<i2").astype(np.float32) / 32_767
    assert a_weighted(heard).loudness_db + 100.0 == pytest.approx(55.0, abs=0.3)


def test_a_sound_without_a_loudness_is_taken_for_a_full_scale_tone():
    assert gain(40.0, full_scale_db=100.0) == pytest.approx(0.001)
    assert gain(40.0, full_scale_db=100.0, loudness_db=-20.0) == pytest.approx(0.01)
    assert gain(90.0, full_scale_db=100.0, loudness_db=-20.0) == 1.0
    assert gain(90.0, full_scale_db=100.0, loudness_db=math.nan) == 0.0


@pytest.mark.parametrize("seed", [1, 2])
def test_no_frame_leaves_above_the_ceiling_and_lawful_sound_leaves_at_its_level(seed):
    found = loud_storms.many(4_000, seed=seed)
    assert found.sets == 4_000
    assert found.above == 0
    assert found.at_level == found.lawful == 100
