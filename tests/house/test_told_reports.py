"""Are reports read as what they are: none lost by another's, and no night called a baseline that cannot be read?"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dreamloom.house import told_reports
from dreamloom.house.layout import NightFolder
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.testing.told_mornings import whole_morning
from dreamloom.weave.reports import BASELINE


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    made = night_that_is_over(tmp_path / "house", beds=2, hours=0.01)
    for who in ("S01", "S02"):
        whole_morning(made, who, text=f"{who} saw a lantern.")
    return made


def test_a_night_that_cannot_be_read_any_more_is_no_baseline(night: NightFolder) -> None:
    assert {each.arm for each in told_reports.reports(night.house)} == {BASELINE}
    (night.root / "record.sqlite").write_bytes(b"spoilt")
    assert {each.arm for each in told_reports.reports(night.house)} == {told_reports.UNKNOWN}
    shutil.rmtree(night.root)
    assert {each.arm for each in told_reports.reports(night.house)} == {told_reports.UNKNOWN}


def test_what_was_changed_of_one_person_is_left_out_and_all_others_stay(night: NightFolder) -> None:
    name = next(iter(told_reports.locks(night.house, night.name).values()))
    with closing(sqlite3.connect(night.house.record)) as record, record:
        record.execute("DROP TRIGGER payloads_are_only_erased")
        record.execute("UPDATE payloads SET ciphertext = zeroblob(64) WHERE seq = (SELECT min(seq) FROM payloads)")
    assert [each.dreamer for each in told_reports.reports(night.house)] == ["S02"]
    assert told_reports.text_of(night.house, name) == ""
