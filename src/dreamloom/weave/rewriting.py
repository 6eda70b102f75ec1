"""May a passage stand that a model rewrote? Only if it says what its dreamer said; else the dreamer's own words do."""

import re
from collections.abc import Callable

from msgspec import Struct

from dreamloom.weave.coding.books import BOOKS
from dreamloom.weave.coding.rules import coded
from dreamloom.weave.languages import LANGUAGES
from dreamloom.weave.words import content_of, words_of

LEAST_KEPT, MOST_NEW = 0.6, 0.25
"""Of the source's content so much must be there, and of the rewritten one so much may be new. Ours."""
MOST_LONGER = 1.5
HARSH = frozenset({("interaction", "aggressive"), ("interaction", "sexual"), ("threat", "threat")})
Rewriter = Callable[[str], str]
"""One passage in, one out; whatever it raises or answers, the source stands."""


class Rewritten(Struct, frozen=True, kw_only=True):
    """What is shown, the source it can be held against, and who wrote it; `why_not` where the source stands."""

    text: str
    source: str
    by: str = ""
    why_not: str = ""


def rewritten(source: str, by: str, rewrite: Rewriter, *, language: str = "en") -> Rewritten:
    """A passage through the gate; the dreamer's own words where it does not open."""
    try:
        text = rewrite(source)
    except (OSError, ValueError, RuntimeError) as error:
        return Rewritten(text=source, source=source, why_not=f"it did not answer ({type(error).__name__})")
    why_not = objection(source, text, language=language)
    return (
        Rewritten(text=source, source=source, why_not=why_not)
        if why_not
        else Rewritten(text=text, source=source, by=by)
    )


def objection(source: str, text: str, *, language: str = "en") -> str:
    """Why a rewritten passage may not stand; "" if it may."""
    told, made = words_of(source), words_of(text)
    if not made or len(made) > MOST_LONGER * len(told) + 5:
        return "it is empty or much longer"
    if set(re.findall(r"\d+", text)) - set(re.findall(r"\d+", source)):
        return "it has a number that was not told"
    if _names(text) - {word.text for word in told}:
        return "it has a name that was not told"
    own, new = (set(content_of((word.text for word in each), LANGUAGES[language])) for each in (told, made))
    if len(own & new) < LEAST_KEPT * len(own):
        return "it leaves out too much of what was told"
    if len(new - own) > MOST_NEW * max(1, len(new)):
        return "it adds too much that was not told"
    return "it is harsher than what was told" if _harsh(text, language) - _harsh(source, language) else ""


def _names(text: str) -> set[str]:
    """Words with a capital that do not begin a sentence, in lower case."""
    return {met.lower() for met in re.findall(r"(?<![.!?] )(?<!^)\b[A-ZÄÖÜ][\w'’-]+", text)} - {"i'm", "i'd", "i've"}


def _harsh(text: str, language: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = {(each.category, each.code) for each in coded(text, BOOKS[language])}
    return found & HARSH
