"""Is a house's own instrument asked in its course, scored by its own rules, and said without a verdict?"""

from pathlib import Path

import pytest

from dreamloom.gallery import log_sentences
from dreamloom.house import course_account, course_packs, courses, outcome_answers
from dreamloom.house.layout import House
from dreamloom.house.outcome_packs import find_pack, packs_of
from dreamloom.testing.courses import NAME, SLEEPER, a_course, days_ago
from dreamloom.vocabulary.errors import UsageError

WEEKLY = """
id = "weekly"
version = 2
language = "en"
title = "A week"
licence = "by leave of its authors"
source = "Somebody, 2026"
may_redistribute = false
item = [
  { name = "one", when = "once", low = 0, high = 3, ask = "How heavy was it?" },
  { name = "two", when = "once", low = 0, high = 3, ask = "How often?" },
]
[[score]]
name = "total"
how = "sum"
items = ["one", "two"]
most_missing = 0
band = [{ at_least = 0, says = "few" }, { at_least = 4, says = "many" }]
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.packs.mkdir(parents=True)
    (house.packs / "weekly.toml").write_text(WEEKLY)
    a_course(house, first=days_ago(12), packs='"nightly", "weekly", "closeness"')
    return house


def answer(house: House, days: int, **answers: int) -> None:
    pack = find_pack(packs_of(house), "weekly")
    outcome_answers.keep(house, SLEEPER, pack, answers, on=days_ago(days).isoformat(), moment="once")


def told(house: House) -> course_account.CourseTold:
    return course_account.course_told(house, NAME, today=days_ago(0))


def test_a_course_asks_its_own_instruments_beside_its_mornings(house: House) -> None:
    course = courses.find_begun(house, NAME).course
    assert [pack.id for pack in course_packs.beside(house, course, language="de")] == ["weekly"]
    (house.packs / "weekly.toml").write_text("broken")
    assert course_packs.beside(house, course) == []


def test_its_scores_are_told_first_and_last_with_what_their_source_calls_them(house: House) -> None:
    assert told(house).scored == []
    answer(house, 9, one=3)
    assert told(house).scored == []
    answer(house, 9, two=2)
    answer(house, 2, one=1, two=0)
    (first, last) = told(house).scored
    assert (first.pack, first.on, first.value, first.band) == ("weekly 2 en", days_ago(9), 5.0, "many")
    assert (last.value, last.band) == (1.0, "few")
    (said, note) = log_sentences.of_scored([first, last])
    assert said.startswith(f"A week, total: 5 on {days_ago(9)} (many), and 1 on {days_ago(2)} (few); told 2 times.")
    assert note == log_sentences.NO_DIAGNOSIS
    shown = log_sentences.scores_shown([first, last])
    assert shown.count("<tr>") == 3


def test_an_answer_of_an_older_version_is_scored_by_that_version(house: House) -> None:
    answer(house, 9, one=3, two=3)
    newer = WEEKLY.replace("version = 2", "version = 3").replace('says = "many"', 'says = "lots"')
    (house.packs / "weekly3.toml").write_text(newer)
    (one,) = told(house).scored
    assert (one.pack, one.band) == ("weekly 2 en", "many")


def test_a_rehearsal_log_stands_in_the_summary(house: House) -> None:
    pack = find_pack(packs_of(house), "rehearsal")
    for days, minutes, unease in ((3, 10, 4), (2, 14, 2), (1, 12, 3)):
        answers = {"minutes": minutes, "unease": unease}
        outcome_answers.keep(house, SLEEPER, pack, answers, on=days_ago(days).isoformat(), moment="rehearsal")
    found = told(house)
    (said,) = log_sentences.of_logs(found.rehearsed, found.begun.course.protocol, found.scored)
    assert said == "Rehearsed on 3 days under IRT-7, 12 minutes in the middle, uneasy 3 of 10."


def test_an_instrument_that_a_house_does_not_have_begins_no_course(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no pack 'weekly'"):
        a_course(House(tmp_path), first=days_ago(2), packs='"weekly"')
