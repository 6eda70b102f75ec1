"""May a machine's wording of one passage stand in a shared story? A gate; what does not pass falls back to the passage.

A machine takes part under its own name, one passage at a time, beside the dreamer's words and never in their place:
people see which is which, and take all of its wordings out in one step.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from dreamloom.guide.lint import stem, words_of
from dreamloom.guide.plain_words import ENGLISH, PlainWords

GATE = "gate 1"
MOST_WORDS = 120
LEAST_OWN, LEAST_KEPT = 0.7, 0.5
"""Of its content words so many stand in the passage, and of the passage's so many stand in it. Ours."""
LEAST_LENGTH, MOST_LENGTH = 0.5, 1.5
Amiss = Literal["EMPTY", "LENGTH", "NAMES", "NUMBERS", "NEW_CONTENT", "LOST_CONTENT", "HARM", "LINK"]
"""Why a wording is not shown: none, far longer or shorter, somebody or somewhere new, a new number, too much that was
not dreamt, too little that was, violence or sex that was not there, an address."""
NUMBERS_SAID = """
one two three four five six seven eight nine ten eleven twelve hundred thousand million first second third
eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend
"""
HARM_SAID = """
abuse attack beat beaten bleed blood bomb choke corpse cut dead death die drown gun hang harm hit hurt kill knife murder
punch rape shoot shot slap slaughter stab strangle suicide torture violent weapon whip wound
breast erotic fuck genital kiss lust naked nude orgasm penis porn sex sexual undress vagina
blut erschießen erwürgen gewalt leiche messer mord mörder nackt schlagen sterben tot töten vergewaltigen waffe
"""
"""Our own, short; where a dream holds such a word its wording may."""
NUMBERS, HARM = frozenset(words_of(NUMBERS_SAID)), frozenset(words_of(HARM_SAID))
LINK = re.compile(r"https?:|www\.|@|\w\.(?:com|org|net|example)\b", re.IGNORECASE)
CAPITAL = re.compile(r"\b[^\W\d_a-zà-öø-ÿ][^\W\d_]+")


class Wording(Struct, frozen=True, kw_only=True):
    """One passage as a machine would say it.

    Attributes:
        passage: its name in the weave.
        passage_sha256: of the dreamer's own words; a wording of other words is none.
        contributor: by which name the machine takes part.
        gate: by which version of it this wording passed.
    """

    passage: str
    passage_sha256: str
    text: str
    contributor: str
    gate: str = GATE


class Shown(Struct, frozen=True, kw_only=True):
    """A passage in a story: what is read, by whom, and the dreamer's own words beside it."""

    text: str
    by: str
    own: str


def amiss(passage: str, text: str, language: PlainWords = ENGLISH) -> tuple[Amiss, ...]:
    """Why this text may not be shown for this passage; empty where it may."""
    own, said = words_of(passage), words_of(text)
    had, has = _content(own, language), _content(said, language)
    found: dict[Amiss, bool] = {
        "EMPTY": not has,
        "LENGTH": not LEAST_LENGTH * len(own) <= len(said) <= min(MOST_LENGTH * len(own), MOST_WORDS),
        "NAMES": bool(_capitalised(text) - set(own)),
        "NUMBERS": bool(_numbers(said) - _numbers(own)),
        "NEW_CONTENT": len(has & had) < LEAST_OWN * len(has),
        "LOST_CONTENT": len(has & had) < LEAST_KEPT * len(had),
        "HARM": bool(_harm(said, language) - _harm(own, language)),
        "LINK": LINK.search(text) is not None and LINK.search(passage) is None,
    }
    return tuple(name for name, is_so in found.items() if is_so)


def contributor(model: str) -> str:
    """By which name a model takes part: one that says what it is."""
    return f"machine: {model}"


def worded(passage: str, text: str, *, name: str, model: str, language: PlainWords = ENGLISH) -> Wording | None:
    """A wording that passed the gate; None for one that did not: the passage stands as it was told."""
    if amiss(passage, text, language):
        return None
    return Wording(passage=name, passage_sha256=sha256(passage), text=text, contributor=contributor(model))


def shown(passages: Mapping[str, str], wordings: Iterable[Wording], *, by: str) -> dict[str, Shown]:
    """Each passage as it is read: worded by a machine where one passed for exactly these words, else as it was told.

    Args:
        passages: the dreamers' own words by name.
        wordings: those that people let stand; () takes every machine out.
        by: how the dreamers are named as authors.
    """
    standing = fitting(passages, wordings)
    return {
        name: Shown(text=standing[name].text, by=standing[name].contributor, own=own)
        if name in standing
        else Shown(text=own, by=by, own=own)
        for name, own in passages.items()
    }


def fitting(passages: Mapping[str, str], wordings: Iterable[Wording]) -> dict[str, Wording]:
    """By passage, the newest wording of just these words; of words that changed since there is none."""
    return {each.passage: each for each in wordings if sha256(passages.get(each.passage, "")) == each.passage_sha256}


def without_machines(wordings: Iterable[Wording], contributor: str = "") -> tuple[Wording, ...]:
    """What stays when people take machines out: nothing of this one, or of any."""
    return tuple(each for each in wordings if contributor and each.contributor != contributor)


def _content(words: Iterable[str], language: PlainWords) -> set[str]:
    return {stem(word, language) for word in words if len(word) > 2 and word not in language.empty}


def _capitalised(text: str) -> set[str]:
    return {word for found in CAPITAL.findall(text) for word in words_of(found)} - ENGLISH.empty


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if word in NUMBERS or any(letter.isdigit() for letter in word)}


def _harm(words: Iterable[str], language: PlainWords) -> set[str]:
    stems = {stem(word, language) for word in HARM}
    return {stem(word, language) for word in words} & stems


def sha256(text: str) -> str:
    """By which the words of a passage are known."""
    return hashlib.sha256(text.encode()).hexdigest()
