"""Is a grant read as it was given? Bounds, choices and its end; nothing is ever filled in that could sound."""

import math
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.governance.consent import PURPOSES, Grant, grant_place, read_grants
from dreamloom.vocabulary.errors import ConfigError, Where
from dreamloom.vocabulary.units import BEDROOM_MAX_DB

GIVEN = """[S01]
sheet = "v3"
dreamscape_sha256 = "ab"
cues = ["chord", "silence"]
stages = ["R"]
level_cap_db = 40
cues_per_hour = 200
"""


def read(text: str) -> dict[str, Grant]:
    return read_grants(text, file="consent.toml")


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return caught.value


def refusal(text: str) -> ConfigError | None:
    """How a text is refused; None when it is read."""
    try:
        read(text)
    except ConfigError as error:
        return error
    return None


def test_what_is_not_said_is_the_narrowest() -> None:
    grant = read(GIVEN)["S01"]
    assert grant.rearm_after_crash == "never"
    assert grant.purposes == ("cue", "keep derived")
    assert grant.relay_from == grant.relay_to == ()
    assert grant.ends_at() is None


@pytest.mark.parametrize("key", ["sheet", "dreamscape_sha256", "cues", "stages", "level_cap_db", "cues_per_hour"])
def test_nothing_that_matters_may_be_left_out(key: str) -> None:
    lines = [line for line in GIVEN.splitlines() if not line.startswith(key)]
    error = refused("\n".join(lines))
    assert error.what == f"'{key}' is missing in [S01]."
    assert error.where == Where("consent.toml", 1, 1)


@given(st.floats())
def test_no_level_above_the_cap_is_ever_read(level_db: float) -> None:
    number = "nan" if math.isnan(level_db) else str(level_db).replace("e", "e")
    try:
        grant = read(GIVEN.replace("level_cap_db = 40", f"level_cap_db = {number}"))["S01"]
    except ConfigError as error:
        assert not 0 <= level_db <= BEDROOM_MAX_DB
        assert error.code == "DL-E312"
    else:
        assert 0 <= grant.level_cap_db <= BEDROOM_MAX_DB


@pytest.mark.parametrize("cues", [-1, 3601])
def test_cues_an_hour_have_a_bound(cues: int) -> None:
    assert "outside 0 to 3600" in refused(GIVEN.replace("= 200", f"= {cues}")).what


def test_purposes_are_separate_and_known() -> None:
    assert read(GIVEN + f"purposes = {list(PURPOSES)}")["S01"].purposes == PURPOSES
    assert "'sell' is not one of the purposes" in refused(GIVEN + 'purposes = ["cue", "sell"]').what


def test_an_end_is_read_as_text_and_as_a_time() -> None:
    for written in ('"2026-11-21T10:00:00+01:00"', "2026-11-21T10:00:00+01:00", "2026-11-21 09:00:00Z"):
        assert read(GIVEN + f"expires = {written}")["S01"].ends_at() == datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize("written", ['"03:00"', "03:00:00"])
def test_an_end_may_be_a_time_on_the_wall_until_its_night_makes_a_moment_of_it(written: str) -> None:
    grant = read(GIVEN + f"expires = {written}")["S01"]
    opened = datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert grant.local_end == time(3)
    assert grant.resolved_at(opened, ZoneInfo("Europe/Berlin")).expires == "2026-10-25T03:00:00+01:00"


@pytest.mark.parametrize(
    "written", ['"soon"', '"25:00"', '"3:00"', "2026-11-21T10:00:00", '"2026-11-21"', "2026-11-21", "7", '""']
)
def test_an_end_without_a_zone_is_no_end(written: str) -> None:
    error = refused(GIVEN + f"expires = {written}")
    assert (error.code, error.where) == ("DL-E312", Where("consent.toml", 8, 1))


@pytest.mark.parametrize("text", ["S01 = 1", 'S01 = "yes"', "[[S01]]"])
def test_a_grant_is_a_table(text: str) -> None:
    assert "is not a table" in refused(text).what


def test_every_sleepers_table_has_its_place() -> None:
    text = GIVEN + "\n" + GIVEN.replace("[S01]", '["S 02"]')
    assert grant_place(text, file="consent.toml", sleeper="S 02") == Where("consent.toml", 9, 1)
    wrong = text.replace("level_cap_db = 40", "level_cap_db = 50").replace("= 50", "= 40", 1)
    assert refused(wrong).where == Where("consent.toml", 14, 1)


@given(st.text(max_size=60))
def test_any_text_gives_grants_or_a_placed_refusal(text: str) -> None:
    error = refusal(text)
    assert error is None or error.where is not None
