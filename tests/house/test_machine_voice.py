"""Does a machine in a story stand beside the dreamers' words alone, counted nowhere, and out in one step?"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import erasing, machine_voice, machine_wordings, mornings, spoken_to, weaving
from dreamloom.house.circles import key
from dreamloom.house.layout import NightFolder
from dreamloom.record.machine_events import MachineJoined, MachineRemoved, PassageWorded
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.testing.told_mornings import THEME, invented, whole_morning
from dreamloom.testing.wording_model import ADDED, Worder, passed, worded_by
from dreamloom.vocabulary.errors import RefusedError

BEDS = 9
MACHINE = "machine: words"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    night = night_that_is_over(tmp_path_factory.mktemp("house"), beds=BEDS, hours=0.01)
    for n in range(1, BEDS + 1):
        whole_morning(night, f"S{n:02d}", text=invented(f"S{n:02d}", "tide", themes=THEME, mentions=4))
    return night


@pytest.fixture
def night(told: NightFolder, tmp_path: Path) -> NightFolder:
    shutil.copytree(told.house.root, tmp_path / "house")
    return NightFolder(tmp_path / "house" / "nights" / "tide")


@pytest.fixture
def model(night: NightFolder) -> Iterator[Worder]:
    with worded_by(night.house) as worder:
        yield worder


def events(night: NightFolder, kind: type) -> list[Any]:
    return [each for each in mornings.events_of(night.house) if isinstance(each, kind)]


def test_it_words_passages_under_its_name_and_changes_nothing_that_is_told(night: NightFolder, model: Worder) -> None:
    before = weaving.standing(night)
    joined = machine_voice.join(night, by="anna")
    after = weaving.standing(night)
    passages = [piece for piece in after.weave.pieces if piece.source is not None]
    assert (after.weave.bytes, after.threads, after.waits_for) == (before.weave.bytes, before.threads, before.waits_for)
    assert joined.contributor == MACHINE
    assert 0 < joined.worded < len(passages)
    assert joined.worded + sum(joined.why_not.values()) >= len(passages)
    assert joined.why_not["NAMES"] >= len(passages) // 3
    shown = machine_wordings.wordings(night, after)
    assert {each.contributor for each in shown.values()} == {MACHINE}
    assert not any(ADDED in each.text for each in shown.values())
    assert [(each.contributor, each.by) for each in events(night, MachineJoined)] == [(MACHINE, "anna")]
    assert len(events(night, PassageWorded)) == len(passages)
    assert len(model.asked) == len(passages)
    machine_voice.join(night, by="anna")
    assert len(model.asked) == len(passages)  # what was worded is not asked again


def test_it_is_sent_one_passage_at_a_time_and_nothing_else(night: NightFolder, model: Worder) -> None:
    machine_voice.join(night, by="anna")
    passages = {piece.text for piece in weaving.standing(night).weave.pieces if piece.source is not None}
    for asked in model.asked:
        system, user = (each["content"] for each in asked["messages"])
        assert json.loads(user)["passage"] in passages
        assert set(json.loads(user)) == {"passage"}
        assert "S0" not in system + user.replace(json.loads(user)["passage"], "")


@pytest.mark.usefixtures("model")
def test_any_dreamer_takes_it_out_in_one_step_and_nobody_puts_it_back(night: NightFolder) -> None:
    machine_voice.join(night, by="anna")
    with pytest.raises(RefusedError, match="has told nothing"):
        machine_wordings.remove(night, "S77")
    assert machine_wordings.remove(night, "S04") == (MACHINE,)
    assert machine_wordings.wordings(night, weaving.standing(night)) == {}
    assert [each.contributor for each in events(night, MachineRemoved)] == [MACHINE]
    with pytest.raises(RefusedError) as refused:
        machine_voice.join(night, by="anna")
    assert refused.value.code == "DL-E812"
    erasing.erase(night.house, "S04")
    assert machine_wordings.wordings(night, weaving.standing(night)) == {}  # whoever took it out: it stays out


@pytest.mark.usefixtures("model")
def test_a_wording_goes_with_the_words_it_was_made_of(night: NightFolder) -> None:
    machine_voice.join(night, by="anna")
    found = weaving.standing(night)
    one = next(
        found.speaker(piece) for piece in found.weave.pieces if machine_wordings.wordings(night, found).get(key(piece))
    )
    mornings.share(night.house, mornings.morning_of(night.house, one, "tide").report, ())
    after = weaving.standing(night)
    own = {key(piece) for piece in found.weave.pieces if piece.source and found.speaker(piece) == one}
    assert own.isdisjoint(machine_wordings.wordings(night, after))
    erasing.erase(night.house, one)
    assert not [each for each in events(night, PassageWorded) if each.sleeper == one]


def test_without_a_model_or_its_check_there_is_no_machine(night: NightFolder) -> None:
    with pytest.raises(RefusedError) as refused:
        machine_voice.join(night, by="anna")
    assert refused.value.code == "DL-E810"
    night.house.guide.write_text('[language_model]\nurl = "http://127.0.0.1:9/v1"\nmodel = "words"\n', encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        machine_voice.join(night, by="anna")
    assert refused.value.code == "DL-E811"


def test_what_does_not_answer_leaves_the_dreamers_words_and_is_not_asked_for_ever(night: NightFolder) -> None:
    night.house.guide.write_text('[language_model]\nurl = "http://127.0.0.1:9/v1"\nmodel = "words"\n', encoding="utf-8")
    passed(night.house)
    joined = machine_voice.join(night, by="anna")
    assert (joined.worded, joined.stopped) == (0, "SILENT")
    assert joined.why_not == {"SILENT": 3}


def test_for_somebody_who_sleeps_it_is_not_asked(
    night: NightFolder, model: Worder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = spoken_to.Seen(lying=spoken_to.Lying(pod="p1", since="dark"))
    monkeypatch.setattr("dreamloom.house.spoken_to.seen", lambda *_: asleep)
    joined = machine_voice.join(night, by="anna")
    assert (joined.worded, model.asked) == (0, [])
    assert set(joined.why_not) == {"NOT_NOW"}
