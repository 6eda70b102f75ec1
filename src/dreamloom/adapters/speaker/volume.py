"""How far is the system's own volume turned up? Read from PulseAudio or PipeWire, whose knobs anybody may turn."""

import os
import re
import shutil
import subprocess

from dreamloom.vocabulary.units import Decibels

MUTED_DB = Decibels(-120.0)
"""What a muted output counts as."""
LONGEST_S = 2.0
_DB = re.compile(r"(-?\d+(?:\.\d+)?|-inf) dB")


def volumes() -> dict[str, Decibels]:
    """The volume of each output by its id, in dB below its full; nothing where no such sound system answers."""
    pactl = shutil.which("pactl")
    if pactl is None:
        return {}
    try:
        told = subprocess.run(  # noqa: S603 - a fixed program, no text from outside
            [pactl, "list", "sinks"],
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=True,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return read(told.stdout)


def read(told: str) -> dict[str, Decibels]:
    """The same from the words of pactl."""
    found: dict[str, Decibels] = {}
    name, muted = "", False
    for line in map(str.strip, told.splitlines()):
        key, _, value = line.partition(": ")
        if key == "Name":
            name, muted = value, False
        elif key == "Mute":
            muted = value == "yes"
        elif key == "Volume" and name and name not in found:
            found[name] = MUTED_DB if muted else _loudest(value)
    return found


def _loudest(value: str) -> Decibels:
    """Of all channels; one at -inf dB, or without a number, is muted."""
    told = [float(number) for number in _DB.findall(value)]
    return Decibels(max([MUTED_DB, *told]))
