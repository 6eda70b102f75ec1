from pathlib import Path

import pytest

from dreamloom.house.layout import House, find_night


def test_a_folder_that_only_bears_a_nights_name_does_not_hide_the_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DREAMLOOM_HOUSE", "home")
    night = House(Path("home")).night("first")
    for folder in (night.root, tmp_path / "first"):
        folder.mkdir(parents=True)
    night.night_toml.touch()
    assert find_night("first") == night
    assert find_night(str(tmp_path / "first")).root == tmp_path / "first"
