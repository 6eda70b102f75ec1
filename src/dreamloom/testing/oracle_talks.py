"""Was a dreamer lawfully asked, heard and woken? Dialogues told again from the record, by code that pods do not share.

A question comes in its turn, never while an answer is waited for, again where none came, and no more once silence
ended it. Its answer is told once, when its time is over, as its code allows. Behind the last one the sleeper is woken,
where the author says so and the sleeper agreed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.obeyed import obeyed_dialogues
from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.reports import dialogue_before
from dreamloom.dreamscape.slots import BY_COMMAND, dialogue_slot
from dreamloom.dreamscape.waking import NO, NUMBERS, YES, Dialogue
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    ArousalSeen,
    AwakeningDue,
    CueDue,
    LetterSeen,
    NightmareArousalSeen,
    OutOfBedSeen,
    Recovered,
    StreamLost,
)
from dreamloom.record.staff_events import OutOfBedTold

HEARD_AFTER_S = 2.0
"""An answer is told so long after its time: what is said last still needs to be seen."""
TOLD_WITHIN_S, WAKES_WITHIN_S = 6.0, 60.0
TINY = 1e-6
_BREAKS = (ArousalSeen, NightmareArousalSeen, OutOfBedSeen, OutOfBedTold, StreamLost, AwakeningDue)


@dataclass(slots=True)
class Talk:
    """One dialogue of one bed, as far as the record tells it.

    `done` questions are over; the present one was asked `times` times, last by the cue `due`, whose answer may come
    from from_s until until_s; `silent` of them in a row went without one.
    """

    dialogue: Dialogue
    done: int = 0
    times: int = 0
    due: CueDue | None = None
    from_s: float = 0.0
    until_s: float = 0.0
    silent: int = 0
    is_open: bool = False
    is_over: bool = False
    ended_s: float | None = None
    displaced_s: float | None = None

    @property
    def number(self) -> int:
        """Of the present question, in its author's order."""
        return self.done % len(self.dialogue.questions)

    @property
    def part(self) -> Part:
        """What its author asks for now, as a part: behind the first question no signal is waited for."""
        said, repeat = self.dialogue, self.dialogue.repeat
        when = msgspec.structs.replace(said.when, eye_signal=None) if self.is_open else said.when
        every_s = repeat.apart_s if self.times and repeat else said.every_s
        return Part(
            for_=said.for_, when=when, play=said.questions[self.number].cue, every_s=every_s, budget=said.budget
        )

    def asked(self, due: CueDue, *, lasts_s: float) -> None:
        """A question more; one that somebody asked by hand is asked once, and leaves the dialogue as open as it was."""
        if due.part == BY_COMMAND:
            cues = [each.cue for each in self.dialogue.questions]
            self.done += cues.index(due.cue) - self.number
            self.times = self._most
        else:
            self.times, self.is_open = self.times + 1, True
        window_s = (self.dialogue.answer.window_s if self.dialogue.answer else None) or 0.0
        self.due, self.displaced_s = due, None
        self.from_s = due.play_at_s + lasts_s
        self.until_s = self.from_s + window_s

    def told(self, answer: AnswerSeen | LetterSeen) -> None:
        """What was answered, or that nothing was."""
        self.due, early = None, answer.onset_s < self.until_s
        if early:
            self.displaced_s = answer.onset_s
        is_answered = answer.said == "answer"
        if early or (not is_answered and self.times < self._most):
            return
        self.done, self.times = self.done + 1, 0
        self.silent = 0 if is_answered else self.silent + 1
        self.is_over = self.silent >= self.dialogue.silent_after
        if self.is_over or self.number == 0:
            self.ended_s = answer.onset_s if self.is_open else self.ended_s
            self.is_open = False

    def broken_off(self) -> None:
        """Another signal is asked for, and then the same question anew."""
        if self.is_open:
            self.times, self.is_open = 0, False

    def forgotten(self) -> None:
        """Nobody heard what was answered."""
        if self.due is not None or self.is_open:
            self.due, self.times, self.is_open = None, 0, False

    @property
    def _most(self) -> int:
        return self.dialogue.repeat.times if self.dialogue.repeat else 1


@dataclass(slots=True)
class Talks:
    """All dialogues of one bed, by the numbers of the record."""

    dreamscape: Dreamscape
    held: dict[int, Talk] = field(default_factory=dict)

    @classmethod
    def of(cls, dreamscape: Dreamscape, groups: Sequence[str]) -> "Talks":
        """Those that this sleeper is meant by."""
        said = list(dreamscape.dialogues.values())
        mine = (index for index in obeyed_dialogues(dreamscape) if is_meant(said[index].for_, groups))
        return cls(dreamscape, {dialogue_slot(index): Talk(said[index]) for index in mine})

    @property
    def are_listening(self) -> bool:
        """Whether an answer is waited for: no other cue of the night may sound."""
        return any(talk.due is not None for talk in self.held.values())

    def of_cue(self, cue: CueDue) -> Talk | None:
        """The dialogue whose question this is; by hand, the first that asks it."""
        if cue.part != BY_COMMAND:
            return self.held.get(cue.part)
        asks = (each for each in self.held.values() if cue.cue in {one.cue for one in each.dialogue.questions})
        return next(asks, None)

    def hear(self, event: AnyEvent, *, lasts_s: float) -> None:
        """One more event of this bed; `lasts_s` is of its sound, where it has one."""
        if isinstance(event, CueDue) and (talk := self.of_cue(event)) is not None:
            talk.asked(event, lasts_s=lasts_s)
        if isinstance(event, AnswerSeen | LetterSeen) and (talk := self._of_answer(event)) is not None:
            talk.told(event)
        if isinstance(event, AwakeningDue) and (talk := self._before(event)) is not None:
            talk.ended_s = None
        if isinstance(event, _BREAKS):
            for each in self.held.values():
                each.broken_off()
        if isinstance(event, Recovered):
            for each in self.held.values():
                each.forgotten()

    def wrongly_asked(self, cue: CueDue) -> Iterator[str]:
        """Whether it was this question's turn."""
        talk = self.held.get(cue.part)
        if talk is None:
            return
        if talk.due is not None:
            yield "WINDOW"
        if talk.is_over:
            yield "SILENT"
        if cue.cue != talk.part.play:
            yield "QUESTION"

    def wrongly_answered(self, event: AnswerSeen | LetterSeen) -> Iterator[str]:
        """Whether this was asked, is told in time, and says what its code can say."""
        talk = self._of_answer(event)
        if talk is None or talk.due is None or event.cause != talk.due.id or event.question != talk.number:
            yield "QUESTION"
            return
        early, is_answered = event.onset_s < talk.until_s + HEARD_AFTER_S - TINY, event.said == "answer"
        if early and (is_answered or event.onset_s >= talk.until_s):
            yield "WINDOW"
        if is_answered and not talk.from_s - TINY <= event.at_s <= talk.until_s + TINY:
            yield "WINDOW"
        if not _is_said_so(event, talk.dialogue):
            yield "ANSWER"

    def wrongly_woken(self, event: AwakeningDue) -> Iterator[str]:
        """Behind a dialogue, only soon after it ended, and once; for the word of a dialogue, nowhere else."""
        talk = self._before(event)
        if (talk is not None and event.reason not in {"DIALOGUE", "GUARDIAN", "BY_HAND"}) or (
            event.reason == "DIALOGUE" and not (talk is not None and _is_due(talk, event.onset_s))
        ):
            yield "DIALOGUE"

    def untold(self, now_s: float) -> Iterator[int]:
        """Dialogues whose answer is overdue, or was cut short for a question that nobody asked; each told once."""
        for slot, talk in self.held.items():
            is_late = talk.due is not None and now_s > talk.until_s + HEARD_AFTER_S + TOLD_WITHIN_S
            if is_late or talk.displaced_s is not None:
                talk.due = talk.displaced_s = None
                yield slot

    def to_wake(self, now_s: float) -> Iterator[int]:
        """Dialogues behind which the sleeper is to be woken now, by the author; of consent and bed the judge knows."""
        yield from (
            slot for slot, talk in self.held.items() if talk.dialogue.then != "let sleep" and _is_due(talk, now_s)
        )

    def _of_answer(self, event: AnswerSeen | LetterSeen) -> Talk | None:
        return self.held.get(dialogue_slot(event.dialogue))

    def _before(self, event: AwakeningDue) -> Talk | None:
        index = dialogue_before(self.dreamscape, event.awakening)
        return None if index is None else self.held.get(dialogue_slot(index))


def _is_due(talk: Talk, now_s: float) -> bool:
    return talk.ended_s is not None and 0.0 <= now_s - talk.ended_s < WAKES_WITHIN_S


def _is_said_so(event: AnswerSeen | LetterSeen, dialogue: Dialogue) -> bool:
    """A letter in Morse, else a number that its channel can say, judged as its author wrote; else nothing at all."""
    code = dialogue.answer.code if dialogue.answer else "count"
    asked_by = dialogue.answer.by if dialogue.answer else ()
    if isinstance(event, LetterSeen):
        said, is_sayable = event.letter, code == "morse" and (len(event.letter) == 1 or event.said != "answer")
    else:
        words = {YES: "yes", NO: "no"} if code == "yes or no" else {n: str(n) for n in NUMBERS[event.by]}
        said = words.get(event.number, "")
        is_sayable = code != "morse" and event.by in asked_by and (said != "" or event.said != "answer")
    if event.said != "answer":
        is_empty = (event.letter == "") if isinstance(event, LetterSeen) else event.number == 0
        return is_sayable and is_empty and event.confidence == 0.0 and event.judged == ""
    right = dialogue.questions[event.question].right
    judged = "" if right is None else "right" if right.strip().casefold() == said.casefold() else "wrong"
    return is_sayable and event.judged == judged
