"""Is this choice followed, and what is then said? Fixed words, and quotations of what the person said."""

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from dreamloom.dreamscape.tags import NEVER, TAGS
from dreamloom.guide.actions import (
    ALLOWED,
    QUESTIONS_OF,
    AnyAction,
    Ask,
    Moment,
    ProposeIncubationPhrase,
    ProposeTag,
    Reflect,
    Refused,
    SummariseDraft,
    name_of,
    quotes_of,
)
from dreamloom.guide.lint import ThemeWords, found, found_in_fixed
from dreamloom.guide.wording import Wording

MOST_QUOTED_WORDS = 12
"""Said back at once. Ours: a phrase, not a page."""
MOST_AGAIN = {"anything_else": 2}
"""Every other question is asked once about one thing."""


class Situation(Struct, frozen=True, kw_only=True):
    """All that a choice may rest on: one person's own words in this one talk, and nobody else's.

    Attributes:
        moment: of the talk.
        own: what this person said in it, in order.
        asked: questions that were asked, with what they were asked about.
        theme: what must not be named in the evening and before the lock; never shown to whatever decides.
        human: who is there to talk to by this person's own wish; "" for nobody by name.
    """

    moment: Moment
    own: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
    theme: ThemeWords = ThemeWords()
    human: str = ""


class Utterance(Struct, frozen=True, kw_only=True):
    """What is said, and by which action; `quotes` are the passages of the person's own in it."""

    action: str
    text: str
    quotes: tuple[str, ...] = ()


def followed(action: AnyAction, situation: Situation, words: Wording) -> Utterance:
    """What is said for this choice.

    Raises:
        Refused: when it must not be followed here, or names what is not theirs.
    """
    name = name_of(action)
    if name not in ALLOWED[situation.moment]:
        raise Refused("NOT_NOW")
    if isinstance(action, Ask):
        _refuse_question(action, situation)
    if isinstance(action, ProposeTag) and (action.tag not in TAGS or action.tag in NEVER):
        raise Refused("UNKNOWN_TAG")
    quotes = tuple(_their_own(quote, situation.own) for quote in quotes_of(action))
    said = Utterance(action=name, text=_text(action, quotes, situation, words), quotes=quotes)
    if _names_theme(said, situation):
        raise Refused("NAMES_THEME")
    return said


def _names_theme(said: Utterance, situation: Situation) -> bool:
    """In the evening a fixed text is what every sleeper hears; what differs is the passage that is said back."""
    if situation.moment == "evening":
        quoted = any(found(quote, situation.theme) for quote in said.quotes)
        return quoted or bool(found_in_fixed(said.text, situation.theme))
    return situation.moment == "before the lock" and bool(found(said.text, situation.theme))


def filled(text: str, quote: str) -> str:
    """A fixed text with a quotation in its place; braces in the quotation stay what they are."""
    return text.replace("{quote}", quote)


def quoted_run(quote: str, own: Sequence[str]) -> str:
    """These words as the person said them, one after another; "" where nobody said them so."""
    wanted = [re.escape(word) for word in quote.split()]
    if not wanted or len(wanted) > MOST_QUOTED_WORDS:
        return ""
    run = re.compile(r"(?<!\w)" + r"\s+".join(wanted) + r"(?!\w)", re.IGNORECASE)
    hit = next((hit for text in own if (hit := run.search(text))), None)
    return " ".join(seen(hit.group()).split()) if hit else ""


def seen(text: str) -> str:
    """Without signs that nobody sees and that could act on a terminal or a page."""
    return "".join(letter for letter in text if letter in "\n\t " or unicodedata.category(letter)[0] != "C")


def _refuse_question(action: Ask, situation: Situation) -> None:
    if action.question not in QUESTIONS_OF[situation.moment]:
        raise Refused("NOT_NOW")
    if situation.moment == "before the lock" and action.about:
        raise Refused("NOT_NOW")
    about = " ".join(action.about.casefold().split())
    is_once = not about or situation.moment == "evening"
    asked = [question for question, over in situation.asked if over == about or is_once]
    if asked.count(action.question) >= MOST_AGAIN.get(action.question, 1):
        raise Refused("AGAIN")


def _their_own(quote: str, own: Sequence[str]) -> str:
    run = quoted_run(quote, own)
    if not run:
        raise Refused("NOT_THEIR_WORDS")
    return run


def _text(action: AnyAction, quotes: Sequence[str], situation: Situation, words: Wording) -> str:
    match action:
        case Ask():
            asked = words.asked[action.question]
            return filled(asked.about, quotes[0]) if quotes else asked.plain
        case Reflect():
            return filled(words.reflected, quotes[0])
        case SummariseDraft():
            return filled(words.drafted, " … ".join(quotes))
        case ProposeTag():
            return filled(words.tag, action.tag)
        case ProposeIncubationPhrase():
            return filled(words.phrase, filled(words.evening.wish_phrase, quotes[0]))
        case _:
            return _fixed(name_of(action), situation, words)


def _fixed(name: str, situation: Situation, words: Wording) -> str:
    if name == "offer_human" and situation.human:
        return filled(words.human_named, situation.human)
    fixed = {
        "offer_stop": words.stop,
        "offer_human": words.human,
        "show_resources": words.resources,
        "save_draft": words.saved,
        "end": words.end,
    }
    return fixed[name]
