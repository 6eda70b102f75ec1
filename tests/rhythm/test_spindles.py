"""Onsets of spindles: met soon, causally, the same however cut, and judged with hindsight."""

from itertools import pairwise

import numpy as np
import pytest

from dreamloom.rhythm import sigma, spindles
from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.testing.spindle_waves import BEGIN_S, LAST_S, spindle_waves
from dreamloom.vocabulary.units import FloatArray, Seconds

SECONDS = 170


def signal_uv(grid_hz: int, seconds: int = SECONDS) -> FloatArray:
    return spindle_waves(np.arange(grid_hz * seconds) / grid_hz)


def told(
    samples_uv: FloatArray, grid_hz: int = 100, *, tau_s: float = 0.1
) -> tuple[list[spindles.Onset], list[spindles.Audit]]:
    state = spindles.start(grid_hz, tau_s=Seconds(tau_s), rest_s=Seconds(1.0))
    onsets, audits = list[spindles.Onset](), list[spindles.Audit]()
    for index in range(len(samples_uv) // grid_hz):
        state, new, judged = spindles.step(state, index, samples_uv[index * grid_hz : (index + 1) * grid_hz])
        onsets += new
        audits += judged
    return onsets, audits


@pytest.mark.parametrize("grid_hz", [100, 128, 256, 500])
def test_spindles_are_met_while_they_last_at_every_sampling_rate(grid_hz: int) -> None:
    onsets, _ = told(signal_uv(grid_hz), grid_hz)
    begun_s = [each for each in BEGIN_S if 50 < each < SECONDS - 2]
    met = [[o for o in onsets if 0 < o.decided_s - each < 0.7] for each in begun_s]
    assert sum(map(bool, met)) >= 0.8 * len(begun_s)
    assert sum(map(len, met)) >= len([o for o in onsets if o.decided_s > 50]) - 1


def test_hindsight_finds_the_spindles_and_the_audits_agree() -> None:
    bins_uv = spindle_waves(np.arange(BIN_HZ * SECONDS) / BIN_HZ)
    found = sigma.spindles_in(bins_uv, np.ones(len(bins_uv), dtype=bool))
    whole = [each for each in BEGIN_S if each + LAST_S < SECONDS]
    assert len(found) == pytest.approx(len(whole), abs=2)
    _, audits = told(signal_uv(100))
    since_s = [each.since_onset_s for each in audits]
    assert len(since_s) >= 10
    assert sum(each is not None for each in since_s) >= 0.8 * len(since_s)


def test_alpha_muscle_and_slow_waves_are_no_spindles() -> None:
    time_s = np.arange(100 * SECONDS) / 100
    calm_uv = signal_uv(100)
    bursts = (time_s > 60) & (time_s % 7 < 1)
    for hertz in (2.0, 8.0, 20.0):
        onsets, _ = told(np.where(bursts, 40 * np.sin(2 * np.pi * hertz * time_s), 0.2 * calm_uv))
        assert not [each for each in onsets if (each.decided_s - 0.1) % 7 < 1.2 and each.decided_s > 60]


def test_an_electrode_that_drifts_changes_nothing() -> None:
    plain, _ = told(signal_uv(100))
    drifted, _ = told(signal_uv(100) + 900.0 + np.linspace(0, 400, 100 * SECONDS))
    assert [each.decided_s for each in drifted] == [each.decided_s for each in plain]


def test_nothing_that_comes_later_changes_an_onset() -> None:
    changed_uv = signal_uv(100)
    changed_uv[100 * 100 :] = 0.0
    before = [each for each in told(signal_uv(100))[0] if each.decided_s <= 100]
    assert before
    assert before == [each for each in told(changed_uv)[0] if each.decided_s <= 100]


@pytest.mark.parametrize("cut", [1, 7, 25, 250])
@pytest.mark.parametrize("grid_hz", [100, 256])
def test_onsets_within_a_second_are_those_of_the_whole_second_to_the_bit(grid_hz: int, cut: int) -> None:
    samples_uv = signal_uv(grid_hz, 70)
    state = spindles.start(grid_hz, tau_s=Seconds(0.1), rest_s=Seconds(1.0))
    early, late = list[spindles.Onset](), list[spindles.Onset]()
    for index in range(70):
        own = samples_uv[index * grid_hz : (index + 1) * grid_hz]
        ahead = spindles.begin(state, deep=None) if index else None
        for first, beyond in pairwise([0, *range(-(index * grid_hz) % cut or cut, grid_hz, cut), grid_hz]):
            if ahead is not None:
                ahead, onsets = spindles.heard(ahead, own[first:beyond])
                early += onsets
        state, onsets, _ = spindles.step(state, index, own)
        late += onsets
        if ahead is not None and ahead.is_open:
            assert ahead.run == state.run
            assert np.array_equal(ahead.past, state.tail)
    assert len(late) >= 2
    assert early == late


def test_a_gate_that_is_shut_meets_and_learns_nothing() -> None:
    samples_uv, state = signal_uv(100, 60), spindles.start(100, tau_s=Seconds(0.0), rest_s=Seconds(1.0))
    for index in range(60):
        state, onsets, _ = spindles.step(state, index, samples_uv[index * 100 : (index + 1) * 100], deep=False)
        assert onsets == []
    assert np.isnan(state.usual_uv).all()


def test_silent_moments_that_mostly_miss_make_it_uncertain() -> None:
    state = spindles.start(100, tau_s=Seconds(0.0), rest_s=Seconds(1.0))
    assert not spindles.replace(state, held=(False,) * 39).uncertain
    assert spindles.replace(state, held=(False,) * 33 + (True,) * 7).uncertain
    assert not spindles.replace(state, held=(False,) * 32 + (True,) * 8).uncertain
