"""Which cue asks what? The questions of a night's dialogues, as a simulated sleeper practised to answer them."""

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.obeyed import obeyed_dialogues
from dreamloom.sleeper.answering import Question


def questions_of(dreamscape: Dreamscape) -> dict[str, list[Question]]:
    """By cue, the ways in which it may be answered, in the order of the author."""
    held = list(dreamscape.dialogues.values())
    return {
        each.cue: [
            Question(by, dialogue.answer.code, each.right or "")
            for by in dialogue.answer.by
            if by in dialogue.answer.listened_to
        ]
        for dialogue in (held[index] for index in obeyed_dialogues(dreamscape))
        if dialogue.answer is not None
        for each in dialogue.questions
    }
