"""Many sleepers' rhythms at once: each is told what it would be told alone, by sums that cost less than they look."""

import numpy as np
import pytest

from dreamloom.rhythm import learning, track
from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.rhythm.choosing import crosses, crossings
from dreamloom.rhythm.kernel import LAGS
from dreamloom.rhythm.track import Heard, PhaseState
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, Seconds

RATES_HZ = (100, 256, 100, 256)
LONG_S = 130
"""Past a second refit, and past a whole look back of audits."""


def second_of(bed: int, index: int) -> FloatArray:
    """Slow waves of another pace in each bed."""
    grid_hz = RATES_HZ[bed]
    time_s = index + np.arange(grid_hz) / grid_hz
    wave_uv = 40 * np.cos(2 * np.pi * (0.7 + 0.1 * bed) * time_s)
    return np.asarray(wave_uv + 6 * stream(6, "rhythms", bed, index).standard_normal(grid_hz))


def heard(bed: int, index: int) -> Heard:
    """Bed 2 misses a second, bed 3 is spoilt for a while and then awake."""
    is_late = bed == 2 and index >= 20
    return Heard(
        index + is_late,
        second_of(bed, index),
        good=not (bed == 3 and 40 <= index < 44),
        deep=False if bed == 3 and 60 <= index < 70 else None,
    )


@pytest.mark.slow
def test_a_sleeper_among_others_meets_the_same_moments_as_alone() -> None:
    states = [track.start(hz, tau_s=Seconds(bed / 10)) for bed, hz in enumerate(RATES_HZ)]
    told: list[list[float]] = [[] for _ in states]
    for index in range(LONG_S):
        stepped = track.step_many([(state, heard(bed, index)) for bed, state in enumerate(states)])
        states = [state for state, _, _ in stepped]
        for bed, (_, moments, audits) in enumerate(stepped):
            told[bed] += [value for each in moments for value in (each.decided_s, each.strength_uv, each.corrected_rad)]
            told[bed] += [value for audit in audits for value in (audit.play_at_s, audit.error_rad)]
    for bed, hz in enumerate(RATES_HZ):
        alone, own = track.start(hz, tau_s=Seconds(bed / 10)), []
        for index in range(LONG_S):
            each = heard(bed, index)
            alone, moments, audits = track.step(alone, each.index, each.samples_uv, good=each.good, deep=each.deep)
            own += [value for one in moments for value in (one.decided_s, one.strength_uv, one.corrected_rad)]
            own += [value for audit in audits for value in (audit.play_at_s, audit.error_rad)]
        assert len(own) > 50
        assert np.allclose(told[bed], own, rtol=1e-9, atol=1e-9)


def test_nobody_at_once_is_nothing() -> None:
    assert track.step_many([]) == []


def test_a_state_keeps_no_more_than_it_learns_from() -> None:
    state: PhaseState = track.start(100, tau_s=Seconds(0.0))
    for index in range(110):
        state, _, _ = track.step(state, index, second_of(0, index))
    assert state.kept.bins_uv.shape[1] == len(state.kept.is_calm) == len(state.free) == learning.KEPT
    assert all(each > 110 - track.KEPT_S - 2 * track.FROZEN_S for each in state.planned_s)


@pytest.mark.parametrize("n", [250, 3000, learning.LOOKS_BACK_S * BIN_HZ])
def test_the_truth_at_one_bin_is_that_of_the_whole(n: int) -> None:
    signal_uv = 300 + np.cumsum(stream(7, "walk").standard_normal(n))
    whole = learning.truth(signal_uv, BIN_HZ)
    for place in (0, n // 2, n - 212, n - 211, n - 1):
        assert abs(learning.truth_at(signal_uv, place) - whole[place]) < 1e-9


def test_what_is_learned_does_not_depend_on_how_it_is_summed() -> None:
    steady = np.cumsum(stream(8, "walk").standard_normal(1000))
    rows = np.delete(np.arange(LAGS, 1000), np.r_[100:200, 300:301, 500:600])
    wanted = stream(8, "wanted").standard_normal(len(rows)) + 1j
    windows = np.stack([steady[row - LAGS + 1 : row + 1][::-1] for row in rows])
    assert np.allclose(learning.gram_of(steady, rows), windows.T @ windows, rtol=1e-9)
    assert np.allclose(learning.cross_of(steady, rows, wanted), windows.T @ wanted, rtol=1e-9)


def test_crossings_of_many_are_those_of_each() -> None:
    phases_rad = stream(9, "phases").uniform(-np.pi, np.pi, (4, 200))
    each = [[crosses(row[i], row[i + 1]) for i in range(199)] for row in phases_rad]
    assert np.array_equal(crossings(phases_rad), each)
