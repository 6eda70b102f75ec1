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
from scipy.signal import resample_poly

from dreamloom.jukebox.cues import SOUND_RATE_HZ, Sound
from dreamloom.jukebox.synth import recorded

LONGEST_S = 20.0
"""A program that takes longer to say a name is left alone."""


def spoken(text: str) -> Sound | None:
    """The text as a sound, peak at most 1; None where no program speaks."""
    told = _wav(text)
    return None if told is None else _sound(text, told)


def _wav(text: str) -> bytes | None:
    program = shutil.which("espeak-ng") or shutil.which("espeak")
    if program is not None:
        return _run([program, "--stdout", "-s", "140", "--", text])
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


def _sound(text: str, told: bytes) -> Sound | None:
    """16-bit PCM of any rate as a sound; what a program writes to a pipe may hold fewer frames than its header says."""
    try:
        with wave.open(io.BytesIO(told)) as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError):
        return None
    if width != 2 or not data:
        return None
    samples = np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], dtype="<i2")
    mono = samples.reshape(-1, channels).mean(axis=1) / 32_768
    common = math.gcd(SOUND_RATE_HZ, rate_hz)
    return recorded(text, resample_poly(mono, SOUND_RATE_HZ // common, rate_hz // common))
