"""What is asked in each step of a morning, and what becomes of the answers? The same on a page and in a terminal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import cast

from dreamloom.guide import questions
from dreamloom.guide.interview import Interview, Step, step_of
from dreamloom.guide.questions import Answer, Field, Option, Question, answered
from dreamloom.house import cueing_holds, drawings, mornings, outcome_answers, registering, speech, told_dreams
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.outcome_packs import find_pack, shipped_packs
from dreamloom.outcomes.packs import Item, Pack
from dreamloom.record.morning_events import InterviewStep, Recall, SharedFor
from dreamloom.vocabulary.errors import DreamloomError, UsageError
from dreamloom.vocabulary.texts import filled

MOST_OF_A_SCALE = 10
RECALLED: Mapping[Recall, int] = {"none": 0, "white": 1, "content": 2}
TALK = "talk"
WITHOUT = "without"
"""What takes the picture away again."""
OUTCOME_HEADING = "How is the morning?"
Form = Mapping[str, Sequence[str]]
Keep = Callable[["Morning", Form], None]


class Morning:
    """Whose morning it is, and how far it has come; behind a night, or behind none."""

    def __init__(self, house: House, dreamer: Dreamer, folder: NightFolder | None = None) -> None:
        self.house, self.dreamer, self.folder = house, dreamer, folder
        self.spoken_by = ""
        if folder is not None:
            _take_in(folder, dreamer)
        self.look()

    def look(self) -> None:
        """Reads again how far it has come."""
        self.state: Interview = mornings.morning_of(self.house, self.dreamer.sleeper, self.dreamer.night)

    def step(self) -> Step:
        """What comes next; what may be locked or told by now is."""
        while (step := self._next()) in {"lock", "reveal"}:
            if step == "lock":
                mornings.lock(self.house, self.state.report)
            elif self.folder is not None:
                mornings.reveal(self.house, self.folder, self.state.report)
            self.look()
        return step

    def told_by(self) -> datetime | None:
        """When it is told at the latest what the night was about."""
        return None if self.folder is None else mornings.told_by(self.folder)

    def wants_to_talk(self) -> bool:
        """Whether they said this morning that they would like to talk to somebody."""
        given = outcome_answers.given(self.house, self.dreamer.sleeper)
        mine = [each for each in given if each.moment == "morning" and each.night == self.dreamer.night]
        return bool(mine) and mine[-1].answers.get(TALK) == 1

    def _next(self) -> Step:
        may_reveal = self.folder is not None and mornings.may_reveal(self.house, self.folder)
        return step_of(self.state, is_baseline=self.folder is None, may_reveal=may_reveal)


def question(morning: Morning, step: Step) -> Question | None:
    """What this step asks; None for one that asks nothing."""
    if step == "guess":
        return questions.guess(_themes(morning.folder))
    if step == "outcome":
        return _outcome(_nightly(morning.dreamer.language))
    return ASKED.get(step)


def _themes(folder: NightFolder | None) -> Sequence[str]:
    """Those that were named before the night; none where a file cannot be read, which holds no morning up."""
    if folder is None:
        return ()
    try:
        chosen = registering.registered(folder)
    except DreamloomError:
        return ()
    return () if chosen is None else chosen.offered


def keep(morning: Morning, step: str, form: Form, *, picture: bytes = b"") -> None:
    """Keeps what was answered; what was kept before stands.

    Args:
        morning: whose.
        step: that was asked.
        form: what was answered.
        picture: a drawing or photo that came with it; nothing else is kept where it cannot be.

    Raises:
        UsageError: for what is no answer or no picture, and DL-E627 for what is no step.
        RefusedError: for what comes too early or too late.
    """
    found = KEEPS.get(step)
    if found is None:
        raise UsageError(
            "DL-E627",
            filled("A morning has no step {step}.", step=repr(step)),
            do=filled("There are: {these}.", these=", ".join(KEEPS)),
        )
    if step == "more" and WITHOUT in form:
        drawings.take_away(morning.house, morning.dreamer.sleeper, morning.state.report)
    else:
        if picture:
            draw(morning, drawings.plain(picture))
        if not picture or _says_anything(form):
            found(morning, form)
    morning.look()


def draw(morning: Morning, jpeg: bytes) -> None:
    """Adds a picture that `drawings.plain` gave to the report as far as it was told."""
    drawings.keep(morning.house, morning.dreamer.sleeper, morning.state.report, jpeg)
    morning.look()


def _says_anything(form: Form) -> bool:
    return "enough" in form or any(text.strip() for text in form.get("text", ()))


def _report(morning: Morning, form: Form) -> None:
    found = answered(questions.REPORT, form)
    recall, text = cast("Recall", found["recall"]), str(found.get("text", ""))
    if recall == "content" and not text:
        raise UsageError("DL-E626", "There is nothing in it yet.", do="Tell it, or choose what fits better.")
    piece = Piece(number=0, recall=recall, text=text, spoken=_spoken(morning, form))
    mornings.tell(morning.house, morning.dreamer, name_of(form), piece)


def _more(morning: Morning, form: Form) -> None:
    text, state = str(answered(questions.MORE, form).get("text", "")), morning.state
    number = next(iter(form.get("piece", ())), "")
    if text and number in {"", str(len(state.pieces))}:  # else it was sent before
        spoken = _spoken(morning, form)
        piece = Piece(number=len(state.pieces), recall=state.recall, text=text, spoken=spoken)
        mornings.tell(morning.house, morning.dreamer, state.report, piece)
    if not text or "enough" in form:
        mornings.lock(morning.house, state.report)


def _spoken(morning: Morning, form: Form) -> str:
    """By what this house wrote it down, where it was spoken and corrected; reports of two ways are not compared."""
    language = next(iter(form.get("spoken", ())), "")
    return speech.by_of(morning.house, language) if language else morning.spoken_by


def _answers(step: InterviewStep) -> Keep:
    def kept(morning: Morning, form: Form) -> None:
        asked = question(morning, step)
        if asked is not None:
            mornings.answer(morning.house, morning.state.report, step, answered(asked, form))

    return kept


def _outcomes(morning: Morning, form: Form) -> None:
    pack = _nightly(morning.dreamer.language)
    found: dict[str, Answer] = answered(_outcome(pack), form)
    if "outcome" not in morning.state.answered:
        answers = {"recall": RECALLED[morning.state.recall], **{name: int(str(one)) for name, one in found.items()}}
        who, night = morning.dreamer.sleeper, morning.dreamer.night
        outcome_answers.keep(morning.house, who, pack, answers, on="", moment="morning", night=night)
        cueing_holds.settle(morning.house, who)
    mornings.answer(morning.house, morning.state.report, "outcome", {})


def _share(morning: Morning, form: Form) -> None:
    scopes = cast("tuple[SharedFor, ...]", answered(questions.SHARE, form).get("scopes", ()))
    for name, each in mornings.of_house(morning.house).items():
        own = (each.sleeper, each.night) == (morning.dreamer.sleeper, morning.dreamer.night)
        if name == morning.state.report or (own and morning.folder is not None and each.is_locked):
            mornings.share(morning.house, name, scopes)


ASKED: Mapping[Step, Question] = {
    "report": questions.REPORT,
    "more": questions.MORE,
    "probes": questions.PROBES,
    "share": questions.SHARE,
}
KEEPS: Mapping[str, Keep] = {
    "report": _report,
    "more": _more,
    "probes": _answers("probes"),
    "guess": _answers("guess"),
    "outcome": _outcomes,
    "share": _share,
}


def name_of(form: Form) -> str:
    """The report's name as its form was given it; a new one where it is none."""
    name = next(iter(form.get("report", ())), "")
    return name if told_dreams.ID.fullmatch(name) else mornings.new_name()


def _take_in(folder: NightFolder, dreamer: Dreamer) -> None:
    """Dreams that were told at the bed in the night, each a report of its own that was finished when it was told."""
    known = mornings.of_house(folder.house)
    for told, text in told_dreams.told_of(folder, dreamer.sleeper):
        if told.id not in known:
            piece = Piece(number=0, recall="content", text=text, told_utc=told.told_utc, awakened_by="itself")
            mornings.tell(folder.house, dreamer, told.id, piece)
            mornings.lock(folder.house, told.id, whole_at=datetime.fromisoformat(told.received_utc))


def _nightly(language: str) -> Pack:
    return find_pack(shipped_packs(), "nightly", language=language)


def _outcome(pack: Pack) -> Question:
    fields = tuple(_field(item) for item in pack.asked("morning") if item.name != "recall")
    return Question(heading=OUTCOME_HEADING, text=questions.PROBES.text, fields=fields)


def _field(item: Item) -> Field:
    must = item.name == TALK
    if item.words:
        options = tuple(Option(str(item.low + place), word) for place, word in enumerate(item.words))
        return Field(name=item.name, label=item.ask, kind="one", options=options, must=must)
    if item.high <= MOST_OF_A_SCALE and item.low == 0:
        return Field(
            name=item.name,
            label=item.ask,
            kind="scale",
            most=item.high,
            ends=(item.low_word, item.high_word),
            must=must,
        )
    return Field(name=item.name, label=item.ask, kind="count", most=item.high, must=must)
