"""What does this bed ask a dreamer, and what was answered? Questions by gate; answers as their author says.

A dialogue is opened by its whole gate, the agreed signal included. While it goes on, the rest of the gate is enough: a
signal is not asked for before each question.
"""

from collections.abc import Sequence
from math import ceil
from typing import Literal, NamedTuple

from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.slots import BY_COMMAND, dialogue_slot, index_in
from dreamloom.dreamscape.waking import NO, YES
from dreamloom.eyes import answers, letters
from dreamloom.eyes.answers import AFTER_S, Answer, Asked
from dreamloom.eyes.bursts import BEFORE_S, of_meter
from dreamloom.eyes.letters import Letter
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.strengths import Meter, places
from dreamloom.eyes.sweeps import Limits
from dreamloom.pod.plan import LEAD_S, Plan
from dreamloom.pod.state import PodState
from dreamloom.pod.talks import Talk
from dreamloom.record.events import AnswerSeen, AnyEvent, CueDue, LetterSeen
from dreamloom.signals.blocks import StreamInfo
from dreamloom.vocabulary.units import NightTime, to_four_places, to_microsecond

GAZE_BEFORE_S = answers.BEFORE_S + answers.LONGEST_RUN_S
"""Of the eyes' movements before a window, so many seconds are kept: signals given before it, whole."""


class Heard(NamedTuple):
    """What answers are read from.

    Attributes:
        gaze: movements of the eyes since shortly before the window.
        limits: how this person looks left and right; None without eyes to read.
        meters: muscle and breath, as far as a channel shows them.
    """

    gaze: Sequence[Saccade] = ()
    limits: Limits | None = None
    meters: Sequence[Meter] = ()


def metered(plan: Plan, stream: StreamInfo) -> tuple[Meter, ...]:
    """The channels that this bed listens to beside the eyes; () where no dialogue asks for any, or none is there."""
    asked = [plan.dialogue(dialogue_slot(index)) for index in plan.dialogues]
    wanted = {by for each in asked if each.answer is not None for by in each.answer.listened_to}
    longest_s = max((each.answer.window_s or 0.0 for each in asked if each.answer is not None), default=0.0)
    sounds_s = max((plan.sounding_s(each.cue) for talk in asked for each in talk.questions), default=0.0)
    keep_s = ceil(BEFORE_S + LEAD_S + sounds_s + longest_s + AFTER_S) + 3
    found = places(stream.channels, stream.grid_hz)
    return tuple(Meter(by, place, stream.grid_hz, keep_s) for by, place in found.items() if by in wanted)


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


def answered(plan: Plan, state: PodState, now_s: NightTime, heard: Heard) -> list[AnswerSeen | LetterSeen]:
    """What was answered in every window that is over by now; where nothing shows an answer, nothing was."""
    said: list[AnswerSeen | LetterSeen] = []
    for slot, talk in state.talks.items():
        window = talk.window
        if window is None or now_s < window.until_s + AFTER_S:
            continue
        asked, by = Asked(window.from_s, window.until_s), plan.dialogue(slot).answer
        assert by is not None
        if by.code == "morse":
            said.append(_letter(plan, slot, talk, _looked(state, asked, heard), now_s))
        else:
            said.append(_number(plan, slot, talk, _counted(state, by.by, asked, heard), now_s))
    return said


def displaced(plan: Plan, state: PodState, now_s: NightTime, said: Sequence[AnyEvent]) -> list[AnyEvent]:
    """What a question asked by hand leaves of the one whose answer is waited for: none, told before its window ends."""
    slots = {plan.dialogue_of(event.cue) for event in said if isinstance(event, CueDue) and event.part == BY_COMMAND}
    told: list[AnyEvent] = []
    for slot, talk in state.talks.items():
        by = plan.dialogue(slot).answer
        if slot not in slots or talk.window is None or by is None:
            continue
        asked = Asked(talk.window.from_s, max(talk.window.from_s, now_s))
        if by.code == "morse":
            told.append(_letter(plan, slot, talk, Letter("none", "", 0.0, asked.until_s), now_s))
        else:
            told.append(_number(plan, slot, talk, answers.none(by.by[0], asked), now_s))
    return told


def _counted(state: PodState, by: Sequence[answers.By], asked: Asked, heard: Heard) -> Answer:
    """One answer of all channels that this bed has."""
    told: list[Answer] = []
    if "eyes" in by and heard.limits is not None:
        told.append(answers.sure(answers.of_eyes(heard.gaze, asked, heard.limits), asked))
    restless = _stirred(state, asked)
    told += [
        answers.unclear(meter.by, asked) if restless else answers.sure(of_meter(meter, asked), asked)
        for meter in heard.meters
        if meter.by in by
    ]
    return answers.together(told) or answers.none(by[0], asked)


def _stirred(state: PodState, asked: Asked) -> bool:
    """Whether somebody stirred in the time to answer: a body that moves is loud in every muscle, and breathes fast."""
    arousal = state.happened.get("arousal")
    return arousal is not None and asked.from_s <= arousal.tick + 1.0 <= asked.until_s + AFTER_S + 1.0


def _looked(state: PodState, asked: Asked, heard: Heard) -> Letter:
    if heard.limits is None:
        return Letter("none", "", 0.0, asked.until_s)
    # Who agreed on left-right-left-right began to the left: so it shows here, whichever way the leads are put on.
    shows = {"left": -1, "right": 1, "": heard.limits.side}[state.first_look]
    return letters.of_eyes(heard.gaze, asked, heard.limits, left=shows)


def _number(plan: Plan, slot: int, talk: Talk, answer: Answer, now_s: NightTime) -> AnswerSeen:  # noqa: PLR0917 - private, in the order of the sentence
    number, right = _question(plan, slot, talk)
    coded = plan.dialogue(slot).answer
    words = {YES: "yes", NO: "no"} if coded is not None and coded.code == "yes or no" else None
    if words is not None and answer.said == "answer" and answer.number not in words:
        answer = answer._replace(said="unclear", number=0, confidence=0.0)
    meant = str(answer.number) if words is None else words.get(answer.number, "")
    return AnswerSeen(
        onset_s=now_s,
        cause=talk.due,
        dialogue=index_in(slot),
        question=number,
        by=answer.by,
        said=answer.said,
        number=answer.number,
        confidence=to_four_places(answer.confidence),
        judged=_judged(right, meant) if answer.said == "answer" else "",
        at_s=to_microsecond(answer.at_s),
    )


def _letter(plan: Plan, slot: int, talk: Talk, letter: Letter, now_s: NightTime) -> LetterSeen:  # noqa: PLR0917 - as above
    number, right = _question(plan, slot, talk)
    if letter.confidence < answers.LEAST_CONFIDENCE["eyes"] and letter.said == "answer":
        letter = letter._replace(said="unclear", letter="", confidence=0.0)
    return LetterSeen(
        onset_s=now_s,
        cause=talk.due,
        dialogue=index_in(slot),
        question=number,
        said=letter.said,
        letter=letter.letter,
        confidence=to_four_places(letter.confidence),
        judged=_judged(right, letter.letter) if letter.said == "answer" else "",
        at_s=to_microsecond(letter.at_s),
    )


def _question(plan: Plan, slot: int, talk: Talk) -> tuple[int, str | None]:
    """The number of the question that was asked, and what is right."""
    asked = plan.dialogue(slot).questions
    number = talk.question % len(asked)
    return number, asked[number].right


def _judged(right: str | None, said: str) -> Literal["right", "wrong", ""]:
    if right is None:
        return ""
    return "right" if right.strip().casefold() == said.casefold() else "wrong"
