"""Can this house write down what is spoken to it, and what was said? On this machine, by a model that it names, or not.

`house/speech.toml` names a folder for each language: `[models]` and below it `en = "/where/it/lies"`. Sound is read,
written down and forgotten; whoever spoke corrects the words before anything is kept of them.
"""

import io
import threading
import wave
from pathlib import Path

import numpy as np
from msgspec import Struct, field
from scipy.signal import resample_poly

from dreamloom.adapters import speech_to_text
from dreamloom.adapters.speech_to_text import RATE_HZ
from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, UsageError

CODES = Codes(toml="DL-E777", key="DL-E777", value="DL-E777")
STILL = "What was recorded stays where it was recorded; it can be listened to again and typed."
MOST_S = 600
"""Ten minutes: about fifteen hundred words. Ours."""
MOST_BYTES = 2 * RATE_HZ * MOST_S + 1024
_ONE_AT_A_TIME = threading.Lock()


class SpeechAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of house/speech.toml: by its language, the folder of a model."""

    models: dict[str, str] = field(default_factory=dict)


class WrittenDown(Struct, frozen=True, kw_only=True):
    """The words as they were understood, and by what; nobody has corrected them yet."""

    text: str
    by: str


def can(house: House, language: str) -> bool:
    """Whether what is spoken in this language can be written down here; any trouble is a no."""
    try:
        model_of(house, language)
    except DreamloomError:
        return False
    return True


def model_of(house: House, language: str, chosen: Path | None = None) -> Path:
    """The folder of the model for this language, or the one that was chosen.

    Raises:
        ConfigError: DL-E777 without the library, a model, or a readable house/speech.toml.
    """
    if not speech_to_text.is_there():
        raise _cannot(
            "The library that does it is not installed.",
            "Install it: pip install 'dreamloom[speech]', then name a model.",
        )
    folder = chosen or _named(house, language)
    if folder is None:
        raise _cannot(
            f"No model is named for the language {language!r}.",
            f'Download one of Vosk for it; write into {house.speech}: [models], and below it {language} = "FOLDER".',
        )
    if not speech_to_text.is_model(folder):
        raise _cannot(
            f"{folder} is no model of Vosk: it holds neither {' nor '.join(speech_to_text.MODELS)}.",
            "Unpack the model and name the folder that holds am/ and conf/.",
        )
    return folder


def _named(house: House, language: str) -> Path | None:
    if not house.speech.is_file():
        return None
    text = read_text(house.speech, what="which model writes down what is spoken")
    found = TomlFile(text, file=str(house.speech), codes=CODES).read(SpeechAsked)
    return Path(found.models[language]).expanduser() if language in found.models else None


def by_of(house: House, language: str) -> str:
    """By what it would be written down here; "" where it cannot be."""
    try:
        return speech_to_text.named(model_of(house, language))
    except DreamloomError:
        return ""


def written_down(house: House, language: str, sound: bytes, *, chosen: Path | None = None) -> WrittenDown:
    """What was said in a WAV file; one at a time, so that a night beside it keeps its breath.

    Raises:
        ConfigError: DL-E777 where it cannot be written down.
        UsageError: DL-E778 for what is no such sound, or too long.
    """
    folder = model_of(house, language, chosen)
    samples = samples_of(sound)
    try:
        with _ONE_AT_A_TIME:
            text = speech_to_text.written_down(samples, folder)
    except OSError as error:
        raise _cannot(f"It failed: {error}.", "Try a smaller model, or type it.") from error
    return WrittenDown(text=text, by=speech_to_text.named(folder))


def samples_of(sound: bytes) -> bytes:
    """One channel of 16 bits at RATE_HZ, of a WAV file of 16 bits; raises UsageError DL-E778 for anything else."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            if width != 2 or not 8000 <= rate_hz <= 192_000 or not 1 <= channels <= 8:
                raise _no_sound(f"It has {8 * width} bits, {rate_hz} Hz and {channels} channels.")
            if file.getnframes() > MOST_S * rate_hz:
                raise _no_sound(f"It is longer than {MOST_S // 60} minutes.")
            frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    except (wave.Error, EOFError, ValueError) as error:
        raise _no_sound(f"{error}.") from error
    mixed = frames[: len(frames) // channels * channels].reshape(-1, channels).mean(axis=1)
    divisor = int(np.gcd(RATE_HZ, rate_hz))
    resampled = resample_poly(mixed, RATE_HZ // divisor, rate_hz // divisor) if rate_hz != RATE_HZ else mixed
    return np.clip(np.rint(resampled), -32768, 32767).astype("<i2").tobytes()


def _cannot(why: str, do: str) -> ConfigError:
    return ConfigError("DL-E777", "What is spoken cannot be written down here.", why=why, still=STILL, do=do)


def _no_sound(why: str) -> UsageError:
    return UsageError(
        "DL-E778",
        "That is no recording that can be written down.",
        why=why,
        still=STILL,
        do=f"Give a WAV file of 16 bits, up to {MOST_S // 60} minutes; longer ones in parts.",
    )
