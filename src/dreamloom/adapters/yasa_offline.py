"""How would the published scorer, with the whole recording before it, stage this sleep? The reference for a morning.

YASA itself (Vallat & Walker 2021, eLife 10:e70092), which smooths and scales over the whole night: never part of the
live track, and never mixed with it.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dreamloom.signals.labels import kind_of
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, FloatArray, Hertz, Seconds, to_four_places

SHORTEST_S = Seconds(300.0)
"""YASA asks for 5 min; its smoothing reaches 3.75 min to either side."""
SLOWEST_HZ = Hertz(80.0)
_YASA_NAMES = {"W": "WAKE", "R": "REM"}


@dataclass(frozen=True, slots=True)
class OfflineEpoch:
    """One 30-s epoch as scored with hindsight; probabilities in the order of SCORED_STAGES."""

    onset_s: Seconds
    stage: Stage
    confidence: float
    probabilities: tuple[float, ...]


def score_offline(path: Path, *, eeg: str = "", eog: str = "", emg: str = "") -> list[OfflineEpoch]:
    """Stages a recording (EDF, EDF+, BDF or anything MNE opens) epoch by epoch; a last part below 30 s is left out.

    Channels are named as in the file. Without `eeg`, the first one whose label tells an EEG is taken; without
    `eog` or `emg`, staging does without.

    Raises:
        StreamError: for a file that cannot be read, a channel that is not there, less than 5 min, or below 80 Hz.
    """
    raw = _opened(path)
    chosen = {"eeg": eeg or _first_eeg(raw.ch_names, path), "eog": eog, "emg": emg}
    named = {kind: label for kind, label in chosen.items() if label}
    for label in named.values():
        if label not in raw.ch_names:
            raise _no_channel(label, raw.ch_names, path)
    return _scored(raw, named)


def score_samples(samples_uv: FloatArray, sfreq_hz: Hertz, kinds: tuple[str, ...] = ("eeg",)) -> list[OfflineEpoch]:
    """The same for samples in hand: [n, channel] in microvolts, one of eeg, eog, emg per column.

    Raises:
        StreamError: for less than 5 min, or below 80 Hz.
    """
    import mne

    info = mne.create_info(list(kinds), float(sfreq_hz), list(kinds))
    raw = mne.io.RawArray(np.ascontiguousarray(samples_uv.T) * 1e-6, info, verbose="error")
    return _scored(raw, dict(zip(kinds, kinds, strict=True)))


def _opened(path: Path) -> Any:
    import mne

    try:
        with warnings.catch_warnings():
            # MNE warns of odd dates and filters in headers; the samples are what counts here.
            warnings.simplefilter("ignore")
            return mne.io.read_raw(path, verbose="error")
    except (OSError, ValueError, RuntimeError, IndexError, AssertionError, ZeroDivisionError) as error:
        raise StreamError(
            "DL-E233",
            f"{path} cannot be read as a recording.",
            why=str(error).splitlines()[0] if str(error) else type(error).__name__,
            do="Give an EDF, EDF+ or BDF file.",
        ) from error


def _scored(raw: Any, named: dict[str, str]) -> list[OfflineEpoch]:
    _refuse_too_little(float(raw.n_times / raw.info["sfreq"]), float(raw.info["sfreq"]))
    import yasa

    with warnings.catch_warnings():
        # scikit-learn warns that the label encoder beside the trees is older than itself.
        warnings.simplefilter("ignore")
        scorer = yasa.SleepStaging(raw, named["eeg"], eog_name=named.get("eog"), emg_name=named.get("emg"))
        table = scorer.predict().proba
    columns = [_YASA_NAMES.get(stage, str(stage)) for stage in SCORED_STAGES]
    return [_epoch(k, row) for k, row in enumerate(table[columns].to_numpy(dtype=np.float64))]


def _epoch(k: int, row: FloatArray) -> OfflineEpoch:
    probabilities = tuple(to_four_places(p) for p in row)
    confidence = max(probabilities)
    stage = SCORED_STAGES[probabilities.index(confidence)]
    return OfflineEpoch(Seconds(k * EPOCH_S), stage, confidence, probabilities)


def _refuse_too_little(duration_s: float, sfreq_hz: float) -> None:
    if duration_s < SHORTEST_S:
        raise StreamError(
            "DL-E234",
            f"The recording is {duration_s / 60:.1f} min long, too short to be scored.",
            why=f"Each epoch is judged beside the minutes around it, so at least {SHORTEST_S / 60:.0f} min are needed.",
            do="Give a longer recording.",
        )
    if sfreq_hz <= SLOWEST_HZ:
        raise StreamError(
            "DL-E232",
            f"{sfreq_hz:g} Hz is too slow to stage sleep.",
            why=f"Stages are read from 0.4-30 Hz, which needs more than {SLOWEST_HZ:g} samples a second.",
            do="Give a recording with a higher rate.",
        )


def _first_eeg(labels: list[str], path: Path) -> str:
    found = [label for label in labels if kind_of(label) == "EEG"]
    if not found:
        raise _no_channel("EEG", labels, path)
    return found[0]


def _no_channel(label: str, labels: list[str], path: Path) -> StreamError:
    return StreamError(
        "DL-E235",
        f"{path.name} has no channel {label!r}.",
        why=f"Its channels are {', '.join(map(repr, labels))}.",
        do="Name the EEG channel as it is written there: dreamloom score FILE.edf --eeg LABEL",
    )
