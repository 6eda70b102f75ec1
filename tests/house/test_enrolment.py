"""Which beds a house knows: by their keys, by themselves or by hand, until they are revoked."""

from pathlib import Path

import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import enrolment
from dreamloom.house.layout import House
from dreamloom.record.events import PodEnrolled, PodRevoked
from dreamloom.seals.fingerprints import spoken
from dreamloom.vocabulary.errors import ConfigError, RefusedError


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def _by_hand(house: House) -> None:
    house.settings.parent.mkdir(parents=True, exist_ok=True)
    house.settings.write_text('enrolment = "by hand"\n', encoding="utf-8")


def _opened(house: House, told: list[str] | None = None) -> str:
    return enrolment.at_opening(house, ["p1"], warn=[].append if told is None else told.append)["p1"]


def test_a_key_is_six_words_that_can_be_spoken() -> None:
    assert spoken("7f0000013f54dcc1" + "00" * 24) == "lusab babad gutih tugad babab babab"


def test_a_bed_enrols_itself_at_its_first_start_and_the_house_keeps_that_in_its_record(house: House) -> None:
    told: list[str] = []
    assert [_opened(house, told), _opened(house, told)] == ["enrolled", "enrolled"]
    assert told == []
    with read_only(house.record) as record:
        words = [event for event in record.events() if isinstance(event, PodEnrolled)]
    assert [(event.pod, event.by) for event in words] == [("p1", enrolment.ITSELF)]
    assert words[0].device.endswith(words[0].key_sha256[:8])


def test_a_bed_with_another_key_than_before_waits_for_a_person(house: House) -> None:
    _opened(house)
    house.pod("p1").key.unlink()
    assert _opened(house) == "UNENROLLED"


def test_where_a_house_enrols_by_hand_a_person_compares_the_words(house: House) -> None:
    _by_hand(house)
    assert _opened(house) == "UNENROLLED"
    with pytest.raises(RefusedError, match="DL-E580"):
        enrolment.enrol(house, "p1", words="lusab babad gutih tugad babab babab", by="Mara")
    enrolment.enrol(house, "p1", words=enrolment.seen(house, "p1").words.upper(), by="Mara")
    assert _opened(house) == "enrolled"


def test_a_revoked_bed_stays_out_though_somebody_takes_its_mark_away(house: House) -> None:
    _opened(house)
    enrolment.revoke(house, "p1", by="Mara")
    assert house.pod("p1").revoked.exists()
    house.pod("p1").revoked.unlink()
    assert _opened(house) == "REVOKED"
    with read_only(house.record) as record:
        assert [event.by for event in record.events() if isinstance(event, PodRevoked)] == ["Mara"]
    enrolment.enrol(house, "p1", words=enrolment.seen(house, "p1").words, by="Mara")
    assert _opened(house) == "enrolled"


def test_a_bed_that_nobody_knows_and_settings_that_are_wrong_are_refused(house: House) -> None:
    with pytest.raises(ConfigError, match="DL-E663"):
        enrolment.revoke(house, "p9", by="Mara")
    _by_hand(house)
    house.settings.write_text('enrolment = "perhaps"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="DL-E66"):
        _opened(house)
