"""What of this dreamscape does this version not act on? Read, checked and hashed, and told to whoever asks."""

from collections.abc import Iterator
from typing import NamedTuple

from dreamloom.dreamscape.checker import where
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.vocabulary.errors import Where


class NotYet(NamedTuple):
    """One thing that is accepted and not yet obeyed, and where it stands."""

    where: Where | None
    text: str


def not_yet(dreamscape: Dreamscape) -> list[NotYet]:
    """Everything of that kind, in the order of the text; such a night can be played, without it."""
    return [NotYet(where(dreamscape, path), text) for path, text in _found(dreamscape)]


def _found(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for index, part in enumerate(dreamscape.parts):
        if part.label is not None:
            yield f"parts[{index}].label", f"Cues are not marked {part.label} in the record yet."
        if part.else_ is not None:
            yield f"parts[{index}].else", f"No {part.else_.pod} can be a pod yet, so this fallback never plays."
    for name, arm in dreamscape.arms.items():
        if not arm.trained:
            yield f"arms.{name}.trained", "No training is held before sleep yet; every arm sleeps untrained."
    if len(dreamscape.arms) > 1:
        yield "arms", "No arm is drawn yet: every bed plays the active one."
