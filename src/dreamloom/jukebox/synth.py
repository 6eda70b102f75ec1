"""How does a cue sound? Chords, chimes, tones, Morse, noise and silence made in code, the same on every machine."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dreamloom.dreamscape.morse import tapped, unknown
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
_BAR = ((1.0, 1.0), (2.756, 0.4), (5.404, 0.15))
"""Modes of a free bar, as of a struck chime (Fletcher and Rossing, The Physics of Musical Instruments, 1998, 2.12)."""
_BED_FADE_S = Seconds(1.0)


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


def chime(notes: Sequence[str], duration_s: Seconds) -> PcmArray:
    """Struck bars, one after the other over the first half, each ringing on: 5 ms in, the last quarter out.

    Returns float32[frame], peak 1.
    """
    if isinstance(notes, str) or not 1 <= len(notes) <= 12:
        raise _wrong(f"A chime of {notes!r} cannot be played.", "A chime is a list of 1 to 12 notes: [E5, B5].")
    times_s = _times_s(duration_s)
    apart_s = duration_s / (2 * len(notes))
    rung = [_struck(note_hz(note), times_s - n * apart_s, duration_s) for n, note in enumerate(notes)]
    return _finished(np.sum(rung, axis=0), fade_in_s=FADE_S, fade_out_s=Seconds(duration_s / 4))


def morse(say: str, pitch: str, duration_s: Seconds) -> PcmArray:
    """The text tapped out on one note, slow enough to fill the duration; each signal with 5-ms ramps; peak 1.

    Raises:
        ConfigError: for letters that Morse lacks, or so many that their ramps would not find room.
    """
    said, lacking = tapped(say), unknown(say)
    if lacking or not said:
        raise _wrong(f"{say!r} cannot be tapped out.", f"Morse lacks {' '.join(lacking) or 'what is not there'}.")
    wave = np.sin(2 * np.pi * note_hz(pitch) * _times_s(duration_s))
    edges = np.round(np.cumsum([0, *(length for length, _ in said)]) * len(wave) / sum(length for length, _ in said))
    for (_, sounds), first, last in zip(said, edges[:-1].astype(int), edges[1:].astype(int), strict=True):
        if sounds and last - first < 4 * FADE_S * SOUND_RATE_HZ:
            raise _wrong(f"{say!r} is too long for {duration_s} s.", "Give it more time, or say less.")
        wave[first:last] *= _ramp_up(last - first, FADE_S) * _ramp_up(last - first, FADE_S)[::-1] if sounds else 0.0
    return _finished(wave, fade_in_s=FADE_S, fade_out_s=FADE_S)


def noise_bed(duration_s: Seconds, seed: int = 0) -> PcmArray:
    """Steady pink noise to lie under a night, a second in and a second out; float32[frame], peak 1."""
    fade_s = min(_BED_FADE_S, Seconds(duration_s / 4))
    return _finished(_pink(len(_times_s(duration_s)), seed, "noise bed"), fade_in_s=fade_s, fade_out_s=fade_s)


def pink_burst(duration_s: Seconds = Seconds(0.05), seed: int = 0) -> PcmArray:
    """Pink noise with 5-ms raised-cosine ramps, 50 ms unless told; float32[frame], peak 1.

    The click of closed-loop slow-oscillation studies (Ngo et al. 2013, Neuron 78:545). Noise comes from the raw words
    of a counter generator, whose stream is fixed by its definition, so one seed is one sound for ever.
    """
    return _finished(_pink(len(_times_s(duration_s)), seed, "pink burst"), fade_in_s=FADE_S, fade_out_s=FADE_S)


def silence(duration_s: Seconds) -> PcmArray:
    """Nothing, for as long as a sham cue lasts: float32[frame], all zero."""
    return np.zeros(len(_times_s(duration_s)), dtype=np.float32)


_MAKERS: Mapping[str, Callable[..., PcmArray]] = {
    "chord": chord,
    "chime": chime,
    "tone": tone,
    "morse": morse,
    "pink_burst": pink_burst,
    "noise_bed": noise_bed,
    "silence": silence,
}


def make(kind: str, *, name: str = "", **params: object) -> Sound:
    """The sound a dreamscape's `make:` asks for.

    Args:
        kind: chord, chime (notes, duration_s), tone (pitch, duration_s), morse (say, pitch, duration_s), pink_burst,
            noise_bed (duration_s, seed), silence (duration_s).
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


def _pink(n_frames: int, seed: int, name: str) -> FloatArray:
    """Noise of equal energy per octave above the lowest audible pitch."""
    words = stream(int(seed), name).bit_generator.random_raw(n_frames)
    white = (np.asarray(words) >> np.uint64(11)) / 2.0**52 - 1.0
    spectrum = np.fft.rfft(white)
    pitch_hz = np.fft.rfftfreq(n_frames, 1 / SOUND_RATE_HZ)
    spectrum[pitch_hz < AUDIBLE_HZ[0]] = 0
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(pitch_hz, AUDIBLE_HZ[0])), n_frames)


def _voice(pitch_hz: Hertz, duration_s: Seconds) -> FloatArray:
    phase = 2 * np.pi * pitch_hz * _times_s(duration_s)
    partials = [weight * np.sin(k * phase) for k, weight in _HARMONICS if k * pitch_hz <= AUDIBLE_HZ[1]]
    return np.asarray(np.sum(partials, axis=0), dtype=np.float64)


def _struck(pitch_hz: Hertz, since_s: FloatArray, duration_s: Seconds) -> FloatArray:
    """One bar, struck at 0: higher modes die away sooner, as much as their pitch is higher."""
    after_s = np.maximum(since_s, 0.0)
    modes = [
        weight * np.sin(2 * np.pi * ratio * pitch_hz * after_s) * np.exp(-5.0 * ratio * after_s / duration_s)
        for ratio, weight in _BAR
        if ratio * pitch_hz <= AUDIBLE_HZ[1]
    ]
    return np.asarray(np.sum(modes, axis=0) * np.clip(after_s / FADE_S, 0.0, 1.0), dtype=np.float64)


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
