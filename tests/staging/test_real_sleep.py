"""On the recording that ships: agreement with the expert, a REM gate that opens in REM alone, few arousals."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import edfio
import numpy as np
import pytest

from dreamloom.adapters.trees import TreeStager
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.staging import arousals, track
from dreamloom.staging.track import StageEstimate
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import NightTime

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FOLDER = files("dreamloom.house.recordings")
EEG = (Channel("EEG", "EEG"),)
HZ = 100
STABLE_S = 20


def seconds() -> list[GridSecond]:
    signal = edfio.read_edf(FOLDER.joinpath("prerau_segment.edf")).signals[0]
    rows = signal.digital[: len(signal.digital) // HZ * HZ].astype(np.int16).reshape(-1, HZ, 1)
    return [GridSecond(k, row, row / 10.0, np.zeros(HZ, dtype=bool), NightTime(k + 1)) for k, row in enumerate(rows)]


def expert() -> list[str]:
    """The expert's stage in every second."""
    lines = FOLDER.joinpath("prerau_segment_stages.csv").read_text().splitlines()[1:]
    return [stage for line in lines for _, span, stage in [line.split(",")] for _ in range(int(span))]


@cache
def scored() -> tuple[list[StageEstimate], list[float]]:
    """All live estimates, and the onsets of all arousals."""
    state, watch = track.start(EEG, HZ, TreeStager("eeg").probabilities), arousals.start(EEG)
    estimates, stirred, asleep = list[StageEstimate](), list[float](), False
    for second in seconds():
        watch, arousal, _ = arousals.step(watch, second, stage_asleep=asleep)
        state, new = track.step(state, second)
        estimates += new
        stirred += [arousal.onset_s] if arousal else []
        asleep = asleep if not new else new[-1].stage not in {Stage.W, Stage.UNSCORED}
        watch = watch if not new else arousals.watching(watch, 0, in_rem=new[-1].stage is Stage.R)
    return estimates, stirred


def kappa(ours: Sequence[str], theirs: Sequence[str]) -> float:
    pairs = list(zip(ours, theirs, strict=True))
    agreed = sum(one == other for one, other in pairs) / len(pairs)
    chance = sum(ours.count(stage) * theirs.count(stage) for stage in SCORED_STAGES) / len(pairs) ** 2
    return (agreed - chance) / (1 - chance)


def test_live_stages_agree_with_the_expert_about_as_well_as_the_past_allows() -> None:
    truth = expert()
    epochs = [e for e in scored()[0] if e.window_end_s % 30 == 0 and e.stage is not Stage.UNSCORED]
    majority = [
        max(set(truth[k : k + 30]), key=truth[k : k + 30].count) for e in epochs for k in [int(e.window_end_s) - 30]
    ]
    assert len(epochs) == 167
    assert kappa([str(e.stage) for e in epochs], majority) >= 0.65


def test_the_rem_gate_opens_for_four_minutes_inside_rem_and_nowhere_else() -> None:
    truth, open_s, since = expert(), list[float](), None
    for e in scored()[0]:
        inside = e.stage is Stage.R and e.confidence >= 0.8
        since = (e.window_end_s if since is None else since) if inside else None
        if since is not None and e.window_end_s - since >= STABLE_S:
            open_s.append(e.window_end_s)
    assert len(open_s) * 5 >= 240
    assert {truth[min(int(at), len(truth) - 1)] for at in open_s} == {"R"}


def test_arousals_are_no_more_than_thirty_in_an_hour_of_sleep() -> None:
    asleep_h = sum(stage != "W" for stage in expert()) / 3600
    assert 5 <= len(scored()[1]) / asleep_h <= 30
