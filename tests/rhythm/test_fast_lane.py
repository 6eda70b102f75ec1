"""Moments told within their second: the same to the bit as when it is over, however its samples are cut."""

from itertools import pairwise

import numpy as np
import pytest

from dreamloom.rhythm import lane, track
from dreamloom.rhythm.bins import Filling, binned, filled
from dreamloom.rhythm.kernel import LAGS
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, Seconds

SECONDS = 100


def waves_uv(grid_hz: int, seconds: int = SECONDS) -> FloatArray:
    time_s = np.arange(grid_hz * seconds) / grid_hz
    signal_uv = 40 * np.cos(2 * np.pi * 0.83 * time_s) + 8 * stream(4, "lane", grid_hz).standard_normal(len(time_s))
    signal_uv[45 * grid_hz] = 900.0  # a movement, after which the gate is shut for a while
    return np.asarray(signal_uv)


def told_within(
    signal_uv: FloatArray, grid_hz: int, cut: int, target: track.Target | None = None
) -> tuple[list[track.Moment], list[track.Moment]]:
    """Moments of the lane, and of the whole seconds; the cut runs on over the seconds' ends."""
    state, early, late = track.start(grid_hz, tau_s=Seconds(0.1), target=target), list[track.Moment](), []
    for index in range(len(signal_uv) // grid_hz):
        deep = None if index % 7 else True
        own = signal_uv[index * grid_hz : (index + 1) * grid_hz]
        ahead = lane.begin(state, deep=deep) if index else None
        edges = [0, *range(-(index * grid_hz) % cut or cut, grid_hz, cut), grid_hz]
        for first, beyond in pairwise(edges):
            if ahead is not None:
                ahead, moments = lane.heard(ahead, own[first:beyond])
                early += moments
        state, moments, _ = track.step(state, index, own, deep=deep)
        late += moments
        if ahead is not None and ahead.is_open:
            assert ahead.chosen == state.choosing
            assert ahead.last_z == state.last_z
            assert np.array_equal(ahead.past, state.tail[1, 1 - LAGS :])
            assert state.high_passed is not None
            assert ahead.drift == state.high_passed[0, 0, 0]
    return early, late


@pytest.mark.parametrize("grid_hz", [100, 128, 256])
@pytest.mark.parametrize("cut", [1, 7, 25, 250])
def test_moments_within_a_second_are_those_of_the_whole_second_to_the_bit(grid_hz: int, cut: int) -> None:
    early, late = told_within(waves_uv(grid_hz), grid_hz, cut)
    assert len(late) >= 5
    assert early == late


@pytest.mark.parametrize("grid_hz", [50, 100, 128, 250, 256, 500, 512])
@pytest.mark.parametrize("cut", [1, 3, 40, 1000])
def test_bins_are_the_same_before_their_second_is_over(grid_hz: int, cut: int) -> None:
    samples_uv = 30 * stream(5, "bins").standard_normal(grid_hz)
    filling, bins = Filling(), list[float]()
    for first in range(0, grid_hz, cut):
        filling, fresh = filled(filling, samples_uv[first : first + cut], grid_hz)
        bins += fresh.tolist()
        assert len(bins) == filling.bins == int(min(first + cut, grid_hz) * 50 / grid_hz + 1e-9)
    assert bins == binned(samples_uv).tolist()


def test_a_shut_gate_lets_no_moment_through() -> None:
    signal_uv, state = waves_uv(100), track.start(100, tau_s=Seconds(0.0))
    for index in range(SECONDS - 1):
        state, _, _ = track.step(state, index, signal_uv[index * 100 : (index + 1) * 100])
        shut = lane.begin(state, deep=False)
        shut, moments = lane.heard(shut, signal_uv[(index + 1) * 100 : (index + 2) * 100])
        assert moments == []


def test_moments_of_deep_troughs_are_the_same_within_their_second() -> None:
    target = track.Target(trough_below_uv=-44.0)
    early, late = told_within(waves_uv(100), 100, 7, target)
    plain, _ = told_within(waves_uv(100), 100, 7)
    assert early == late
    assert 0 < len(late) < len(plain)
