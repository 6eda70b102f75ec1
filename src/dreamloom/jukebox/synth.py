"""How does a cue sound? Chords, tones, noise bursts and silence made in code, the same bytes on every machine."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, Sound
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import FloatArray, Hertz, Seconds

SHORTEST_S = Seconds(0.02)
LONGEST_S = Seconds(120.0)
"""Bounds of a made sound; ours. Below 20 ms two 5-ms fades would leave a click of little else."""
FADE_S = Seconds(0.005)
"""The shortest raised-cosine ramp on either end (the 5-ms ramps of slow-oscillation clicks, Ngo et al. 2013)."""
AUDIBLE_HZ = (Hertz(20.0), Hertz(16_000.0))

_GRID = 32_767
_NOTE = re.compile(r"([A-G])([#♯b♭]?)(-?\d)")
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_HARMONICS = ((1, 1.0), (2, 0.25), (3, 0.11))


def note_hz(note: str) -> Hertz:
    """Frequency of a note name in twelve-tone equal temperament, A4 = 440 Hz (ISO 16): C5, F#4, Bb3.

    Raises:
        ConfigError: for anything that is not a note, or lies outside AUDIBLE_HZ.
    """
    match = _NOTE.fullmatch(note)
    if match is None:
        raise _wrong(f"{note!r} is not a note.", "A note is a letter A to G, # or b if wanted, and an octave: C5, F#4.")
    letter, accidental, octave = match.groups()
    from_a4 = _SEMITONES[letter] + _ACCIDENTALS[accidental] - 9 + 12 * (int(octave) - 4)
    return _audible(Hertz(440.0 * 2.0 ** (from_a4 / 12)), note)


def chord(notes: Sequence[str], duration_s: Seconds) -> PcmArray:
    """Notes struck together: soft harmonics, 20 ms in, the last quarter out. Returns float32[frame], peak 1."""
    if isinstance(notes, str) or not 1 <= len(notes) <= 12:
        raise _wrong(f"A chord of {notes!r} cannot be played.", "A chord is a list of 1 to 12 notes: [C5, E5, G5].")
    pitches = [note_hz(note) for note in notes]
    together = np.sum([_voice(pitch, duration_s) for pitch in pitches], axis=0)
    return _finished(together, fade_in_s=Seconds(0.02), fade_out_s=Seconds(duration_s / 4))


def tone(pitch: str | float, duration_s: Seconds) -> PcmArray:
    """A plain sine at a note name or a frequency in Hz, 10-ms fades. Returns float32[frame], peak 1."""
    pitch_hz = note_hz(pitch) if isinstance(pitch, str) else _audible(Hertz(float(pitch)), f"{pitch} Hz")
    wave = np.sin(2 * np.pi * pitch_hz * _times_s(duration_s))
    return _finished(wave, fade_in_s=Seconds(0.01), fade_out_s=Seconds(0.01))


def pink_burst(duration_s: Seconds = Seconds(0.05), seed: int = 0) -> PcmArray:
    """Pink noise with 5-ms raised-cosine ramps, 50 ms unless told; float32[frame], peak 1.

    The click of closed-loop slow-oscillation studies (Ngo et al. 2013, Neuron 78:545). Noise comes from the raw words
    of a counter generator, whose stream is fixed by its definition, so one seed is one sound for ever.
    """
    n_frames = len(_times_s(duration_s))
    words = stream(int(seed), "pink burst").bit_generator.random_raw(n_frames)
    white = (np.asarray(words) >> np.uint64(11)) / 2.0**52 - 1.0
    spectrum = np.fft.rfft(white)
    pitch_hz = np.fft.rfftfreq(n_frames, 1 / SOUND_RATE_HZ)
    spectrum[pitch_hz < AUDIBLE_HZ[0]] = 0
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(pitch_hz, AUDIBLE_HZ[0])), n_frames)
    return _finished(pink, fade_in_s=FADE_S, fade_out_s=FADE_S)


def silence(duration_s: Seconds) -> PcmArray:
    """Nothing, for as long as a sham cue lasts: float32[frame], all zero."""
    return np.zeros(len(_times_s(duration_s)), dtype=np.float32)


_MAKERS: Mapping[str, Callable[..., PcmArray]] = {
    "chord": chord,
    "tone": tone,
    "pink_burst": pink_burst,
    "silence": silence,
}


def make(kind: str, *, name: str = "", **params: object) -> Sound:
    """The sound a dreamscape's `make:` asks for.

    Args:
        kind: chord (notes, duration_s), tone (pitch, duration_s), pink_burst (duration_s, seed), silence (duration_s).
        name: what the cue is called; the kind if left out.
        params: as the maker of that kind takes them.

    Raises:
        ConfigError: for an unknown kind, a parameter it does not take or lacks, or a value out of bounds.
    """
    maker = _MAKERS.get(kind)
    if maker is None:
        raise _wrong(f"No sound is called {kind!r}.", f"Sounds that can be made: {', '.join(_MAKERS)}.")
    try:
        frames = maker(**params)
    except (TypeError, ValueError) as error:
        raise _wrong(f"The sound {kind} cannot be made from {params!r}.", f"{error}.") from error
    return named(name or kind, frames)


def named(name: str, frames: PcmArray) -> Sound:
    """Finished float32 frames as a Sound: read-only, named by the SHA-256 of their little-endian bytes."""
    kept = np.array(frames, dtype="<f4")
    kept.flags.writeable = False
    return Sound(name=name, sha256=hashlib.sha256(kept.tobytes()).hexdigest(), frames=kept)


def recorded(name: str, samples: FloatArray) -> Sound:
    """A recording, mono at SOUND_RATE_HZ, as a Sound: peak 1.0, 5-ms fades.

    Raises:
        ConfigError: if it is too short, too long or holds samples that are no numbers.
    """
    _times_s(Seconds(len(samples) / SOUND_RATE_HZ))
    if not np.all(np.isfinite(samples)):
        raise _wrong(f"The recording {name!r} holds samples that are no numbers.", "Export it again.")
    return named(name, _finished(np.asarray(samples, dtype=np.float64), fade_in_s=FADE_S, fade_out_s=FADE_S))


def _voice(pitch_hz: Hertz, duration_s: Seconds) -> FloatArray:
    phase = 2 * np.pi * pitch_hz * _times_s(duration_s)
    partials = [weight * np.sin(k * phase) for k, weight in _HARMONICS if k * pitch_hz <= AUDIBLE_HZ[1]]
    return np.asarray(np.sum(partials, axis=0), dtype=np.float64)


def _finished(wave: FloatArray, *, fade_in_s: Seconds, fade_out_s: Seconds) -> PcmArray:
    """Fades both ends, brings the peak to 1 and rounds to the 16-bit grid.

    The last bit of sin, cos and FFT differs between processors; on the grid that difference disappears, so that
    the hash in a consent names one sound everywhere. Adding 0.0 turns -0.0 into 0.0 for the same reason.
    """
    faded = wave * _ramp_up(len(wave), fade_in_s) * _ramp_up(len(wave), fade_out_s)[::-1]
    peak = float(np.max(np.abs(faded)))
    scaled = faded / peak if peak > 0 else faded
    return (np.round(scaled * _GRID) / _GRID + 0.0).astype(np.float32)


def _ramp_up(n_frames: int, fade_s: Seconds) -> FloatArray:
    ramp_frames = min(max(round(max(fade_s, FADE_S) * SOUND_RATE_HZ), 1), n_frames // 2)
    envelope = np.ones(n_frames)
    envelope[:ramp_frames] = 0.5 - 0.5 * np.cos(np.pi * np.arange(ramp_frames) / ramp_frames)
    return envelope


def _times_s(duration_s: Seconds) -> FloatArray:
    if not SHORTEST_S <= duration_s <= LONGEST_S:
        raise _wrong(f"A sound of {duration_s} s cannot be made.", f"It may last {SHORTEST_S} to {LONGEST_S} s.")
    return np.arange(round(duration_s * SOUND_RATE_HZ)) / SOUND_RATE_HZ


def _audible(pitch_hz: Hertz, asked: str) -> Hertz:
    low_hz, high_hz = AUDIBLE_HZ
    if low_hz <= pitch_hz <= high_hz:
        return pitch_hz
    raise _wrong(f"{asked} ({pitch_hz:.1f} Hz) cannot be played.", f"A pitch lies in {low_hz:.0f} to {high_hz:.0f} Hz.")


def _wrong(what: str, do: str) -> ConfigError:
    return ConfigError("DL-E360", what, do=do)
