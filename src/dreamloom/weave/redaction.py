"""What in a report could tell who dreamt it? Proposals that its dreamer looks through; nothing is changed silently."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from dreamloom.weave.languages import listed
from dreamloom.weave.words import WORD, sentences_of

Why = Literal["e-mail", "address of a page", "telephone", "date", "street address", "your own list", "a name perhaps"]
PATTERNS: tuple[tuple[Why, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("address of a page", re.compile(r"(?:https?://|www\.)[^\s<>\"']+[^\s<>\"'.,;:!?)]")),
    (
        "date",
        re.compile(
            r"\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|(?:\d{1,2}(?:st|nd|rd|th|\.)? (?:of )?)?(?:"
            r"January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|"
            r"Juni|Juli|Oktober|Dezember)(?: \d{1,2}(?:st|nd|rd|th)?)?(?:,? \d{4})?)\b(?! be\b)"
        ),
    ),
    (
        "street address",
        re.compile(
            r"\b(?:\d{1,5}[a-z]? (?:[A-Z][\w'’-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Place|"
            r"Way)\b\.?|(?:[A-ZÄÖÜ][\w-]*(?:straße|strasse|weg|platz|gasse|allee)) \d{1,4}[a-z]?\b)"
        ),
    ),
    ("telephone", re.compile(r"(?<![\w/])(?:\+|00)?\d(?:[\s()/.-]?\d){6,14}(?!\w)")),
)
NAMES: dict[Why, str] = {
    "e-mail": "address",
    "address of a page": "address",
    "telephone": "number",
    "date": "day",
    "street address": "place",
    "your own list": "somebody",
    "a name perhaps": "Person",
}
NO_NAMES = frozenset(
    listed(
        "I I'm I'd I've I'll I’m I’d I’ve I’ll Monday Tuesday Wednesday Thursday Friday Saturday Sunday Christmas "
        "Easter English German French Spanish Italian European American God TV OK REM EEG Mr Mrs Ms Dr Mum Mom Dad"
    )
)
"""Words with a capital that name nobody. Ours."""


class Proposal(Struct, frozen=True, kw_only=True):
    """Characters [start, end) of a report, and what could stand there instead; the dreamer accepts it or not."""

    start: int
    end: int
    said: str
    instead: str
    why: Why


def proposals(text: str, *, own: Iterable[str] = (), nouns_have_capitals: bool = False) -> list[Proposal]:
    """What a dreamer is asked about, in order; the same name gets the same stand-in through the whole text.

    Args:
        text: the report.
        own: people and places that this dreamer wants hidden.
        nouns_have_capitals: as in German: a capital inside a sentence then tells nothing.
    """
    found: list[tuple[int, int, Why]] = []
    for entry in sorted({each.strip() for each in own if each.strip()}, key=lambda each: (-len(each), each)):
        for met in re.finditer(rf"(?<!\w){re.escape(entry)}(?!\w)", text, re.IGNORECASE):
            _add(found, met.start(), met.end(), "your own list")
    for why, pattern in PATTERNS:
        for met in pattern.finditer(text):
            _add(found, met.start(), met.end(), why)
    if not nouns_have_capitals:
        for name in sorted({text[start:end] for start, end in _capitals(text)}, key=lambda name: (-len(name), name)):
            for part in (name, *(name.split() if " " in name else ())):
                for met in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text):
                    _add(found, met.start(), met.end(), "a name perhaps")
    return _named(text, sorted(found))


def redacted(text: str, accepted: Sequence[Proposal]) -> str:
    """The text with what its dreamer accepted."""
    made, at = [], 0
    for each in sorted(accepted, key=lambda proposal: proposal.start):
        made += [text[at : each.start], each.instead]
        at = each.end
    return "".join([*made, text[at:]])


def within(accepted: Sequence[Proposal], start: int, end: int) -> list[Proposal]:
    """Those that touch these characters, cut to them and counted from their beginning."""
    return [
        Proposal(
            start=max(each.start, start) - start,
            end=min(each.end, end) - start,
            said=each.said,
            instead=each.instead,
            why=each.why,
        )
        for each in accepted
        if each.start < end and start < each.end
    ]


def _add(found: list[tuple[int, int, Why]], start: int, end: int, why: Why) -> None:
    if not any(first < end and start < last for first, last, _ in found):
        found.append((start, end, why))


def _capitals(text: str) -> list[tuple[int, int]]:
    """Words with a capital inside a sentence, those that follow each other as one."""
    places: list[tuple[int, int]] = []
    for sentence in sentences_of(text):
        words = list(WORD.finditer(text, sentence.start, sentence.end))
        for word in words[1:]:
            said = word.group()
            if not said[0].isupper() or said in NO_NAMES or said.removesuffix("'s").removesuffix("’s") in NO_NAMES:
                continue
            end = word.end() - (2 if said.endswith(("'s", "’s")) else 0)
            if places and text[places[-1][1] : word.start()] == " ":
                places[-1] = (places[-1][0], end)
            else:
                places.append((word.start(), end))
    return places


def _named(text: str, found: Sequence[tuple[int, int, Why]]) -> list[Proposal]:
    numbers: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    made = []
    whole = [text[start:end] for start, end, why in found if why == "a name perhaps"]
    for start, end, why in found:
        kind, said = NAMES[why], text[start:end]
        key = (kind, next((name for name in whole if said in name.split()), said).casefold())
        if key not in numbers:
            counts[kind] = counts.get(kind, 0) + 1
            numbers[key] = counts[kind]
        made.append(Proposal(start=start, end=end, said=said, instead=f"[{kind} {numbers[key]}]", why=why))
    return made
