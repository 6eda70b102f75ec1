"""What does `new` write? Three files that open as they are, and a grant only where nobody lies."""

from pathlib import Path

import pytest

from dreamloom.governance.consent import read_grants
from dreamloom.house.layout import NightFolder
from dreamloom.house.new_night import NightWanted, folder_for, local_zone, new_night
from dreamloom.house.opening import read_asked
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, RefusedError


def wanted(*sources: str, dreamscape: str = "nightmare_rem_tmr", timezone: str = "Europe/Berlin") -> NightWanted:
    return NightWanted(sources=sources or ("sim:typical",), dreamscape=dreamscape, timezone=timezone)


@pytest.mark.parametrize("dreamscape", ["nightmare_rem_tmr", "nrem_tmr_home", "tlr_phone"])
def test_the_three_files_open_as_they_are(tmp_path: Path, dreamscape: str) -> None:
    asked = read_asked(
        new_night(NightFolder(tmp_path / "first"), wanted("sim:lucid", "sim:deep", dreamscape=dreamscape))
    )
    assert [(pod.id, pod.sleeper, pod.source) for pod in asked.night.pod] == [
        ("p1", "S01", "sim:lucid"),
        ("p2", "S02", "sim:deep"),
    ]
    assert asked.night.timezone == "Europe/Berlin"
    assert set(asked.grants) == {"S01", "S02"}


def test_a_person_has_no_grant_until_somebody_takes_the_marks_away(tmp_path: Path) -> None:
    folder = new_night(NightFolder(tmp_path / "first"), wanted("sim:lucid", "lsl:name=Muse"))
    assert set(read_asked(folder).grants) == {"S01"}
    text = folder.consent_toml.read_text(encoding="utf-8")
    agreed = text.replace('# ["S02"]', '["S02"]')
    for key in ("sheet", "dreamscape_sha256", "cues", "stages", "level_cap_db", "cues_per_hour", "rearm_after_crash"):
        agreed = agreed.replace(f"# {key} =", f"{key} =")
    agreed = agreed.replace("# purposes =", "purposes =").replace("# expires =", "expires =")
    grants = read_grants(agreed, file="consent.toml")
    assert set(grants) == {"S01", "S02"}
    assert "information sheet" in grants["S02"].sheet


def test_nothing_is_written_over(tmp_path: Path) -> None:
    folder = new_night(NightFolder(tmp_path / "first"), wanted())
    folder.night_toml.write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedError, match="there already"):
        new_night(folder, wanted())
    assert folder.night_toml.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "asked", "code"),
    [
        ("a b", wanted(), "DL-E324"),
        ("house", wanted(), "DL-E324"),
        ("first", wanted("foo:x"), "DL-E205"),
        ("first", wanted("lsl:"), "DL-E205"),
        ("first", wanted("sim:nobody"), "DL-E341"),
        ("first", wanted("brainflow:muse_9"), "DL-E343"),
        ("first", wanted(timezone="Europa/Berlin"), "DL-E314"),
        ("first", wanted(dreamscape="nightmre"), "DL-E379"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_written(
    tmp_path: Path, name: str, asked: NightWanted, code: str
) -> None:
    with pytest.raises(DreamloomError) as caught:
        new_night(NightFolder(tmp_path / name), asked)
    assert caught.value.code == code
    assert not (tmp_path / name).exists()


def test_a_recording_is_named_from_where_the_person_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.edf").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    folder = new_night(NightFolder(tmp_path / "first"), wanted("edf:mine.edf"))
    assert read_asked(folder).night.pod[0].source == f"edf:{tmp_path / 'mine.edf'}"


def test_a_plain_name_lies_in_the_house_and_a_path_where_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMLOOM_HOUSE", str(tmp_path))
    assert folder_for("first").root == tmp_path / "nights" / "first"
    assert folder_for("./first").root == Path("first")
    assert folder_for(str(tmp_path / "x" / "y")).root == tmp_path / "x" / "y"


@pytest.mark.parametrize(("zone", "heard"), [("Asia/Tokyo", "Asia/Tokyo"), (":Europe/Paris", "Europe/Paris")])
def test_the_machines_time_zone_is_the_default(monkeypatch: pytest.MonkeyPatch, zone: str, heard: str) -> None:
    monkeypatch.setenv("TZ", zone)
    assert local_zone() == heard


def test_a_zone_that_does_not_exist_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Nowhere/Land")
    assert local_zone() != "Nowhere/Land"


def test_a_dreamscape_with_a_mistake_makes_no_night(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("dreamscape: x\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        new_night(NightFolder(tmp_path / "first"), wanted(dreamscape=str(tmp_path / "bad.yaml")))
    assert not (tmp_path / "first").exists()
