"""Does a stager of the field read simulated nights as nights? A check of plumbing; never evidence of accuracy."""

import json
import sys
import warnings

import numpy as np
import numpy.typing as npt

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.signals import CHANNELS, Electrodes
from dreamloom.sleeper.traits import traits_of
from dreamloom.vocabulary.stages import SCORED_STAGES
from dreamloom.vocabulary.units import FloatArray

EPOCH_S = 30
SFREQ_HZ = 100
STAGE_INDEX = {stage.value: index for index, stage in enumerate(SCORED_STAGES)}


def check(seed: int, *, preset: str = "typical", hours: float = 8.0) -> dict[str, float]:
    """One night of samples, staged offline by YASA from EEG, E1 and chin, against its true epochs.

    Returns:
        kappa, accuracy, f1_W, f1_N1, f1_N2, f1_N3, f1_R.
    """
    course = Course(traits_of(seed, "S01", preset), seed, until_s=int(hours * 3600))
    truth = true_epochs(course, int(hours * 3600))
    read = _read_by_yasa(_night(course, len(truth) * EPOCH_S))
    return agreement(truth, read)


def true_epochs(course: Course, duration_s: int) -> npt.NDArray[np.intp]:
    """[epoch], the stage that fills most of each 30-s epoch, as an index into SCORED_STAGES."""
    seconds = course.stages[: duration_s // EPOCH_S * EPOCH_S].reshape(-1, EPOCH_S)
    return np.array([np.bincount(row, minlength=5).argmax() for row in seconds])


def agreement(truth: npt.NDArray[np.intp], read: npt.NDArray[np.intp]) -> dict[str, float]:
    """Cohen's kappa, accuracy and F1 per stage of two scorings."""
    counts = np.zeros((5, 5))
    np.add.at(counts, (truth, read), 1.0)
    total, hits = counts.sum(), np.diag(counts)
    chance = (counts.sum(axis=0) * counts.sum(axis=1)).sum() / total**2
    accuracy = hits.sum() / total
    f1 = 2.0 * hits / np.maximum(counts.sum(axis=0) + counts.sum(axis=1), 1.0)
    found = {"kappa": (accuracy - chance) / (1.0 - chance), "accuracy": accuracy}
    found |= {f"f1_{stage.value}": f1[index] for index, stage in enumerate(SCORED_STAGES)}
    return {name: round(float(value), 3) for name, value in found.items()}


def _night(course: Course, duration_s: int) -> FloatArray:
    electrodes = Electrodes(course, sfreq_hz=SFREQ_HZ)
    return np.concatenate([electrodes.second(second) for second in range(duration_s)])


def _read_by_yasa(samples_uv: FloatArray) -> npt.NDArray[np.intp]:
    import mne
    import yasa

    labels = [channel.label for channel in CHANNELS]
    info = mne.create_info(labels, SFREQ_HZ, ["eeg", "eog", "eog", "emg"], verbose="ERROR")
    raw = mne.io.RawArray(samples_uv.T * 1e-6, info, verbose="ERROR")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the trees were pickled by an older scikit-learn
        scored = yasa.SleepStaging(raw, eeg_name=labels[0], eog_name=labels[1], emg_name=labels[3]).predict()
    names = getattr(scored, "hypno", scored)
    return np.array([STAGE_INDEX[_aasm(str(name))] for name in names])


def _aasm(name: str) -> str:
    return {"WAKE": "W", "REM": "R"}.get(name, name)


if __name__ == "__main__":
    for seed in map(int, sys.argv[1:]):
        sys.stdout.write(json.dumps({"seed": seed, **check(seed)}) + "\n")
