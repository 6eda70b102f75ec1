"""What does a rule of the checker say, and where? Findings and their places; every gate by its path."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.model import Dreamscape, parts_of
from dreamloom.dreamscape.provenance import parent_of
from dreamloom.vocabulary.errors import Where


class Finding(NamedTuple):
    """One thing the checker noticed: how grave, where it stands, what and what to do, and its code."""

    severity: Literal["error", "warning"]
    where: Where | None
    text: str
    code: str


class Noticed(NamedTuple):
    """A finding before its place is looked up."""

    severity: Literal["error", "warning"]
    path: str
    text: str
    code: str


Rule = Callable[[Dreamscape], Iterator[Noticed]]


def wrong(path: str, text: str, code: str) -> Noticed:
    """Something with which a night must not run."""
    return Noticed("error", path, text, code)


def odd(path: str, text: str, code: str) -> Noticed:
    """Something to think over."""
    return Noticed("warning", path, text, code)


def where(dreamscape: Dreamscape, path: str) -> Where | None:
    """The place of the value at this path, else of the nearest thing around it; None without a text."""
    origin = dreamscape.origin
    while path and path not in origin.places:
        path = parent_of(path)
    if not origin.places:
        return None
    line, column = origin.places[path] if path else (1, 1)
    return Where(origin.file, line, column)


def gates_of(dreamscape: Dreamscape) -> Iterator[tuple[str, Gate]]:
    """Every gate with its path: of parts and their fallbacks, transitions, relays, dialogues and awakenings."""
    for path, part in parts_of(dreamscape):
        yield f"{path}.when", part.when
        yield from ((f"{path}.else[{number}].when", other.when) for number, other in enumerate(part.else_))
    for name, scene in dreamscape.scenes.items():
        for number, step in enumerate(scene.next):
            if step.when is not None:
                yield f"scenes.{name}.next[{number}].when", step.when
    yield from ((f"relays[{number}].when", relay.when) for number, relay in enumerate(dreamscape.relays))
    yield from ((f"dialogues.{name}.when", dialogue.when) for name, dialogue in dreamscape.dialogues.items())
    for number, awakening in enumerate(dreamscape.awakenings):
        if awakening.when is not None:
            yield f"awakenings[{number}].when", awakening.when
