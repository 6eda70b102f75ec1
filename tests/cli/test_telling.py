"""Can a morning be told in a terminal, at once or step by step?"""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from dreamloom.house import drawings, mornings
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.told_reports import reports
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.testing.pictures import WHERE, drawn, photo
from dreamloom.testing.told_mornings import THEME, invented, whole_morning


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    return night_that_is_over(tmp_path_factory.mktemp("house"), hours=0.02)


def test_a_report_is_given_as_a_file_and_what_it_may_be_used_for(command, night: NightFolder, tmp_path: Path) -> None:
    (tmp_path / "dream.txt").write_text("A train without rails.")
    told = command("tell", str(night.root), "S01", "--file", str(tmp_path / "dream.txt"), "--share", "weave", "--json")
    assert told.code == 0, told.err
    assert (told.data["locked"], told.data["shared"]) == ("IN_TIME", ["weave"])
    (kept,) = [each for each in reports(night.house) if each.dreamer == "S01"]
    assert (kept.text, kept.scopes) == ("A train without rails.", frozenset({"weave"}))
    again = command("tell", str(night.root), "S01", "--file", str(tmp_path / "dream.txt"))
    assert (again.code, "DL-E618" in again.err) == (5, True)


def test_a_morning_behind_no_night_needs_only_a_name(command, night: NightFolder) -> None:
    told = command("tell", "S07", "--recall", "none", "--house", str(night.house.root), "--json")
    assert (told.code, told.data["night"], told.data["locked"]) == (0, "", "IN_TIME")
    wrong = command("tell", "S07", "--recall", "maybe", "--house", str(night.house.root))
    assert (wrong.code, "DL-E620" in wrong.err) == (2, True)
    assert command("tell", "tide", "--recall", "none", "--house", str(night.house.root)).code == 3


def test_answers_under_a_name_that_is_new_are_kept_and_that_it_is_new_is_said(command, night: NightFolder) -> None:
    house = ("--house", str(night.house.root))
    first = command("outcomes", "tell", "S70", "nightmares=1", *house)
    assert (first.code, "S70 is new" in first.err) == (0, True)
    assert "is new" not in command("outcomes", "tell", "S70", "nightmares=2", *house).err
    assert "DL-E820" in command("outcomes", "tell", "house", "nightmares=1", *house).err


def test_a_drawing_goes_with_the_words_and_what_is_no_picture_keeps_nothing(
    command, night: NightFolder, tmp_path: Path
) -> None:
    house, drawing, dream = ("--house", str(night.house.root)), tmp_path / "sea.jpg", tmp_path / "dream.txt"
    dream.write_text("A train without rails.")
    drawing.write_bytes(b"<svg></svg>")
    told = ("tell", "S71", "--file", str(dream), "--drawing", str(drawing), *house, "--json")
    assert (command(*told).code, "DL-E830" in command(*told).err) == (2, True)
    assert "DL-E836" in command("tell", "S71", "--drawing", str(tmp_path / "none.jpg"), *house).err
    drawing.write_bytes(photo())
    for nothing in (("--recall", "none"), ()):
        refused = command("tell", "S71", *nothing, "--drawing", str(drawing), *house)
        assert refused.code != 0, "words come first"
    assert not [each for each in mornings.of_house(night.house).values() if each.sleeper == "S71"]
    found = command(*told)
    assert (found.code, found.data["drawing"], found.data["locked"]) == (0, True, "IN_TIME"), found.err
    assert WHERE not in (drawings.shown(night.house, found.data["report"]) or b"")
    drawing.write_bytes(drawn())
    assert "DL-E623" in command("tell", "S71", "--drawing", str(drawing), *house).err
    assert "DL-E623" in command("tell", "S71", "--no-drawing", *house).err
    assert "DL-E835" in command("tell", "S71", "--no-drawing", "--drawing", str(drawing), *house).err


def test_until_the_lock_a_drawing_is_added_and_taken_away(command, night: NightFolder, tmp_path: Path) -> None:
    report = mornings.new_name()
    mornings.tell(night.house, Dreamer(sleeper="S72"), report, Piece(number=0, recall="content", text="A stair."))
    (tmp_path / "stair.png").write_bytes(drawn())
    house = ("--house", str(night.house.root), "--json")
    added = command("tell", "S72", "--drawing", str(tmp_path / "stair.png"), *house)
    assert (added.code, added.data["drawing"], added.data["step"]) == (0, True, "more"), added.err
    gone = command("tell", "S72", "--no-drawing", *house)
    assert (gone.code, gone.data["drawing"], gone.data["pieces"]) == (0, False, 1), gone.err


def test_nobody_there_to_be_asked_is_said(command, night: NightFolder) -> None:
    told = command("tell", str(night.root), "S02")
    assert (told.code, "DL-E628" in told.err) == (2, True)


def test_step_by_step_in_a_real_terminal(night: NightFolder) -> None:
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        [sys.executable, "-m", "dreamloom", "tell", str(night.root), "S02"], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, b"1\nA staircase of water.\n\n\n")
    os.write(ours, b"5\nmy aunt\n\n1 2\n1\n3\n1\n")  # probes
    os.write(ours, b"1\n")  # heard
    os.write(ours, b"2\n\n0\n1\n7\n6\n8\n1\n")  # outcome
    os.write(ours, b"\n")  # private, if everybody has told theirs by now
    said = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        said += piece
    assert asked.wait(60) == 0, said.decode()
    assert b"Locked" in said or b"Done" in said
    (kept,) = [each for each in reports(night.house) if each.dreamer == "S02"]
    assert (kept.text, kept.heard) == ("A staircase of water.", False)


def test_a_night_is_woven_and_its_circle_read(command, tmp_path: Path) -> None:
    woven = night_that_is_over(tmp_path / "house", beds=9, hours=0.01)
    assert command("weave", str(woven.root)).code == 5  # all have still to tell
    for n in range(1, 10):
        whole_morning(woven, f"S{n:02d}", text=invented(f"S{n:02d}", "tide", themes=THEME, mentions=4))
    told = command("weave", str(woven.root), "--json")
    assert (told.code, told.data["form"], told.data["ratified"]) == (0, "collage", [])
    assert command("weave", str(woven.root)).out == command("weave", str(woven.root)).out != ""
    assert len(command("weave", str(woven.root), "--public").out) < 200  # nothing is ratified
    assert command("weave", str(woven.root), "--form", "sonnet").code == 2
    empty = command("circle", str(woven.root))
    assert (empty.code, "Nobody has said anything" in empty.err) == (0, True)
