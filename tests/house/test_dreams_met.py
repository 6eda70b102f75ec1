"""Are a house's own reports tested, those alone that allow it, against mornings that the same people told before?"""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from dreamloom.house import mornings
from dreamloom.house.dreams_met import Asked, findings, reports_of
from dreamloom.house.layout import House
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.testing import live_nights
from dreamloom.testing.dream_corpus import dream, voice
from dreamloom.testing.dream_words import THEMES

SLEEPERS = 4
MORNINGS = 5


def told(house: House, who: Dreamer, text: str) -> None:
    report = mornings.new_name()
    mornings.tell(house, who, report, Piece(number=0, recall="content", text=text))
    mornings.lock(house, report)
    for step in ("probes", "guess", "outcome"):
        mornings.answer(house, report, step, {"heard": "no"})  # type: ignore[arg-type]  # one of the three
    if not who.night:
        mornings.share(house, report, ("statistics",))


def test_a_night_of_the_house_is_tested_against_mornings_told_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = live_nights.write(tmp_path / "house", "tide", pods=SLEEPERS, source="sim:typical,hours=0.01")
    house = folder.house
    for day in range(1, MORNINGS + 1):
        monkeypatch.setattr(mornings, "utc_now", partial(datetime, 2026, 11, day, 7, tzinfo=UTC))
        for n in range(1, SLEEPERS + 1):
            told(house, Dreamer(sleeper=f"S0{n}"), dream(voice(1, f"S0{n}"), 1, f"n{day}"))
    monkeypatch.undo()
    for n in range(1, SLEEPERS + 1):
        text = dream(voice(1, f"S0{n}"), 1, "cued", themes=THEMES["chess"], mentions=4)
        told(house, Dreamer(sleeper=f"S0{n}", night="tide"), text)
    asked = Asked(source=str(folder.root), themes=["chessboard,pawn,checkmate,bishop,rook,gambit"])
    private = findings(asked)
    assert not private.tests
    assert any("private" in note for note in private.notes)
    for name, each in mornings.of_house(house).items():
        if each.night:
            mornings.reveal(house, folder, name)
            mornings.share(house, name, ("statistics",))
    shared = findings(asked)
    assert shared.nights == ("tide",)
    assert not [each.why for each in shared.refused if each.id == "T1"]
    first = next(each for each in shared.tests if each.id == "T1")
    assert (first.n, first.k) == (SLEEPERS, SLEEPERS)
    assert first.p < 0.01
    assert len(reports_of(str(folder.root))[0]) == SLEEPERS * (MORNINGS + 1)
