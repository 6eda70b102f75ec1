"""Do the counts see what a kill took, and are real kills survived?"""

import sys
from pathlib import Path

import pytest

from dreamloom.house import mornings
from dreamloom.house.layout import House
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.testing.browsers import CHROMIUM
from dreamloom.testing.kept_reports import killed_browsers
from dreamloom.testing.killed_tellings import ADDED, judged, pages, tellings
from promises.measured.kept_reports import judged_pages, judged_tellings

NAME, DOORS = "a" * 32, "A hall of doors."
GOOD = {"kills": 8, "in_between": 4, "receipts": 9, "unsaid": 1, "lost": 0, "doubled": 0, "broken": 0}
GOOD = {**GOOD, "mornings": 8, "whole": 8}


def told(house: House, *pieces: str) -> House:
    for number, text in enumerate(pieces):
        mornings.tell(house, Dreamer(sleeper="S01"), NAME, Piece(number=number, recall="content", text=text))
    return house


def test_what_was_received_and_is_not_there_counts_as_lost(tmp_path: Path) -> None:
    house = told(House(tmp_path), DOORS)
    assert judged(house, "S01", "", (DOORS, ADDED), kept=1, locked=False).lost == 0
    assert judged(house, "S01", "", (DOORS, ADDED), kept=2, locked=False).lost == 1
    assert judged(house, "S01", "", (DOORS, ADDED), kept=1, locked=True).lost == 1
    assert judged(house, "S01", "", (DOORS, ADDED), kept=0, locked=False).unsaid == 1
    assert judged(House(tmp_path / "none"), "S01", "", (DOORS,), kept=1, locked=False).lost == 1


def test_what_is_there_twice_or_torn_counts(tmp_path: Path) -> None:
    twice = told(House(tmp_path), DOORS, DOORS)
    assert judged(twice, "S01", "", (DOORS, ADDED), kept=1, locked=False).doubled == 1
    torn = told(House(tmp_path / "torn"), DOORS[:6])
    assert judged(torn, "S01", "", (DOORS, ADDED), kept=0, locked=False).doubled == 1


@pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
def test_a_browser_that_is_killed_brings_the_words_back(tmp_path: Path) -> None:
    assert killed_browsers(1, 1, tmp_path) == {"kills": 1, "kept": 1}


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a terminal its name this way")
def test_tellings_and_pages_that_are_killed_go_on_and_lose_nothing(tmp_path: Path) -> None:
    for found in (tellings(4, 1, tmp_path / "told"), pages(1, tmp_path / "served", beds=2)):
        assert (found.lost, found.doubled, found.broken) == (0, 0, 0)
        assert found.whole == found.mornings > 0


@pytest.mark.parametrize(
    "worse", [{"lost": 1}, {"doubled": 1}, {"broken": 1}, {"whole": 7}, {"in_between": 1}, {"receipts": 0}]
)
def test_one_lost_word_falls_short(worse: dict[str, int]) -> None:
    assert judged_tellings({"tell": GOOD, "page": GOOD}).ok
    none = {"receipts": 0} if worse == {"receipts": 0} else {}
    assert not judged_tellings({"tell": {**GOOD, **worse}, "page": {**GOOD, **none}}).ok


def test_one_browser_that_forgets_falls_short() -> None:
    good = {"ways": {"reload": 1, "offline": 1}, "browsers": {"kills": 4, "kept": 4}}
    assert judged_pages(good).ok
    assert not judged_pages({**good, "browsers": {"kills": 4, "kept": 3}}).ok
    assert not judged_pages({**good, "ways": {"reload": 0, "offline": 1}}).ok
