"""Is what somebody shares in a morning circle theirs: opened in what they take home, and gone with them?"""

from pathlib import Path

from dreamloom.house import erasing, gathering
from dreamloom.house.export_mine import export_mine
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.testing.told_mornings import whole_morning

WORDS = "a door of salt stood open"


def test_what_was_shared_in_a_circle_is_taken_home_opened_and_erased(tmp_path: Path) -> None:
    night = night_that_is_over(tmp_path / "house", beds=2, hours=0.01)
    for who in ("S01", "S02"):
        whole_morning(night, who, text=f"{who} saw a lantern.")
    gathering.say(night, "morning", "p1", "shared", text=WORDS)
    export_mine(night.house, "S01", tmp_path / "mine")
    assert WORDS in (tmp_path / "mine" / "nights" / night.name / "shared.jsonl").read_text()
    export_mine(night.house, "S02", tmp_path / "others")
    assert not list((tmp_path / "others").rglob("shared.jsonl"))
    erasing.erase(night.house, "S01")
    assert gathering.own_words(night, "S01") == []
