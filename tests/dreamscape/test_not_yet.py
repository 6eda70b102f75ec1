"""Does an author hear what this version does not act on, and that a second is the finest it knows?"""

import pytest

from dreamloom.dreamscape import builtin, checker, reader
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.testing.nights import EAGER


def test_what_is_not_obeyed_is_told_with_its_place() -> None:
    text = builtin.load("nightmare_rem_tmr")[0]
    found = not_yet(reader.read(text, file="a.yaml"))
    said = {str(one.where).split(":")[0]: one.text for one in found}
    assert set(said) == {"a.yaml"}
    assert [one.text.split(",")[0] for one in found] == [
        "No training is held before sleep yet.",
        "No training is held before sleep yet; every arm sleeps untrained.",
    ]


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
