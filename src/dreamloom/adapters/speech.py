"""How is a word spoken? By the speech program of this machine, if it has one; Dreamloom brings none with it."""

import io
import math
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

from dreamloom.jukebox.cues import SOUND_RATE_HZ, Sound
from dreamloom.jukebox.synth import recorded
from dreamloom.vocabulary.errors import StreamError

LONGEST_S = 20.0
"""A program that takes longer to say a sentence is left alone."""
WORDS_PER_MIN = "140"
"""Slower than speech by day (150 to 160), for ears half asleep. Ours."""


class SystemVoice:
    """espeak-ng, or on a Mac say: programs of the machine that are run and never linked."""

    def wav(self, text: str) -> bytes:
        """The text as 16-bit PCM in a WAV.

        Raises:
            StreamError: DL-E273 where no program speaks, or it could not say this.
        """
        told = _wav(text)
        if told is None or heard(text, told) is None:
            raise StreamError(
                "DL-E273",
                f"Nothing on this machine can say {text!r}.",
                why="espeak-ng is not installed, or it failed." if _program() is None else "The program failed.",
                still="Nothing was recorded or played.",
                do="Install it (Debian, Ubuntu: apt install espeak-ng; macOS: brew install espeak-ng), or write "
                "voice: own recording under the cue and record the words.",
            )
        return told


def spoken(text: str) -> Sound | None:
    """The text as a sound, peak at most 1; None where no program speaks."""
    told = _wav(text)
    return None if told is None else heard(text, told)


def heard(name: str, told: bytes) -> Sound | None:
    """16-bit PCM of any rate as a sound; what a program writes to a pipe may hold fewer frames than its header says."""
    try:
        with wave.open(io.BytesIO(told)) as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError):
        return None
    if width != 2 or not data:
        return None
    from scipy.signal import resample_poly  # late, for nights that say nothing

    samples = np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], dtype="<i2")
    mono = samples.reshape(-1, channels).mean(axis=1) / 32_768
    common = math.gcd(SOUND_RATE_HZ, rate_hz)
    return recorded(name, resample_poly(mono, SOUND_RATE_HZ // common, rate_hz // common))


def _program() -> str | None:
    return shutil.which("espeak-ng") or shutil.which("espeak")


def _wav(text: str) -> bytes | None:
    program = _program()
    if program is not None:
        return _run([program, "--stdout", "-s", WORDS_PER_MIN, "--", text])
    if sys.platform == "darwin" and shutil.which("say"):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "said.wav"
            _run(["say", "-o", str(file), f"--data-format=LEI16@{SOUND_RATE_HZ}", "--", text])
            return file.read_bytes() if file.exists() else None
    return None


def _run(command: list[str]) -> bytes | None:
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=True)  # noqa: S603 - no shell
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
