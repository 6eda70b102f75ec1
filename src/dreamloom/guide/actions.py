"""What may a guide do at all? Ten actions with typed arguments; whatever decides on one chooses, and never writes.

No action holds a text of its own: a question goes by its name, and everything else is a quotation of what the person
said or one word of our own lists. So nobody is told anything here that is not fixed, or theirs.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from dreamloom.guide.wording import Question

Moment = Literal["evening", "before the lock", "after the lock", "architect"]
Refusal = Literal[
    "NOT_JSON", "UNLISTED", "ARGUMENTS", "NOT_NOW", "NOT_THEIR_WORDS", "UNKNOWN_TAG", "NAMES_THEME", "AGAIN", "TOO_LONG"
]
"""Why a choice was not followed: no single JSON object, an action or arguments that there are not, not at this moment
of a talk, a quotation of what was never said, a tag nobody knows, a theme before the lock, the same question twice."""
Quote = Annotated[str, Meta(min_length=1, max_length=160)]
MOST_BYTES = 2_000
"""Of one choice. Ours."""


class Action(Struct, frozen=True, kw_only=True, tag_field="action", forbid_unknown_fields=True):
    """One thing a guide does."""


class Ask(Action, frozen=True, tag="ask"):
    """Asks one of its questions, about something that was said or by itself."""

    question: Question
    about: Annotated[str, Meta(max_length=160)] = ""


class Reflect(Action, frozen=True, tag="reflect"):
    """Says back what was said, word for word."""

    quote: Quote


class SummariseDraft(Action, frozen=True, tag="summarise_draft"):
    """Says back several passages, in the order in which they were said."""

    quotes: Annotated[tuple[Quote, ...], Meta(min_length=1, max_length=6)]


class ProposeTag(Action, frozen=True, tag="propose_tag"):
    """Proposes a word of our vocabulary to somebody who writes a dreamscape."""

    tag: Annotated[str, Meta(max_length=40)]


class ProposeIncubationPhrase(Action, frozen=True, tag="propose_incubation_phrase"):
    """Proposes a sentence for the night, made of the sleeper's own words."""

    words: Quote


class OfferStop(Action, frozen=True, tag="offer_stop"):
    """Offers to end the talk."""


class OfferHuman(Action, frozen=True, tag="offer_human"):
    """Offers a person to talk to."""


class ShowResources(Action, frozen=True, tag="show_resources"):
    """Shows the fixed help card."""


class SaveDraft(Action, frozen=True, tag="save_draft"):
    """Keeps what was said so far."""


class End(Action, frozen=True, tag="end"):
    """Ends the talk."""


AnyAction = (
    Ask
    | Reflect
    | SummariseDraft
    | ProposeTag
    | ProposeIncubationPhrase
    | OfferStop
    | OfferHuman
    | ShowResources
    | SaveDraft
    | End
)
NAMES: tuple[str, ...] = tuple(str(each.__struct_config__.tag) for each in get_args(AnyAction))
ALWAYS = frozenset({"offer_stop", "offer_human", "show_resources", "save_draft", "end"})
ALLOWED: dict[Moment, frozenset[str]] = {
    "evening": ALWAYS | {"ask", "reflect", "propose_incubation_phrase"},
    "before the lock": ALWAYS | {"ask"},
    "after the lock": ALWAYS | {"ask", "reflect", "summarise_draft"},
    "architect": ALWAYS | {"ask", "propose_tag", "summarise_draft"},
}
QUESTIONS_OF: dict[Moment, tuple[Question, ...]] = {
    "evening": ("like_to_dream", "draws_you", "see_first", "hear_there", "dream_sign", "anything_else"),
    "before the lock": ("anything_else",),
    "after the lock": (
        "around", "before", "after", "felt_like", "who_was_there", "how_it_began", "how_it_ended", "like_to_add",
        "anything_else",
    ),
    "architect": ("what_for", "who_for", "what_if_it_wakes", "how_will_you_know", "anything_else"),
}  # fmt: skip
"""Before the lock a dream is told, not asked for: one question, which adds nothing to it."""


_READER: msgspec.json.Decoder[AnyAction] = msgspec.json.Decoder(AnyAction)


class Refused(Exception):
    """A choice that is not followed."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


def decode(text: str) -> AnyAction:
    """One action out of the one JSON object that this text has to be.

    Raises:
        Refused: for anything else.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Refused("TOO_LONG")
    try:
        named = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("NOT_JSON") from None
    if not isinstance(named, dict) or not isinstance(named.get("action"), str):
        raise Refused("NOT_JSON")
    if named["action"] not in NAMES:
        raise Refused("UNLISTED")
    try:
        return _READER.decode(text)
    except msgspec.ValidationError:
        raise Refused("ARGUMENTS") from None


def name_of(action: AnyAction) -> str:
    """As it is listed and counted."""
    return str(type(action).__struct_config__.tag)


def quotes_of(action: AnyAction) -> Sequence[str]:
    """What it says to have been said."""
    match action:
        case Ask():
            return (action.about,) if action.about else ()
        case Reflect():
            return (action.quote,)
        case SummariseDraft():
            return action.quotes
        case ProposeIncubationPhrase():
            return (action.words,)
        case _:
            return ()
