"""Is a board told what a study does, and is nothing made up that no file says?"""

from pathlib import Path

import pytest

from dreamloom.governance.rules import RULES
from dreamloom.house import making
from dreamloom.house.dossier import TO_BE_WRITTEN, dossier, night_of_study
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.vocabulary.errors import ConfigError

PODS = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="lsl:Muse") for n in (1, 2)]


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return making.write_night(House(tmp_path / "house"), "tide", PODS, "nightmare_rem_tmr", seed=1)


def test_protocol_limits_risks_data_people_and_consents_are_told(night: NightFolder) -> None:
    night.house.retention.parent.mkdir(parents=True, exist_ok=True)
    night.house.retention.write_text("signals = 14\n")
    text = dossier(night)
    assert "plays every 10 s in REM sleep with a confidence of at least 0.8" in text
    assert "Nothing in sleep is louder than 45 dB" in text
    assert all(f"| {name} | {rule.says} |" in text for name, rule in RULES.items())
    assert "| signals | 14 days |" in text
    assert "S02, in bed p2, read from `lsl`" in text
    assert text.count(TO_BE_WRITTEN) == 3


def test_a_study_is_found_by_its_trial_or_its_night(night: NightFolder) -> None:
    written = night.night_toml.read_text()
    night.night_toml.write_text(f'{written}\n[trial]\nname = "bells"\nnight = 2\n')
    assert night_of_study(night.house, "bells").root == night.root
    assert night_of_study(night.house, str(night.root)).root == night.root
    assert "night 2 of the trial bells" in dossier(night)
    with pytest.raises(ConfigError):
        night_of_study(night.house, "whistles")


def test_a_study_nobody_agreed_to_yet_says_so(night: NightFolder) -> None:
    night.consent_toml.write_text("")
    assert "Nobody has agreed to anything yet" in dossier(night)
