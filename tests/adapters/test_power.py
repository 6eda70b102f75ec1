"""What is left in the battery, and does the lock against sleep end with the night?"""

import os
import stat
from pathlib import Path

import pytest

from dreamloom.adapters.power import battery, kept_awake

pytestmark = pytest.mark.real_time


def cell(root: Path, name: str, **facts: str) -> None:
    (root / name).mkdir(parents=True)
    for key, value in facts.items():
        (root / name / key).write_text(value + "\n")


def test_two_cells_are_one_battery(tmp_path: Path) -> None:
    cell(tmp_path, "AC", type="Mains", online="0")
    cell(tmp_path, "BAT0", type="Battery", capacity="10", status="Discharging")
    cell(tmp_path, "BAT1", type="Battery", capacity="60", status="Unknown")
    found = battery(tmp_path)
    assert found is not None
    assert (found.percent, found.is_draining) == (35.0, True)


def test_the_battery_of_a_mouse_does_not_count(tmp_path: Path) -> None:
    cell(tmp_path, "hidpp_battery_0", type="Battery", scope="Device", capacity="3", status="Discharging")
    assert battery(tmp_path) is None


@pytest.mark.parametrize("capacity", ["", "full", "-3"])
def test_a_battery_that_says_nothing_is_none(tmp_path: Path, capacity: str) -> None:
    cell(tmp_path, "BAT0", type="Battery", capacity=capacity)
    assert battery(tmp_path) is None


def test_a_machine_without_the_folder_has_none(tmp_path: Path) -> None:
    assert battery(tmp_path / "nowhere") is None


def program(folder: Path, text: str) -> None:
    path = folder / "systemd-inhibit"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_the_lock_is_held_as_long_as_the_night_and_no_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, f'echo $$ > {tmp_path}/held; shift 4; exec "$@"\n')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with kept_awake() as is_held:
        assert is_held
        holder = int((tmp_path / "held").read_text())
        os.kill(holder, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(holder, 0)


def test_a_lock_that_is_refused_is_not_believed_however_slowly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "sleep 0.4; exit 1\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with kept_awake() as is_held:
        assert not is_held


def test_without_a_keeper_the_night_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with kept_awake() as is_held:
        assert not is_held
