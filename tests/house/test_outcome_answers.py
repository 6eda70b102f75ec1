"""Are answers their sleeper's own? Sealed, exported and erased with them, shared by their word."""

from datetime import date
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import outcome_answers, outcome_sharing
from dreamloom.house.erasing import erase
from dreamloom.house.export_mine import export_mine
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House
from dreamloom.house.outcome_packs import find_pack, packs_of, shipped_packs
from dreamloom.house.own_outcomes import own_outcomes
from dreamloom.record.course_events import CourseBegun
from dreamloom.testing.courses import a_course
from dreamloom.vocabulary.errors import RefusedError, UsageError


def told(house: House, sleeper: str = "S01", *, on: str = "2026-11-02", **answers: int) -> None:
    pack = find_pack(packs_of(house), "nightly")
    outcome_answers.keep(house, sleeper, pack, answers or {"nightmares": 2}, on=on, moment="morning")


def test_answers_are_in_no_file_and_open_with_the_sleepers_key(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, nightmares=17, rested=3)
    assert not [each for each in tmp_path.rglob("*") if each.is_file() and b"nightmares" in each.read_bytes()]
    (one,) = outcome_answers.given(house, "S01")
    assert (one.answers, str(one.on), one.moment) == ({"nightmares": 17, "rested": 3}, "2026-11-02", "morning")


@pytest.mark.parametrize("name", ["house", "../x y", ""])
def test_what_cannot_be_a_name_in_the_record_is_kept_for_nobody(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="DL-E820"):
        told(House(tmp_path), name)
    assert outcome_answers.given(House(tmp_path), name) == []


def test_a_morning_told_again_adds_and_corrects_and_takes_nothing_away(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, nightmares=3, talk=1, rested=2)
    told(house, rested=4, distress=1)
    (one,) = outcome_answers.given(house, "S01")
    assert one.answers == {"nightmares": 3, "talk": 1, "rested": 4, "distress": 1}
    outcome_sharing.share(house, "S01", "Dr M", {"flags"})
    assert len(outcome_sharing.flags_for(house, "Dr M")) == 1
    assert [each.answers["rested"] for each in outcome_answers.tellings(house, "S01")] == [2, 4]


def test_a_morning_told_beside_a_night_and_apart_from_it_is_one_morning(tmp_path: Path) -> None:
    house = House(tmp_path)
    pack = find_pack(packs_of(house), "nightly")
    for night, answers in (("n01", {"nightmares": 3}), ("", {"nightmares": 1}), ("n01", {"rested": 5})):
        outcome_answers.keep(house, "S01", pack, answers, on="2026-11-02", moment="morning", night=night)
    found = outcome_answers.by_day(outcome_answers.tellings(house, "S01"), "nightly", "morning")
    assert [(str(on), each.answers) for on, each in found.items()] == [("2026-11-02", {"nightmares": 1, "rested": 5})]


def test_of_one_answer_told_twice_the_newest_counts(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, nightmares=3)
    told(house, nightmares=1)
    told(house, on="2026-11-01", nightmares=0)
    assert [each.answers["nightmares"] for each in outcome_answers.given(house, "S01")] == [0, 1]


def test_answers_go_home_with_their_sleeper_and_go_away_with_them_alone(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    told(house, nightmares=4)
    told(house, "S02", nightmares=5)
    outcome_sharing.share(house, "S01", "Dr M", {"flags", "figures"})
    export_mine(house, "S01", tmp_path / "mine")
    opened = (tmp_path / "mine" / "house" / "opened.jsonl").read_text()
    assert '"nightmares":4' in opened
    assert '"nightmares":5' not in opened
    erase(house, "S01")
    assert outcome_answers.given(house, "S01") == []
    assert outcome_sharing.sharing_with(house, "Dr M") == {}
    assert [each.answers for each in outcome_answers.given(house, "S02")] == [{"nightmares": 5}]
    with read_only(house.record) as record:
        assert record.held_of("S01") == (0, 0)


@pytest.mark.parametrize("on", ["yesterday", "2026-02-30", "2999-01-01"])
def test_a_day_is_a_day_that_has_begun(tmp_path: Path, on: str) -> None:
    with pytest.raises(UsageError) as refused:
        told(House(tmp_path), on=on)
    assert refused.value.code == "DL-E645"
    assert not House(tmp_path).record.exists()


def test_a_flag_reaches_a_named_person_by_consent_alone(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, talk=1)
    assert outcome_sharing.flags_for(house, "Dr M") == []
    outcome_sharing.share(house, "S01", "Dr M", {"figures"})
    assert outcome_sharing.flags_for(house, "Dr M") == []
    outcome_sharing.share(house, "S01", "Dr M", {"flags"})
    assert [(sleeper, flag.says) for sleeper, _, flag in outcome_sharing.flags_for(house, "Dr M")] == [
        ("S01", "would like to talk to somebody")
    ]
    assert outcome_sharing.flags_for(house, "Dr N") == []
    with pytest.raises(RefusedError, match="does not share their figures"):
        outcome_sharing.refuse_unshared(house, "S01", "Dr M")
    outcome_sharing.share(house, "S01", "Dr M", set())
    assert outcome_sharing.flags_for(house, "Dr M") == []


def test_a_rehearsal_is_kept_only_in_a_course_under_a_protocol(tmp_path: Path) -> None:
    house = House(tmp_path)
    pack = find_pack(packs_of(house), "rehearsal")
    begun = CourseBegun(
        onset_s=0.0, sleeper="S01", course="c", course_sha256="5e" * 32, clinician="Dr M", protocol="", nightmares=2,
        nights=3,
    )  # fmt: skip
    for event in (None, begun):
        if event is not None:
            append_to_house(house, event)
        with pytest.raises(RefusedError) as refused:
            outcome_answers.keep(house, "S01", pack, {"minutes": 10}, on="2026-11-02", moment="rehearsal")
        assert refused.value.code == "DL-E655"
    append_to_house(house, CourseBegun(**{**{f: getattr(begun, f) for f in begun.__struct_fields__}, "protocol": "P1"}))
    outcome_answers.keep(house, "S01", pack, {"minutes": 10}, on="2026-11-02", moment="rehearsal")
    assert [each.moment for each in outcome_answers.given(house, "S01")] == ["rehearsal"]


def test_a_rehearsal_is_not_kept_behind_the_end_of_its_course(tmp_path: Path) -> None:
    house = House(tmp_path)
    a_course(house, first=date(2026, 9, 1))
    pack = find_pack(packs_of(house), "rehearsal")
    outcome_answers.keep(house, "S01", pack, {"minutes": 10}, on="2026-09-15", moment="rehearsal")
    assert own_outcomes(house, "S01", today=date(2026, 9, 15)).rehearses
    with pytest.raises(RefusedError, match="DL-E655"):
        outcome_answers.keep(house, "S01", pack, {"minutes": 10}, on="2026-09-16", moment="rehearsal")
    assert not own_outcomes(house, "S01", today=date(2026, 9, 16)).rehearses


def test_answers_to_two_versions_of_an_instrument_are_not_put_together() -> None:
    on = date(2026, 11, 2)
    first = outcome_answers.Given("mood-1 1 en", on, "morning", "", {"calm": 1, "tired": 3}, 1.0)
    second = first._replace(pack="mood-1 2 en", answers={"calm": 90}, told_s=2.0)
    assert outcome_answers.by_day([first, second], "mood-1", "morning")[on].answers == {"calm": 90}
    nightly = [each._replace(pack=each.pack.replace("mood-1", "nightly")) for each in (first, second)]
    assert outcome_answers.by_day(nightly, "nightly", "morning")[on].answers == {"calm": 90, "tired": 3}


def test_a_file_of_somebody_elses_that_is_broken_keeps_nobody_from_their_own_page(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.packs.mkdir(parents=True)
    (house.packs / "broken.toml").write_text("id = ")
    house.courses.mkdir(parents=True)
    (house.courses / "drafted.toml").write_text('sleeper = "S01"\ntimezone = "Berlin"\n')
    pack = find_pack(shipped_packs(), "nightly")
    outcome_answers.keep(house, "S01", pack, {"talk": 1}, on="", moment="morning")
    wishes = outcome_sharing.wishes_of(house, "S01")
    assert wishes is not None
    assert wishes.says == ["would like to talk to somebody"]
