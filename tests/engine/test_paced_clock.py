"""Does night time go at the pace it is told, and stand still when told so?"""

import pytest

from dreamloom.engine import clocks
from dreamloom.engine.clocks import PacedClock
from dreamloom.vocabulary.units import NightTime


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Wall time by hand; whoever sleeps moves it."""
    at = {"s": 100.0}
    monkeypatch.setattr(clocks, "boot_s", lambda: at["s"])
    monkeypatch.setattr(clocks.time, "sleep", lambda s: at.update(s=at["s"] + s))
    return at


def test_each_look_finds_what_went_by_at_the_pace_of_that_look(wall: dict[str, float]) -> None:
    pace = {"x": 10.0}
    clock = PacedClock(lambda: pace["x"], start_s=NightTime(5.0))
    wall["s"] += 0.05
    assert clock.now_s() == pytest.approx(5.5)
    pace["x"] = 0.0
    wall["s"] += 60.0
    assert clock.now_s() == pytest.approx(5.5)
    pace["x"] = 2.0
    wall["s"] += 0.4
    assert clock.now_s() == pytest.approx(6.3)


def test_whoever_waits_looks_again_soon_so_that_a_new_pace_holds_at_once(wall: dict[str, float]) -> None:
    pace = {"x": 0.0}
    clock = PacedClock(lambda: pace["x"])
    clock.wait_until(NightTime(1.0))
    assert wall["s"] == pytest.approx(100.0 + PacedClock.REST_S)
    pace["x"] = 10.0
    clock.wait_until(NightTime(0.7))
    assert wall["s"] == pytest.approx(100.0 + PacedClock.REST_S + 0.02)  # half a second went by as it looked


def test_a_machine_that_stood_still_is_not_hurried_after(wall: dict[str, float]) -> None:
    clock = PacedClock(lambda: 120.0)
    wall["s"] += 60.0
    assert clock.now_s() == PacedClock.MOST_S
