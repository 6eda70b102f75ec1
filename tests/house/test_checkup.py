"""Does the doctor name what is wrong, with a remedy, and nothing else?"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from dreamloom.adapters import own_memory, power
from dreamloom.adapters.power import Battery
from dreamloom.house import checkup
from dreamloom.house.checkup import Finding
from dreamloom.house.layout import House


class Usage(NamedTuple):
    free: int


def worst(findings: list[Finding]) -> Finding:
    return max(findings, key=lambda finding: ("ok", "note", "wrong").index(finding.state))


def test_every_finding_that_is_not_ok_has_a_remedy(tmp_path: Path) -> None:
    found = list(checkup.check_up(House(tmp_path)))
    assert {finding.topic for finding in found} >= {"version", "staging", "disk", "clock", "power", "extra"}
    assert all(finding.remedy for finding in found if finding.state != "ok")


def test_a_disk_too_small_for_a_night_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _: Usage(free=24 * 2**20))
    found = worst(list(checkup.disk(House(tmp_path / "not" / "yet"))))
    assert found.state == "wrong"
    assert "DREAMLOOM_HOUSE" in found.remedy


def test_keys_that_others_can_read_are_wrong(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.keys.mkdir(parents=True)
    house.keys.chmod(0o755)
    assert "chmod" in worst(list(checkup.disk(house))).remedy
    house.keys.chmod(0o700)
    assert worst(list(checkup.disk(house))).state == "ok"


@pytest.mark.parametrize(
    ("meminfo", "found"),
    [
        ("MemTotal: 1 kB\nMemAvailable:   409600 kB\n", ("wrong", "0.4 GB free")),
        ("MemAvailable:  4194304 kB\n", ("ok", "4.0 GB free, a night of 16 beds takes up to 500 MB")),
        ("MemTotal: 1 kB\n", ("ok", "not told here")),
    ],
)
def test_a_night_that_would_not_fit_in_memory_is_told_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, meminfo: str, found: tuple[str, str]
) -> None:
    (tmp_path / "meminfo").write_text(meminfo)
    monkeypatch.setattr(checkup, "free_mb", lambda: own_memory.free_mb(tmp_path / "meminfo"))
    told = next(iter(checkup.memory(House(tmp_path))))
    assert told.state == found[0]
    assert found[1] in told.what
    assert own_memory.free_mb(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("left", "state"),
    [(None, "ok"), (Battery(90.0, is_draining=False), "ok"), (Battery(90.0, is_draining=True), "note"),
     (Battery(12.0, is_draining=True), "wrong")],
)  # fmt: skip
def test_a_battery_that_runs_down_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: Battery | None, state: str
) -> None:
    monkeypatch.setattr(power, "battery", lambda: left)
    assert next(iter(checkup.supply(House(tmp_path)))).state == state


def test_an_extra_that_is_missing_is_a_note_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "find_spec", _none)
    found = list(checkup.extras(House(tmp_path)))
    assert [finding.state for finding in found] == ["note"] * 3
    assert "dreamloom[lsl]" in found[0].remedy


def test_unknown_trees_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dreamloom.vocabulary.errors import StreamError

    def refuse(_: str) -> None:
        raise StreamError("DL-E220", "The trees are not the known ones.", do="Install yasa again.")

    monkeypatch.setattr(checkup, "TreeStager", refuse)
    (found,) = checkup.staging(House(tmp_path))
    assert (found.state, found.remedy) == ("wrong", "Install yasa again.")


_none: Callable[[str], None] = lambda _: None  # noqa: E731 - stands for find_spec
