"""How does a dialogue stand? Which question comes next, how often it was asked, how many went without an answer."""

from collections.abc import Mapping
from typing import NamedTuple

from dreamloom.dreamscape.waking import Dialogue
from dreamloom.record.events import AnswerSeen, CueDue, LetterSeen


class Window(NamedTuple):
    """When an answer is waited for: from the end of the question on."""

    from_s: float
    until_s: float


class Talk(NamedTuple):
    """One dialogue of one bed.

    Attributes:
        question: how many questions were done with; the next one has this number, round and round.
        asked: how often the present question was asked.
        window: in which its answer is waited for.
        due: id of the cue that asked it.
        silent: questions in a row that went without an answer.
        is_open: the gate opened it, and there are questions left.
        is_over: for tonight.
        ended_s: when its last round ended, by an answer or by silence; None before one has.
    """

    question: int = 0
    asked: int = 0
    window: Window | None = None
    due: str | None = None
    silent: int = 0
    is_open: bool = False
    is_over: bool = False
    ended_s: float | None = None


def is_listening(talks: Mapping[int, Talk]) -> bool:
    """Whether any answer is waited for: a reminder to signal, sounding meanwhile, would be answered instead."""
    return any(talk.window is not None for talk in talks.values())


def asked(talk: Talk, dialogue: Dialogue, due: CueDue, *, length_s: float) -> Talk:
    """The state after a question was due; whether it sounds or not, its answer is waited for."""
    assert dialogue.answer is not None
    assert dialogue.answer.window_s is not None
    ends_s = due.play_at_s + length_s
    return talk._replace(
        asked=talk.asked + 1,
        window=Window(ends_s, ends_s + dialogue.answer.window_s),
        due=due.id,
        is_open=True,
    )


def asked_by_hand(talk: Talk, dialogue: Dialogue, due: CueDue, *, length_s: float) -> Talk:
    """The same after somebody else decided to ask it: its answer is waited for, and nothing else follows of it.

    It is not asked again, it opens no dialogue that no signal opened, and whoever was answering is asked this instead.
    """
    number = next(place for place, each in enumerate(dialogue.questions) if each.cue == due.cue)
    begun = talk.question - talk.question % len(dialogue.questions)
    times = dialogue.repeat.times if dialogue.repeat else 1
    now = talk._replace(question=begun + number, asked=times - 1)
    return asked(now, dialogue, due, length_s=length_s)._replace(is_open=talk.is_open)


def answered(talk: Talk, dialogue: Dialogue, answer: AnswerSeen | LetterSeen) -> Talk:
    """The state after a window: the next question, or the same once more; the last one, or silence, ends it."""
    if talk.window is not None and answer.onset_s < talk.window.until_s:
        return talk._replace(window=None, due=None)  # another was asked by hand: nobody waited for its end
    times = dialogue.repeat.times if dialogue.repeat else 1
    is_answered = answer.said == "answer"
    if not is_answered and talk.asked < times:
        return talk._replace(window=None, due=None)
    done = talk.question + 1
    silent = 0 if is_answered else talk.silent + 1
    goes_on = done % len(dialogue.questions) != 0 and silent < dialogue.silent_after
    return talk._replace(
        question=done,
        asked=0,
        window=None,
        due=None,
        silent=silent,
        is_open=goes_on and talk.is_open,
        is_over=silent >= dialogue.silent_after,
        ended_s=talk.ended_s if goes_on or not talk.is_open else answer.onset_s,
    )


def interrupted(talk: Talk) -> Talk:
    """The state after somebody stirred, left the bed or could not be seen: the dream may be another one.

    What is waited for is still heard. The question is asked anew, as often as any, behind another signal; that it
    stayed without an answer counts as no silence.
    """
    return talk._replace(asked=0, is_open=False) if talk.is_open else talk


def forgotten(talk: Talk) -> Talk:
    """The same after a night broke off: nobody heard what was answered either."""
    if talk.window is None:
        return interrupted(talk)
    return talk._replace(window=None, due=None, asked=0, is_open=False)
