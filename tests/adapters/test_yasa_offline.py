"""Scoring with hindsight: YASA's own answer, or a refusal that says what is missing."""

from pathlib import Path

import edfio
import numpy as np
import pytest

from dreamloom.adapters.yasa_offline import OfflineEpoch, score_offline, score_samples
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES
from dreamloom.vocabulary.units import FloatArray, Hertz


def sleep_like(minutes: float, hz: int) -> FloatArray:
    """[sample], slow waves in noise."""
    count = int(minutes * 60 * hz)
    time_s = np.arange(count) / hz
    return 50 * np.sin(2 * np.pi * 0.9 * time_s) + 9 * stream(4, "offline").standard_normal(count)


def recording(path: Path, minutes: float, *, hz: int = 100, labels: tuple[str, ...] = ("EEG C4-M1",)) -> Path:
    signals = [
        edfio.EdfSignal(sleep_like(minutes, hz), hz, label=label, physical_dimension="uV", physical_range=(-500, 500))
        for label in labels
    ]
    edfio.Edf(signals).write(path)
    return path


def test_a_short_recording_is_refused_with_the_bound(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match=r"DL-E234 The recording is 4\.0 min long.*at least 5 min"):
        score_offline(recording(tmp_path / "nap.edf", 4.0))


def test_a_slow_recording_is_refused_with_the_bound(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match=r"DL-E232 64 Hz is too slow"):
        score_offline(recording(tmp_path / "slow.edf", 6.0, hz=64))


def test_an_unknown_channel_is_refused_with_those_there(tmp_path: Path) -> None:
    path = recording(tmp_path / "night.edf", 6.0)
    with pytest.raises(StreamError, match=r"DL-E235 night\.edf has no channel 'EEG C3'.*'EEG C4-M1'"):
        score_offline(path, eeg="EEG C3")


def test_a_recording_without_eeg_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match=r"DL-E235 .*no channel 'EEG'.*'Resp chest'"):
        score_offline(recording(tmp_path / "chest.edf", 6.0, labels=("Resp chest",)))


@pytest.mark.parametrize("content", [b"", b"0", b"not a recording" * 100])
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.edf"
    path.write_bytes(content)
    with pytest.raises(StreamError, match="DL-E233"):
        score_offline(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match="DL-E233"):
        score_offline(tmp_path / "nowhere.edf")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_recording_is_scored_epoch_by_epoch(tmp_path: Path) -> None:
    path = recording(tmp_path / "night.edf", 10.4, hz=128, labels=("EOG E1", "EEG C4-M1", "EMG chin"))
    epochs = score_offline(path, eog="EOG E1", emg="EMG chin")
    assert [epoch.onset_s for epoch in epochs] == [30.0 * k for k in range(20)]
    for epoch in epochs:
        assert epoch.confidence == max(epoch.probabilities)
        assert epoch.stage == SCORED_STAGES[epoch.probabilities.index(epoch.confidence)]
        assert sum(epoch.probabilities) == pytest.approx(1.0, abs=5e-4)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_samples_in_hand_are_scored_as_from_a_file(tmp_path: Path) -> None:
    from_file = score_offline(recording(tmp_path / "night.edf", 6.0))
    in_hand = score_samples(sleep_like(6.0, 100)[:, np.newaxis], Hertz(100.0))
    assert [epoch.stage for epoch in in_hand] == [epoch.stage for epoch in from_file]
    assert isinstance(in_hand[0], OfflineEpoch)
