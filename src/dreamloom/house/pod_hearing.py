"""How does a sleeper find, on their own page, what they just hear? The house asks, the page plays and passes on.

Whoever asks brings all answers so far: nothing is kept until a threshold is found, and the rule is the staircase's.
"""

import secrets
from functools import cache
from typing import Annotated

import msgspec

from dreamloom.adapters.loudness import weighed
from dreamloom.house import hearing
from dreamloom.house.glance import glance
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.pod_page import device_of
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.levels import gain
from dreamloom.jukebox.staircase import MOST_TRIALS, Staircase, Threshold, answered, threshold
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.units import Decibels

SEED_BITS = 52
"""A page's script holds no larger whole number without loss."""
FULL_SCALE_DB = Decibels(0.0)
"""Levels of a staircase are told against a full-scale tone."""
SETTLED = "Found. What sounds tonight is counted from there."
UNSETTLED = "The answers did not agree. You may try again in quiet, or leave it: most people's hearing is taken then."
UNHEARD = "Even the loudest was not heard. Turn the phone up, then try again."


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One round of a staircase: drawn by the house, and what was answered to each moment so far."""

    seed: Annotated[int, msgspec.Meta(ge=0, lt=1 << SEED_BITS)]
    heard: Annotated[list[bool], msgspec.Meta(max_length=MOST_TRIALS)]


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What comes next.

    Attributes:
        sound: what to play, by its SHA-256; gain: how loud, 0 for a moment without a sound.
        over: nothing more is asked; found: and the threshold is kept; told: which of both, for the sleeper.
    """

    seed: int
    sound: str
    gain: float
    over: bool = False
    found: bool = False
    told: str = ""


@cache
def presented() -> Sound:
    """The sound of every moment that has one."""
    return weighed(hearing.presented())


def frames(sha256: str) -> bytes | None:
    """The 32-bit floats of what is presented, if this is its name."""
    return presented().frames.tobytes() if presented().sha256 == sha256 else None


def begin(folder: NightFolder, bed: PodAsked) -> Moment:
    """A fresh round.

    Raises:
        UsageError: DL-E177 when the bed's sound is another output.
        RefusedError: DL-E585 once the night has begun.
    """
    return after(folder, bed, Answers(secrets.randbits(SEED_BITS), []))


def after(folder: NightFolder, bed: PodAsked, so_far: Answers) -> Moment:
    """What comes after these answers; a round that is over is kept for tonight if it found a threshold.

    Raises:
        UsageError, RefusedError: as begin().
    """
    device = _still_open(folder, bed)
    state = Staircase(seed=so_far.seed)
    for heard in so_far.heard:
        if state.is_over:
            break
        state = answered(state, heard=heard)
    sound = presented()
    if not state.is_over:
        loud = gain(state.level_dbfs, full_scale_db=FULL_SCALE_DB, loudness_db=sound.loudness_db)
        return Moment(seed=so_far.seed, sound=sound.sha256, gain=0.0 if state.is_silent else loud)
    found = threshold(state)
    is_found = isinstance(found, Threshold)
    if isinstance(found, Threshold):
        hearing.keep(folder, bed, device, found, volume_db=None)
    unfound = UNHEARD if state.at_an_end and not state.false else UNSETTLED
    told = SETTLED if is_found else unfound
    return Moment(seed=so_far.seed, sound=sound.sha256, gain=0.0, over=True, found=is_found, told=told)


def _still_open(folder: NightFolder, bed: PodAsked) -> str:
    device = device_of(bed)
    if glance(folder).opened is not None:
        raise RefusedError(
            "DL-E585",
            "The night has begun: its levels stay as they are.",
            why="Levels are counted from what was found before it.",
            still="The night goes on.",
            do="Find what you just hear before the next night.",
        )
    return device
