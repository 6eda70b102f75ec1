"""Local times of a night in which the clocks change say which of both they are."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dreamloom.gallery.night_clock import night_clock

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_time_that_comes_twice_names_its_offset_and_the_change_is_told() -> None:
    clock = night_clock(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN, ends_s=7200)
    assert clock.local_text(0.0) == "02:30 CEST"
    assert clock.local_text(3600.0) == "02:30 CET"
    assert clock.change_text() == "clocks went from 03:00 CEST to 02:00 CET"


def test_an_hour_that_is_left_out_is_told() -> None:
    clock = night_clock(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), BERLIN, ends_s=3600)
    assert clock.local_text(1799.0, "%H:%M:%S") == "01:59:59 CET"
    assert clock.local_text(1800.0) == "03:00 CEST"
    assert clock.change_text() == "clocks went from 02:00 CET to 03:00 CEST"


def test_a_night_without_a_change_names_no_offset() -> None:
    clock = night_clock(datetime(2027, 3, 28, 1, 30, tzinfo=UTC), BERLIN, ends_s=3600)
    assert (clock.local_text(0.0), clock.change_text()) == ("03:30", "")
