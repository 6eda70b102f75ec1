"""Does what is past its time go by itself, logged, and only that?"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house import making, replaying, retention
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.retention import due_nights, keep_to_times
from dreamloom.house.retention_times import KeepDays, keep_days
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_files, verify_night
from dreamloom.record.events import ConsentGiven, Erased, NightOpened, Seat
from dreamloom.vocabulary.errors import ConfigError, RecordError

PODS = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:lucid,hours=0.01") for n in (1, 2)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("lived"))
    run_night(making.write_night(house, "tide", PODS, "nightmare_rem_tmr", seed=1), RunOptions(speed_x=None))
    return house


@pytest.fixture
def night(lived: House, tmp_path: Path) -> NightFolder:
    shutil.copytree(lived.root, tmp_path / "house")
    return House(tmp_path / "house").night("tide")


def in_days(days: float) -> datetime:
    return utc_now() + timedelta(days=days)


def words(night: NightFolder) -> list[Erased]:
    with read_only(night.record) as record:
        return [event for event in record.events() if isinstance(event, Erased)]


def test_nothing_goes_before_its_time(night: NightFolder) -> None:
    assert keep_to_times(night.house, utc=in_days(29.0)) == []
    assert words(night) == []


def test_sounds_go_after_their_days_and_the_night_can_still_be_decided_again(night: NightFolder) -> None:
    gone = keep_to_times(night.house, utc=in_days(31.0))
    assert [(each.sleeper, sorted(each.counts)) for each in gone] == [("S01", ["sounds"]), ("S02", ["sounds"])]
    assert not night.sound.exists()
    assert [(word.why, word.rows) for word in words(night)] == [("retention", 0)] * 2
    assert verify_night(night).ok
    assert "because their time was over" in verify_night(night).why
    assert verify_files(night).first_bad is None
    assert replaying.replay_night(night).first_difference is None
    assert keep_to_times(night.house, utc=in_days(31.0)) == []


def test_signals_go_after_theirs_and_replay_says_so(night: NightFolder) -> None:
    keep_to_times(night.house, utc=in_days(91.0))
    assert not night.signals.exists()
    files = verify_files(night)
    assert (files.first_bad, files.erased) == (None, 4)
    with pytest.raises(RecordError, match="was erased") as refused:
        replaying.replay_night(night)
    assert refused.value.code == "DL-E452"


def test_texts_go_last_and_leave_a_record_that_verifies(night: NightFolder) -> None:
    keep_to_times(night.house, utc=in_days(1900.0))
    with read_only(night.record) as record:
        assert (record.held_of("S01"), record.held_of("S02")) == ((0, 0), (0, 0))
    verdict = verify_night(night)
    assert (verdict.ok, verdict.erased) == (True, sum(word.rows for word in words(night)))


def test_a_signal_file_that_goes_without_a_word_is_still_found(night: NightFolder) -> None:
    keep_to_times(night.house, utc=in_days(31.0))
    (night.signals / "p1.edf").unlink()
    assert verify_files(night).first_bad == "signals/p1.edf"


def test_samples_that_nobody_agreed_to_keep_go_when_the_morning_is_over(night: NightFolder) -> None:
    def heard(*purposes: str) -> list[object]:
        seats = (Seat(pod="p1", sleeper="S01", source="lsl:Muse"), Seat(pod="p2", sleeper="S02", source="sim:lucid"))
        with read_only(night.record) as record:
            events = list(record.events())
        return [
            msgspec.structs.replace(event, roster=seats)
            if isinstance(event, NightOpened)
            else msgspec.structs.replace(event, purposes=purposes)
            if isinstance(event, ConsentGiven)
            else event
            for event in events
        ]

    assert retention._unkept(heard("cue", "keep derived")) == {"S01"}
    assert retention._unkept(heard("cue", "keep raw")) == set()


def test_the_morning_is_left_to_whoever_looks_at_the_night(night: NightFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_unkept", lambda _: {"S01"})
    assert due_nights(night.house, in_days(0.3)) == []
    (due,) = keep_to_times(night.house, utc=in_days(0.7))
    assert (due.sleeper, due.why, list(due.counts)) == ("S01", "no keep raw", ["signals"])
    assert sorted(path.name for path in night.signals.iterdir()) == ["p2.arrivals", "p2.edf"]
    assert verify_files(night).first_bad is None
    with pytest.raises(RecordError, match="what was recorded of S01 was erased") as refused:
        replaying.replay_night(night)
    assert "because keeping them was not agreed to" in refused.value.why


def test_a_house_keeps_its_own_times_and_a_slip_in_them_is_shown(night: NightFolder) -> None:
    night.house.retention.write_text("sounds = 2\n")
    assert keep_days(night.house) == KeepDays(sounds=2)
    assert {each.sleeper for each in due_nights(night.house, in_days(3.0))} == {"S01", "S02"}
    for text, said in (("sounds = -1\n", "outside 0 to"), ("sonds = 2\n", "sonds"), ("sounds = \n", "TOML")):
        night.house.retention.write_text(text)
        with pytest.raises(ConfigError, match=said):
            keep_days(night.house)


def test_the_opening_of_a_night_takes_away_what_is_past_its_time(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = making.write_night(night.house, "after", PODS[:1], "nightmare_rem_tmr", seed=2)
    told: list[str] = []
    monkeypatch.setattr(retention, "utc_now", lambda: in_days(31.0))
    run_night(after, RunOptions(speed_x=None, warn=told.append))
    assert not night.sound.exists()
    assert after.sound.exists()
    assert any("Taken away" in line for line in told)


def test_a_slip_in_the_times_of_a_house_holds_no_night_up(night: NightFolder) -> None:
    night.house.retention.write_text("sounds = \n")
    after = making.write_night(night.house, "after", PODS[:1], "nightmare_rem_tmr", seed=2)
    told: list[str] = []
    assert run_night(after, RunOptions(speed_x=None, warn=told.append)).epochs > 0
    assert any("could not be taken away" in line for line in told)


def test_exports_and_old_consents_go_as_well(night: NightFolder) -> None:
    night.house.exports.mkdir()
    (night.house.exports / "old.csv").write_text("words")
    keep_to_times(night.house, utc=in_days(31.0))
    assert list(night.house.exports.iterdir()) == []
    keep_to_times(night.house, utc=in_days(4000.0))
    with read_only(night.house.record) as record:
        assert record.held_of("S01") == (0, 0)
    assert verify_night(night).ok
