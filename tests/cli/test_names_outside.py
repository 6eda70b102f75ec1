"""Does what leaves the house link no two nights of one sleeper, and does no path name a person or a theme?"""

import json
import re
import shutil
from pathlib import Path

import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.tags import TAGS
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.seals.pseudonyms import night_pseudonym

SLEEPER, OTHER = "Anna-K", "Bert-M"
NEUTRAL = {"recording", "sound", "sounds", "signals", "time"}
"""Words that are tags or themes elsewhere, and here say what kind of file it is."""


def night_of(house: House, name: str) -> NightFolder:
    pods = [
        PodAsked(id=f"p{n}", sleeper=who, source="sim:lucid,start=4h,hours=0.01")
        for n, who in enumerate((SLEEPER, OTHER), 1)
    ]
    return making.write_night(house, name, pods, "nightmare_rem_tmr", seed=len(name))


def exported(command, night: str, role: str) -> list[dict]:
    told = command("export", "events", night, "--role", role)
    assert told.code == 0
    return [json.loads(line) for line in told.out.splitlines()]


def said_names(events: list[dict]) -> set[str]:
    found = {event["sleeper"] for event in events if "sleeper" in event}
    return found | {seat["sleeper"] for event in events for seat in event.get("roster", ())}


@pytest.mark.parametrize("role", ["researcher", "blinded"])
def test_a_sleeper_has_another_name_in_each_night_that_leaves_the_house(command, house: House, role: str):
    names = {}
    for night in ("n1", "n2"):
        night_of(house, night)
        assert command("withdraw", night, SLEEPER).code == 0
        assert command("run", night, "--speed", "max").code == 0
        events = exported(command, night, role)
        text = json.dumps(events)
        assert SLEEPER not in text
        assert OTHER not in text
        names[night] = said_names(events)
        key = FolderVault(house.keys).subject_key(SLEEPER)
        assert night_pseudonym(key, house.night(night).origin) in names[night]
    assert not names["n1"] & names["n2"]
    inside = json.dumps(exported(command, "n1", "house"))
    assert SLEEPER in inside


def test_where_samples_come_from_is_told_outside_by_its_kind_alone(command, house: House):
    night_of(house, "n1")
    assert command("run", "n1", "--speed", "max").code == 0
    (opened,) = [event for event in exported(command, "n1", "researcher") if event["type"] == "NightOpened"]
    assert {seat["source"] for seat in opened["roster"]} == {"sim"}


def test_whoever_was_erased_has_no_name_outside(command, house: House):
    night_of(house, "n1")
    assert command("run", "n1", "--speed", "max").code == 0
    assert command("erase", SLEEPER, "--yes").code == 0
    events = exported(command, "n1", "researcher")
    assert "erased" in said_names(events)
    assert SLEEPER not in json.dumps(events)


def themes() -> set[str]:
    """Names of dreamscapes and cues, tags, and their words: none of them is to be read off a folder."""
    texts = [builtin.load(name)[0] for name in builtin.names()]
    words = {
        *TAGS,
        *builtin.names(),
        *(found for text in texts for found in re.findall(r"^  (\w+): \{kind:", text, re.MULTILINE)),
    }
    return {word.lower() for word in words if len(word) > 3} - NEUTRAL


def test_no_file_or_folder_name_tells_a_person_or_a_theme(command, house: House, tmp_path: Path):
    recording = tmp_path / f"{SLEEPER} nightmares of water.edf"
    night_of(house, "n1")
    assert command("withdraw", "n1", OTHER).code == 0
    assert command("run", "n1", "--speed", "max").code == 0
    for words in (
        ("consent", "slip", SLEEPER),
        ("consent", "exclude", SLEEPER, "p1", "grief"),
        ("report", "n1"),
        ("export", "mine", SLEEPER, house.exports / "x1"),
        ("adverse", "--help"),
    ):
        assert command(*words).code == 0
    shutil.copy(next(house.night("n1").signals.glob("p1*.edf")), recording)
    assert command("replay", recording).code == 0
    night_of(house, "n2")
    assert command("consent", "give", "n2", SLEEPER, "--heard", "all").code == 0
    assert command("run", "n2", "--speed", "max").code == 0
    assert command("consent", "anonymise", OTHER, "--yes", "--receipt", tmp_path / "bert.json").code == 0
    shutil.copytree(house.root, tmp_path / "backup")
    for root in (house.root, tmp_path / "backup"):
        names = [str(path.relative_to(root)).lower() for path in root.rglob("*")]
        assert len(names) > 60
        told = {word for word in (SLEEPER.lower(), OTHER.lower(), "water", *themes()) for name in names if word in name}
        assert told == set()
