"""Is it told what staging needs, and is every estimate known within a second of its window's end?"""

import json
from pathlib import Path

import pytest

from dreamloom.adapters.trees import PICKLE_SHA256
from dreamloom.cli import dreamscapes
from dreamloom.house.checkup import staging
from dreamloom.house.layout import House
from dreamloom.record.events import StageScored
from dreamloom.staging.support import NEEDS, TOLD
from dreamloom.testing.nights import TinyBed, rem_source, run_tiny_night


def test_check_tells_what_each_montage_needs(capsys: pytest.CaptureFixture[str]) -> None:
    dreamscapes.check("nightmare_rem_tmr", as_json=True)
    told = capsys.readouterr()
    rows = {row["montage"]: row for row in json.loads(told.out)["stagers"]}
    assert set(rows) == set(NEEDS) == set(PICKLE_SHA256)
    assert rows["eeg+eog"] == {
        "montage": "eeg+eog", "min_channels": ["EEG", "EOG"], "warmup_s": 30.0, "context_s": 900.0,
    }  # fmt: skip
    assert TOLD in told.err


def test_the_doctor_tells_it_too(tmp_path: Path) -> None:
    assert TOLD in [found.what for found in staging(House(tmp_path))]


def test_every_estimate_is_known_within_a_second_of_its_windows_end() -> None:
    night = run_tiny_night({"p1": TinyBed(source=rem_source(seconds=61, delay_s=0.9))})
    late_s = [event.decided_at_s - event.onset_s for event in night.of(StageScored) if isinstance(event, StageScored)]
    assert len(late_s) >= 7
    assert min(late_s) > 0.5
    assert max(late_s) <= 1.0
