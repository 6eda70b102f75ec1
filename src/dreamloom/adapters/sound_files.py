"""What is heard in this file? WAV, FLAC and Ogg through libsndfile, as mono frames at the rate of every output."""

import io
from fractions import Fraction
from typing import Any

import numpy as np

from dreamloom.jukebox.cues import SOUND_RATE_HZ, Sound
from dreamloom.jukebox.synth import recorded
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import FloatArray, Seconds

LARGEST_BYTES = 64 * 2**20
"""A minute of eight channels of 32-bit samples at 192 kHz has less."""
RATES_HZ = (4_000, 384_000)
FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG"})
FINEST = 1_000
"""Ratios of rates are kept to fractions no finer than this: an odd rate would ask for a filter of millions of taps."""


def read_sound(name: str, data: bytes, *, at_most_s: Seconds) -> Sound:
    """The file's sound: its channels averaged, resampled, peak 1, 5-ms fades.

    Raises:
        ConfigError: DL-E353 when these bytes are no such sound, or a silent one; DL-E354 when it lasts longer;
            DL-E278 without the library.
    """
    library = _soundfile()
    if len(data) > LARGEST_BYTES:
        raise _unreadable(name, f"It has {len(data)} bytes, and {LARGEST_BYTES} are the most.")
    try:
        with library.SoundFile(io.BytesIO(data)) as file:
            _refuse(name, file, at_most_s)
            rate_hz, samples = file.samplerate, file.read(dtype="float64", always_2d=True)
    except (library.SoundFileError, TypeError, ValueError) as error:  # ValueError, TypeError: headers that are nonsense
        raise _unreadable(name, f"{error}.") from error
    mono = np.asarray(samples, dtype=np.float64).mean(axis=1)
    if not len(mono) or not np.all(np.isfinite(mono)) or not np.any(mono):
        raise _unreadable(name, "It holds no sound, or samples that are no numbers.")
    return recorded(name, _resampled(mono, rate_hz))


def _refuse(name: str, file: Any, at_most_s: Seconds) -> None:
    low_hz, high_hz = RATES_HZ
    if file.format not in FORMATS:
        raise _unreadable(name, f"It is {file.format}, not WAV, FLAC or Ogg.")
    if not low_hz <= file.samplerate <= high_hz:
        raise _unreadable(name, f"It has {file.samplerate} samples a second; {low_hz} to {high_hz} can be read.")
    lasts_s = file.frames / file.samplerate
    if lasts_s > at_most_s + 0.5 / SOUND_RATE_HZ:
        raise too_long(name, lasts_s, at_most_s)


def too_long(name: str, lasts_s: float, at_most_s: float) -> ConfigError:
    """A sound that lasts longer than its author said would run into what was planned behind it."""
    return ConfigError(
        "DL-E354",
        f'The sound of "{name}" lasts {lasts_s:.2f} s, and its duration is {at_most_s:g} s.',
        why="Cues are planned by their duration: a longer one would run into the next.",
        do=f"Write duration: {lasts_s + 0.05:.1f} s or more, or shorten the sound.",
    )


def _resampled(mono: FloatArray, rate_hz: int) -> FloatArray:
    if rate_hz == SOUND_RATE_HZ:
        return mono
    from scipy.signal import resample_poly  # late, for nights without such files

    ratio = Fraction(SOUND_RATE_HZ, rate_hz).limit_denominator(FINEST)
    return np.asarray(resample_poly(mono, ratio.numerator, ratio.denominator), dtype=np.float64)


def _soundfile() -> Any:
    try:
        import soundfile
    except ImportError as error:
        raise ConfigError(
            "DL-E278",
            "Sounds from files need the library soundfile, which is not installed.",
            do='Install it with: pip install "dreamloom[audio]"',
        ) from error
    return soundfile


def _unreadable(name: str, why: str) -> ConfigError:
    return ConfigError(
        "DL-E353",
        f'The file of the cue "{name}" cannot be played.',
        why=why,
        do="Export it again as WAV, FLAC or Ogg, and write its new SHA-256.",
    )
