"""What may be asked, by whose leave, and what do answers come to? Instruments as files, each with its licence."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.texts import Filled, filled

When = Literal["evening", "morning", "around", "rehearsal", "once"]
"""At which moment an item is asked; `around` is before and after a night."""
NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
FREE = frozenset({"CC0-1.0", "CC-BY-4.0", "public domain"})
"""Licences under which a pack's text may go wherever the product goes. Others stay in the house that brought them."""
NONE_GIVEN = frozenset({"", "none", "unknown", "?", "tbd"})
"""What stands where nobody knows the licence."""


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One question with a whole number for an answer.

    Attributes:
        ask: "" where only a number may be brought in and the text may not be shown.
        words: one for each number from low to high; else low_word and high_word stand at the ends.
    """

    name: str
    when: When
    low: int
    high: int
    ask: str = ""
    words: tuple[str, ...] = ()
    low_word: str = ""
    high_word: str = ""


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """From this score on its source speaks of this; what a band is called diagnoses nothing."""

    at_least: float
    says: str


class Score(Struct, frozen=True, forbid_unknown_fields=True):
    """How answers are put together: their sum or mean, where no more of them are missing than its source allows."""

    name: str
    how: Literal["sum", "mean"]
    items: tuple[str, ...]
    most_missing: int = 0
    band: tuple[Band, ...] = ()


class NeedsHuman(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer or score that a person should know of, if whoever gave it agreed to that."""

    of: str
    at_least: float
    says: str


class Pack(Struct, frozen=True, forbid_unknown_fields=True):
    """One instrument in one language.

    Attributes:
        licence: of its text; a pack without one is refused.
        may_redistribute: its text may be printed, exported and shown beyond the house.
        under_protocol: it is kept only in a course that has a clinician's protocol.
    """

    id: str
    version: int
    language: str
    title: str
    licence: str
    source: str
    may_redistribute: bool
    item: tuple[Item, ...]
    score: tuple[Score, ...] = ()
    needs_human: tuple[NeedsHuman, ...] = ()
    under_protocol: bool = False

    @property
    def reference(self) -> str:
        """As an answer names it."""
        return f"{self.id} {self.version} {self.language}"

    def asked(self, when: When) -> tuple[Item, ...]:
        """Its questions at this moment."""
        return tuple(item for item in self.item if item.when == when)


class Scored(NamedTuple):
    """What the answers of a day came to, and what the source of its pack calls so much; "" where it calls it nothing.

    `pack` is the one that was answered, whole.
    """

    pack: str
    title: str
    name: str
    on: date
    value: float
    band: str


class Flag(Struct, frozen=True):
    """Something a person should know of, in the words of its pack."""

    pack: str
    says: str


def checked(pack: Pack, answers: Mapping[str, object]) -> dict[str, int]:
    """The answers as whole numbers, each within its bounds; what was not answered is simply not there.

    Raises:
        UsageError: for an item that the pack does not have, or a number outside its bounds.
    """
    known = {item.name: item for item in pack.item}
    kept: dict[str, int] = {}
    for name, value in answers.items():
        item = known.get(name)
        if item is None:
            raise _odd(
                pack,
                filled("{pack} asks nothing called {name}.", pack=pack.id, name=repr(name)),
                filled("It asks: {these}.", these=", ".join(known)),
            )
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not item.low <= value <= item.high:
            raise _odd(
                pack,
                filled("{name} = {value} is no answer.", name=name, value=repr(value)),
                filled("It takes a whole number, {low} to {high}.", low=item.low, high=item.high),
            )
        kept[name] = value
    return kept


def scores(pack: Pack, answers: Mapping[str, int]) -> dict[str, float]:
    """What the answers come to; a score with too many answers missing is not there, and is never filled up."""
    found = {}
    for score in pack.score:
        given = [answers[name] for name in score.items if name in answers]
        if given and len(score.items) - len(given) <= score.most_missing:
            mean = sum(given) / len(given)
            found[score.name] = round(mean if score.how == "mean" else mean * len(score.items), 4)
    return found


def band_of(pack: Pack, name: str, value: float) -> str:
    """What its source calls a score so high; "" where it says nothing."""
    bands = [band for score in pack.score if score.name == name for band in score.band if band.at_least <= value]
    return max(bands, key=lambda band: band.at_least).says if bands else ""


def flags(pack: Pack, answers: Mapping[str, int]) -> list[Flag]:
    """What a person should know of."""
    values = {**answers, **scores(pack, answers)}
    return [
        Flag(pack.reference, each.says)
        for each in pack.needs_human
        if each.of in values and values[each.of] >= each.at_least
    ]


Complaint = tuple[tuple[str | int, ...], str, str]
"""Where, what, and what to do."""


def amiss(pack: Pack) -> Iterator[Complaint]:
    """What cannot be meant in this pack."""
    if not pack.item:
        yield ("item",), "It asks nothing.", "Add an [[item]]."
    yield from _items(pack)
    yield from _scores(pack)
    if pack.may_redistribute and pack.licence not in FREE:
        why = f"may_redistribute = true does not go with the licence {pack.licence!r}."
        yield ("may_redistribute",), why, f"Write false, or one of: {', '.join(sorted(FREE))}."


def _items(pack: Pack) -> Iterator[Complaint]:
    names = [item.name for item in pack.item]
    for n, item in enumerate(pack.item):
        if not NAME.fullmatch(item.name) or names.count(item.name) > 1:
            yield ("item", n, "name"), f"An item cannot be called {item.name!r} here.", "Use a short name of its own."
        if item.high <= item.low:
            yield ("item", n, "high"), f"high = {item.high} is not above low = {item.low}.", "Give it two answers."
        if item.words and len(item.words) != item.high - item.low + 1:
            yield ("item", n, "words"), f"{len(item.words)} words stand for other numbers.", "Write one for each."


def _scores(pack: Pack) -> Iterator[Complaint]:
    names = [item.name for item in pack.item]
    for n, score in enumerate(pack.score):
        if unknown := [name for name in score.items if name not in names]:
            yield ("score", n, "items"), f"{unknown[0]!r} is no item.", f"Items: {', '.join(names)}."
    known = {*names, *(score.name for score in pack.score)}
    for n, need in enumerate(pack.needs_human):
        if need.of not in known:
            yield ("needs_human", n, "of"), f"{need.of!r} is no item and no score.", "Name one of them."


def _odd(pack: Pack, what: Filled, why: Filled) -> UsageError:
    return UsageError(
        "DL-E644", what, why=why, do=filled("See: {command}", command=f"dreamloom outcomes ask {pack.id}")
    )
