"""What does a rule find in a text? Codes that point at characters, each by the rule that set it."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from dreamloom.weave.words import Span, Word, words_of

Category = Literal["character", "interaction", "emotion", "setting", "fortune", "threat", "sense", "lucidity"]
CATEGORIES: tuple[Category, ...] = (
    "character",
    "interaction",
    "emotion",
    "setting",
    "fortune",
    "threat",
    "sense",
    "lucidity",
)
NEGATED_WITHIN = 3
"""A negation so many words before a word takes its code away, where the category is one that can be denied. Ours."""
DENIABLE: frozenset[Category] = frozenset({"interaction", "emotion", "lucidity"})


class Rule(Struct, frozen=True):
    """Words, phrases and beginnings of words that all mean one code."""

    category: Category
    code: str
    words: frozenset[str]
    beginnings: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @property
    def id(self) -> str:
        """By which a code tells what set it."""
        return f"{self.category}/{self.code}"


class CodeBook(Struct, frozen=True):
    """All rules of one language, and the words that deny what follows them."""

    language: str
    version: str
    rules: tuple[Rule, ...]
    negations: tuple[str, ...]

    @property
    def name(self) -> str:
        """Who coded, where it was a book."""
        return f"rules {self.language} {self.version}"


class Code(Struct, frozen=True, kw_only=True):
    """One code of one report.

    Attributes:
        start, end: the characters it points at.
        said: what stands there.
        rule: which rule set it; "" for a person's.
        coder: a book with its version, or a person's name.
    """

    category: Category
    code: str
    start: int
    end: int
    said: str
    rule: str
    coder: str


def rule(category: Category, code: str, listed: str) -> Rule:
    """From a list with | between its entries; the words of an entry follow each other in the text."""
    entries = [entry.strip().lower() for entry in listed.split("|") if entry.strip()]
    plain = [entry for entry in entries if not entry.endswith("*")]
    phrases = [tuple(word.text for word in words_of(entry)) for entry in plain]
    return Rule(
        category,
        code,
        frozenset(each[0] for each in phrases if len(each) == 1),
        tuple(sorted(entry[:-1] for entry in entries if entry.endswith("*"))),
        tuple(sorted({each for each in phrases if len(each) > 1})),
    )


def coded(text: str, book: CodeBook) -> list[Code]:
    """Every code of a text, in order; where two rules of one category meet the same words, the longer entry holds."""
    words = words_of(text)
    denied = _denied(words, book)
    found: list[tuple[Rule, int, int]] = []
    for each in book.rules:
        found += [(each, first, many) for first, many in _met(each, words)]
    kept = [
        (each, first, many)
        for each, first, many in found
        if not (each.category in DENIABLE and first in denied) and not _covered(each, first, many, found)
    ]
    kept.sort(key=lambda met: (met[1], met[0].id, -met[2]))
    return [
        _code(text, Span(words[first].start, words[first + many - 1].end), book, each) for each, first, many in kept
    ]


def _met(each: Rule, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    for place, word in enumerate(words):
        singular = word.text.removesuffix("'s").removesuffix("’s")
        if (
            word.text in each.words
            or singular in each.words
            or (singular.endswith("s") and len(singular) > 3 and singular[:-1] in each.words)
            or (each.beginnings and word.text.startswith(each.beginnings))
        ):
            yield place, 1
    for phrase in each.phrases:
        for place in range(len(words) - len(phrase) + 1):
            if all(words[place + step].text == part for step, part in enumerate(phrase)):
                yield place, len(phrase)


def _covered(each: Rule, first: int, many: int, found: Sequence[tuple[Rule, int, int]]) -> bool:
    """A longer entry of the same category holds these words."""
    return any(
        other.category == each.category and begins <= first and first + many <= begins + length and length > many
        for other, begins, length in found
    )


def _denied(words: Sequence[Word], book: CodeBook) -> set[int]:
    """Words that stand close behind a negation of the same clause."""
    places: set[int] = set()
    for place, word in enumerate(words):
        if word.text in book.negations:
            places |= {place + step for step in range(1, NEGATED_WITHIN + 1)}
    return places


def _code(text: str, span: Span, book: CodeBook, each: Rule) -> Code:
    return Code(
        category=each.category,
        code=each.code,
        start=span.start,
        end=span.end,
        said=text[span.start : span.end],
        rule=each.id,
        coder=book.name,
    )
