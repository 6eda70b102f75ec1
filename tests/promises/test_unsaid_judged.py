"""Is a night that told its theme too early judged to have told it?"""

import pytest

from promises.measured.unsaid_themes import judged_unsaid

GOOD = {"texts": 1000, "octets": 2_800_000, "reached": 80, "cues": 9, "leaks": {}, "to_staff": 4, "after_lock": True}


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ({}, True),
        ({"leaks": {"in the night: GET /pod": ["foghorn"]}}, False),
        ({"texts": 100}, False),
        ({"cues": 0}, False),
        ({"to_staff": 0}, False),
        ({"after_lock": False}, False),
    ],
)
def test_a_word_told_or_one_that_could_not_be_found_falls_short(change: dict[str, object], is_kept: bool) -> None:  # noqa: FBT001
    assert judged_unsaid({**GOOD, **change}).ok is is_kept
