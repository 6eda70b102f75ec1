"""Is help shown with numbers that somebody looked after, and with none that nobody did?"""

from datetime import date, timedelta

import pytest

from dreamloom.guide import cards
from dreamloom.guide.languages import wording
from dreamloom.vocabulary.errors import UsageError

EN = wording("en")
TODAY = date(2026, 11, 22)
CARD = cards.verified(cards.shipped()["de-DE"], today=TODAY, by="Anna")


def test_a_card_looked_after_today_shows_its_numbers_behind_the_emergency_line() -> None:
    first, second = cards.shown(CARD, TODAY, EN)
    assert first == EN.emergency
    assert "TelefonSeelsorge: 0800 111 0 111" in second


@pytest.mark.parametrize("today", [TODAY - timedelta(days=1), CARD.expires, CARD.expires + timedelta(days=400)])
def test_one_that_is_not_shows_the_generic_line_and_no_number(today: date) -> None:
    told = cards.shown(CARD, today, EN)
    assert told == (EN.emergency, EN.expired) == cards.shown(None, today, EN)
    assert not any(letter.isdigit() for line in told for letter in line)


def test_shipped_cards_that_nobody_called_are_out_of_date_from_the_first_day() -> None:
    shipped = cards.shipped()
    assert shipped
    for card in shipped.values():
        assert card.verified_by == "public pages, not called"
        assert not cards.holds(card, TODAY)


def test_a_card_comes_back_as_it_was_written() -> None:
    odd = cards.verified(CARD, today=TODAY, by='Anna "Ann" \\ Ö')
    assert cards.read(cards.written(odd)) == odd


@pytest.mark.parametrize("text", ["", "locale = 3", cards.written(CARD).replace("expires = 2027", "expires = 2031")])
def test_what_is_no_card_or_holds_for_ever_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="DL-E717"):
        cards.read(text)
