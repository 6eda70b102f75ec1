"""In which line of its dreamscape does what a record knows by a number stand? For lighting it up as it fires."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from dreamloom.dreamscape.findings import where
from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.slots import awakening_slot, dialogue_slot, relay_slot


class Score(Struct, frozen=True, kw_only=True):
    """What a night plays, to be read while it is played.

    Attributes:
        lines: of the file, without their ends.
        of_number: by the number in a record (dreamscape/slots.py), as text: the line, counted from 1.
        of_scene: by its name: the line in which a scene begins.
        cues: what may be asked for by its name.
    """

    lines: tuple[str, ...]
    of_number: Mapping[str, int]
    of_scene: Mapping[str, int]
    cues: tuple[str, ...]


def score(dreamscape: Dreamscape, text: str) -> Score:
    """The text, and where in it each part, relay, dialogue, awakening and scene begins."""
    placed = ((str(number), where(dreamscape, path)) for number, path in _paths(dreamscape))
    scenes = ((name, where(dreamscape, f"scenes.{name}")) for name in dreamscape.scenes)
    return Score(
        lines=tuple(text.splitlines()),
        of_number={number: place.line for number, place in placed if place is not None},
        of_scene={name: place.line for name, place in scenes if place is not None},
        cues=tuple(sorted(dreamscape.cues)),
    )


def _paths(dreamscape: Dreamscape) -> Iterator[tuple[int, str]]:
    yield from ((number, placed.path) for number, placed in enumerate(placed_parts(dreamscape)))
    yield from ((relay_slot(index), f"relays[{index}]") for index in range(len(dreamscape.relays)))
    yield from ((dialogue_slot(index), f"dialogues.{name}") for index, name in enumerate(dreamscape.dialogues))
    yield from ((awakening_slot(index), f"awakenings[{index}]") for index in range(len(dreamscape.awakenings)))
