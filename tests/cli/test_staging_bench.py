"""`bench staging`: every method in one run, figures beside an expert, agreement where there is none."""

import json
from pathlib import Path

import edfio
import numpy as np
import pytest

from dreamloom.bench import staging
from dreamloom.bench.staging import NAIVE, OFFLINE, OURS, Staged
from dreamloom.bench.staging_picture import draw
from dreamloom.cli import staging_bench
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import StreamError, UsageError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage

W, N1, N2, N3, R = SCORED_STAGES


def recording(path: Path, *, seconds: int = 120, hz: int = 100) -> Path:
    time_s = np.arange(seconds * hz) / hz
    rows = 40 * np.sin(2 * np.pi * 0.9 * time_s) + 9 * stream(4, "bench").standard_normal(seconds * hz)
    signal = edfio.EdfSignal(rows, hz, label="EEG C4-M1", physical_dimension="uV", physical_range=(-500, 500))
    edfio.Edf([signal]).write(path)
    return path


def told(capsys: pytest.CaptureFixture[str], files: list[Path], hypnograms: list[Path]) -> dict[str, object]:
    staging_bench.bench_staging(files, hypnograms, channels=[], codes="", picture=None, as_json=True)
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_every_method_is_measured_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "expert.txt").write_text("W\nN2\nN3\nN3\n")
    found = told(capsys, [recording(tmp_path / "a.edf")], [tmp_path / "expert.txt"])
    methods = found["methods"]
    assert isinstance(methods, list)
    assert [(m["name"], m["ours"], m["causal"]) for m in methods] == [
        (OURS, True, True), (NAIVE, False, True), (staging.BUFFER, False, True), (OFFLINE, False, False),
    ]  # fmt: skip
    keys = {"coverage", "kappa", "kappa_ci", "accuracy", "macro_f1", "f1", "gain"}
    assert all(keys <= set(m) and set(m["f1"]) == {"W", "N1", "N2", "N3", "R"} for m in methods)
    assert methods[3]["coverage"] == 0.0  # two minutes are too few for hindsight: not scored is wrong
    assert methods[0]["coverage"] == 1.0
    assert found["scored"] is True


def test_two_recordings_have_a_row_each_and_one_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("N2\nN2\nN3\nW\n")
    files = [recording(tmp_path / "a.edf"), recording(tmp_path / "b.edf", hz=200)]
    found = told(capsys, files, [tmp_path / "a.txt", tmp_path / "b.txt"])
    records = found["records"]
    assert isinstance(records, list)
    assert [(r["record"], r["epochs"], r["scored"]) for r in records] == [("a.edf", 4, 4), ("b.edf", 4, 4)]


def test_without_an_expert_only_agreement_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, [recording(tmp_path / "a.edf")], [])
    assert found["scored"] is False
    methods, between = found["methods"], found["between"]
    assert isinstance(methods, list)
    assert isinstance(between, list)
    assert all(m["kappa"] is None and m["accuracy"] is None for m in methods)
    assert len(between) == 6
    staging_bench.bench_staging([tmp_path / "a.edf"], [], channels=[], codes="", picture=None, as_json=False)
    assert "Nobody scored these recordings" in capsys.readouterr().err


def test_recordings_and_hypnograms_are_paired_or_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="DL-E109 2 recordings and 1 hypnograms"):
        staging_bench.bench_staging([tmp_path, tmp_path], [tmp_path], channels=[], codes="", picture=None, as_json=True)


def test_a_recording_below_one_epoch_or_below_80_hz_is_refused_with_the_bound(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match=r"DL-E237 a\.edf is shorter than one epoch"):
        staging.stage_recording(recording(tmp_path / "a.edf", seconds=20), None)
    with pytest.raises(StreamError, match="DL-E232 50 Hz is too slow"):
        staging.stage_recording(recording(tmp_path / "b.edf", hz=50), None)


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_the_picture_is_the_same_twice(tmp_path: Path, suffix: str) -> None:
    answers = {name: [W, N1, Stage.UNSCORED, R] for name in staging.CAUSAL}
    staged = [Staged(Path("night.edf"), ("EEG C4-M1",), 100.0, [W, None, N2, R], answers, ())]
    for name in "ab":
        draw(staged, tmp_path / f"{name}.{suffix}")
    drawn = (tmp_path / f"a.{suffix}").read_bytes()
    assert drawn == (tmp_path / f"b.{suffix}").read_bytes()
    assert len(drawn) > 5000
    with pytest.raises(UsageError, match=r"DL-E109 .*\.svg and \.png"):
        draw(staged, tmp_path / "a.gif")
