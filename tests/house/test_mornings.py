"""Is a morning kept whole: sealed, once, in its order, and not revealed before everybody has told theirs?"""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house import erasing, mornings, told_dreams
from dreamloom.house.house_record import ORIGIN
from dreamloom.house.layout import NightFolder
from dreamloom.house.morning_steps import Morning
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.told_reports import reports
from dreamloom.testing import live_nights
from dreamloom.vocabulary.errors import RefusedError

DREAM = "A staircase of water, and somebody who counted backwards."


@pytest.fixture(scope="module")
def slept(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    made = live_nights.write(tmp_path_factory.mktemp("house"), "tide", pods=2, source="sim:typical,hours=0.01")
    run_night(made, RunOptions(speed_x=None))
    return made


@pytest.fixture
def night(slept: NightFolder, tmp_path: Path) -> NightFolder:
    shutil.copytree(slept.house.root, tmp_path / "house")
    return NightFolder(tmp_path / "house" / "nights" / "tide")


def dreamer(n: int = 1, night: str = "tide") -> Dreamer:
    return Dreamer(sleeper=f"S0{n}", night=night)


def whole(night: NightFolder, n: int, report: str) -> None:
    """Everything up to where it waits for the others."""
    house = night.house
    mornings.tell(house, dreamer(n), report, Piece(number=0, recall="content", text=DREAM))
    mornings.lock(house, report)
    for step in ("probes", "guess", "outcome"):
        mornings.answer(house, report, step, {"heard": "no"})  # type: ignore[arg-type]  # one of the three


def test_a_dream_is_sealed_kept_once_and_locked(night: NightFolder) -> None:
    house, report = night.house, mornings.new_name()
    for _ in range(2):  # a page that is sent twice
        mornings.tell(house, dreamer(), report, Piece(number=0, recall="content", text=DREAM))
    mornings.tell(house, dreamer(), report, Piece(number=1, recall="content", text="And snow."))
    mornings.lock(house, report)
    found = mornings.morning_of(house, "S01", "tide")
    assert (len(found.pieces), found.came) == (2, "IN_TIME")
    assert b"staircase" not in house.record.read_bytes()
    with pytest.raises(RefusedError, match="locked"):
        mornings.tell(house, dreamer(), report, Piece(number=2, recall="content", text="More."))
    assert mornings.morning_of(house, "S01", "tide") == found


def test_nothing_recalled_is_kept_and_locked_at_once(night: NightFolder) -> None:
    mornings.tell(night.house, dreamer(), mornings.new_name(), Piece(number=0, recall="none", text=""))
    assert mornings.morning_of(night.house, "S01", "tide").is_locked


def test_nothing_is_asked_before_the_lock_and_nobody_writes_into_anothers_report(night: NightFolder) -> None:
    house, report = night.house, mornings.new_name()
    mornings.tell(house, dreamer(), report, Piece(number=0, recall="content", text=DREAM))
    for forbidden in (
        lambda: mornings.answer(house, report, "guess", {"heard": "no"}),
        lambda: mornings.share(house, report, ("weave",)),
        lambda: mornings.reveal(house, night, report),
    ):
        with pytest.raises(RefusedError, match="not locked yet"):
            forbidden()
    with pytest.raises(RefusedError, match="Another person"):
        mornings.tell(house, dreamer(2), report, Piece(number=1, recall="content", text="Mine."))


def test_it_is_told_what_the_night_was_about_once_all_have_locked(night: NightFolder) -> None:
    first, second = mornings.new_name(), mornings.new_name()
    whole(night, 1, first)
    assert not mornings.reveal(night.house, night, first)
    whole(night, 2, second)
    assert mornings.may_reveal(night.house, night)
    assert mornings.reveal(night.house, night, first)
    mornings.share(night.house, first, ("weave", "statistics"))
    assert mornings.of_house(night.house)[first].shared == ("statistics", "weave")
    assert mornings.of_house(night.house)[second].shared is None


def test_at_the_deadline_it_is_told_and_who_comes_later_is_late(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = mornings.new_name(), mornings.new_name()
    whole(night, 1, first)
    monkeypatch.setattr(mornings, "REVEALED_AFTER", timedelta(hours=-1))
    assert mornings.reveal(night.house, night, first)
    whole(night, 2, second)
    assert mornings.of_house(night.house)[second].came == "LATE"
    assert mornings.of_house(night.house)[first].came == "IN_TIME"


def test_a_morning_behind_no_night_is_a_new_one_each_day_and_one_a_day(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, report = night.house, mornings.new_name()
    nothing = Piece(number=0, recall="none", text="")
    mornings.tell(house, dreamer(night=""), report, nothing)
    mornings.answer(house, report, "outcome", {"rested": 5})
    mornings.share(house, report, ())
    assert mornings.morning_of(house, "S01", "").report == report
    with pytest.raises(RefusedError, match="already"):
        mornings.tell(house, dreamer(night=""), mornings.new_name(), nothing)
    tomorrow = utc_now() + timedelta(days=1)
    monkeypatch.setattr(mornings, "utc_now", lambda: tomorrow)
    assert mornings.morning_of(house, "S01", "").pieces == ()
    later = Piece(number=0, recall="none", text="", told_utc=tomorrow.isoformat())
    mornings.tell(house, dreamer(night=""), mornings.new_name(), later)
    assert mornings.of_house(house)[report].shared == ()


def test_a_phone_whose_clock_tells_no_moment_keeps_no_dream_out(night: NightFolder) -> None:
    told = Piece(number=0, recall="content", text=DREAM, told_utc="the day after")
    mornings.tell(night.house, dreamer(), mornings.new_name(), told)
    assert mornings.morning_of(night.house, "S01", "tide").dreamt_on == utc_now().astimezone().date().isoformat()


def test_an_erasure_takes_the_mornings_with_it(night: NightFolder) -> None:
    report = mornings.new_name()
    whole(night, 1, report)
    erasing.erase(night.house, "S01")
    assert report not in mornings.of_house(night.house)
    with read_only(night.house.record) as record:
        assert record.origin == ORIGIN
        assert "S01" not in {row.subject for row in record.rows() if row.body is not None}


def test_dreams_told_at_the_bed_in_the_night_are_reports_of_their_own(night: NightFolder) -> None:
    told_dreams.keep(night, pod="p1", sleeper="S01", report="c" * 32, text=DREAM, told_utc="2026-11-22T03:12:09Z")
    for _ in range(2):
        Morning(night.house, dreamer(), night)
    kept = mornings.of_house(night.house)["c" * 32]
    assert (kept.awakened_by, kept.came, len(kept.pieces)) == ("itself", "IN_TIME", 1)
    assert mornings.morning_of(night.house, "S01", "tide").pieces == ()
    assert [each.awakening for each in reports(night.house)] == ["itself"]


def test_a_dream_told_at_the_bed_is_not_what_the_others_wait_for(night: NightFolder) -> None:
    told_dreams.keep(night, pod="p2", sleeper="S02", report="d" * 32, text=DREAM, told_utc="2026-11-22T03:12:09Z")
    Morning(night.house, dreamer(2), night)
    whole(night, 1, mornings.new_name())
    assert not mornings.may_reveal(night.house, night)
    whole(night, 2, mornings.new_name())
    assert mornings.may_reveal(night.house, night)


def test_a_dream_told_at_the_bed_came_in_time_whenever_its_page_is_opened(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_dreams.keep(night, pod="p2", sleeper="S02", report="d" * 32, text=DREAM, told_utc="2026-11-22T03:12:09Z")
    first, later = mornings.new_name(), utc_now() + mornings.REVEALED_AFTER + timedelta(hours=1)
    whole(night, 1, first)
    monkeypatch.setattr(mornings, "utc_now", lambda: later)
    assert mornings.reveal(night.house, night, first)
    Morning(night.house, dreamer(2), night)
    assert mornings.of_house(night.house)["d" * 32].came == "IN_TIME"
    whole(night, 2, mornings.new_name())
    assert mornings.morning_of(night.house, "S02", "tide").came == "LATE"


def test_a_night_that_broke_off_is_over_for_who_wakes_from_it(night: NightFolder) -> None:
    with sqlite3.connect(night.record) as record:
        for stays in ("events_stay", "checkpoints_stay"):
            record.execute(f"DROP TRIGGER {stays}")
        record.execute("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
        record.execute("DELETE FROM checkpoints")
    for n in (1, 2):
        whole(night, n, mornings.new_name())
    assert mornings.may_reveal(night.house, night)


def test_there_is_one_report_of_a_morning(night: NightFolder) -> None:
    first = Piece(number=0, recall="content", text=DREAM)
    mornings.tell(night.house, dreamer(), mornings.new_name(), first)
    with pytest.raises(RefusedError, match="already"):
        mornings.tell(night.house, dreamer(), mornings.new_name(), first)
