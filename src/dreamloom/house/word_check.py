"""Does this sleeper hear this output, and nobody else's? A random word on it, said back before the night is armed."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.speech import spoken
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NOBODY, PodAsked
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.synth import make
from dreamloom.record.events import OutputConfirmed, OutputUnconfirmed
from dreamloom.vocabulary.errors import ConfigError, RefusedError
from dreamloom.vocabulary.units import NightTime

_WORDS = """
anchor apple bridge candle castle cherry circus copper desert dolphin dragon engine feather forest garden guitar
hammer harbor island jacket kitchen ladder lantern lemon magnet marble meadow mirror monkey mountain needle ocean
orange paper pencil pepper pillow planet pocket rabbit ribbon river rocket saddle silver spider summer sugar table
ticket tiger tomato tractor tunnel umbrella valley velvet violin wagon walnut window winter yellow zebra
"""
WORDS = tuple(_WORDS.split())
"""Sixty-odd common words of two or three syllables that sound unlike each other. Ours."""
FEWEST_NOTES, MOST_NOTES = 2, 7
"""Where nothing speaks, that many notes are to be counted."""
TRIES = 3

Choose = Callable[[int], int]
"""A number below this one, from the house's entropy."""


class KeptWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of confirmed/POD.json."""

    sleeper: str
    device: str
    how: str


def check(choose: Choose, play: Callable[[list[Sound]], None], said: Callable[[str], str]) -> str:
    """Plays a word nobody can guess and compares what the sleeper says; in which way it was confirmed.

    `said` is given what to ask for, "word" or "number of notes".

    Raises:
        RefusedError: DL-E546 when three of them were not said back.
    """
    for _ in range(TRIES):
        word = WORDS[choose(len(WORDS))]
        voice = spoken(word)
        if voice is not None:
            play([voice])
            right, how = said("word").strip().casefold() == word, "word"
        else:
            count = FEWEST_NOTES + choose(MOST_NOTES - FEWEST_NOTES + 1)
            play([make("tone", pitch="E5", duration_s=0.4)] * count)
            right, how = said("number of notes").strip() == str(count), "notes"
        if right:
            return how
    raise RefusedError(
        "DL-E546",
        "What was played was not said back.",
        why="It may sound at another bed, too softly, or nowhere.",
        still="The bed stays unarmed.",
        do="See where each output is: dreamloom doctor speakers NIGHT; turn it up, then try again.",
    )


def keep(folder: NightFolder, pod: PodAsked, device: str, how: str) -> Path:
    """Writes that this bed's sleeper heard this output tonight."""
    path = folder.confirmed(pod.id)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, msgspec.json.encode(KeptWord(pod.sleeper, device, how)))
    return path


def told(
    folder: NightFolder, pod: PodAsked, device: str | None, onset_s: NightTime
) -> OutputConfirmed | OutputUnconfirmed | None:
    """What the record is to hold of it; None where nothing sounds, or nobody lies there who could have heard it.

    Raises:
        ConfigError: DL-E367 when the file cannot be read.
    """
    if device is None:
        return None
    try:
        kept = msgspec.json.decode(folder.confirmed(pod.id).read_bytes(), type=KeptWord)
    except FileNotFoundError:
        kept = None
    except (OSError, msgspec.DecodeError) as error:
        path = folder.confirmed(pod.id)
        raise ConfigError("DL-E367", f"{path} cannot be read.", why=f"{error}.", do="Remove it.") from error
    if kept is not None and (kept.sleeper, kept.device) == (pod.sleeper, device):
        return OutputConfirmed(onset_s=onset_s, device=device, how=kept.how)
    return None if pod.source.startswith(NOBODY) else OutputUnconfirmed(onset_s=onset_s, device=device)


def warning(pod: PodAsked) -> str:
    """What a person has to do about a bed whose sleeper said nothing back."""
    return (
        f"{pod.sleeper} has not said back a word heard at {pod.id}: the bed is recorded and stays silent. Before the "
        f"night: dreamloom calibrate word NIGHT {pod.id}; or run --rearm, if the person in charge has listened there."
    )
