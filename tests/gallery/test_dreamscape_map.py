"""The map of a night: every scene and step in words, nothing told by colour, the same bytes each time."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dreamloom.cli import dreamscapes
from dreamloom.dreamscape.builtin import load
from dreamloom.dreamscape.explain import explain
from dreamloom.dreamscape.reader import read
from dreamloom.gallery.dreamscape_map import dreamscape_map

FILE = Path(__file__).parents[1] / "dreamscape" / "whole.yaml"
WHOLE = read(FILE.read_text(encoding="utf-8"), file="whole.yaml")
SVG = "{http://www.w3.org/2000/svg}"


def test_every_scene_and_every_step_stands_in_words_on_the_map() -> None:
    root = ET.fromstring(dreamscape_map(WHOLE))
    said = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    for words in ("Evening", "Scene: apart", "Scene: together", "Relay: each of circle", "Dialogue sums", "Morning"):
        assert words in said
    assert "there is an arousal" in said
    assert root.findtext(f"{SVG}title") == "Map of whole_language"


def test_two_steps_join_the_two_scenes_and_three_lines_the_rest() -> None:
    edges = [path for path in ET.fromstring(dreamscape_map(WHOLE)).iter(f"{SVG}path") if path.get("class")]
    assert len(edges) == 5


def test_a_map_is_black_on_white_and_the_same_each_time() -> None:
    drawn = dreamscape_map(WHOLE)
    assert drawn == dreamscape_map(WHOLE)
    assert {part[:7] for part in drawn.split("fill:#")[1:]} <= {"fff;str", "1a1a1a}"}


def test_everything_in_the_whole_language_is_said_in_whole_sentences() -> None:
    said = explain(WHOLE)
    assert not [sentence for sentence in said if not sentence.endswith((".", "?", "”.")) or "  " in sentence]
    for name in (*WHOLE.cues, *WHOLE.groups, *WHOLE.scenes, *WHOLE.dialogues, *WHOLE.arms):
        assert any(name in sentence for sentence in said), name


def test_explain_writes_the_map_and_tells_what_is_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "map.svg"
    dreamscapes.explain(str(FILE), picture=picture, as_json=True)
    out, err = capsys.readouterr()
    assert picture.read_text(encoding="utf-8") == dreamscape_map(read(FILE.read_text(encoding="utf-8"), file="x"))
    assert '"not_yet_obeyed":[{' in out
    assert "accepted, not yet obeyed" in err


def test_schema_is_given_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    dreamscapes.schema()
    assert '"title":"Dreamscape"' in capsys.readouterr().out


def test_check_says_whether_this_version_would_play_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dreamscapes.check("tlr_phone", as_json=False)
    assert "It can be played." in capsys.readouterr().err
    text, _ = load("alpha_onset")
    other = tmp_path / "alpha.yaml"
    other.write_text(text.replace("    every: 1 s ", "    phase: {of: alpha, at: 180 deg}  # ours\n    every: 1 s "))
    dreamscapes.check(str(other), as_json=False)
    assert "play no cue of it" in capsys.readouterr().err
