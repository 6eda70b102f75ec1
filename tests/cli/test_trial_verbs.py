"""The verbs of a trial, from its seal to its blindness, each with its data and the one error shape."""

from pathlib import Path

import pytest

from dreamloom.house.layout import House, NightFolder
from dreamloom.testing.trial_nights import NAME, night_in_trial


@pytest.fixture
def night(house: House) -> NightFolder:
    return night_in_trial(house.root)


def test_a_trial_by_its_verbs(command, night: NightFolder, tmp_path: Path) -> None:
    sealed = command("trial", "seal", NAME, night.root, "--nights", 2, "--json").data
    assert sealed["standing"] == "sealed"
    assert len(sealed["commitment_sha256"]) == 64
    assert sealed["design"]["arms"] == ["active", "sham"]
    assert not {"nonce", "schedule"} & set(sealed)
    assert command("trial", "show", NAME, "--json").data == sealed
    told = command("trial", "show", NAME)
    assert told.out == ""
    assert sealed["commitment_sha256"] in told.err
    asked = command("trial", "ask", night.root, "--decoy", "rain", "--decoy", "bird", "--json").data
    assert asked["answers"] == ["active", "sham", "don't know"]
    assert sorted(asked["sheets"][0]["sounds"]) == ["bell", "bird", "rain"]
    assert command("run", night.root, "--speed", "max", "--json").code == 0
    assert command("trial", "open", NAME, "--json").error["code"] == "DL-E538"
    outcomes = tmp_path / "outcomes.csv"
    outcomes.write_text("sleeper,night,answer\nS01,1,sham\n")
    assert command("trial", "blindness", outcomes, "--trial", NAME, "--json").error["code"] == "DL-E544"
    assert command("trial", "lock", NAME, outcomes, "--json").data["standing"] == "locked"
    opened = command("trial", "open", NAME, "--json").data
    (checked,) = opened["nights_checked"]
    assert checked["fits"]
    arm = next(each["arm"] for each in opened["schedule"] if each["night"] == 1)
    assert set(checked["by_arm"]) == {arm}
    assert checked["by_arm"][arm]["due"] == len(checked["cues"]) > 0
    found = command("trial", "blindness", outcomes, "--trial", NAME, "--json").data
    assert found["arms"][arm]["index"] == (1.0 if arm == "sham" else -1.0)
    assert "Every sealed arm is the schedule's" in command("trial", "open", NAME).err
    assert command("verify", night.root).code == 0


def test_answers_with_their_arm_need_no_trial(command, tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    rows = [("active", "active")] * 6 + [("active", "don't know")] * 4 + [("sham", "Active")] + [("sham", "dont know")]
    table.write_text("arm,answer\n" + "\n".join(",".join(row) for row in rows))
    arms = command("trial", "blindness", table, "--json").data["arms"]
    assert (arms["active"]["right"], arms["active"]["wrong"], arms["active"]["dont_know"]) == (6, 0, 4)
    assert arms["active"]["index"] == 0.6
    assert arms["sham"]["index"] == -0.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "its columns are a, b"),
        ("arm,answer\n", "it holds no answer"),
        ("arm,answer\nactive,\n", "there is no answer"),
        ("arm,answer\n,sham\n", "it names no arm"),
        ("arm,night,answer\nsham,one,sham\n", "'one' is no night"),
    ],
)
def test_answers_that_cannot_be_counted_are_named_with_their_line(
    command, tmp_path: Path, text: str, words: str
) -> None:
    table = tmp_path / "answers.csv"
    table.write_text(text)
    error = command("trial", "blindness", table, "--json").error
    assert error["code"] == "DL-E349"
    assert words in error["what"]
    assert str(table) in error["where"]


def test_power_is_told_for_pairs_groups_shares_rooms_and_losses(command) -> None:
    assert command("trial", "power", "--effect", 0.5, "--json").data["people"] == 34
    assert command("trial", "power", "--effect", 0.5, "--compare", "groups", "--json").data["people"] == 64
    assert command("trial", "power", "--effect", 0.5, "--people", 20, "--json").data["power"] == pytest.approx(
        0.56, abs=0.01
    )
    more = command("trial", "power", "--rates", 0.17, 0.5, "--compare", "groups", "--lost", 0.2, "--json").data
    assert more["enrol"] > more["people"] > 30
    rooms = command("trial", "power", "--effect", 0.5, "--cluster", 2, "--icc", 0.5, "--json").data
    assert rooms["enrol"] == 51


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("trial", "power"), "DL-E150"),
        (("trial", "power", "--effect", "0.5", "--rates", "0.1", "0.5"), "DL-E150"),
        (("trial", "power", "--rates", "0", "0.5"), "DL-E150"),
        (("trial", "power", "--effect", "0.5", "--compare", "both"), "DL-E151"),
        (("trial", "power", "--effect", "0.0001"), "DL-E158"),
        (("trial", "show", "none"), "DL-E356"),
        (("trial", "seal", "x", "{night}", "--group", "sea"), "DL-E152"),
        (("trial", "seal", "x", "{night}", "--assign", "acros nights"), "DL-E155"),
        (("trial", "seal", "x", "{night}", "--nights", "3"), "DL-E605"),
        (("trial", "seal", "no name!", "{night}"), "DL-E301"),
        (("trial", "ask", "{night}", "--decoy", "bell"), "DL-E154"),
    ],
)
def test_what_cannot_be_meant_is_told_in_the_one_shape(
    command, night: NightFolder, words: tuple[str, ...], code: str
) -> None:
    told = command(*(word.format(night=night.root) for word in words), "--json")
    assert told.code in {2, 3}
    assert told.error["code"] == code
    assert told.error["do"] or told.error["why"]
