"""Is a night that grows out of its memory told of, then silenced, and recorded all the same?"""

from pathlib import Path

import pytest

from dreamloom.adapters.own_memory import resident_mb
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making, memory_watch
from dreamloom.house.layout import House
from dreamloom.house.memory_watch import MemoryWatch, limits
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import GlitchSeen, Held, NightClosed
from dreamloom.vocabulary.units import NightTime


def test_memory_is_told_at_the_first_limit_and_every_bed_held_at_the_second_once_each():
    said: list[str] = []
    looks = iter([None, 499.0, 500.0, 700.0, 1000.0])
    watch = MemoryWatch(["p2", "p1"], lambda: next(looks), warn=said.append)
    story = [(look, watch(NightTime(30.0 * look + since_s))) for look in range(7) for since_s in (0.0, 29.9)]
    told = [(look, [(each.pod, type(each.event)) for each in news]) for look, news in story if news]
    assert told == [(2, [(None, GlitchSeen)]), (4, [("p1", Held), ("p2", Held)])]
    assert ["500 MB" in said[0], "1000 MB" in said[1], len(said)] == [True, True, 2]


def test_more_beds_may_take_more():
    assert limits(1) == limits(16) == (500.0, 1000.0)
    assert limits(64) == (2000.0, 4000.0)


def test_this_process_knows_what_it_holds_also_where_the_kernel_shows_no_file(tmp_path: Path):
    assert 10 < (resident_mb(Path("/proc/self/statm")) or 0) < 100_000
    assert 10 < (resident_mb(tmp_path / "nowhere") or 0) < 100_000


def test_a_live_night_that_grows_is_held_goes_on_recording_and_is_decided_again_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_watch, "LOOK_EVERY_S", 0.1)
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,start=4h,hours=0.01")]
    night = making.write_night(House(tmp_path / "house"), "grown", pods, "nightmare_rem_tmr", seed=3)
    said: list[str] = []
    run_night(night, RunOptions(speed_x=1.0, until_s=3.0, memory_mb=lambda: 1200.0, warn=said.append))
    with read_only(night.record) as record:
        events = list(record.events())
    assert [event.glitch for event in events if isinstance(event, GlitchSeen)] == ["MEMORY_HIGH"]
    assert [(event.pod, event.reason) for event in events if isinstance(event, Held)] == [("p1", "MEMORY_HIGH")]
    assert isinstance(events[-1], NightClosed)
    assert events[-1].tick >= 3, "recording goes on"
    assert any("1200 MB" in line for line in said)
    assert replay_night(night).first_difference is None


def test_a_night_that_stays_small_is_left_alone():
    watch = MemoryWatch(["p1"], lambda: 300.0, warn=pytest.fail)
    assert watch(NightTime(0.0)) == []
