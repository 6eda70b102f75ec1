"""Do the guide's verbs talk at a terminal, check a model, and show no number that nobody called?"""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dreamloom.cli.app import app
from dreamloom.guide.drift import golden_sha256
from dreamloom.house import mornings
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.record.guide_events import ModelChecked
from dreamloom.testing import live_nights
from dreamloom.testing.obeying_model import ObeyingModel, served


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return live_nights.write(tmp_path, "tide", source="sim:typical,start=1500s,hours=0.04")


def run(*words: str, said: str = "") -> Any:
    return CliRunner().invoke(app, ["guide", *words], input=said)


def data(result: Any) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_evening_at_a_terminal_leaves_out_what_is_left_out(night: NightFolder) -> None:
    said = "the sea\n\n\ny\nn\n\ny\n"
    found = data(run("evening", str(night.root), "S01", "--json", said=said))
    assert found == {
        "sleeper": "S01", "night": "tide", "sentence": "Tonight I would like to dream of the sea.", "sign": "",
        "practised": False, "wants_to_talk": False,
    }  # fmt: skip


def test_a_model_puts_a_sentence_of_their_own_words_between_the_steps(night: NightFolder) -> None:
    model = ObeyingModel()
    with served(model) as url:
        night.house.guide.parent.mkdir(parents=True, exist_ok=True)
        night.house.guide.write_text(f'[language_model]\nurl = "{url}"\nmodel = "m"\n')
        passed = ModelChecked(
            onset_s=0.0, model="m", golden_sha256=golden_sha256(), agreed=1.0, need=1.0, distance=0.0, actions={},
            refused={}, verdict="passed",
        )  # fmt: skip
        append_to_house(night.house, passed)
        model.fixed = '{"action":"propose_incubation_phrase","words":"its well"}'
        said = "the orchard and its well\nn\nn\ny\n\n\nn\n\ny\n"
        result = run("evening", str(night.root), "S01", "--json", said=said)
    assert data(result)["sentence"] == "Tonight I would like to dream of its well."
    assert result.stderr.count("Tonight I would like to dream of its well.") == 4
    assert model.calls == 3


def test_a_talk_that_breaks_off_keeps_nothing(night: NightFolder) -> None:
    result = run("evening", str(night.root), "p1", said="the sea\n")
    assert result.exit_code == 2
    assert "DL-E718" in result.output
    assert not night.house.record.exists()


def test_a_dream_is_talked_over_once_it_is_locked(night: NightFolder) -> None:
    assert "DL-E719" in run("after", str(night.root), "S01").output
    text = "I was on a ferry. The deck was made of paper. Gulls asked for tickets."
    mornings.tell(
        night.house, Dreamer(sleeper="S01", night="tide"), "a" * 32, Piece(number=0, recall="content", text=text)
    )
    mornings.lock(night.house, "a" * 32)
    result = run("after", str(night.root), "S01", "--json", said="warm\nold\n\n\n")
    assert data(result)["answers"] == 2
    assert "I am a program, not a person" in result.stderr


def test_an_author_is_asked(tmp_path: Path) -> None:
    found = data(run("ask", "serial_probe", "--json"))
    assert set(found) == {"questions", "tags"}
    bare = tmp_path / "x.yaml"
    bare.write_text(live_nights.TIRELESS.replace("Let a test hear cues within a minute of night.", "x"))
    assert data(run("ask", str(bare), "--json"))["questions"]


def test_a_model_is_checked_and_one_that_says_one_thing_is_refused(night: NightFolder) -> None:
    house = night.house
    assert "DL-E723" in run("check-model", "--house", str(house.root)).output
    model = ObeyingModel()
    model.fixed = '{"action":"end"}'
    with served(model) as url:
        house.guide.parent.mkdir(parents=True, exist_ok=True)
        house.guide.write_text(f'[language_model]\nurl = "{url}"\nmodel = "m"\n')
        result = run("check-model", "--house", str(house.root), "--json")
    assert result.exit_code == 5
    found = json.loads(result.stdout)
    assert found["error"]["code"] == "DL-E724"
    assert found["actions"] == {"end": 200}
    assert data(run("check-model", "--used", "--house", str(house.root), "--json"))["actions"] == {}


def test_cards_are_out_of_date_until_somebody_called(night: NightFolder) -> None:
    home = str(night.house.root)
    assert not any(card["shown"] for card in data(run("cards", "--house", home, "--json"))["cards"])
    assert run("cards", "--house", home, "--verified", "de-DE").exit_code == 2
    assert run("cards", "--house", home, "--verified", "xx-XX", "--by", "Anna").exit_code == 2
    known = data(run("cards", "--house", home, "--verified", "de-DE", "--by", "Anna", "--json"))["cards"]
    assert {card["locale"]: card["shown"] for card in known} == {"de-DE": True, "en-US": False}
