"""How do a sleeper's own words get into the night? Recorded at an input of this machine, or brought as a file."""

import io
import math
import time
import wave
from pathlib import Path

import numpy as np

from dreamloom.adapters.sound_files import read_sound
from dreamloom.adapters.speaker import outputs
from dreamloom.dreamscape import reader
from dreamloom.dreamscape.cue import Cue
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.house import cue_sounds
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked, read_night
from dreamloom.house.texts import read_text
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, Sound
from dreamloom.vocabulary.errors import ConfigError, StreamError, UsageError
from dreamloom.vocabulary.units import Seconds

QUIET_DB = -40.0
"""Below this share of full scale nothing was said into the microphone. Ours."""


def cue_of(folder: NightFolder, cue: str) -> Cue:
    """The cue of this name that tonight's dreamscape wants in the own voice.

    Raises:
        UsageError: DL-E121 when there is none of that name, with those there are.
    """
    night = read_night(read_text(folder.night_toml, what="the pods of a night"), file=str(folder.night_toml))
    path = folder.root / night.dreamscape
    wanted = _recordable(reader.read(read_text(path, what="a dreamscape"), file=str(path)))
    if cue in wanted:
        return wanted[cue]
    raise UsageError(
        "DL-E121",
        f"Nothing called {cue!r} is to be recorded for this night.",
        why=f"To be recorded: {', '.join(wanted)}." if wanted else "No cue of it has voice: own recording.",
        do="Name one of them." if wanted else "Write voice: own recording under a cue of kind: speech.",
    )


def keep(folder: NightFolder, pod: PodAsked, name: str, data: bytes, *, at_most_s: Seconds) -> tuple[Sound, str]:
    """Listens to the recording once, then keeps it in the pod's folder; returns it with the SHA-256 of its file."""
    sound = read_sound(name, data, at_most_s=at_most_s)
    return sound, cue_sounds.keep_words(folder, pod, name, data)


def from_file(path: Path) -> bytes:
    """The bytes of a recording made elsewhere."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            "DL-E603", f"{path} cannot be read: {error.strerror or error}.", do="Name a WAV, FLAC or Ogg file."
        ) from error


def from_input(ear: str, duration_s: Seconds) -> bytes:
    """What this input hears for so long, as a WAV: its loudest channel, 16 bits.

    Raises:
        StreamError: without such an input, or DL-E275 when nothing was said.
    """
    device = outputs.find(ear, "input")
    chunks: list[bytes] = []

    def take() -> outputs.Take:
        while True:
            chunks.append(bytes((yield)))

    with outputs.hearing(device, take()):
        time.sleep(duration_s)
    frames = np.frombuffer(b"".join(chunks), dtype="<f4").reshape(-1, device.channels)
    loudest = frames[:, int(np.argmax(np.sum(frames**2, axis=0)))] if len(frames) else np.zeros(0, dtype=np.float32)
    peak = float(np.max(np.abs(loudest), initial=0.0))
    if not peak > math.pow(10.0, QUIET_DB / 20.0):
        raise StreamError(
            "DL-E275",
            f"Nothing was heard at {device.id!r}.",
            why="The microphone is muted, far away, or another one.",
            still="What was recorded before stays as it was.",
            do="Raise its level, come closer, or name another with --input.",
        )
    return _wav(loudest[: round(duration_s * SOUND_RATE_HZ)])


def _recordable(dreamscape: Dreamscape) -> dict[str, Cue]:
    return {name: cue for name, cue in dreamscape.cues.items() if cue.kind == "speech" and cue.voice == "own recording"}


def _wav(frames: PcmArray) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_RATE_HZ)
        file.writeframes(np.round(np.clip(frames, -1.0, 1.0) * 32_767).astype("<i2").tobytes())
    return written.getvalue()
