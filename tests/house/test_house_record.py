"""Does the house remember who agreed to what, and can its own record never spoil a night?"""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamloom.adapters.one_writer import WriterLock
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import house_record, making
from dreamloom.house.house_record import HouseClerk, tell_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import AnyEvent, ConsentGiven, ConsentWithdrawn, HostDescribed
from dreamloom.vocabulary.errors import RefusedError


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "house").mkdir()
    return House(tmp_path)


@pytest.fixture
def night(house: House) -> NightFolder:
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,hours=0.01")]
    return making.write_night(house, "first", pods, "nightmare_rem_tmr", seed=1)


@pytest.fixture
def held(house: House) -> Iterator[WriterLock]:
    """Somebody else writes the house's record."""
    lock = WriterLock(house.record)
    yield lock
    lock.release()


def said(n: int, *, night: str = "first") -> ConsentWithdrawn:
    return ConsentWithdrawn(id=f"{night}/p1.0.{n}", onset_s=5.0, pod="p1", sleeper="S01", channel="test")


def told(house: House) -> list[AnyEvent]:
    with read_only(house.record) as record:
        return list(record.events())


def opened(night: NightFolder) -> str:
    """When the night of this folder was opened for the first time."""
    with read_only(night.record) as record:
        return next(event.utc for event in record.events() if isinstance(event, HostDescribed))


def test_a_night_tells_the_house_what_was_agreed_to(night: NightFolder) -> None:
    run_night(night, RunOptions(speed_x=None))
    (given,) = [event for event in told(night.house) if isinstance(event, ConsentGiven)]
    assert (given.sleeper, given.cause) == ("S01", f"first@{opened(night)}/p1.0.1")
    assert list(night.house.untold.iterdir()) == []


def test_nothing_is_told_twice(house: House) -> None:
    assert tell_house(house, [said(1), said(2)]) == 2
    assert tell_house(house, [said(2), said(3)]) == 1
    assert tell_house(house, [said(1, night="second")]) == 1
    assert [event.id for event in told(house)] == ["house.0.0", "house.0.1", "house.1.0", "house.2.0"]


def test_the_house_is_told_as_soon_as_its_record_is_free(house: House, held: WriterLock) -> None:
    threading.Timer(0.3, held.release).start()
    assert tell_house(house, [said(1)]) == 1


def test_a_record_held_for_too_long_is_refused(house: House, held: WriterLock) -> None:
    assert held
    with pytest.raises(RefusedError):
        tell_house(house, [said(1)], wait_s=0.2)


def test_a_good_night_stays_good_and_the_next_one_makes_good_what_was_missed(
    night: NightFolder, held: WriterLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_record.tell_house, "__kwdefaults__", {"wait_s": 0.2})
    warned: list[str] = []
    result = run_night(night, RunOptions(speed_x=None, warn=warned.append))
    assert result.night == "first"
    assert any("next night makes it good" in line for line in warned)
    assert [mark.name for mark in night.house.untold.iterdir()] == ["first"]
    held.release()
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,hours=0.01")]
    second = making.write_night(night.house, "second", pods, "nightmare_rem_tmr", seed=1)
    run_night(second, RunOptions(speed_x=None))
    causes = [f"{told_of.name}@{opened(told_of)}/p1.0.1" for told_of in (night, second)]
    given = [event for event in told(night.house) if isinstance(event, ConsentGiven)]
    assert [event.cause for event in given] == causes
    assert list(night.house.untold.iterdir()) == []


def test_a_withdrawal_is_told_while_the_night_goes_on(night: NightFolder) -> None:
    run_night(night, RunOptions(speed_x=None))
    clerk = HouseClerk(night, warn=lambda _: None)
    clerk.hear([ConsentWithdrawn(id="p1.0.7", onset_s=5.0, pod="p1", sleeper="S01", channel="test")])
    clerk.close()
    assert told(night.house)[-1].cause == f"first@{opened(night)}/p1.0.7"


def test_a_night_made_anew_under_an_old_name_is_another_night_to_the_house(night: NightFolder) -> None:
    run_night(night, RunOptions(speed_x=None))
    first_opened = opened(night)
    shutil.rmtree(night.root)
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,hours=0.01")]
    again = making.write_night(night.house, "first", pods, "nightmare_rem_tmr", seed=1)
    grant = again.consent_toml.read_text(encoding="utf-8")
    again.consent_toml.write_text(grant.replace("cues_per_hour = 200", "cues_per_hour = 20"), encoding="utf-8")
    run_night(again, RunOptions(speed_x=None))
    given = [event for event in told(night.house) if isinstance(event, ConsentGiven)]
    assert [event.cause for event in given] == [f"first@{utc}/p1.0.1" for utc in (first_opened, opened(again))]
    assert given[0].cues_per_hour != given[1].cues_per_hour


def test_a_word_of_a_night_that_nobody_knows_the_moment_of_is_left_for_the_next_night(night: NightFolder) -> None:
    warned: list[str] = []
    clerk = HouseClerk(night, warn=warned.append)
    clerk.hear([ConsentWithdrawn(id="p1.0.7", onset_s=5.0, pod="p1", sleeper="S01", channel="test")])
    clerk.close()
    assert "next night makes it good" in warned[0]
    assert [mark.name for mark in night.house.untold.iterdir()] == ["first"]


def test_a_mark_of_a_night_that_is_gone_is_taken_away(house: House, night: NightFolder) -> None:
    house.untold.mkdir(parents=True)
    (house.untold / "gone").touch()
    HouseClerk(night, warn=lambda _: None).close()
    assert list(house.untold.iterdir()) == []
