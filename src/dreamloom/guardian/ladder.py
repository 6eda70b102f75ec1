"""How far does the guardian go at a bed? Seven rungs, each with what it takes away; the highest asked for holds."""

from collections.abc import Iterable

from dreamloom.record.events import Rung
from dreamloom.vocabulary.units import Decibels

RUNGS: tuple[Rung, ...] = ("NONE", "NOTE", "SOFTEN", "HOLD", "ISOLATE", "FADE", "WAKE")
"""From nothing at all to the most."""
MEANS: dict[Rung, str] = {
    "NONE": "nothing is amiss",
    "NOTE": "written down, nothing changes",
    "SOFTEN": "cues are softer",
    "HOLD": "no cue; whoever is to be woken in the morning still is",
    "ISOLATE": "by itself: no sound at all, nothing passes to others or from them; recording goes on",
    "FADE": "the night fades at every bed: no cue; recording goes on",
    "WAKE": "no cue; woken gently, where the dreamscape has an awakening and the sleeper agreed to be woken",
}
SOFTER_DB = Decibels(6.0)
"""Half the sound pressure, while a bed stands on SOFTEN. Ours."""
WITHOUT_CUES: frozenset[Rung] = frozenset({"HOLD", "FADE", "WAKE"})
"""No cue may sound; what wakes somebody who agreed to that may."""
WITHOUT_SOUND: frozenset[Rung] = frozenset({"ISOLATE"})
"""Nobody knows who would hear it, or who asked for it."""


def highest(rungs: Iterable[Rung]) -> Rung:
    """Where a bed stands that is asked for all of these.

    Nobody is woken at a bed of which it is not certain who lies there, or who commands it: isolated beats woken.
    """
    asked = {*rungs}
    if "ISOLATE" in asked:
        asked -= {"FADE", "WAKE"}
    return max(asked, key=RUNGS.index, default="NONE")


def is_apart(rung: Rung) -> bool:
    """True where nothing of this bed may reach another, nor anything of another this one."""
    return rung in WITHOUT_SOUND


def softer_db(rung: Rung) -> Decibels:
    """By how much every cue is softer on this rung."""
    return SOFTER_DB if rung == "SOFTEN" else Decibels(0.0)
