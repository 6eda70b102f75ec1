"""What is talked about before the night? A wish in the sleeper's own words, and a rehearsal; steps are data.

The rehearsal goes back to mnemonic induction as published (LaBerge 1980; Aspy 2017, 2020: a dream remembered, its sign,
the same dream again, an intention). Whoever leaves a step out is asked the next that still fits.
"""

import re
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from dreamloom.guide.saying import MOST_QUOTED_WORDS, filled, seen
from dreamloom.guide.wording import Wording
from dreamloom.vocabulary import texts
from dreamloom.vocabulary.errors import UsageError

StepId = Literal[
    "wish", "draws", "picture", "phrase", "change", "practise", "past", "sign", "rehearse", "resolve", "waking", "close"
]
Takes = Literal["words", "yes or no", "done"]
YES, NO, DONE = "yes", "no", "done"
MOST_CHARACTERS = 400
"""Of one answer: a few words are asked for. Ours."""
SENTENCE_END = re.compile(r"[.!?\n]")


class Step(Struct, frozen=True, kw_only=True):
    """One step of the talk.

    Attributes:
        takes: words, which may be none; yes or no; or that it was done.
        told: earlier steps that were not left empty, or answered yes.
        denied: an earlier step that was answered no, or was not asked.
    """

    id: StepId
    takes: Takes
    told: tuple[StepId, ...] = ()
    denied: StepId | None = None


STEPS: tuple[Step, ...] = (
    Step(id="wish", takes="words"),
    Step(id="draws", takes="words", told=("wish",)),
    Step(id="picture", takes="words", told=("wish",)),
    Step(id="phrase", takes="yes or no", told=("wish",)),
    Step(id="change", takes="words", told=("wish",), denied="phrase"),
    Step(id="practise", takes="yes or no"),
    Step(id="past", takes="words", told=("practise",)),
    Step(id="sign", takes="words", told=("practise", "past")),
    Step(id="rehearse", takes="done", told=("practise", "past")),
    Step(id="resolve", takes="done", told=("practise",)),
    Step(id="waking", takes="done"),
    Step(id="close", takes="yes or no"),
)


class EveningTalk(Struct, frozen=True, kw_only=True):
    """A talk as far as it went: every answer, by its step; `passage` is that of the sentence, where not the wish."""

    answers: dict[StepId, str] = field(default_factory=dict)
    passage: str = ""


class Intention(Struct, frozen=True, kw_only=True):
    """What a sleeper takes into the night; every word of it is theirs or was agreed to by them.

    Attributes:
        sentence: for tonight; "" for none.
        sign: by which they mean to notice that they dream; "" for none.
        practised: whether they went through the rehearsal.
        wants_to_talk: whether they asked for somebody.
    """

    sentence: str = ""
    sign: str = ""
    practised: bool = False
    wants_to_talk: bool = False


def now(talk: EveningTalk) -> Step | None:
    """The step that is next; None when the talk is over."""
    return next((step for step in STEPS if step.id not in talk.answers and _fits(step, talk)), None)


def answered(talk: EveningTalk, text: str) -> EveningTalk:
    """The talk after this answer to the step that is next; "" leaves it out.

    Raises:
        UsageError: DL-E711 for an answer that is too long, or is neither yes nor no; DL-E712 when the talk is over.
    """
    step = now(talk)
    if step is None:
        raise UsageError("DL-E712", "This talk is over.", do="Begin another one.")
    told = seen(text).strip()
    if step.takes != "words":
        told = _chosen(step, told.casefold())
    if len(told) > MOST_CHARACTERS:
        raise UsageError(
            "DL-E711",
            texts.filled(
                "An answer has {most} characters at most, and this one {count}.",
                most=MOST_CHARACTERS,
                count=len(told),
            ),
            do="Say less.",
        )
    return replace(talk, answers={**talk.answers, step.id: told})


def question(talk: EveningTalk, words: Wording) -> str:
    """What is asked now; "" when the talk is over."""
    step, said = now(talk), words.evening
    if step is None:
        return ""
    quotes = {"phrase": sentence_of_wish(talk, words), "resolve": said.resolution, "rehearse": talk.answers.get("sign")}
    if step.id == "rehearse" and not quotes["rehearse"]:
        return said.rehearse_plain
    text: str = getattr(said, step.id)
    return filled(text, quotes.get(step.id) or "")


def intention(talk: EveningTalk, words: Wording) -> Intention:
    """What came of it."""
    answers = talk.answers
    agreed = sentence_of_wish(talk, words) if answers.get("phrase") == YES else ""
    return Intention(
        sentence=answers.get("change", "") or agreed,
        sign=answers.get("sign", ""),
        practised=answers.get("rehearse") == DONE,
        wants_to_talk=answers.get("close") == NO,
    )


def own_words(talk: EveningTalk) -> tuple[str, ...]:
    """What the sleeper said themself, in order."""
    takes_words = {step.id for step in STEPS if step.takes == "words"}
    return tuple(text for step, text in talk.answers.items() if step in takes_words and text)


def sentence_of_wish(talk: EveningTalk, words: Wording) -> str:
    """A wish as a sentence for the night; "" where it is no short phrase, and the sleeper says it themself."""
    if talk.passage:
        return filled(words.evening.wish_phrase, talk.passage)
    wish = talk.answers.get("wish", "").strip(" .!,;")
    for opening in words.evening.openings:
        if wish.casefold().startswith(opening + " "):
            wish = wish[len(opening) :].strip()
            break
    return filled(words.evening.wish_phrase, wish) if _is_short(wish) else ""


def _fits(step: Step, talk: EveningTalk) -> bool:
    told = all(talk.answers.get(each, "") not in {"", NO} for each in step.told)
    if step.id == "phrase" and not _is_short(talk.answers.get("wish", "").strip(" .!,;")):
        return False
    return told and (step.denied is None or talk.answers.get(step.denied, NO) == NO)


def _is_short(wish: str) -> bool:
    return bool(wish) and not SENTENCE_END.search(wish) and len(wish.split()) <= MOST_QUOTED_WORDS


def _chosen(step: Step, told: str) -> str:
    allowed = {YES, NO, ""} if step.takes == "yes or no" else {DONE, ""}
    if told not in allowed:
        raise UsageError(
            "DL-E711",
            texts.filled("{given} is no answer here.", given=repr(told)),
            do=texts.filled("Answer with {these}.", these=", ".join(sorted(allowed - {""}))),
        )
    return told
