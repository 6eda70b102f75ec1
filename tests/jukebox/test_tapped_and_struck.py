"""Do Morse, chimes and beds of noise sound as they should, with ramps of 5 ms at least and the same bytes anywhere?"""

import numpy as np
import pytest

from dreamloom.dreamscape import morse
from dreamloom.jukebox.cues import SOUND_RATE_HZ
from dreamloom.jukebox.synth import make
from dreamloom.vocabulary.errors import ConfigError

RAMP_FRAMES = 240


def envelope(frames, n=48):
    """Peaks of every millisecond."""
    return np.abs(frames[: len(frames) // n * n]).reshape(-1, n).max(axis=1)


def test_morse_has_dashes_of_three_dots_and_the_silences_of_the_recommendation():
    frames = make("morse", say="SK e", pitch="A5", duration_s=3.3).frames  # 5 + 3 + 9 + 7 + 1 units of 132 ms
    assert morse.units("SK e") == 25
    sounding = envelope(frames, 24) > 0.05
    edges = np.flatnonzero(np.diff(np.concatenate([[0], sounding.astype(int), [0]])))
    lengths = np.round(np.diff(edges) * 24 / (len(frames) / 25)).astype(int).tolist()
    assert lengths == [1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 3, 7, 1]


def test_every_sign_of_morse_begins_and_ends_on_a_ramp_of_five_milliseconds():
    frames = make("morse", say="PARIS 5", pitch="A4", duration_s=4.0).frames
    said = morse.tapped("PARIS 5")
    edges = np.round(np.cumsum([0, *(n for n, _ in said)]) * len(frames) / morse.units("PARIS 5")).astype(int)
    bound = 0.5 - 0.5 * np.cos(np.pi * np.arange(RAMP_FRAMES) / RAMP_FRAMES) + 1e-3
    for (_, sounds), first, last in zip(said, edges[:-1], edges[1:], strict=True):
        heard = np.abs(frames[first:last])
        assert np.any(heard) == sounds
        assert np.all(heard[:RAMP_FRAMES] <= bound)
        assert np.all(heard[::-1][:RAMP_FRAMES] <= bound)


@pytest.mark.parametrize(("say", "duration_s"), [("…", 2.0), ("", 2.0), ("paris " * 20, 0.5)])
def test_what_morse_cannot_say_is_refused(say, duration_s):
    with pytest.raises(ConfigError, match=r"^DL-E360 "):
        make("morse", say=say, pitch="A4", duration_s=duration_s)


def test_the_alphabet_is_that_of_the_recommendation():
    said = {"E": ".", "T": "-", "O": "---", "5": ".....", "?": "..--..", "@": ".--.-."}
    assert {letter: morse.ALPHABET[letter] for letter in said} == said
    assert len(set(morse.ALPHABET.values())) == len(morse.ALPHABET) == 48
    assert morse.units("PARIS") == 43  # 50 with the silence behind the word


def test_a_chime_strikes_its_notes_in_turn_and_dies_away():
    frames = make("chime", notes=["E5", "B5"], duration_s=2.0).frames
    level = envelope(frames, 480)
    assert np.argmax(level[:40]) < 5
    assert level[50:55].max() > 1.5 * level[45:49].max()
    assert level[-10:].max() < 0.05


def test_a_bed_of_noise_is_steady_and_comes_and_goes_softly():
    frames = make("noise_bed", duration_s=10.0).frames
    level = np.sqrt(np.mean(frames[: 10 * SOUND_RATE_HZ].reshape(20, -1) ** 2, axis=1))
    assert level[2:-2].max() / level[2:-2].min() < 1.5
    assert level[0] < 0.6 * level[5]


@pytest.mark.parametrize(
    ("kind", "asked", "sha256"),
    [
        ("chime", {"notes": ["E5", "B5"], "duration_s": 2.0}, "aac0a2d8d90f"),
        ("morse", {"say": "SOS", "pitch": "A4", "duration_s": 9.0}, "2d555ddcee9d"),
        ("noise_bed", {"duration_s": 3.0}, "955b21ea81b3"),
    ],
)
def test_the_bytes_are_the_same_on_every_machine(kind, asked, sha256):
    assert make(kind, **asked).sha256.startswith(sha256)
