import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.jukebox.cues import SOUND_RATE_HZ
from dreamloom.jukebox.synth import make, note_hz, recorded
from dreamloom.vocabulary.errors import ConfigError

EXAMPLES = {
    "chord": {"notes": ["C5", "E5", "G5", "A5", "D6"], "duration_s": 1.0},
    "tone": {"pitch": "A4", "duration_s": 0.5},
    "pink_burst": {},
    "silence": {"duration_s": 1.0},
}


@pytest.mark.parametrize(
    ("note", "pitch_hz"),
    [("A4", 440.0), ("C4", 261.6256), ("C5", 523.2511), ("E5", 659.2551), ("F#4", 369.9944), ("Bb3", 233.0819)],
)
def test_notes_have_their_pitch_in_equal_temperament(note, pitch_hz):
    assert note_hz(note) == pytest.approx(pitch_hz, abs=1e-3)


def test_a_flat_and_the_sharp_below_it_are_one_key():
    assert note_hz("Bb3") == note_hz("A#3") == note_hz("B♭3") == note_hz("A♯3")


@pytest.mark.parametrize(
    ("kind", "sha256"),
    [
        ("chord", "723748255da91513e687a3785df92e00511cfd56af237e808f9006e1f5557d3c"),
        ("tone", "a5c71596f84fcc9871a30d430b77d70fb358e016babc16758562ffc329600775"),
        ("pink_burst", "d7ee689c354123c77e423e4559902e296eb3446057e37c214482b08fde434320"),
        ("silence", "ea0787f65f73b0013d03b359490e3125211b28ad5c1502ffb1544c0ded4192f5"),
    ],
)
def test_a_made_sound_has_the_same_hash_on_every_machine(kind, sha256):
    sound = make(kind, **EXAMPLES[kind])
    assert sound.sha256 == sha256
    assert sound.sha256 == hashlib.sha256(sound.frames.tobytes()).hexdigest()


@pytest.mark.parametrize("kind", list(EXAMPLES))
def test_every_sound_is_read_only_mono_float32_of_its_duration(kind):
    sound = make(kind, name="n", **EXAMPLES[kind])
    assert (sound.name, sound.frames.dtype, sound.frames.ndim) == ("n", np.float32, 1)
    assert sound.duration_s == pytest.approx(EXAMPLES[kind].get("duration_s", 0.05))
    with pytest.raises(ValueError, match="read-only"):
        sound.frames[0] = 1


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["chord", "tone", "pink_burst"]), st.floats(0.02, 0.5), st.integers(1, 8), st.integers(0, 2**32))
def test_every_sound_has_peak_one_and_begins_and_ends_in_silence(kind, duration_s, octave, seed):
    asked = {"chord": {"notes": [f"C{octave}", "E4"]}, "tone": {"pitch": f"A{octave}"}, "pink_burst": {"seed": seed}}
    frames = make(kind, duration_s=duration_s, **asked[kind]).frames
    assert np.abs(frames).max() == 1.0
    assert frames[0] == 0
    edge = np.arange(1, 24) / 240
    bound = (0.5 - 0.5 * np.cos(np.pi * edge)) * 4 + 1e-3
    assert np.all(np.abs(frames[1:24]) <= bound)
    assert np.all(np.abs(frames[::-1][:23]) <= bound)


def test_silence_is_all_zero():
    assert not np.any(make("silence", duration_s=2.0).frames)


def test_a_pink_burst_has_equal_energy_per_octave():
    frames = make("pink_burst", duration_s=20.0).frames
    power = np.abs(np.fft.rfft(frames)) ** 2
    pitch_hz = np.fft.rfftfreq(len(frames), 1 / SOUND_RATE_HZ)
    octaves = [power[(pitch_hz >= low) & (pitch_hz < 2 * low)].sum() for low in (100, 200, 400, 800, 1600, 3200)]
    assert 10 * np.log10(max(octaves) / min(octaves)) < 1.5


def test_another_seed_is_another_burst():
    assert make("pink_burst", seed=1).sha256 != make("pink_burst", seed=2).sha256


def test_a_tone_sounds_at_its_pitch():
    frames = make("tone", pitch=1000, duration_s=1.0).frames
    assert np.argmax(np.abs(np.fft.rfft(frames))) == 1000


def test_a_chord_contains_each_of_its_notes():
    frames = make("chord", **EXAMPLES["chord"]).frames
    spectrum = np.abs(np.fft.rfft(frames))
    for note in EXAMPLES["chord"]["notes"]:
        near = round(note_hz(note))
        assert spectrum[near - 2 : near + 3].max() > 0.2 * spectrum.max()


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        ("gong", {}, "No sound is called 'gong'"),
        ("chord", {}, "missing"),
        ("chord", {"notes": "C5", "duration_s": 1.0}, "chord of 'C5'"),
        ("chord", {"notes": [], "duration_s": 1.0}, "1 to 12 notes"),
        ("chord", {"notes": [5], "duration_s": 1.0}, "cannot be made"),
        ("tone", {"pitch": "H4", "duration_s": 1.0}, "'H4' is not a note"),
        ("tone", {"pitch": "C-1", "duration_s": 1.0}, "20 to 16000 Hz"),
        ("tone", {"pitch": float("nan"), "duration_s": 1.0}, "cannot be played"),
        ("tone", {"pitch": "A4", "duration_s": 1e9}, "1000000000.0 s"),
        ("tone", {"pitch": "A4", "duration_s": float("nan")}, "nan s"),
        ("tone", {"pitch": "A4", "duration_s": "1 s"}, "cannot be made"),
        ("silence", {"duration_s": 1.0, "loud": 1}, "unexpected keyword"),
        ("pink_burst", {"seed": "x"}, "cannot be made"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_value_and_the_remedy(kind, params, said):
    with pytest.raises(ConfigError, match="DL-E360") as refusal:
        make(kind, **params)
    assert said in str(refusal.value)


def test_a_recording_becomes_a_sound_of_peak_one():
    sound = recorded("voice", np.sin(np.arange(48_000) / 10) * 0.01)
    assert np.abs(sound.frames).max() == 1.0
    assert sound.frames[0] == 0


def test_a_recording_of_no_numbers_is_refused():
    with pytest.raises(ConfigError, match="no numbers"):
        recorded("voice", np.full(48_000, np.nan))
