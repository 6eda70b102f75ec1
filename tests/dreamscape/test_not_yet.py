"""Does an author hear what this version does not act on, and that a second is the finest it knows?"""

import pytest

from dreamloom.dreamscape import builtin, checker, reader
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.testing.nights import EAGER


def test_what_is_not_obeyed_is_told_with_its_place() -> None:
    found = not_yet(reader.read(builtin.load("tlr_nap")[0], file="a.yaml"))
    assert {str(one.where).split(":")[0] for one in found} == {"a.yaml"}
    assert '"glow" is no sound, so no training gives it: show it by hand.' in {one.text for one in found}


def test_an_arm_that_differs_in_training_is_told_where_no_training_stands() -> None:
    found = not_yet(reader.read(builtin.load("nrem_tmr_home")[0], file="a.yaml"))
    assert [one.text for one in found] == ["Nothing is practised here before sleep; who trains elsewhere is not known."]
    assert not_yet(reader.read(builtin.load("nightmare_rem_tmr")[0], file="a.yaml")) == []


@pytest.mark.parametrize(
    ("was", "now", "better"),
    [
        ("every: 4 s", "every: 2.5 s", "Write 2 s."),
        ("every: 4 s", "every: 500 ms", "Write 1 s."),
        ("stable_for: 10 s", "stable_for: 10.4 s", "Write 10 s."),
    ],
)
def test_a_time_between_two_seconds_is_refused_with_its_place(was: str, now: str, better: str) -> None:
    text = EAGER.replace(was, now)
    (found,) = [one for one in checker.check(reader.read(text, file="a.yaml")) if one.code == "DL-E361"]
    assert found.severity == "error"
    assert better in found.text
    assert found.where is not None
    assert now in text.splitlines()[found.where.line - 1]
