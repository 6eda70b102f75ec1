"""What is said to a sleeper, and how do they wake? Training, questions and answers in a dream, awakenings, reports."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.measures import Clock, Count, Few, Interval, Line, Name, Said, Span, Who
from dreamloom.dreamscape.morse import ALPHABET
from dreamloom.dreamscape.part import Budget, Part, Ramp, Repeat
from dreamloom.vocabulary.stages import Stage

MOST = 100_000
"""No bound: a waking ends when somebody is awake, or is given up."""


YES, NO = 2, 3
"""How often is yes, and no, where a question is answered so: once is as easily a twitch, a sigh or a glance. Ours."""


By = Literal["eyes", "face", "sniff"]
Code = Literal["count", "yes or no", "morse"]
NUMBERS: dict[By, range] = {"eyes": range(1, 6), "face": range(2, 10), "sniff": range(2, 10)}
"""Those that can be told apart by each: one tension or one sniff is as easily a twitch or a sigh. Ours."""


def sayable(code: Code, by: Sequence[By]) -> list[str]:
    """Everything that can be answered in this code by one of these channels, in small letters."""
    if code == "yes or no":
        return ["yes", "no"]
    if code == "morse":
        return [letter.casefold() for letter in ALPHABET if letter.isalnum()] if "eyes" in by else []
    return sorted({str(number) for each in by for number in NUMBERS[each]})


class Training(Said, frozen=True, kw_only=True):
    """Before sleep and awake: cues and what to do with them; an arm that is not trained hears none of it."""

    for_: Who = field(name="for")
    cues: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
    practise: Line
    every_s: Interval = field(name="every")
    over_s: Span = field(name="over")


class Question(Said, frozen=True, kw_only=True):
    """A cue that asks, and the answer that is right; none where no answer is wrong."""

    cue: Name
    right: Line | None = None


class Answer(Said, frozen=True, kw_only=True):
    """How a sleeper answers without waking: by which channel, in which code, for how long they are listened to."""

    by: Annotated[tuple[By, ...], Meta(min_length=1, max_length=3)]
    code: Code
    window_s: Interval | None = field(name="window", default=None)

    @property
    def listened_to(self) -> tuple[By, ...]:
        """Of the channels it names, those that its code is read from: Morse from the eyes alone."""
        return tuple(by for by in self.by if self.code != "morse" or by == "eyes")


class Report(Said, frozen=True, kw_only=True):
    """What is asked on waking, and for how long the answer is recorded."""

    ask: Line
    prompt: Name | None = None
    record_s: Interval = field(name="record_for")


class Dialogue(Said, frozen=True, kw_only=True):
    """Question, answer window, the question again, then wake for a report or let sleep.

    `silent_after` questions in a row without an answer end the dialogue for the night.
    """

    for_: Who = field(name="for")
    when: Gate
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=64)]
    every_s: Interval = field(name="every")
    answer: Answer | None = None
    repeat: Repeat | None = None
    then: Literal["wake for report", "let sleep"]
    silent_after: Few
    budget: Budget

    def asking(self, cue: str, *, again: bool, is_open: bool) -> Part:
        """What a bed plays to ask this question: a part like any other.

        Args:
            cue: the question.
            again: it was asked already and not answered.
            is_open: the dialogue goes on, so that no signal is asked for again.
        """
        when = msgspec.structs.replace(self.when, eye_signal=None) if is_open else self.when
        every_s = self.repeat.apart_s if again and self.repeat else self.every_s
        return Part(for_=self.for_, when=when, play=cue, every_s=every_s, budget=self.budget)


class Apart(Said, frozen=True, kw_only=True):
    """From one awakening to the next: drawn anew each time between these two."""

    at_least_s: Interval = field(name="at_least")
    at_most_s: Interval = field(name="at_most")


class Awakening(Said, frozen=True, kw_only=True):
    """How a sleeper is woken, and what follows.

    A probe wakes for a report and lets sleep again; back to bed keeps awake for a while first; a morning ends the
    night: out of a preferred stage if it comes in the time looked for it, else at the latest time, without exception.
    """

    kind: Literal["probe", "back to bed", "morning"]
    for_: Who = field(name="for")
    when: Gate | None = None
    cue: Name
    ramp: Ramp | None = None
    apart: Apart | None = None
    times: Count | None = None
    awake_for_s: Span | None = field(name="awake_for", default=None)
    latest: Clock | None = None
    prefer: tuple[Stage, ...] = ()
    look_for_s: Span | None = field(name="look_for", default=None)
    report: Report | None = None
    before_sleep: Name | None = None

    @property
    def sounds(self) -> tuple[str, ...]:
        """Every cue of it: the one that wakes, the prompt, what is said before sleep."""
        prompt = self.report.prompt if self.report else None
        return tuple(cue for cue in (self.cue, prompt, self.before_sleep) if cue is not None)

    def rung(self, every_s: float) -> Part:
        """What wakes, as a bed rings it: a part like any other, so often, on its ramp, as often as it takes."""
        budget = Budget(per_hour=MOST, per_night=MOST)
        return Part(for_=self.for_, when=Gate(), play=self.cue, every_s=every_s, ramp=self.ramp, budget=budget)
