"""What does this bed ask a dreamer, and what was answered? Questions by gate and interval; answers by the eyes.

A dialogue is opened by its whole gate, the agreed signal included. While it goes on, the rest of the gate is enough: a
signal is not asked for before each question.
"""

from collections.abc import Sequence

from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.slots import dialogue_slot, index_in
from dreamloom.eyes import answers
from dreamloom.eyes.answers import AFTER_S, Answer, Asked
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import Limits
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState
from dreamloom.pod.talks import Talk
from dreamloom.record.events import AnswerSeen
from dreamloom.vocabulary.units import NightTime, to_four_places, to_microsecond

GAZE_BEFORE_S = 16.0
"""Of the eyes' movements before a window, so many seconds are kept: the longest answer, and the rest before it."""


def questions(plan: Plan, state: PodState) -> list[int]:
    """Numbers of the dialogues in which a question may be asked now: none is being answered, and it is not over."""
    slots = [dialogue_slot(index) for index in plan.dialogues]
    return [slot for slot in slots if (talk := state.talks.get(slot, Talk())).window is None and not talk.is_over]


def asking(plan: Plan, state: PodState, slot: int) -> Part:
    """The next question of this dialogue, as a part that asks it."""
    talk, dialogue = state.talks.get(slot, Talk()), plan.dialogue(slot)
    cue = dialogue.questions[talk.question % len(dialogue.questions)].cue
    return dialogue.asking(cue, again=talk.asked > 0, is_open=talk.is_open)


def kept(gaze: tuple[Saccade, ...], recent: Sequence[Saccade], state: PodState) -> tuple[Saccade, ...]:
    """The eyes' movements since shortly before the window of an answer that is waited for; () where none is."""
    windows = [talk.window for talk in state.talks.values() if talk.window is not None]
    if not windows:
        return ()
    from_s = min(window.from_s for window in windows) - GAZE_BEFORE_S
    newest_s = gaze[-1].at_s if gaze else float("-inf")
    fresh = (saccade for saccade in recent if saccade.at_s > newest_s)
    return tuple(saccade for saccade in (*gaze, *fresh) if saccade.at_s >= from_s)


def answered(
    plan: Plan, state: PodState, now_s: NightTime, *, gaze: Sequence[Saccade], limits: Limits | None
) -> list[AnswerSeen]:
    """What was answered in every window that is over by now; without eyes to read (no limits), nothing was."""
    said = []
    for slot, talk in state.talks.items():
        window = talk.window
        if window is None or now_s < window.until_s + AFTER_S:
            continue
        asked = Asked(window.from_s, window.until_s)
        answer = answers.none("eyes", asked) if limits is None else answers.of_eyes(gaze, asked, limits)
        said.append(_seen(plan, slot, talk, answer, now_s))
    return said


def _seen(plan: Plan, slot: int, talk: Talk, answer: Answer, now_s: NightTime) -> AnswerSeen:  # noqa: PLR0917 - private, in the order of the sentence
    asked = plan.dialogue(slot).questions
    number = talk.question % len(asked)
    right = asked[number].right
    known = answer.said == "answer" and right is not None
    return AnswerSeen(
        onset_s=now_s,
        cause=talk.due,
        dialogue=index_in(slot),
        question=number,
        by=answer.by,
        said=answer.said,
        number=answer.number,
        confidence=to_four_places(answer.confidence),
        judged=("right" if right == str(answer.number) else "wrong") if known else "",
        at_s=to_microsecond(answer.at_s),
    )
