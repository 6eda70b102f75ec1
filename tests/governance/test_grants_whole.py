"""Is a grant refused where it stands when it lasts too long, or names a cue nobody heard?"""

import pytest

from dreamloom.governance.consent import Grant, read_grants
from dreamloom.vocabulary.errors import ConfigError, Where

GIVEN = """[S01]
sheet = "home 1 en"
dreamscape_sha256 = "ab"
cues = ["chord", "silence"]
stages = ["R"]
level_cap_db = 40
cues_per_hour = 200
"""


def read(more: str) -> Grant:
    return read_grants(GIVEN + more, file="consent.toml")["S01"]


def test_a_grant_from_before_there_was_any_question_of_hearing_has_heard_all() -> None:
    assert read("").unheard(["memory"]) == ()


def test_a_cue_that_was_neither_heard_nor_chosen_by_tag_is_named() -> None:
    assert read('heard = ["silence"]\n').unheard(["memory"]) == ("chord",)
    assert read('heard = ["silence"]\ntags = ["lucid"]\n').unheard(["memory"]) == ("chord",)
    assert read('heard = []\ntags = ["memory"]\n').unheard(["memory", "rem"]) == ()


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ('tags = ["commercial"]\n', 8),
        ('heard = ["another"]\n', 8),
        ('given = "2026-11-21"\n', 8),
        ('given = "soon"\n', 8),
        ('given = "2026-11-21T21:00:00+01:00"\nexpires = "2026-12-22T21:00:00+01:00"\n', 9),
        ('given = "2026-11-21T21:00:00+01:00"\nexpires = "2026-11-21T20:00:00+01:00"\n', 9),
    ],
)
def test_what_is_missing_or_too_much_is_refused_where_it_stands(more: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        read(more)
    assert caught.value.where == Where("consent.toml", line, 1)
    assert caught.value.do


def test_a_standing_grant_of_thirty_days_is_read() -> None:
    grant = read("given = 2026-11-21T21:00:00+01:00\nexpires = 2026-12-21T21:00:00+01:00\n")
    assert grant.given_at is not None
    assert grant.ends_at() is not None
