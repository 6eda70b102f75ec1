"""What may be asked about a dream once its report is locked? A few open questions about the dreamer's own words.

Which passages are asked about is decided by where they stand and how much they hold, never by what they might mean: a
word of fear, death or love is a word like any other here.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from dreamloom.guide.actions import Ask, Refused
from dreamloom.guide.lint import words_of
from dreamloom.guide.plain_words import LANGUAGES, PlainWords
from dreamloom.guide.saying import MOST_QUOTED_WORDS, Situation, Utterance, followed
from dreamloom.guide.wording import Question, Wording

CLAUSE = re.compile(r"[^.!?;:,\n()\"“”„]+")
LEAST_WORDS, MOST_WORDS = 2, 9
PLACES: tuple[tuple[float, Question], ...] = ((0.1, "around"), (0.5, "felt_like"), (0.95, "before"))
"""Where in a report is asked, as shares of its length, and what: its beginning, its middle, its end. Ours."""


class _Clause(Struct, frozen=True):
    text: str
    middle: float
    content: int


def follow_ups(report: str, words: Wording) -> tuple[Utterance, ...]:
    """A few questions about this report, which must be locked; one without any quotation comes last.

    The same report gives the same questions. Of an empty one only the last is asked.
    """
    situation = Situation(moment="after the lock", own=(report,))
    asked = [Ask(question=question, about=about) for question, about in _chosen(report, LANGUAGES[words.code])]
    said = [_said(each, situation, words) for each in (*asked, Ask(question="like_to_add"))]
    return tuple(each for each in said if each)


def _said(action: Ask, situation: Situation, words: Wording) -> Utterance | None:
    try:
        return followed(action, situation, words)
    except Refused:
        return None


def _chosen(report: str, language: PlainWords) -> Iterator[tuple[Question, str]]:
    left = list(_clauses(report, language))
    for place, question in PLACES:
        if not left:
            return
        best = min(left, key=lambda clause: (abs(clause.middle - place) - 0.05 * min(clause.content, 4), clause.middle))
        left.remove(best)
        yield question, best.text


def _clauses(report: str, language: PlainWords) -> Iterator[_Clause]:
    length = max(1, len(report))
    for found in CLAUSE.finditer(report):
        words = found.group().split()
        if len(words) < LEAST_WORDS:
            continue
        kept = words if len(words) <= MOST_WORDS else words[-min(MOST_WORDS, MOST_QUOTED_WORDS) :]
        content = sum(word not in language.empty and len(word) > 2 for word in words_of(" ".join(kept)))
        if content:
            yield _Clause(" ".join(kept), (found.start() + found.end()) / 2 / length, content)
