"""Does a night last that nobody watches? The machine stays awake, and neither an empty battery nor a full disk
tears it."""

import os
from functools import partial
from pathlib import Path

import pytest

from dreamloom.adapters.power import battery
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import battery_watch, making
from dreamloom.house.battery_watch import BatteryWatch
from dreamloom.house.disk_watch import DiskWatch, reserve
from dreamloom.house.kept_room import KeptRoom
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import AnyEvent, GlitchSeen, Held, NightClosed, Rearmed, SignalsStored
from dreamloom.vocabulary.errors import Interrupted, RecordError, RefusedError
from dreamloom.vocabulary.units import NightTime


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,start=4h,hours=0.01")]
    return making.write_night(House(tmp_path / "house"), "alone", pods, "nightmare_rem_tmr", seed=3)


def events_of(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemd-inhibit that gives every lock; the file it leaves holds the process that holds one."""
    folder, held = tmp_path / "programs", tmp_path / "held"
    folder.mkdir()
    program = folder / "systemd-inhibit"
    program.write_text(f'#!/bin/sh\necho $$ > {held}\nshift 4\nexec "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return held


class TestAwake:
    def test_the_machine_is_kept_awake_while_a_live_night_runs_and_no_longer(
        self, night: NightFolder, keeper: Path
    ) -> None:
        lived: list[int] = []

        def look(tick: int, *_: object) -> None:
            os.kill(int(keeper.read_text()), 0)
            lived.append(tick)

        said: list[str] = []
        run_night(night, RunOptions(speed_x=1.0, until_s=1.0, listeners=[look], warn=said.append))
        assert lived == [0]
        assert said == []
        with pytest.raises(ProcessLookupError):
            os.kill(int(keeper.read_text()), 0)

    def test_where_nothing_holds_sleep_off_it_is_told_and_the_night_runs(
        self, night: NightFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("dreamloom.adapters.power.keeper", lambda: None)
        said: list[str] = []
        run_night(night, RunOptions(speed_x=1.0, until_s=1.0, warn=said.append))
        (line,) = said
        assert "switch off sleep" in line

    def test_a_night_that_runs_fast_holds_nothing(self, night: NightFolder, keeper: Path) -> None:
        run_night(night, RunOptions(speed_x=None))
        assert not keeper.exists()


@pytest.fixture
def cell(tmp_path: Path) -> Path:
    """A battery as the kernel shows it: full, and running down."""
    folder = tmp_path / "power_supply" / "BAT0"
    folder.mkdir(parents=True)
    for name, value in {"type": "Battery", "capacity": "100", "status": "Discharging"}.items():
        (folder / name).write_text(value + "\n")
    return folder


class TestBattery:
    def test_a_low_battery_is_told_once_until_it_is_charged_that_too_and_the_last_of_it_ends_the_night(
        self, cell: Path
    ) -> None:
        said, stopped, told = list[str](), list[str](), list[tuple[float, str]]()
        watch = BatteryWatch(partial(battery, cell.parent), warn=said.append, stop=stopped.append)
        story = [(21, "Discharging"), (20, "Discharging"), (12, "Discharging"), (12, "Charging"), (11, "Discharging"),
                 (5, "Charging"), (5, "Discharging"), (4, "Discharging")]  # fmt: skip
        for look, (percent, status) in enumerate(story):
            (cell / "capacity").write_text(f"{percent}\n")
            (cell / "status").write_text(f"{status}\n")
            for since_s in (0.0, 10.0, 29.9):  # between two looks nothing is asked
                news = watch(NightTime(30.0 * look + since_s))
                told.extend((each.known_s, each.event.glitch) for each in news)
        low, charged = "BATTERY_LOW", "BATTERY_CHARGED"
        assert told == [(30.0, low), (90.0, charged), (120.0, low), (150.0, charged), (180.0, low)]
        assert stopped == ["battery at 5 %"]
        assert len(said) == 3
        assert "20 %" in said[0]
        assert "plug the machine in" in said[0]

    def test_a_machine_without_a_battery_is_left_alone(self, tmp_path: Path) -> None:
        watch = BatteryWatch(partial(battery, tmp_path / "nowhere"), warn=pytest.fail, stop=pytest.fail)
        assert watch(NightTime(0.0)) == []

    def test_a_live_night_that_runs_out_of_battery_is_silenced_and_closed_whole(
        self, night: NightFolder, cell: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(battery_watch, "LOOK_EVERY_S", 0.1)
        (cell / "capacity").write_text("18\n")

        def drain(tick: int, *_: object) -> None:
            if tick == 1:
                (cell / "capacity").write_text("4\n")

        said: list[str] = []
        options = RunOptions(battery=partial(battery, cell.parent), listeners=[drain], warn=said.append)
        with pytest.raises(Interrupted, match="battery at 4 %"):
            run_night(night, options)
        events = events_of(night)
        assert [event.glitch for event in events if isinstance(event, GlitchSeen)] == ["BATTERY_LOW"]
        closed = events[-1]
        assert isinstance(closed, NightClosed)
        assert (closed.status, closed.reason) == ("interrupted", "battery at 4 %")
        assert verify_night(night).ok
        assert replay_night(night).first_difference is None

    def test_no_live_night_begins_on_the_last_of_a_battery(self, night: NightFolder, cell: Path) -> None:
        (cell / "capacity").write_text("3\n")
        with pytest.raises(RefusedError, match="3 % and running down") as caught:
            run_night(night, RunOptions(battery=partial(battery, cell.parent)))
        assert caught.value.code == "DL-E532"
        assert not night.record.exists()


PLENTY_MB = 1000.0


class Room:
    """A disk that fills as a night goes on: so much is free from each of these ticks on."""

    def __init__(self, free_mb: dict[int, float]) -> None:
        self.tick = 0
        self._free_mb = free_mb

    def pass_by(self, tick: int, *_: object) -> None:
        self.tick = tick

    def __call__(self, place: Path) -> float | None:
        kept = place / "kept-room"
        taken_mb = kept.stat().st_size / 2**20 if kept.exists() else 0.0
        return [free for since, free in self._free_mb.items() if since <= self.tick][-1] - taken_mb


class TestDisk:
    def test_more_beds_need_more_room_and_cues_end_before_recording_does(self) -> None:
        assert reserve(1) < reserve(2) < reserve(16)
        for beds in (1, 16):
            assert list(reserve(beds)) == sorted(reserve(beds), reverse=True)
            assert len(set(reserve(beds))) == 3

    def test_beds_are_held_once_and_the_night_ends_at_the_second_mark(self, night: NightFolder, tmp_path: Path) -> None:
        said, stopped = list[str](), list[str]()
        free_mb = iter([None, 19.0, 12.0, 12.0, 12.0, 6.0])
        room = KeptRoom(tmp_path / "room", 0.0)
        watch = DiskWatch(night, ["p1"], lambda _: next(free_mb), room=room, warn=said.append, stop=stopped.append)
        story = [(look, watch(NightTime(10.0 * look + since_s))) for look in range(8) for since_s in (0.0, 9.9)]
        assert [(look, [type(each.event) for each in news]) for look, news in story if news] == [(2, [Held])]
        assert stopped == ["disk nearly full"]
        assert ["12.0 MB free" in line for line in said] == [True]
        assert watch.full is not None
        assert (
            f"Free at least 13 MB (an hour of one bed takes up to 12 MB), then it goes on: dreamloom run {night.root}"
            in (watch.full.do)
        )

    def test_a_night_without_room_to_begin_is_refused_with_how_much_to_free(self, night: NightFolder) -> None:
        with pytest.raises(RecordError, match="too little room") as caught:
            run_night(night, RunOptions(speed_x=None, free_mb=lambda _: 4.5))
        assert "4.5 MB free" in caught.value.what
        assert caught.value.code == "DL-E444"
        assert "Free at least 15 MB" in caught.value.do
        assert not night.record.exists()

    def test_room_for_the_end_is_taken_while_a_night_runs_and_given_back_before_it_is_closed(
        self, night: NightFolder
    ) -> None:
        taken = list[int]()

        def look(*_: object) -> None:
            taken.append(night.kept_room.stat().st_blocks * 512)

        run_night(night, RunOptions(speed_x=None, until_s=NightTime(40.0), listeners=[look]))
        assert set(taken) == {int(reserve(1).to_record_mb * 2**20)}
        assert not night.kept_room.exists()
        assert verify_night(night).ok

    def test_a_disk_with_less_than_is_to_be_kept_keeps_nothing(self, tmp_path: Path) -> None:
        with KeptRoom(tmp_path / "nowhere" / "room", 1.0) as room:
            assert room.held_mb == 0.0
        with KeptRoom(tmp_path / "room", 1.0) as room:
            assert room.held_mb == 1.0
            room.give_back()
            assert (room.held_mb, list(tmp_path.iterdir())) == (0.0, [])

    @pytest.mark.slow
    def test_a_disk_that_fills_silences_first_ends_the_night_open_and_whole_and_it_goes_on_with_room(
        self, tmp_path: Path
    ) -> None:
        pods = [PodAsked(id=pod, sleeper=f"S-{pod}", source="sim:deep,hours=0.05") for pod in ("p1", "p2")]
        night = making.write_night(House(tmp_path / "house"), "full", pods, "nightmare_rem_tmr", seed=3)
        room = Room({0: PLENTY_MB, 60: 15.0, 120: 5.0})
        said: list[str] = []
        with pytest.raises(RecordError) as caught:
            run_night(night, RunOptions(speed_x=None, free_mb=room, listeners=[room.pass_by], warn=said.append))
        assert caught.value.code == "DL-E445"
        assert len(said) == 1
        events = events_of(night)
        held = [event for event in events if isinstance(event, Held)]
        assert [event.pod for event in held] == ["p1", "p2"]
        assert max(event.tick for event in held) < 75
        assert events[-1].tick >= 119, "recording goes on while the beds are held"
        assert not any(isinstance(event, NightClosed) for event in events)
        assert verify_night(night).ok
        again = RunOptions(speed_x=None, free_mb=lambda _: PLENTY_MB, rearm=True)
        run_night(night, again)
        events = events_of(night)
        assert isinstance(events[-1], NightClosed)
        assert [event.pod for event in events if isinstance(event, Rearmed)] == ["p1", "p2"]
        assert sum(isinstance(event, SignalsStored) for event in events) == 8
        assert verify_night(night).ok
        assert replay_night(night).first_difference is None
