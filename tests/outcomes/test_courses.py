"""Is each night of a course when it should be, and is a threshold gone over when it is?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dreamloom.outcomes.courses import Course, Hold, Remind, Stretch, amiss, night_of, night_told, schedule
from dreamloom.outcomes.holds import first_over

FIRST = date(2026, 11, 2)
COURSE = Course(
    course="quiet-1",
    sleeper="S01",
    clinician="Dr M",
    first=FIRST,
    night="first",
    hold=Hold(2, 3),
    stretch=(Stretch("baseline", 3), Stretch("cued", 2), Stretch("washout", 1), Stretch("follow-up", 1, 14)),
)


def test_nights_follow_each_other_and_a_follow_up_comes_later() -> None:
    found = schedule(COURSE)
    assert [due.kind for due in found] == ["baseline"] * 3 + ["cued"] * 2 + ["washout", "follow-up"]
    assert [(due.evening - FIRST).days for due in found] == [0, 1, 2, 3, 4, 5, 20]
    assert night_of(COURSE, FIRST + timedelta(days=4)) == found[4]
    assert night_told(COURSE, FIRST + timedelta(days=4)) == found[3]
    assert night_of(COURSE, FIRST + timedelta(days=7)) is None


def test_trial_nights_are_counted_on_across_stretches() -> None:
    stretch = (Stretch("trial", 2), Stretch("washout", 1), Stretch("trial", 2))
    found = schedule(replace(COURSE, stretch=stretch, trial="t"))
    assert [due.trial_night for due in found] == [1, 2, 0, 3, 4]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"clinician": " "}, "Nobody is named"),
        ({"course": "help-for-s01"}, "called after its sleeper"),
        ({"hold": Hold(2, 0)}, "cannot be gone over"),
        ({"stretch": (Stretch("cued", 0),)}, "no night"),
        ({"stretch": (Stretch("cued", 401),)}, "more than 400"),
        ({"trial": "t"}, "come together"),
        ({"timezone": "Nowhere/Else"}, "no time zone"),
        ({"remind": Remind(morning="25:99")}, "no time on a wall"),
        ({"stretch": (Stretch("trial", 2),)}, "come together"),
    ],
)
def test_what_cannot_be_meant_in_a_course_is_told(changed, says: str) -> None:
    assert list(amiss(COURSE)) == []
    assert any(says in what for _, what, _ in amiss(replace(COURSE, **changed)))


def days(*counts: int | None) -> list[tuple[date, int]]:
    return [(FIRST + timedelta(days=n), count) for n, count in enumerate(counts) if count is not None]


def test_a_threshold_is_gone_over_by_more_than_it_says_in_so_many_reported_nights() -> None:
    assert first_over(days(1, 1, 0, 1, 1), Hold(2, 3)) is None
    assert first_over(days(0, 1, 1, 1), Hold(2, 3)) == FIRST + timedelta(days=3)
    assert first_over(days(3), Hold(2, 3)) == FIRST


def test_a_morning_that_was_not_told_is_not_a_morning_without_nightmares() -> None:
    assert first_over(days(1, None, None, 1, None, 1), Hold(2, 3)) == FIRST + timedelta(days=5)


@given(st.lists(st.integers(0, 4), max_size=20), st.integers(0, 6), st.integers(1, 5), st.randoms())
def test_one_nightmare_more_never_lifts_a_hold_and_order_of_telling_is_no_matter(counts, most, nights, random) -> None:
    told, hold = days(*counts), Hold(most, nights)
    found = first_over(told, hold)
    shuffled = random.sample(told, len(told))
    assert first_over(shuffled, hold) == found
    if told:
        n = random.randrange(len(told))
        more = [*told[:n], (told[n][0], told[n][1] + 1), *told[n + 1 :]]
        assert found is None or (first_over(more, hold) or date.max) <= found
