"""Where is help for somebody who asks for it? Fixed cards, each with the day on which its numbers were looked after.

A card is shown because a person asks, never because of a word of a dream. One that nobody looked after lately shows no
number: numbers rot, and a wrong one is worse than none.
"""

import tomllib
from datetime import date, timedelta
from importlib import resources

import msgspec
from msgspec import Struct

from dreamloom.guide.wording import Wording
from dreamloom.vocabulary.errors import UsageError

HOLDS = timedelta(days=180)
"""So long after somebody looked after its numbers. Ours."""
FOLDER = "help_cards"


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place to turn to: who answers, by which number or address, and when."""

    who: str
    how: str
    when: str


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The help of one place.

    Attributes:
        locale: language and country, "de-DE".
        verified_on: the day somebody called each number, or read it where its owner says it.
        verified_by: who.
        expires: from this day on no number is shown.
        source: where the numbers were found.
    """

    locale: str
    verified_on: date
    verified_by: str
    expires: date
    source: str
    lines: tuple[Line, ...]


def shipped() -> dict[str, Card]:
    """Those that come with the product, by locale; each was looked after before it was shipped, and no later."""
    files = resources.files(__package__).joinpath(FOLDER).iterdir()
    return {
        card.locale: card for file in files if file.name.endswith(".toml") for card in [read(file.read_text("utf-8"))]
    }


def read(text: str) -> Card:
    """A card as a TOML file holds it.

    Raises:
        UsageError: DL-E717 for one that says less or more than a card, or would hold for too long.
    """
    try:
        card = msgspec.convert(tomllib.loads(text), Card)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError("DL-E717", f"This is no help card: {error}.", do="Take a shipped one as a pattern.") from None
    if card.expires > card.verified_on + HOLDS:
        raise UsageError(
            "DL-E717",
            f"A help card holds for {HOLDS.days} days, and this one from {card.verified_on} to {card.expires}.",
            do="Call its numbers, then: dreamloom guide cards --verified LOCALE --by NAME",
        )
    return card


def verified(card: Card, *, today: date, by: str) -> Card:
    """The same card, looked after today."""
    return msgspec.structs.replace(card, verified_on=today, verified_by=by, expires=today + HOLDS)


def written(card: Card) -> str:
    """The card as a TOML file."""
    head = (
        f'locale = "{card.locale}"\nverified_on = {card.verified_on}\nverified_by = {_quoted(card.verified_by)}\n'
        f"expires = {card.expires}\nsource = {_quoted(card.source)}\n"
    )
    lines = [
        f"\n[[lines]]\nwho = {_quoted(x.who)}\nhow = {_quoted(x.how)}\nwhen = {_quoted(x.when)}\n" for x in card.lines
    ]
    return head + "".join(lines)


def holds(card: Card | None, today: date) -> bool:
    """Whether its numbers may be shown today."""
    return card is not None and card.verified_on <= today < card.expires


def shown(card: Card | None, today: date, words: Wording) -> tuple[str, ...]:
    """What is shown: the emergency line, then this card's, or that there is none to rely on."""
    if card is None or not holds(card, today):
        return (words.emergency, words.expired)
    return (words.emergency, *(f"{line.who}: {line.how} ({line.when})" for line in card.lines))


def _quoted(text: str) -> str:
    """As TOML reads it; JSON writes strings the same way."""
    return msgspec.json.encode(text).decode()
