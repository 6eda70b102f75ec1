"""Does somebody see of themselves what they told, in a course or out of one, and words of others only as allowed?"""

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from dreamloom.house import courses, outcome_answers, own_outcomes
from dreamloom.house.layout import House
from dreamloom.house.outcome_packs import find_pack, packs_of
from dreamloom.testing.courses import NAME, SLEEPER, a_course, days_ago, tell
from dreamloom.weave.reports import BASELINE, Report

OWN = "heron ladder copper attic whistle lantern gravel orchard"
COMMON = "tide shell lighthouse current foam anchor harbour sail"


def told(house: House, days: int, nightmares: int) -> None:
    pack = find_pack(packs_of(house), "nightly")
    answers = {"nightmares": nightmares}
    outcome_answers.keep(house, SLEEPER, pack, answers, on=days_ago(days).isoformat(), moment="morning")


def test_out_of_a_course_every_night_since_the_first_told_is_counted_and_the_untold_are_shown(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert own_outcomes.own_outcomes(house, SLEEPER, today=days_ago(0)).account.nights == []
    told(house, 4, 1)
    told(house, 1, 0)
    found = own_outcomes.own_outcomes(house, SLEEPER, today=days_ago(0))
    assert found.course is None
    assert list(found.account.measures[0].values) == [1, None, None, 0, None]


def test_a_course_whose_file_was_changed_still_shows_the_mornings(tmp_path: Path) -> None:
    house = House(tmp_path)
    a_course(house, first=days_ago(3))
    tell(house, courses.find_begun(house, NAME).course, 1)
    assert own_outcomes.own_outcomes(house, SLEEPER, today=days_ago(0)).course is not None
    courses.path_of(house, NAME).write_text("course = 'other'")
    found = own_outcomes.own_outcomes(house, SLEEPER, today=days_ago(0))
    assert found.course is None
    assert found.account.adherence.told == 1


def report(dreamer: str, n: int, text: str, *, arm: str = BASELINE, scopes: frozenset[str] = frozenset()) -> Report:
    return Report(dreamer=dreamer, night=f"n{n}", arm=arm, text=text, order=n, scopes=scopes)  # type: ignore[arg-type]


def test_own_words_are_held_against_those_alone_that_others_let_be_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = date(2026, 11, 2)
    counted = frozenset({"statistics"})
    mine = [report(SLEEPER, n, OWN) for n in range(6)] + [report(SLEEPER, 7, COMMON, arm="tide")]
    theirs = [report(who, n, COMMON, arm="tide", scopes=counted) for who in ("S02", "S03", "S04") for n in (7, 8)]
    monkeypatch.setattr(own_outcomes, "_days", lambda *_: {f"n{n}": first + timedelta(days=n) for n in range(9)})

    def voice(others: list[Report]):
        monkeypatch.setattr(own_outcomes, "reports", lambda _: [*mine, *others])
        return own_outcomes.own_words(House(tmp_path), SLEEPER)

    found = voice(theirs)
    assert found.weeks == {1: (0.0, 1)}
    assert found.baseline is not None
    assert found.baseline.value == 1.0
    private = [replace(each, scopes=frozenset()) if each.dreamer == "S04" else each for each in theirs]
    assert "2 others allow their words to be counted" in voice(private).why_not
