"""The verbs `policy …`: what is shown, what is refused, and what is kept."""

import json

import msgspec

from dreamloom.governance.policy.bundle import canonical, sha256
from dreamloom.governance.policy.shipped import shipped


def test_the_rules_of_a_house_are_shown_with_their_reasons(command):
    told = command("policy", "show", "--json")
    assert told.code == 0
    assert told.data["sha256"] == sha256(shipped())
    assert all(each["reason"] for each in told.data["policies"])
    assert "C5.persuasion" in command("policy", "show").err


def test_a_copy_of_the_shipped_rules_is_fit_and_nothing_is_written_over(command, tmp_path):
    file = tmp_path / "mine.json"
    assert command("policy", "show", "--save", file).code == 0
    assert file.read_bytes() == canonical(shipped())
    assert command("policy", "show", "--save", file).code == 2
    told = command("policy", "check", file, "--json")
    assert (told.code, told.data["fit"], told.data["complaints"]) == (0, True, [])


def test_a_bundle_that_loosens_is_refused_with_every_complaint(command, tmp_path):
    file = tmp_path / "loose.json"
    loose = msgspec.structs.replace(shipped(), allowed_tags=("brand",), examples=())
    file.write_bytes(canonical(loose))
    for verb in (("check", file), ("adopt", file, "--by", "Mara")):
        told = command("policy", *verb, "--json")
        assert (told.code, told.error["code"]) == (5, "DL-E561")
    told = command("policy", "check", file, "--json")
    assert not told.data["fit"]
    assert any("brand" in each for each in told.data["complaints"])
    assert any("no deny example" in each for each in told.data["complaints"])


def test_rules_are_adopted_by_name_and_shown_from_then_on(command, tmp_path, house):
    file = tmp_path / "ours.json"
    file.write_bytes(canonical(msgspec.structs.replace(shipped(), name="ours", version=2)))
    told = command("policy", "adopt", file, "--by", "Mara", "--json")
    assert (told.code, told.data["version"], told.data["by"]) == (0, 2, "Mara")
    assert house.policy.is_file()
    assert command("policy", "show", "--json").data["name"] == "ours"
    file.write_bytes(canonical(shipped()))
    assert command("policy", "adopt", file, "--by", "Mara", "--json").error["code"] == "DL-E562"
    assert command("policy", "adopt", file, "--by", "a\nb", "--json").code == 2


def test_what_is_no_bundle_is_refused_in_the_one_shape(command, tmp_path):
    file = tmp_path / "bad.json"
    for content in (b"", b"{}", json.dumps({"format": "dreamloom policy bundle 1"}).encode(), b"\xff"):
        file.write_bytes(content)
        assert command("policy", "check", file, "--json").code == 3
    assert command("policy", "check", tmp_path / "none.json", "--json").code == 3
