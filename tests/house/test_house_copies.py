"""Is a night that was cut back to a checkpoint found by what the house remembers of its consents?"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.house import making, withdrawing
from dreamloom.house.house_record import ORIGIN, subject_of
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import ConsentGiven, ConsentWithdrawn

PODS = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,hours=0.01")]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    """A night in which somebody withdrew, and the house that was told so."""
    night = making.write_night(House(tmp_path_factory.mktemp("lived")), "tide", PODS, "nightmare_rem_tmr", seed=1)
    withdrawing.withdraw(night.house, night="tide", pod="p1", sleeper="S01", channel="test")
    run_night(night, RunOptions(speed_x=None))
    return night


@pytest.fixture
def night(lived: NightFolder, tmp_path: Path) -> NightFolder:
    """A copy that may be spoilt."""
    shutil.copytree(lived.house.root, tmp_path / "house")
    return House(tmp_path / "house").night("tide")


def spoil(record: Path, *statements: str) -> None:
    with closing(sqlite3.connect(record, isolation_level=None)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)


def seq_of(night: NightFolder, kind: type) -> int:
    with read_only(night.record) as record:
        return next(seq for seq, event in enumerate(record.events()) if isinstance(event, kind))


def cut(night: NightFolder, seq: int) -> None:
    """The record as it stood before this event, with every checkpoint of that time, and no bed that remembers more."""
    for witness in night.house.pods.glob("*/witness"):
        shutil.rmtree(witness)
    spoil(night.record, f"DELETE FROM events WHERE seq >= {seq}", f"DELETE FROM checkpoints WHERE size > {seq}")


def test_a_whole_night_agrees_with_what_the_house_was_told(night: NightFolder) -> None:
    verdict = verify_night(night)
    assert (verdict.ok, verdict.first_bad, verdict.why) == (True, None, "")


@pytest.mark.parametrize("kind", [ConsentGiven, ConsentWithdrawn])
def test_a_night_cut_back_before_a_word_on_consent_is_found_by_the_houses_copy(night: NightFolder, kind: type) -> None:
    cut(night, seq_of(night, kind))
    verdict = verify_night(night)
    assert verdict.signed > 0
    assert (verdict.ok, verdict.standing) == (False, "does not verify")
    assert verdict.first_bad is not None
    assert verdict.first_bad.startswith(f"{kind.__name__} p1.0.")
    assert "the night does not hold it: it was cut off or taken out" in verdict.why


def test_a_copy_in_other_words_is_told(night: NightFolder) -> None:
    with read_only(night.house.record) as record:
        given = next(event for event in record.events() if isinstance(event, ConsentGiven))
    night.house.record.unlink()
    with open_ledger(
        night.house.record, origin=ORIGIN, vault=FolderVault(night.house.keys), subject_of=subject_of
    ) as ledger:
        ledger.append([msgspec.structs.replace(given, cues_per_hour=given.cues_per_hour + 1)])
    verdict = verify_night(night)
    assert (verdict.ok, verdict.first_bad) == (False, "ConsentGiven p1.0.1")
    assert "says something else" in verdict.why


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("DELETE FROM checkpoints", "the house's own record: not signed yet"),
        ("UPDATE events SET subject = 'zz'", "the house's own record: seq 0 (house.0.0)"),
        ("DELETE FROM events WHERE seq > 0", "the house's own record: events 1-2"),
        ("DROP TABLE events", "the house's own record"),
    ],
)
def test_a_spoilt_house_record_vouches_for_no_night(night: NightFolder, statement: str, first_bad: str) -> None:
    spoil(night.house.record, statement)
    verdict = verify_night(night)
    assert (verdict.ok, verdict.first_bad) == (False, first_bad)


def test_a_night_of_a_house_without_a_record_is_judged_by_itself(night: NightFolder) -> None:
    night.house.record.unlink()
    assert verify_night(night).ok


def test_what_the_house_was_told_by_an_earlier_night_of_that_name_is_nothing_against_this_one(
    night: NightFolder,
) -> None:
    shutil.rmtree(night.root)
    for file in night.house.pod("p1").root.glob("WITHDRAWN*"):
        file.unlink()
    again = making.write_night(night.house, "tide", PODS, "nightmare_rem_tmr", seed=2)
    run_night(again, RunOptions(speed_x=None))
    assert verify_night(again).ok
