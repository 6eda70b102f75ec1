"""What can an author say? A dreamscape as frozen data: cues, parts, scenes, arms, levels, stop rules.

Field names carry the unit they are kept in; `name=` is the word the author writes. The language grows by addition only:
what an older text says, it says for ever.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct, field

from dreamloom.dreamscape.company import Group, Relay, Scene
from dreamloom.dreamscape.cue import Cue
from dreamloom.dreamscape.gate import Comparison, Gate, MeanConfidence
from dreamloom.dreamscape.limits import ArousalStop, AwakeningStop, Levels, Stop
from dreamloom.dreamscape.measures import Count, Line, Name, Said
from dreamloom.dreamscape.part import Budget, Fallback, Part, Ramp
from dreamloom.dreamscape.waking import Awakening, Dialogue, Training

__all__ = [
    "OWN",
    "SILENCE",
    "UNWRITTEN",
    "Arm",
    "ArousalStop",
    "AwakeningStop",
    "Budget",
    "Comparison",
    "Cue",
    "Dreamscape",
    "Fallback",
    "Gate",
    "Levels",
    "MeanConfidence",
    "Origin",
    "Part",
    "Placed",
    "Ramp",
    "Said",
    "Stop",
    "cues_of_arms",
    "named_cues",
    "parts_of",
    "placed_parts",
    "possible_cues",
    "with_silence",
]

SILENCE = "silence"
"""A cue every dreamscape has: nothing sounds, everything else happens."""
OWN = "own"
"""In an arm: every part plays its own cue, as it is written."""


class Arm(Said, frozen=True, kw_only=True):
    """One arm of the comparison: which cue takes the place of the played one, and was it trained while awake.

    `each_draws` gives every sleeper another one of these cues in its place.
    """

    cue: Name
    trained: bool = True
    each_draws: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()


class Trial(Said, frozen=True, kw_only=True):
    """How the arms are drawn, and what is asked in the morning to learn whether anybody could tell."""

    assign: Literal["across nights", "within night", "across sleepers", "across groups"]
    block: Count | None = None
    washout_nights: Count | None = None
    blindness: Line


class Origin(Struct, frozen=True, kw_only=True):
    """Where each thing was written and what its author gave as reason; keys are paths such as parts[0].when.stage.

    Attributes:
        file: name of the file, as messages print it.
        places: path to (line, column), counted from 1.
        provenance: path to "ours…" or "sourced: …", only where the author said so.
    """

    file: str = ""
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)


class Dreamscape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dreamscape. `intent`, `tags` and `stop` may be missing here; the checker says what that means.

    `parts` play all night; those of a scene only while a sleeper is in it.
    """

    name: Name = field(name="dreamscape")
    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    intent: Line | None = None
    source: Line | None = None
    tags: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()
    groups: Annotated[dict[Name, Group], Meta(max_length=16)] = field(default_factory=dict)
    cues: Annotated[dict[Name, Cue], Meta(min_length=1, max_length=64)]
    training: Annotated[tuple[Training, ...], Meta(max_length=8)] = ()
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=32)] = ()
    scenes: Annotated[dict[Name, Scene], Meta(max_length=32)] = field(default_factory=dict)
    relays: Annotated[tuple[Relay, ...], Meta(max_length=16)] = ()
    dialogues: Annotated[dict[Name, Dialogue], Meta(max_length=16)] = field(default_factory=dict)
    awakenings: Annotated[tuple[Awakening, ...], Meta(max_length=16)] = ()
    arms: Annotated[dict[Name, Arm], Meta(max_length=16)] = field(default_factory=dict)
    trial: Trial | None = None
    levels: Levels
    stop: Stop | None = None
    origin: Origin = field(default_factory=Origin)


UNWRITTEN = frozenset({"origin"})
"""Fields the reader fills; no author writes them."""


def parts_of(dreamscape: Dreamscape) -> Iterator[tuple[str, Part]]:
    """Every part with its path: those of the whole night, then those of each scene."""
    yield from ((placed.path, placed.part) for placed in placed_parts(dreamscape))


class Placed(NamedTuple):
    """A part, the author's path to it, and the scene it plays in; None for one of the whole night."""

    path: str
    scene: str | None
    part: Part


def placed_parts(dreamscape: Dreamscape) -> tuple[Placed, ...]:
    """Every part where it belongs; its place in this tuple is the number by which events and states know it.

    Those of the whole night come first, so that a scene more never gives another number to one of them.
    """
    night = [Placed(f"parts[{index}]", None, part) for index, part in enumerate(dreamscape.parts)]
    return (
        *night,
        *(
            Placed(f"scenes.{name}.parts[{index}]", name, part)
            for name, scene in dreamscape.scenes.items()
            for index, part in enumerate(scene.parts)
        ),
    )


def named_cues(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    """Every place that names a cue, with that name: (path, cue), in the order of the model."""
    for index, training in enumerate(dreamscape.training):
        yield from ((f"training[{index}].cues[{number}]", cue) for number, cue in enumerate(training.cues))
    for path, part in parts_of(dreamscape):
        yield f"{path}.play", part.play
        drawn = part.draw.from_ if part.draw else ()
        yield from ((f"{path}.draw.from[{number}]", cue) for number, cue in enumerate(drawn))
    yield from ((f"relays[{index}].cue", relay.cue) for index, relay in enumerate(dreamscape.relays))
    for name, dialogue in dreamscape.dialogues.items():
        yield from ((f"dialogues.{name}.questions[{n}].cue", each.cue) for n, each in enumerate(dialogue.questions))
    for index, awakening in enumerate(dreamscape.awakenings):
        yield from _of_awakening(f"awakenings[{index}]", awakening)
    for name, arm in dreamscape.arms.items():
        yield f"arms.{name}.cue", arm.cue
        yield from ((f"arms.{name}.each_draws[{number}]", cue) for number, cue in enumerate(arm.each_draws))
    for name, cue in dreamscape.cues.items():
        yield from ((f"cues.{name}.with[{number}]", other) for number, other in enumerate(cue.with_))


def _of_awakening(path: str, awakening: Awakening) -> Iterator[tuple[str, str]]:
    yield f"{path}.cue", awakening.cue
    if awakening.report and awakening.report.prompt:
        yield f"{path}.report.prompt", awakening.report.prompt
    if awakening.before_sleep:
        yield f"{path}.before_sleep", awakening.before_sleep


def cues_of_arms(dreamscape: Dreamscape) -> tuple[str, ...]:
    """Every cue that an arm may put in the place of a played one, in the order of the file; OWN where one keeps it."""
    return tuple(dict.fromkeys(cue for arm in dreamscape.arms.values() for cue in (arm.cue, *arm.each_draws)))


def possible_cues(dreamscape: Dreamscape) -> dict[str, Cue]:
    """Every cue a night of this dreamscape may draw, by name; what a sleeper hears and agrees to in the evening."""
    return with_silence(dreamscape, {cue for _, cue in named_cues(dreamscape)})


def with_silence(dreamscape: Dreamscape, named: set[str]) -> dict[str, Cue]:
    """The cues of these names, in the order of the file; silence where it is named.

    Silence is as long as the longest sound, so that a sham's length tells nothing.
    """
    found = {name: cue for name, cue in dreamscape.cues.items() if name in named}
    if SILENCE in named and SILENCE not in found:
        longest_s = max((cue.duration_s for cue in found.values()), default=1.0)
        found[SILENCE] = Cue(kind="silence", sound_class="sleep", duration_s=longest_s)
    return found
