"""What becomes of harm that is told: sealed, due, counted against the study, gone with its sleeper alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house import adverse, making, opening, study_stop
from dreamloom.house.house_record import erase_in_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.vocabulary.errors import RefusedError, UsageError

TEXT = "fell out of bed, quite suddenly"


def told(house: House, severity: str, relatedness: str, *, sleeper: str = "S01", text: str = TEXT) -> None:
    adverse.report(house, sleeper=sleeper, severity=severity, relatedness=relatedness, text=text)


def test_what_was_written_is_in_no_file_and_opens_with_the_sleepers_key(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, "serious", "possible")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and TEXT.encode() in path.read_bytes()]
    assert [each.text for each in adverse.told(house, with_text=True)] == [TEXT]
    assert [each.text for each in adverse.told(house, with_text=False)] == [""]


def a_night(house: House, name: str, sleeper: str = "S01") -> NightFolder:
    pods = [PodAsked(id="p1", sleeper=sleeper, source="sim:typical,hours=0.002")]
    return making.write_night(house, name, pods, "nightmare_rem_tmr", seed=1)


def test_a_stopped_study_opens_no_cued_night_until_somebody_with_a_name_released_it(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    first, next_one = a_night(house, "first"), a_night(house, "next")
    run_night(first, RunOptions(speed_x=None))
    adverse.report(house, sleeper="S01", severity="fatal", relatedness="possible", text=TEXT, night="first")
    with pytest.raises(RefusedError, match="a life was at stake") as refused:
        run_night(next_one, RunOptions(speed_x=None))
    assert refused.value.code == "DL-E581"
    assert not next_one.record.exists()
    assert study_stop.stopped_studies(house).keys() == {"nightmare_rem_tmr"}
    for by, because in (("", "looked at"), ("Dr M", " ")):
        with pytest.raises(UsageError):
            study_stop.release(house, "nightmare_rem_tmr", by=by, because=because)
    said = study_stop.release(house, "nightmare_rem_tmr", by="Dr M", because="the board saw it")
    with read_only(house.record) as record:
        (kept,) = record.of_type("StudyReleased")
        assert (kept.by, kept.because, len(kept.adverse)) == ("Dr M", "the board saw it", 1)
    assert said.adverse == kept.adverse
    run_night(next_one, RunOptions(speed_x=None))
    with pytest.raises(UsageError, match="is not stopped"):
        study_stop.release(house, "nightmare_rem_tmr", by="Dr M", because="again")
    adverse.report(house, sleeper="S02", severity="fatal", relatedness="possible", text=TEXT, night="next")
    assert study_stop.why_stopped(house, "nightmare_rem_tmr") is not None


def test_a_new_name_for_what_is_played_makes_no_new_study(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    a_night(house, "first")
    renamed = a_night(house, "next", sleeper="S02").root / "dreamscape.yaml"
    renamed.write_text(renamed.read_text().replace("nightmare_rem_tmr", "quite_another", 1))
    adverse.report(house, sleeper="S01", severity="fatal", relatedness="possible", text=TEXT, night="first")
    assert study_stop.study_of(house.night("next")) == "quite_another"
    assert study_stop.why_stopped(house, "quite_another") is not None
    assert study_stop.stopped_studies(house).keys() == {"nightmare_rem_tmr", "quite_another"}


def test_harm_in_one_study_stops_no_other_and_harm_of_nobody_knows_which_stops_all(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    a_night(house, "first")
    adverse.report(house, sleeper="S01", severity="fatal", relatedness="possible", text=TEXT, night="first")
    assert study_stop.why_stopped(house, "another trial") is None
    adverse.report(house, sleeper="S01", severity="fatal", relatedness="possible", text=TEXT)
    assert study_stop.why_stopped(house, "another trial") is not None
    bare = House(tmp_path / "bare")
    adverse.report(bare, sleeper="S01", severity="fatal", relatedness="possible", text=TEXT)
    assert study_stop.stopped_studies(bare).keys() == {study_stop.EVERY}


def test_a_stopped_study_records_whoever_agreed_to_no_cue(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    night = a_night(house, "quiet")
    adverse.report(house, sleeper="S01", severity="fatal", relatedness="possible", text=TEXT)
    asked = opening.read_asked(night)
    study_stop.refuse_stopped_study(replace(asked, grants={}))
    with pytest.raises(RefusedError):
        study_stop.refuse_stopped_study(asked)


@pytest.mark.parametrize(("severity", "days"), [("fatal", 7), ("serious", 15), ("mild", 365)])
def test_a_board_must_know_the_sooner_the_graver_it_is(tmp_path: Path, severity: str, days: int) -> None:
    told(House(tmp_path), severity, "unlikely")
    (one,) = adverse.told(House(tmp_path), with_text=False)
    assert abs(datetime.fromisoformat(one.event.due_utc) - utc_now() - timedelta(days=days)) < timedelta(hours=1)


def test_two_grave_events_or_one_life_at_stake_stop_a_study(tmp_path: Path) -> None:
    house = House(tmp_path)

    def stop() -> str | None:
        return adverse.must_stop([each.event for each in adverse.told(house, with_text=False)])

    told(house, "fatal", "unrelated")
    told(house, "serious", "possible")
    assert stop() is None
    told(house, "severe", "probable", sleeper="S02")
    assert stop() == "2 grave events that cues may have had to do with"
    told(house, "life-threatening", "possible", sleeper="S02")
    assert stop() == "a life was at stake, and cues may have had to do with it"


def test_erasing_somebody_takes_their_harm_with_them_and_nobody_elses(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, "mild", "unlikely")
    told(house, "mild", "unlikely", sleeper="S02")
    erase_in_house(house, "S01")
    assert [each.event.sleeper for each in adverse.told(house, with_text=True)] == ["S02"]


def test_a_board_gets_a_table_in_which_nothing_is_a_formula(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, "mild", "unlikely", text="=1+1")
    header, row = adverse.as_csv(adverse.told(house, with_text=True)).splitlines()
    assert header.split(",") == list(adverse.COLUMNS)
    assert row.endswith(",'=1+1")


def test_the_form_knows_its_words_and_days(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'bad' is no severity"):
        told(House(tmp_path), "bad", "possible")
    with pytest.raises(UsageError, match="'tomorrow' is no day"):
        adverse.report(
            House(tmp_path), sleeper="S01", severity="mild", relatedness="unlikely", text="", happened_on="tomorrow"
        )
