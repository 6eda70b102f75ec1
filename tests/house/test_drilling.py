"""Every drill passes by its own record, and one whose record does not show what it must is told to have failed."""

import pytest

from dreamloom.house.drilling import drill_named, hold
from dreamloom.house.drills import DRILLS, seen
from dreamloom.record.events import PodIsolated
from dreamloom.vocabulary.errors import UsageError


def test_a_check_that_finds_nothing_says_never_and_fails() -> None:
    check = seen.told("PodIsolated", "isolated", within_s=3.0)
    assert check.judge([], "p1", 120.0) == (False, "never")
    soon = PodIsolated(onset_s=121.0, tick=120, pod="p1", rule="no-data")
    assert check.judge([soon], "p1", 120.0) == (True, "after 1 s")
    assert check.judge([soon], "p2", 120.0) == (False, "never")


def test_a_drill_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError) as raised:
        drill_named("fire")
    assert all(name in raised.value.why for name in DRILLS)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", list(DRILLS))
def test_every_drill_passes_by_its_own_record(name: str) -> None:
    done = hold(drill_named(name))
    assert [each for each in done.shown if not each.ok] == []
