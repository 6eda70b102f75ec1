"""What does a person see who erases, takes home, or looks at what is past its time?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from dreamloom.cli import erasures
from dreamloom.house.layout import NightFolder

Command = Callable[..., object]
MakeNight = Callable[..., NightFolder]


@pytest.fixture
def night(command: Command, make_night: MakeNight) -> NightFolder:
    folder = make_night()
    assert command("run", "tide", "--speed", "max").code == 0
    return folder


def test_an_erasure_is_shown_before_asked_for_and_told_and_everything_of_it_verifies(
    command: Command, night: NightFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = command("export", "mine", "S01", str(tmp_path / "home"), "--json")
    assert (home.code, home.data["nights"]) == (0, 1)
    again = command("export", "--mine", "S01", str(tmp_path / "again"), "--json")
    assert (again.code, again.data["events"]) == (0, home.data["events"])
    looked = command("erase", "S01", "--dry-run", "--json")
    assert (looked.code, looked.data["erased"], looked.data["nights"]) == (0, False, 1)
    assert "Of S01 will go:" in looked.err
    monkeypatch.setattr(erasures, "_typed", lambda: "S02")
    refused = command("erase", "S01", "--json")
    assert (refused.code, refused.error["code"]) == (5, "DL-E555")
    assert (night.signals / "p1.edf").exists()
    monkeypatch.setattr(erasures, "_typed", lambda: "S01")
    erased = command("erase", "S01", "--json")
    assert (erased.code, erased.data["erased"], erased.data["rows"]) == (0, True, looked.data["rows"])
    assert not (night.signals / "p1.edf").exists()
    verified = command("verify", "tide", "--json")
    assert (verified.code, verified.data["ok"]) == (0, True)
    assert "of S01 were erased, because they asked for it" in verified.err
    assert command("replay", "tide", "--json").error["code"] == "DL-E452"
    assert command("report", "tide").code == 0
    assert command("run", "tide").code != 0
    assert command("erase", "S01", "--yes").code == 0
    assert command("erase", "S77", "--yes", "--json").error["code"] == "DL-E323"


def test_what_is_past_its_time_is_shown_and_taken(command: Command, night: NightFolder) -> None:
    assert "Nothing is past its time" in command("retention").err
    night.house.retention.write_text("sounds = 0\nreports = 0\n")
    assert command("retention", "--dry-run", "--json").data["taken"] is False
    night.house.retention.write_text("sounds = -2\n")
    assert command("retention").code == 3
