"""What does the guide say next? A model's choice where one is at hand, awake and in bounds; else the fixed questions.

Each call of a model, followed or not, is an event of the house's record; what runs away is off for that night.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dreamloom.adapters.language_model import Answer
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.guide.actions import Refused, decode
from dreamloom.guide.awake import Awake
from dreamloom.guide.bounds import Bounds, Call, Spent, ran_away, spent
from dreamloom.guide.prompting import Message, messages
from dreamloom.guide.saying import Situation, Utterance, followed
from dreamloom.guide.wording import Wording
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House
from dreamloom.record.fold import fold
from dreamloom.record.guide_events import GuideRanAway, ModelChose
from dreamloom.vocabulary.errors import RefusedError

SILENT = "SILENT"


class Model(Protocol):
    """Whatever answers for a language model."""

    def answer(self, messages: Sequence[Message], *, awake: Awake, most_tokens: int, within_s: float) -> Answer:
        """One answer, for somebody who is awake."""


class Log(Protocol):
    """What a model did in one night, and that it was switched off."""

    def chosen(self) -> tuple[Sequence[ModelChose], bool]:
        """Every call of this night, and whether the model is off."""

    def tell(self, event: ModelChose | GuideRanAway) -> None:
        """Adds to it."""


class HouseLog:
    """That of a house, in its own record."""

    def __init__(self, house: House, night: str) -> None:
        self._house, self._night = house, night

    def chosen(self) -> tuple[Sequence[ModelChose], bool]:
        """Of this night alone."""
        if not self._house.record.is_file():
            return (), False
        with read_only(self._house.record) as record:
            told = [*record.of_type("ModelChose"), *record.of_type("GuideRanAway")]
        calls = [event for event in told if isinstance(event, ModelChose) and event.night == self._night]
        return calls, any(isinstance(event, GuideRanAway) and event.night == self._night for event in told)

    def tell(self, event: ModelChose | GuideRanAway) -> None:
        """As the house's record keeps it."""
        append_to_house(self._house, event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The guide of one sleeper for one talk; it speaks while `see` says that they are awake, and is refused otherwise.

    Attributes:
        see: looks anew; raises RefusedError for somebody who sleeps.
        model: None for the fixed questions alone.
        name: of the model, as the record holds it.
        cost_per_1000: tokens, in the house's money.
    """

    sleeper: str
    night: str
    words: Wording
    see: Callable[[], Awake]
    log: Log
    model: Model | None = None
    name: str = ""
    bounds: Bounds = field(default_factory=Bounds)
    cost_per_1000: float = 0.0

    def next(self, situation: Situation) -> Utterance | None:
        """What the model chose to say; None where the fixed questions go on, for whatever reason.

        Raises:
            RefusedError: DL-E713 when they are not awake, before or after the model answered.
        """
        awake = self.see()
        if self.model is None:
            return None
        calls, is_off = self.log.chosen()
        so_far = fold(spent, Spent(), map(call_of, calls))
        if is_off or ran_away(so_far, self.bounds):
            return None
        answer = self.model.answer(
            messages(situation),
            awake=awake,
            most_tokens=self.bounds.tokens_per_call,
            within_s=self.bounds.seconds_per_call,
        )
        said, refused = self._judged(answer, situation)
        self._tell(
            so_far,
            ModelChose(
                onset_s=0.0,
                sleeper=self.sleeper,
                night=self.night,
                moment=situation.moment,
                model=self.name,
                action=said.action if said else "",
                refused=refused,
                tokens=answer.tokens,
                seconds=answer.seconds,
                cost=round(answer.tokens / 1000 * self.cost_per_1000, 4),
            ),
        )
        self.see()
        return said

    def _judged(self, answer: Answer, situation: Situation) -> tuple[Utterance | None, str]:
        if answer.text is None:
            return None, SILENT
        try:
            self.see()
            return followed(decode(answer.text), situation, self.words), ""
        except Refused as refused:
            return None, refused.why
        except RefusedError:
            return None, "NOT_NOW"

    def _tell(self, before: Spent, chose: ModelChose) -> None:
        self.log.tell(chose)
        after = spent(before, call_of(chose))
        why = ran_away(after, self.bounds)
        if why:
            self.log.tell(GuideRanAway(onset_s=0.0, night=self.night, model=self.name, why=why, calls=after.calls))


def call_of(event: ModelChose) -> Call:
    """One choice, as the bounds count it."""
    return Call(action=event.action, refused=event.refused, tokens=event.tokens, seconds=event.seconds, cost=event.cost)
