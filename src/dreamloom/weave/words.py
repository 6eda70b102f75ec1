"""Where are the words of a text? Each with its place, so that whatever is said of a text points into it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from dreamloom.weave.languages import ENGLISH, LANGUAGES, Language, stem

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*['\"”’)]*")
MOST_STEMS = 200_000


class Word(NamedTuple):
    """A word of a text in lower case, and from which character to which it stands."""

    text: str
    start: int
    end: int


class Span(NamedTuple):
    """Characters [start, end) of a text."""

    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Every word, in order; a hyphen or an apostrophe inside belongs to it."""
    return [Word(found.group().lower(), found.start(), found.end()) for found in WORD.finditer(text)]


def said_in(text: str) -> list[str]:
    """The same words without their places."""
    if text.isascii():
        return WORD.findall(text.lower())
    return [found.lower() for found in WORD.findall(text)]


def sentences_of(text: str) -> Iterator[Span]:
    """Every sentence without the blanks around it."""
    for found in SENTENCE.finditer(text):
        said = found.group()
        start = found.start() + len(said) - len(said.lstrip())
        end = found.end() - (len(said) - len(said.rstrip()))
        if end > start and WORD.search(text, start, end):
            yield Span(start, end)


@lru_cache(maxsize=MOST_STEMS)
def _stem(word: str, language: str) -> str:
    return stem(word, LANGUAGES[language])


@lru_cache(maxsize=MOST_STEMS)
def _content(word: str, language: str) -> str:
    """Its stem; "" for a word that carries nothing."""
    is_empty = len(word) < 3 or word in LANGUAGES[language].empty
    return "" if is_empty else _stem(word, language)


def stems_of(words: Iterable[str], language: Language = ENGLISH) -> list[str]:
    """The stems of words, empty words among them."""
    code = language.code
    return [_stem(word, code) for word in words]


def content_of(words: Iterable[str], language: Language = ENGLISH) -> list[str]:
    """The stems of those words that carry something: not empty, three letters or more."""
    code = language.code
    return [found for word in words if (found := _content(word, code))]


class Lexicon(Struct, frozen=True):
    """Words of a theme, as stems; an entry of several words is met where they follow each other.

    Attributes:
        single: stems of one word.
        beginnings: what a word begins with (`tree*`).
        phrases: stems that follow each other.
    """

    single: frozenset[str]
    beginnings: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()

    def places(self, words: Sequence[str], language: Language = ENGLISH) -> list[int]:
        """At which words an entry is met, each told once by its first word."""
        stems = stems_of(words, language)
        found = {place for place, each in enumerate(stems) if each in self.single}
        if self.beginnings:
            found |= {place for place, each in enumerate(words) if each.startswith(self.beginnings)}
        for phrase in self.phrases:
            found |= {
                place
                for place in range(len(stems) - len(phrase) + 1)
                if tuple(stems[place : place + len(phrase)]) == phrase
            }
        return sorted(found)


def lexicon(entries: Iterable[str], language: Language = ENGLISH) -> Lexicon:
    """From words as a person writes them; one that ends in * is met by whatever begins so."""
    single, beginnings, phrases = set[str](), list[str](), list[tuple[str, ...]]()
    for entry in entries:
        plain = entry.strip().lower()
        if plain.endswith("*") and len(plain) > 3:
            beginnings.append(plain[:-1])
            continue
        parts = stems_of((word.text for word in words_of(plain)), language)
        if len(parts) == 1:
            single.add(parts[0])
        elif parts:
            phrases.append(tuple(parts))
    return Lexicon(frozenset(single), tuple(sorted(beginnings)), tuple(sorted(phrases)))
