"""When does a wall show these times? Found once, in the sleeper's own zone, also where clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dreamloom.dreamscape.gate import Gate, LocalTime
from dreamloom.dreamscape.reader import read
from dreamloom.pod.gates import shut_by
from dreamloom.pod.state import opening_state
from dreamloom.pod.wall import Stretch, is_within, on_the_wall
from dreamloom.testing.nights import EAGER, grant_for, plan_of
from dreamloom.vocabulary.units import NightTime

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_S = 3600.0
ENDLESS = float("inf")


def stretches(from_: str, until: str | None, opened: str, zone: ZoneInfo = BERLIN) -> list[tuple[float, float]]:
    ends = f', until: "{until}"' if until else ""
    text = EAGER.replace("when: {stage: R,", f'when: {{local_time: {{from: "{from_}"{ends}}}, stage: R,')
    (found,) = on_the_wall(read(text, file="a.yaml"), datetime.fromisoformat(opened), zone).values()
    return [(each.from_s / HOUR_S, each.until_s / HOUR_S) for each in found]


@pytest.mark.parametrize(
    ("from_", "until", "opened", "hours"),
    [
        ("03:00", None, "2026-11-20T22:00:00+00:00", [(4.0, ENDLESS)]),
        ("03:00", "05:30", "2026-11-20T22:00:00+00:00", [(4.0, 6.5)]),
        ("23:30", "06:30", "2026-11-20T22:45:00+00:00", [(-0.25, 6.75)]),
        ("10:00", "12:00", "2026-11-20T10:30:00+00:00", [(-1.5, 0.5)]),
        ("03:00", None, "2026-11-20T02:30:00+00:00", [(0.0, ENDLESS)]),
    ],
    ids=["from then on", "between", "opened within", "opened within at noon", "opened behind it"],
)
def test_a_time_on_the_wall_is_night_seconds(
    from_: str, until: str | None, opened: str, hours: list[tuple[float, float]]
) -> None:
    assert stretches(from_, until, opened) == hours


@pytest.mark.parametrize(
    ("from_", "until", "opened", "hours"),
    [
        ("02:30", "04:00", "2026-10-24T22:00:00+00:00", [(2.5, 5.0)]),
        ("01:00", "02:30", "2026-10-24T22:00:00+00:00", [(1.0, 2.5)]),
        ("03:00", "04:00", "2026-10-24T22:00:00+00:00", [(4.0, 5.0)]),
        ("02:30", "04:00", "2027-03-27T23:00:00+00:00", [(2.0, 3.0)]),
        ("01:00", "02:30", "2027-03-27T23:00:00+00:00", [(1.0, 2.0)]),
        ("02:10", "02:50", "2027-03-27T23:00:00+00:00", []),
    ],
    ids=[
        "twice: the first",
        "twice: ends at the first",
        "behind the change",
        "left out",
        "ends left out",
        "all left out",
    ],
)
def test_a_night_in_which_clocks_change_finds_each_time_once(
    from_: str, until: str, opened: str, hours: list[tuple[float, float]]
) -> None:
    assert stretches(from_, until, opened) == hours


def test_two_sleepers_of_one_night_have_each_their_own_wall() -> None:
    opened = "2026-11-20T22:00:00+00:00"
    assert stretches("03:00", None, opened, ZoneInfo("Europe/Lisbon")) == [(5.0, ENDLESS)]
    assert stretches("03:00", None, opened, ZoneInfo("Asia/Kolkata"))[0][0] == 0.0


def test_a_gate_on_the_clock_is_shut_outside_its_hours_and_where_no_wall_is_known() -> None:
    plan, _ = plan_of()
    state, asked = opening_state(plan, grant_for(plan), None), LocalTime(from_="03:00")
    gate, wall = Gate(local_time=asked), {asked: (Stretch(NightTime(60.0), NightTime(90.0)),)}
    told = {now_s: shut_by(gate, state, NightTime(now_s), part=0, wall=wall) for now_s in (59.0, 60.0, 89.0, 90.0)}
    assert told == {59.0: "LOCAL_TIME", 60.0: None, 89.0: None, 90.0: "LOCAL_TIME"}
    assert shut_by(gate, state, NightTime(60.0), part=0) == "LOCAL_TIME"
    assert not is_within((), NightTime(0.0))
