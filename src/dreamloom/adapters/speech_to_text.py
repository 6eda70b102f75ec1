"""What was said? Vosk on this machine, with a model in a folder that somebody named; in a process of its own.

`python -m dreamloom.adapters.speech_to_text FOLDER` reads 16 bits at 16 kHz and writes the words. It runs behind
everything else of this machine, and what breaks in it, or takes too much memory, ends with it. Nothing is kept.
"""

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LIBRARY = "vosk"
RATE_HZ = 16_000
MODELS = ("am/final.mdl", "final.mdl")
"""What lies in the folder of a model of Vosk, of a small one and of a large."""
BEHIND = 15
PIECE = 8000
MOST_S = 900.0


def is_there() -> bool:
    """Whether the library is installed; it is not loaded for that."""
    return find_spec(LIBRARY) is not None


def is_model(folder: Path) -> bool:
    """Whether this folder looks like a model of it."""
    return any((folder / name).is_file() for name in MODELS)


def named(folder: Path) -> str:
    """The library, its version and the model, as reports tell by what they were written down."""
    try:
        number = version(LIBRARY)
    except PackageNotFoundError:
        number = "0"
    return f"{LIBRARY} {number} {folder.name}"


def written_down(samples: bytes, folder: Path) -> str:
    """The words in these samples.

    Raises:
        OSError: with what it said, when the process fails, or takes longer than MOST_S.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a folder that this house's files name
            [sys.executable, "-m", __name__, str(folder)],
            input=samples,
            capture_output=True,
            timeout=MOST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(f"it took longer than {MOST_S:g} s") from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OSError(told[-1] if told else f"it ended with {done.returncode}")
    return done.stdout.decode("utf-8").strip()


def _listen(library: Any, folder: str, samples: bytes) -> str:
    library.SetLogLevel(-1)
    ear = library.KaldiRecognizer(library.Model(folder), RATE_HZ)
    pieces = (samples[place : place + PIECE] for place in range(0, len(samples), PIECE))
    said = [ear.Result() for piece in pieces if ear.AcceptWaveform(piece)]
    words = (json.loads(each)["text"] for each in [*said, ear.FinalResult()])
    return "\n".join(each for each in words if each)


def main() -> None:
    """Words of what comes in."""
    import vosk  # type: ignore[import-not-found, unused-ignore]

    os.nice(BEHIND)
    sys.stdout.write(_listen(vosk, sys.argv[1], sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
