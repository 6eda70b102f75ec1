"""The simulated night's stages against the table they are built on."""

from functools import cache
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.sleeper.stages import BOUT_MIN, MOVES_30S, bouts, hypnogram, stage_indices
from dreamloom.sleeper.traits import traits_of
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import FloatArray

NIGHT_S = 8 * 3600
W, N1, N2, N3, R = range(5)


@cache
def epochs_of_many_nights() -> FloatArray:
    """[night, epoch] of forty typical people."""
    nights = [stage_indices(traits_of(seed, "S01"), seed, NIGHT_S).reshape(-1, 30) for seed in range(40)]
    return np.array([[np.bincount(epoch, minlength=5).argmax() for epoch in night] for night in nights])


def moves() -> FloatArray:
    counts = np.zeros((5, 5))
    nights = epochs_of_many_nights()
    np.add.at(counts, (nights[:, :-1].ravel(), nights[:, 1:].ravel()), 1.0)
    return counts / counts.sum(axis=1, keepdims=True)


def bout_minutes(stage: int) -> FloatArray:
    found = []
    for night in epochs_of_many_nights():
        starts = np.flatnonzero(np.diff(night, prepend=-1))
        lengths = np.diff(np.append(starts, len(night))) / 2.0
        found.append(lengths[night[starts] == stage])
    return np.concatenate(found)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 9000), st.integers(0, 9000))
def test_a_night_that_starts_later_is_the_same_night(seed: int, duration_s: int, start_s: int) -> None:
    person = traits_of(seed, "S01", "restless")
    whole = hypnogram(person, seed, start_s + duration_s)
    assert hypnogram(person, seed, duration_s, start_s=start_s) == whole[start_s:]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_bouts_follow_one_another_and_change_the_stage(seed: int) -> None:
    for bout, following in pairwise(islice(bouts(traits_of(seed, "S01"), seed), 40)):
        assert following.onset_s == bout.onset_s + bout.duration_s
        assert bout.duration_s > 0
        assert following.stage != bout.stage


def test_a_night_begins_awake_and_enters_sleep_through_n1() -> None:
    for seed in range(20):
        first, second = islice(bouts(traits_of(seed, "S01"), seed), 2)
        assert (first.stage, second.stage) == (Stage.W, Stage.N1)


def test_moves_between_epochs_are_near_the_measured_ones() -> None:
    difference = np.abs(moves() - MOVES_30S)
    assert difference[1:].max() < 0.03
    assert difference[W].max() < 0.10, "the table's wake holds half an hour either side of the night"


@pytest.mark.parametrize("stage", [N1, N2, N3, R])
def test_bout_lengths_are_heavy_tailed_like_the_measured_ones(stage: int) -> None:
    minutes = bout_minutes(stage)
    _, median, p90, _ = BOUT_MIN[stage]
    assert abs(np.median(minutes) - median) <= 1.0
    assert abs(np.quantile(minutes, 0.9) / p90 - 1.0) < 0.25
    assert minutes.mean() > 1.1 * np.median(minutes)


def test_stage_shares_are_those_of_a_night() -> None:
    shares = np.bincount(epochs_of_many_nights().ravel(), minlength=5) / epochs_of_many_nights().size
    assert 0.07 < shares[W] < 0.2
    assert 0.05 < shares[N1] < 0.13
    assert 0.38 < shares[N2] < 0.55
    assert 0.10 < shares[N3] < 0.22
    assert 0.13 < shares[R] < 0.25


def test_n3_comes_early_and_rem_late() -> None:
    thirds = np.array_split(epochs_of_many_nights(), 3, axis=1)
    n3 = [(third == N3).mean() for third in thirds]
    rem = [(third == R).mean() for third in thirds]
    assert n3[0] > n3[1] > n3[2]
    assert n3[0] > 3 * n3[2]
    assert rem[0] < rem[1] < rem[2]
    assert rem[2] > 2 * rem[0]


def test_light_sleepers_wake_more_and_deep_ones_have_more_n3() -> None:
    def share(preset: str, stage: Stage) -> float:
        index = SCORED_STAGES.index(stage)
        nights = [stage_indices(traits_of(seed, "S01", preset), seed, NIGHT_S) for seed in range(10)]
        return float(np.mean([(night == index).mean() for night in nights]))

    assert share("restless", Stage.W) > share("deep", Stage.W) + 0.05
    assert share("deep", Stage.N3) > share("older", Stage.N3) + 0.05


def test_after_the_need_for_sleep_is_met_the_sleeper_stays_awake() -> None:
    night = stage_indices(traits_of(3, "S01"), 3, 14 * 3600)
    assert (night[13 * 3600 :] == W).all()
