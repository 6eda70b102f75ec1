"""Where may a language model take part in an evening's talk? Around the wish, a few turns of the sleeper's own words.

The steps of the talk stand whatever a model does: it may ask one of them earlier, say a passage back, propose a
sentence for the night or offer a person. It is never asked about the practice, nor of anybody who wishes for nothing.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from dreamloom.guide import evening
from dreamloom.guide.evening import YES, EveningTalk, StepId
from dreamloom.guide.lint import ThemeWords
from dreamloom.guide.saying import Situation, quoted_run
from dreamloom.guide.turns import Turn
from dreamloom.guide.wording import Question

MOST = 3
"""Of one evening. Ours: whoever goes to bed is asked little."""
ENDS = frozenset({"end", "offer_stop", "save_draft"})
"""After one of these nothing is put between the steps any more."""
PHRASE = "propose_incubation_phrase"
STEP_OF: dict[str, StepId] = {
    "like_to_dream": "wish",
    "draws_you": "draws",
    "see_first": "picture",
    "dream_sign": "sign",
}
"""Questions that are steps as well: none is asked twice."""
QUESTION_OF: dict[StepId, Question] = {
    "wish": "like_to_dream",
    "draws": "draws_you",
    "picture": "see_first",
    "sign": "dream_sign",
}


def begun(asides: Sequence[Turn]) -> EveningTalk:
    """The talk with the steps that were answered between the others."""
    answers: dict[StepId, str] = {
        STEP_OF[turn.question]: turn.answer for turn in asides if STEP_OF.get(turn.question, "wish") != "wish"
    }
    agreed = next((turn for turn in asides if turn.action == PHRASE and turn.answer == YES), None)
    if agreed is None:
        return EveningTalk(answers=answers)
    return EveningTalk(answers={**answers, "phrase": YES}, passage=agreed.about)


def is_theirs(talk: EveningTalk, asides: Sequence[Turn]) -> bool:
    """Whether a passage that was agreed to is one of their own words."""
    return not talk.passage or quoted_run(talk.passage, _own(talk, asides)) == talk.passage


def situation(talk: EveningTalk, asides: Sequence[Turn], *, theme: ThemeWords, human: str = "") -> Situation | None:
    """What a model may choose by now; None where it has no place in the talk."""
    is_over = len(asides) >= MOST or any(turn.action in ENDS for turn in asides)
    if is_over or not talk.answers.get("wish") or "practise" in talk.answers or evening.now(talk) is None:
        return None
    steps = ((QUESTION_OF[step], "") for step in talk.answers if step in QUESTION_OF)
    return Situation(
        moment="evening",
        own=_own(talk, asides),
        asked=(*steps, *((turn.question, turn.about.casefold()) for turn in asides if turn.question not in STEP_OF)),
        theme=theme,
        human=human,
    )


def answered(turn: Turn, text: str) -> Turn:
    """The turn with what was answered to it, cut where an answer ends."""
    return replace(turn, answer=text.strip()[: evening.MOST_CHARACTERS])


def _own(talk: EveningTalk, asides: Sequence[Turn]) -> tuple[str, ...]:
    beside = (turn.answer for turn in asides if turn.question not in STEP_OF and turn.action != PHRASE and turn.answer)
    return (*evening.own_words(talk), *beside)
