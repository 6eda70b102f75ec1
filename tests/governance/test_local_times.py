"""A time on the wall is one moment of the night, and the earlier one where the clocks leave a choice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.governance.local_times import change_within, first_after

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN, SPRING = datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2027, 3, 27, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "written", "utc", "found"),
    [
        (AUTUMN, "03:00", "2026-10-25T02:00:00+00:00", "ONCE"),
        (AUTUMN, "02:30", "2026-10-25T00:30:00+00:00", "TWICE"),
        (AUTUMN + timedelta(hours=4, minutes=45), "02:30", "2026-10-25T01:30:00+00:00", "TWICE"),
        (AUTUMN, "23:00", "2026-10-24T21:00:00+00:00", "ONCE"),
        (SPRING, "03:00", "2027-03-28T01:00:00+00:00", "ONCE"),
        (SPRING, "02:30", "2027-03-28T01:00:00+00:00", "LEFT_OUT"),
        (SPRING, "01:59:59", "2027-03-28T00:59:59+00:00", "ONCE"),
        (SPRING, "07:00", "2027-03-28T05:00:00+00:00", "ONCE"),
    ],
)
def test_a_time_on_the_wall_is_one_moment_in_the_nights_the_clocks_change(
    opened: datetime, written: str, utc: str, found: str
) -> None:
    told = first_after(time.fromisoformat(written), opened, BERLIN)
    assert (told.at.astimezone(UTC).isoformat(), told.found) == (utc, found)


@given(
    st.integers(1_577_836_800, 1_893_456_000),
    st.times(),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_it_is_always_ahead_and_never_later_than_two_days_of_clocks(utc_s: int, written: time, name: str) -> None:
    opened = datetime.fromtimestamp(utc_s, tz=UTC)
    told = first_after(written, opened, ZoneInfo(name))
    assert timedelta() < told.at - opened <= timedelta(hours=49)
    assert (told.at.time() == written) == (told.found != "LEFT_OUT")


def test_the_moment_of_a_change_is_found_to_the_second() -> None:
    hours = timedelta(hours=8, microseconds=7)
    assert change_within(AUTUMN, AUTUMN + hours, BERLIN) == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert change_within(SPRING, SPRING + hours, BERLIN) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert change_within(SPRING, SPRING + timedelta(hours=4), BERLIN) is None
