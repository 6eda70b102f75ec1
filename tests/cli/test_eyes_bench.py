"""The verb `bench eyes`: any recording with eyes in it, at its rate and by its labels, with figures by stage."""

import json
from pathlib import Path

import edfio
import numpy as np
import pytest

from dreamloom.bench import eye_nights, eyes
from dreamloom.bench.eye_seen import OURS, UNGATED
from dreamloom.bench.eye_truth import read_signals
from dreamloom.cli import eyes_bench
from dreamloom.testing.eye_storms import eyes_of, phasic, signalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import ConfigError, StreamError, UsageError
from dreamloom.vocabulary.units import FloatArray


def written(path: Path, columns: dict[str, tuple[FloatArray, int]]) -> Path:
    signals = [
        edfio.EdfSignal(
            np.clip(uv, -3000, 3000), hz, label=label, physical_dimension="uV", physical_range=(-3000, 3000)
        )
        for label, (uv, hz) in columns.items()
    ]
    edfio.Edf(signals, data_record_duration=1).write(path)
    return path


def night(hz: int, seed: int = 1) -> FloatArray:
    """Two signals soon after each other, then minutes of phasic REM."""
    rng = stream(seed, "night")
    gazes = [np.zeros(10 * hz), signalled(rng, hz), signalled(rng, hz), np.zeros(20 * hz), phasic(rng, 60, hz)]
    return eyes_of(np.concatenate(gazes), hz, rng)


@pytest.mark.parametrize("hz", [50, 100, 256, 512])
def test_two_signals_are_found_at_any_rate_and_the_figures_say_so(tmp_path: Path, hz: int) -> None:
    samples_uv = night(hz)
    path = written(tmp_path / "n.edf", {n: (samples_uv[:, i], hz) for i, n in enumerate(("C3", "LOC-A2", "ROC-A1"))})
    (tmp_path / "s.csv").write_text("onset_s,end_s\n12,14.2\n18.7,21\n")
    told, seen = eyes.of_recording(path, None, tmp_path / "s.csv")
    ours = next(each for each in told.detectors if each.name == UNGATED)
    assert (ours.recall, ours.twice, ours.twice_false) == (1.0, 1, 0)
    assert ours.latency_s is not None
    assert ours.latency_s <= 2.0
    assert told.channels == ("LOC-A2", "ROC-A1")
    assert len(seen.stages) == len(samples_uv) // hz


def test_eyes_at_another_rate_than_the_eeg_are_read_all_the_same(tmp_path: Path) -> None:
    samples_uv = night(100)
    eeg = stream(1, "eeg").standard_normal(len(samples_uv) * 2) * 20
    path = written(
        tmp_path / "n.edf",
        {"EEG C3": (eeg, 200), "EOG left": (samples_uv[:, 1], 100), "EOG right": (samples_uv[:, 2], 100)},
    )
    told, _ = eyes.of_recording(path, None, None)
    assert (told.channels, told.sfreq_hz) == (("EOG left", "EOG right"), 100.0)


def test_eyes_alone_are_enough_and_it_says_that_no_stage_was_asked(tmp_path: Path) -> None:
    samples_uv = night(100)
    path = written(tmp_path / "n.edf", {"E1-M2": (samples_uv[:, 1], 100), "E2-M2": (samples_uv[:, 2], 100)})
    told, _ = eyes.of_recording(path, None, None)
    assert told.stages_by == "nobody"
    assert any("cannot be staged" in note for note in told.notes)


def test_without_eyes_the_message_says_what_to_give(tmp_path: Path) -> None:
    path = written(tmp_path / "n.edf", {"EEG C3": (night(100)[:, 0], 100)})
    with pytest.raises(StreamError, match="DL-E246"):
        eyes.of_recording(path, None, None)


def test_a_hypnogram_splits_the_figures_by_stage(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    samples_uv = night(100)
    path = written(tmp_path / "n.edf", {n: (samples_uv[:, i], 100) for i, n in enumerate(("C3", "E1-M2", "E2-M2"))})
    (tmp_path / "h.csv").write_text("onset,stage\n0,R\n60,W\n")
    asked = {"signals": None, "simulated": 0, "hours": 8.0, "seed": 1}
    eyes_bench.bench_eyes(path, hypnogram=tmp_path / "h.csv", picture=tmp_path / "p.svg", as_json=True, **asked)
    told = json.loads(capsysbinary.readouterr().out)
    assert told["stages_by"] == "hypnogram"
    assert set(told["detectors"][0]["false_per_h"]) == {"W", "N1", "N2", "N3", "R"}
    assert told["rem_per_min"][OURS]["R"] > 0
    assert told["hours"]["N3"] == 0
    assert (tmp_path / "p.svg").stat().st_size > 1000


def test_neither_a_recording_nor_a_simulation_is_refused() -> None:
    asked = {"hypnogram": None, "signals": None, "hours": 8.0, "seed": 1, "picture": None, "as_json": False}
    with pytest.raises(UsageError, match="DL-E109"):
        eyes_bench.bench_eyes(None, simulated=0, **asked)


def test_a_list_of_signals_needs_numbers(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("12.5\n40,43\n")
    assert read_signals(path) == [(12.5, 15.5), (40.0, 43.0)]
    path.write_text("onset_s\nsoon\n")
    with pytest.raises(ConfigError, match="DL-E348"):
        read_signals(path)


@pytest.mark.slow
@pytest.mark.slow
def test_a_simulated_half_hour_is_labelled_as_one() -> None:
    told, _ = eye_nights.of_simulated(1, hours=0.2, seed=1)
    assert told.simulated
    assert told.stages_by == "simulation"
    assert told.signals is not None
