"""Does every question of a dialogue leave time for its answer, and can what is right be said in its code at all?"""

from collections.abc import Iterator

from dreamloom.dreamscape import words
from dreamloom.dreamscape.findings import Noticed, wrong
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.waking import NUMBERS, Dialogue, sayable


def dialogues(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Every question leaves time for its answer."""
    for name, dialogue in dreamscape.dialogues.items():
        path = f"dialogues.{name}"
        window_s = dialogue.answer.window_s if dialogue.answer else None
        if window_s is None:
            text = "No answer is waited for. Add answer: {by: eyes, code: count, window: 20 s}."
            yield wrong(f"{path}.answer", text, "DL-E310")
            continue
        yield from _answerable(path, dialogue)
        asked_s = max(
            (dreamscape.cues[q.cue].duration_s for q in dialogue.questions if q.cue in dreamscape.cues), default=0
        )
        gap_s = min(dialogue.every_s, dialogue.repeat.apart_s if dialogue.repeat else dialogue.every_s)
        if asked_s + window_s > gap_s:
            text = (
                f"The question takes {words.duration(asked_s)} and the answer {words.duration(window_s)}, and the next "
                f"comes after {words.duration(gap_s)}. Lengthen every and repeat.apart, or shorten the window."
            )
            yield wrong(f"{path}.answer.window", text, "DL-E310")


def _answerable(path: str, dialogue: Dialogue) -> Iterator[Noticed]:
    """What is right can be said in its code, by a channel that is asked for."""
    assert dialogue.answer is not None
    code, by = dialogue.answer.code, dialogue.answer.listened_to
    most = max((NUMBERS[each][-1] for each in by), default=0)
    least = min((NUMBERS[each][0] for each in by), default=0)
    for number, question in enumerate(dialogue.questions):
        right = (question.right or "").strip()
        if question.right is None or right.casefold() in sayable(code, by):
            continue
        said = {
            "count": f"a number from {least} to {most} by {words.several(by, 'or')}",
            "yes or no": "yes or no",
            "morse": "one letter or digit, in Morse by the eyes",
        }[code]
        text = f'Nobody can answer "{right}" here: an answer is {said}. Write such a one as right, or leave right out.'
        yield wrong(f"{path}.questions[{number}].right", text, "DL-E310")
