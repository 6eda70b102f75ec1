"""Does a night last that nobody watches? The machine stays awake."""

import os
from pathlib import Path

import pytest

from dreamloom.house import making
from dreamloom.house.assembling import RunOptions
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.running import run_night


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,start=4h,hours=0.01")]
    return making.write_night(House(tmp_path / "house"), "alone", pods, "nightmare_rem_tmr", seed=3)


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
