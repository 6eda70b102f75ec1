"""What becomes of harm that is told: sealed, due, counted against the study, gone with its sleeper alone."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dreamloom.engine.clocks import utc_now
from dreamloom.house import adverse
from dreamloom.house.house_record import erase_in_house
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import UsageError

TEXT = "fell out of bed, quite suddenly"


def told(house: House, severity: str, relatedness: str, *, sleeper: str = "S01", text: str = TEXT) -> None:
    adverse.report(house, sleeper=sleeper, severity=severity, relatedness=relatedness, text=text)


def test_what_was_written_is_in_no_file_and_opens_with_the_sleepers_key(tmp_path: Path) -> None:
    house = House(tmp_path)
    told(house, "serious", "possible")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and TEXT.encode() in path.read_bytes()]
    assert [each.text for each in adverse.told(house, with_text=True)] == [TEXT]
    assert [each.text for each in adverse.told(house, with_text=False)] == [""]


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
