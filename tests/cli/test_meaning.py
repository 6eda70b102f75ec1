"""Can a person name the folder of a sentence model, is it registered by its hash, and is any other file refused?"""

import csv
from pathlib import Path

import pytest

from dreamloom.adapters.sentence_model import WEIGHTS
from dreamloom.house import meaning, registering
from dreamloom.house.layout import House
from dreamloom.testing import tiny_sentences
from dreamloom.testing.browsers import night_that_waits
from dreamloom.testing.dream_groups import Plan, group


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small model in the place of the published one."""
    monkeypatch.setattr(meaning, "PINNED", tiny_sentences.write(tmp_path / "model"))
    monkeypatch.setattr(meaning, "_KEPT", meaning.OrderedDict())
    return tmp_path / "model"


@pytest.fixture
def told(tmp_path: Path) -> Path:
    path = tmp_path / "told.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["dreamer", "night", "arm", "text"])
        rows.writerows([each.dreamer, each.night, each.arm, each.text] for each in group(5, Plan(n=5)))
    return path


def test_likeness_is_found_by_the_named_model_and_says_so(command, told: Path, folder: Path) -> None:
    plain = command("convergence", told, "--meaning", folder)
    assert plain.code == 0
    assert "Reading reports by their meaning" in plain.err
    assert "what a sentence model makes of each report" in plain.err
    by_model = command("convergence", told, "--meaning", folder, "--json", "--details").data["tests"]
    by_words = command("convergence", told, "--json", "--details").data["tests"]
    assert [each["compared"] for each in (*by_model, *by_words)] == ["meanings", "words"]
    assert by_model[0]["statistic"] != by_words[0]["statistic"]
    assert by_model == command("convergence", told, "--meaning", folder, "--json", "--details").data["tests"]


def test_a_text_is_read_once_and_the_model_only_for_what_is_new(
    command, told: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("convergence", told, "--meaning", folder, "--theme", "glacier", "--json")
    monkeypatch.setattr(meaning.sentence_model, "opened", lambda *_: pytest.fail("every text was read before"))
    ran = command("convergence", told, "--meaning", folder, "--theme", "glacier", "--json", "--details")
    assert [each["compared"] for each in ran.data["tests"]] == ["", "meanings", "meanings"]


def test_what_is_kept_of_texts_has_a_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "MOST_KEPT", 3)
    embed = meaning.embed_of(registering.Registration(), house=None, chosen=folder, far=lambda *_: None)
    assert embed is not None
    assert embed(["a", "b", "c", "d", "a"]).shape == (5, 24)
    assert len(meaning._KEPT) == 3


def test_any_other_file_is_refused_before_anything_is_tested(command, told: Path, folder: Path, tmp_path: Path) -> None:
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes() + b"\x00")
    other = command("convergence", told, "--meaning", folder, "--json")
    assert (other.code, other.error["code"]) == (3, "DL-E841")
    assert all(other.error[each] for each in ("what", "why", "still_works", "do"))
    none = command("convergence", told, "--meaning", tmp_path / "nowhere", "--json")
    assert (none.code, none.error["code"]) == (3, "DL-E840")


def test_a_night_is_registered_by_the_hash_of_the_model_and_finds_it_in_the_house(
    command, house: House, folder
) -> None:
    night = night_that_waits(house.root, hours=0.02)
    asked = ("register", night.root, "--by", "anna", "--test", "T3", "--meaning")
    assert command(*asked, folder / "none", "--json").error["code"] == "DL-E840"
    kept = command(*asked, folder, "--json").data
    assert kept["registration"]["meaning"] == meaning.PINNED.weights
    chosen = registering.registered(night)
    assert chosen is not None
    assert chosen.registration.sha256 == kept["sha256"]
    asks = {"house": house, "chosen": None, "far": lambda *_: None}
    assert meaning.embed_of(chosen.registration, **asks) is None, "nobody named a folder"
    house.meaning.write_text(f'folder = "{folder}"\n')
    embed = meaning.embed_of(chosen.registration, **asks)
    assert embed is not None
    assert embed(["the sea"]).shape == (1, 24)
    assert meaning.embed_of(registering.Registration(), **asks) is None, "it was not registered"


def test_a_wrong_setting_and_another_model_end_with_their_codes(house: House, folder: Path) -> None:
    house.meaning.parent.mkdir(parents=True, exist_ok=True)
    house.meaning.write_text("fodler = 1\n")
    asks = {"house": house, "chosen": None, "far": lambda *_: None}
    with pytest.raises(meaning.ConfigError, match="DL-E842"):
        meaning.embed_of(registering.Registration(meaning=meaning.PINNED.weights), **asks)
    with pytest.raises(meaning.ConfigError, match="DL-E843"):
        meaning.embed_of(registering.Registration(meaning="0" * 64), **{**asks, "chosen": folder})
