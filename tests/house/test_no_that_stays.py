"""Does a no stay a no, whatever the clock says, whichever older file comes back, and is only a new yes a yes?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dreamloom.governance.sheets import find, shipped
from dreamloom.house import consenting, house_record, making, opening, receipts
from dreamloom.house.consenting import Wanted, withdraw_everywhere
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.standing_consent import refuse_ended_grants
from dreamloom.vocabulary.errors import RefusedError

BED = PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.02")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Wall:
    """A clock on the wall that somebody moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.utc = NOON
        for module in (consenting, house_record, receipts):
            monkeypatch.setattr(module, "utc_now", self.tells)

    def tells(self) -> datetime:
        self.utc += timedelta(milliseconds=50)
        return self.utc


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return Wall(monkeypatch)


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return making.write_night(House(tmp_path), "tide", [BED], "nightmare_rem_tmr", seed=1)


def give(night: NightFolder) -> str:
    """Says yes, and returns the file that says so."""
    cues = sorted(opening.read_asked(night).sounds) if night.consent_toml.exists() else []
    consenting.give(night, "S01", find(shipped(), "home", "en"), Wanted(days=7, heard=cues))
    return night.consent_toml.read_text()


def is_allowed(night: NightFolder, utc: datetime) -> bool:
    try:
        refuse_ended_grants(opening.read_asked(night), utc)
    except RefusedError as error:
        assert error.code == "DL-E574"
        return False
    return True


def test_a_clock_that_ran_ahead_when_the_yes_was_given_does_not_bring_it_back(night: NightFolder, wall: Wall) -> None:
    wall.utc = NOON + timedelta(hours=2)
    give(night)
    wall.utc = NOON
    assert is_allowed(night, NOON + timedelta(hours=3))
    withdraw_everywhere(night.house, "S01", channel="test")
    assert not is_allowed(night, NOON + timedelta(hours=3))


def test_a_clock_that_ran_ahead_when_the_no_was_said_does_not_keep_a_later_yes_away(
    night: NightFolder, wall: Wall
) -> None:
    give(night)
    wall.utc = NOON + timedelta(hours=2)
    withdraw_everywhere(night.house, "S01", channel="test")
    wall.utc = NOON + timedelta(minutes=5)
    assert not is_allowed(night, NOON + timedelta(hours=3))
    give(night)
    assert is_allowed(night, NOON + timedelta(hours=3))


def test_an_older_yes_that_is_put_back_from_a_copy_opens_no_night(night: NightFolder, wall: Wall) -> None:
    wall.utc = NOON + timedelta(hours=2)
    older = give(night)
    wall.utc = NOON
    withdraw_everywhere(night.house, "S01", channel="test")
    newer = give(night)
    assert is_allowed(night, NOON + timedelta(minutes=1))
    night.consent_toml.write_text(older)
    assert not is_allowed(night, NOON + timedelta(minutes=1))
    night.consent_toml.write_text(newer)
    assert is_allowed(night, NOON + timedelta(minutes=1))


def test_a_yes_that_nobody_said_to_the_house_is_none_after_a_no(night: NightFolder, wall: Wall) -> None:
    text = give(night)
    withdraw_everywhere(night.house, "S01", channel="test")
    given = next(line for line in text.splitlines() if line.startswith("given"))
    later = (wall.utc + timedelta(seconds=1)).isoformat()
    night.consent_toml.write_text(text.replace(given, f'given = "{later}"'))
    assert not is_allowed(night, NOON + timedelta(hours=1))


def test_a_standing_yes_holds_for_another_night_it_was_copied_to(night: NightFolder, wall: Wall) -> None:
    wall.utc = NOON + timedelta(seconds=10)
    withdraw_everywhere(night.house, "S01", channel="test")
    text = give(night)
    other = making.write_night(night.house, "next", [BED], "nightmare_rem_tmr", seed=1)
    other.consent_toml.write_text(text)
    assert is_allowed(other, NOON + timedelta(minutes=1))
