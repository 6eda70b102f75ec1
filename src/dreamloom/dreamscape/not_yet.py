"""What of this dreamscape does this version not act on? Read, checked and hashed, and told to whoever asks."""

from collections.abc import Iterator
from typing import NamedTuple

from dreamloom.dreamscape.checker import where
from dreamloom.dreamscape.model import Dreamscape, parts_of
from dreamloom.dreamscape.obeyed import (
    HEEDED_IN_STOPS,
    unheeded,
    unheeded_in_awakening,
    unheeded_in_dialogue,
    unheeded_in_gate,
    unheeded_in_part,
    unheeded_in_relay,
    unheeded_steps,
)
from dreamloom.dreamscape.practice import is_given
from dreamloom.vocabulary.errors import Where

SILENT = "so this part never plays"
REASONS: dict[str, str] = {
    "for": "No question is put to all at one moment yet",
    "phase": "No wave of one sleeper is a moment of all",
    "draw": "No cue of a wave is drawn yet",
    "of": "No cue waits for alpha: 0.2 s before a sound its phase is known to no better than 100 deg",
    "apart": "No cue is repeated less than a second behind a wave yet",
    "blocks": "No blocks of silence are kept yet",
}
"""The last word of a path to why nothing comes of it."""


class NotYet(NamedTuple):
    """One thing that is accepted and not yet obeyed, and where it stands."""

    where: Where | None
    text: str


def not_yet(dreamscape: Dreamscape) -> list[NotYet]:
    """Everything of that kind, in the order of the model; such a night can be played, without it."""
    said = dict.fromkeys(_found(dreamscape))
    return [NotYet(where(dreamscape, path), text) for path, text in said]


def _found(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    yield from _before_sleep(dreamscape)
    yield from _parts(dreamscape)
    yield from _company(dreamscape)
    yield from _waking(dreamscape)
    yield from _arms(dreamscape)
    yield from _limits(dreamscape)


def _before_sleep(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for index in range(len(dreamscape.training)):
        yield from (
            (f"training[{index}].cues[{number}]", f'"{cue}" is no sound, so no training gives it: show it by hand.')
            for number, cue in enumerate(dreamscape.training[index].cues)
            if not is_given(dreamscape, cue)
        )


def _parts(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for at, part in parts_of(dreamscape):
        for path in unheeded_in_part(dreamscape, part, at):
            yield path, f"{_reason(path)}, {SILENT}."
        for number, fallback in enumerate(part.else_):
            for path in unheeded_in_gate(fallback.when, f"{at}.else[{number}].when"):
                yield path, f"{_reason(path)}, so this fallback never plays."
    for scene in dreamscape.scenes:
        for path in unheeded_steps(dreamscape, scene):
            yield path, f'{_reason(path)}, so no part of the scene "{scene}" plays.'


def _reason(path: str) -> str:
    word = path.rpartition(".")[2]
    if path.startswith("cues."):
        return f'The cue "{word}" has a word that nothing acts on yet'
    return REASONS.get(word, f"{word} is not acted on yet")


def _company(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for index, relay in enumerate(dreamscape.relays):
        for path in unheeded_in_relay(dreamscape, relay, f"relays[{index}]"):
            yield path, f"{_reason(path)}, so this signal is never relayed."


def _waking(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for name, dialogue in dreamscape.dialogues.items():
        for path in unheeded_in_dialogue(dreamscape, dialogue, f"dialogues.{name}"):
            yield path, f"{_reason(path)}, so that these questions are never asked."
        others = [by for by in (dialogue.answer.by if dialogue.answer else ()) if by != "eyes"]
        if others and dialogue.answer and dialogue.answer.code == "morse":
            yield f"dialogues.{name}.answer.by", f"Morse is read from the eyes alone, not from {' or '.join(others)}."
    for index, awakening in enumerate(dreamscape.awakenings):
        told = "set an alarm clock" if awakening.kind == "morning" else "no report is asked for"
        for path in unheeded_in_awakening(dreamscape, awakening, f"awakenings[{index}]"):
            yield path, f"{_reason(path)}, so that nobody is woken so; {told}."


def _arms(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for name, arm in dreamscape.arms.items():
        if not arm.trained and not dreamscape.training:
            yield f"arms.{name}.trained", "Nothing is practised here before sleep; who trains elsewhere is not known."
        elif not arm.trained and dreamscape.trial is not None and dreamscape.trial.assign == "within night":
            yield f"arms.{name}.trained", "A whole night is trained or not: no single cue of it is."
    if dreamscape.trial is not None:
        yield "trial", "Its morning question is asked on paper yet, by the sheets of dreamloom trial ask."


def _limits(dreamscape: Dreamscape) -> Iterator[tuple[str, str]]:
    for path in unheeded(dreamscape.stop, "stop", HEEDED_IN_STOPS):
        yield path, "This stop rule is not heeded yet, so that no part of this dreamscape plays at all."
