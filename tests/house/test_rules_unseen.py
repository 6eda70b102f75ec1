"""Is it told before the night which stop rules a bed can never meet, for want of a channel?"""

import json
from pathlib import Path

import pytest

from dreamloom.cli import dreamscapes
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reader import read
from dreamloom.house.foreseen import foreseen
from dreamloom.house.supporting import OF_KINDS, Bed
from dreamloom.signals.blocks import Channel
from dreamloom.testing.nights import EAGER

RULES = (
    "stop:\n  nightmare: {then: no more tonight, call: person in charge}\n"
    "  eye_signal: {seen: {pattern: LRLR, times: 2}, then: no more tonight}\n"
)
EEG, EYES = Channel("EEG C4-M1", "EEG"), (Channel("EOG left", "EOG"), Channel("EOG right", "EOG"))
HEART, BREATH = Channel("ECG", "ECG"), Channel("Flow", "RESP")


def dreamscape() -> Dreamscape:
    return read(EAGER.replace("stop:\n", RULES), file="a.yaml")


def test_each_bed_is_told_what_it_lacks_and_one_that_lacks_nothing_nothing() -> None:
    found = foreseen(
        dreamscape(),
        {
            "p1": Bed("headband", None, (EEG,)),
            "p2": Bed("headband", None, (EEG, *EYES, HEART)),
            "p3": Bed("headband", None, (EEG, *EYES, HEART, BREATH)),
        },
    )
    one, two, three = (" ".join(each.notes) for each in found)
    assert "p1: stop.nightmare is never met here, for this bed records no heart and no breath" in one
    assert "p1: stop.eye_signal is never met here, for no channel shows the eyes" in one
    assert "this bed records no breath: " in two
    assert "eye_signal" not in two
    assert three == ""
    assert [row["notes"] for row in json.loads(json.dumps([each.data for each in found]))][2] == []


def test_beds_of_one_montage_that_lack_different_channels_are_told_apart() -> None:
    beds = {"p1": Bed("headband", None, (EEG, HEART)), "p2": Bed("headband", None, (EEG, HEART, BREATH))}
    assert [each.beds for each in foreseen(dreamscape(), beds)] == [("p1",), ("p2",)]


def test_a_bed_without_stages_says_so_and_one_that_nobody_knows_yet_says_nothing() -> None:
    phone, unknown = foreseen(dreamscape(), {"p1": OF_KINDS["phone"], "p2": None})
    assert any("stop.nightmare is never met here, for a phone has no EEG" in line for line in phone.notes)
    assert unknown.notes == ()


def test_check_says_what_the_rule_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "with.yaml").write_text(EAGER.replace("stop:\n", RULES), encoding="utf-8")
    (tmp_path / "without.yaml").write_text(EAGER, encoding="utf-8")
    dreamscapes.check(str(tmp_path / "with.yaml"), as_json=False)
    assert "an ECG or pulse wave and a belt or airflow" in capsys.readouterr().err
    dreamscapes.check(str(tmp_path / "without.yaml"), as_json=False)
    assert "nightmare" not in capsys.readouterr().err
