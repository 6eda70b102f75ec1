"""Five signals made awake are kept for the night, told in its record, and asked of the sleeper's signals."""

import json
from pathlib import Path

import edfio
import numpy as np
import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.cli import calibrations
from dreamloom.eyes.sweeps import STRICT
from dreamloom.house import eye_calibrations
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import EyesCalibrated
from dreamloom.testing.eye_storms import eyes_of, signalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import ConfigError, StreamError, UsageError
from dreamloom.vocabulary.units import NightTime

NIGHT = 'dreamscape = "d.yaml"\n[[pod]]\nid = "p1"\nsleeper = "S01"\nsource = "sim:lucid,start=3h"\n'


@pytest.fixture
def folder(tmp_path: Path) -> NightFolder:
    (tmp_path / "night.toml").write_text(NIGHT)
    return NightFolder(tmp_path)


def recorded(path: Path, *, exchanged: bool = False, hz: int = 128) -> Path:
    """A minute of nothing, then five signals of 150 µV to each side."""
    rng = stream(5, "evening")
    gazes = [np.zeros(60 * hz), *[signalled(rng, hz, reach_uv=150.0, pace_s=0.8) for _ in range(5)], np.zeros(hz * 5)]
    samples_uv = eyes_of(np.concatenate(gazes), hz, rng)
    samples_uv = samples_uv[: len(samples_uv) // hz * hz]
    labels = ("C3-A2", *(("ROC", "LOC") if exchanged else ("LOC", "ROC")))
    signals = [
        edfio.EdfSignal(
            np.clip(uv, -3000, 3000), hz, label=label, physical_dimension="uV", physical_range=(-3000, 3000)
        )
        for label, uv in zip(labels, samples_uv.T, strict=True)
    ]
    edfio.Edf(signals, data_record_duration=1).write(path)
    return path


def test_a_simulated_sleeper_makes_the_signals_awake_whenever_the_night_begins(folder: NightFolder) -> None:
    pod = PodAsked(id="p1", sleeper="S01", source="sim:lucid,start=3h,hours=0.5")
    asked: list[int] = []
    found = eye_calibrations.calibrate(folder, pod, seed=1, span=eye_calibrations.Span(), ask=asked.append)
    assert asked == [1, 2, 3, 4, 5]
    assert found.seen >= 4
    assert not found.exchanged
    told = eye_calibrations.of_tonight(folder, pod, NightTime(0.0))
    assert told is not None
    limits = eye_calibrations.limits_of(told)
    assert limits.side == -1
    assert limits.least_uv == pytest.approx(found.size_uv / 2)


def test_a_span_of_a_recording_is_read_and_told(
    folder: NightFolder, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = recorded(tmp_path / "evening.edf", exchanged=True)
    calibrations.eyes(str(folder.root), "p1", source=f"edf:{path}", from_s=55.0, for_s=60.0, as_json=True)
    said = capsysbinary.readouterr()
    told = json.loads(said.out)
    assert (told["pod"], told["sleeper"], told["exchanged"]) == ("p1", "S01", True)
    assert told["seen"] >= 4
    assert 400 < told["size_uv"] < 700
    assert b"electrodes are exchanged" in said.err
    assert json.loads(folder.eyes("p1").read_bytes())["sleeper"] == "S01"


def test_a_span_without_signals_says_what_to_do_and_keeps_nothing(folder: NightFolder, tmp_path: Path) -> None:
    path = recorded(tmp_path / "evening.edf")
    with pytest.raises(StreamError, match="DL-E247"):
        calibrations.eyes(str(folder.root), "p1", source=f"edf:{path}", from_s=0.0, for_s=50.0, as_json=False)
    assert not folder.eyes("p1").exists()


def test_without_a_calibration_the_usual_limits_hold(folder: NightFolder) -> None:
    pod = PodAsked(id="p1", sleeper="S01", source="sim:lucid")
    assert eye_calibrations.of_tonight(folder, pod, NightTime(0.0)) is None
    assert eye_calibrations.limits_of(None) is STRICT


def test_another_sleepers_eyes_are_refused(folder: NightFolder) -> None:
    pod = PodAsked(id="p1", sleeper="S01", source="sim:lucid")
    eye_calibrations.calibrate(folder, pod, seed=1, span=eye_calibrations.Span(), ask=lambda _: None)
    other = PodAsked(id="p1", sleeper="S02", source="sim:lucid")
    with pytest.raises(ConfigError, match="DL-E363"):
        eye_calibrations.of_tonight(folder, other, NightTime(0.0))


def test_a_pod_that_is_not_there_is_named_with_the_nearest(folder: NightFolder) -> None:
    with pytest.raises(UsageError, match="DL-E110"):
        calibrations.eyes(str(folder.root), "p2", source="", from_s=0.0, for_s=None, as_json=False)


def test_the_night_begins_with_it_tells_it_once_and_is_decided_again_with_it(tmp_path: Path) -> None:
    pods = [
        PodAsked(id="p1", sleeper="S01", source="sim:lucid,start=3h,hours=0.01"),
        PodAsked(id="p2", sleeper="S02", source="sim:lucid,start=3h,hours=0.01"),
    ]
    night = write_night(House(tmp_path), "calibrated", pods, "nightmare_rem_tmr", seed=5)
    found = eye_calibrations.calibrate(night, pods[0], seed=5, span=eye_calibrations.Span(), ask=lambda _: None)
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        told = [event for event in record.events() if isinstance(event, EyesCalibrated)]
    assert [(event.pod, event.size_uv, event.seen) for event in told] == [("p1", found.size_uv, found.seen)]
    night.eyes("p1").unlink()
    assert replay_night(night).first_difference is None
