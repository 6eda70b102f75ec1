"""Causal filters: the same bits however a signal is cut, and honest about their delay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from dreamloom.signals import filters

GRID_RATES_HZ = (20, 64, 100, 125, 128, 200, 250, 256, 257, 500, 512, 1000, 2048, 20_000)


def noise(n, channels=2, seed=3):
    return np.random.Generator(np.random.Philox(key=seed)).normal(0, 30, (n, channels))


def run(step, state, x, cuts):
    pieces = []
    for piece in np.split(x, cuts):
        state, out = step(state, piece)
        pieces.append(out)
    return np.concatenate(pieces)


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, 1000), max_size=12).map(sorted))
@pytest.mark.parametrize(
    "kept",
    [filters.band_pass(0.3, 5.0, sfreq_hz=256.0), filters.notch(50.0, sfreq_hz=256.0)],
    ids=["band pass", "notch"],
)
def test_filtering_in_pieces_gives_the_bits_of_filtering_at_once(kept, cuts):
    x = noise(1000)
    whole = kept.step(kept.start(x[0]), x)[1]
    np.testing.assert_array_equal(run(kept.step, kept.start(x[0]), x, cuts), whole)


def test_an_offset_makes_no_step_at_the_start():
    kept = filters.band_pass(0.3, 5.0, sfreq_hz=256.0)
    out = kept.step(kept.start(np.array([1000.0])), np.full((256, 1), 1000.0))[1]
    assert np.abs(out).max() < 1e-6


def test_band_pass_keeps_its_band_and_a_notch_takes_the_hum():
    onset_s = np.arange(256 * 20) / 256
    for kept, passes_hz, stops_hz in (
        (filters.band_pass(0.3, 5.0, sfreq_hz=256.0), 1.5, 30.0),
        (filters.notch(50.0, sfreq_hz=256.0), 10.0, 50.0),
    ):
        for frequency_hz, expected in ((passes_hz, 1.0), (stops_hz, 0.0)):
            x = np.sin(2 * np.pi * frequency_hz * onset_s)[:, np.newaxis]
            out = kept.step(kept.start(x[0]), x)[1][-2560:]
            assert np.ptp(out) / 2 == pytest.approx(expected, abs=0.02)


def resampled(grid_hz, x):
    kept = filters.resampler(grid_hz)
    state, out = kept.start(x[0]), []
    for second in x.reshape(-1, grid_hz, x.shape[1]):
        state, at_100 = kept.step(state, second)
        assert at_100.shape == (100, x.shape[1])
        out.append(at_100)
    return kept, np.concatenate(out)


@pytest.mark.parametrize("grid_hz", GRID_RATES_HZ)
def test_resampling_keeps_a_slow_wave_where_it_was_but_for_the_delay(grid_hz):
    onset_s = np.arange(grid_hz * 5) / grid_hz
    kept, out = resampled(grid_hz, np.sin(2 * np.pi * 2.0 * onset_s)[:, np.newaxis])
    expected = np.sin(2 * np.pi * 2.0 * (np.arange(500) / 100 - kept.delay_s))
    assert np.abs(out[100:, 0] - expected[100:]).max() < 2e-3
    assert kept.delay_s <= 0.5


@pytest.mark.parametrize("grid_hz", [200, 250, 256, 500, 512])
def test_what_100_hz_cannot_hold_is_taken_out_before_it_can_fold(grid_hz):
    onset_s = np.arange(grid_hz * 5) / grid_hz
    _, out = resampled(grid_hz, np.sin(2 * np.pi * 60.0 * onset_s)[:, np.newaxis])
    assert np.abs(out[100:]).max() < 1e-3


def test_resampling_agrees_with_a_filter_over_the_whole_signal():
    x = noise(256 * 6)
    kept, out = resampled(256, x)
    whole = signal.upfirdn(kept.taps, np.concatenate((np.tile(x[0], (kept.carried, 1)), x)), kept.up, kept.down, axis=0)
    first = kept.carried * kept.up // kept.down
    np.testing.assert_allclose(out, whole[first : first + 600], atol=1e-12)


def test_at_100_hz_the_samples_themselves_come_back_at_once():
    x = noise(300)
    kept, out = resampled(100, x)
    np.testing.assert_array_equal(out, x)
    assert kept.delay_s == 0.0


@pytest.mark.parametrize("grid_hz", [64, 256, 257])
def test_each_channel_is_resampled_as_if_it_were_alone(grid_hz):
    x = noise(grid_hz * 3, channels=4)
    _, together = resampled(grid_hz, x)
    for channel in range(4):
        _, alone = resampled(grid_hz, x[:, channel : channel + 1])
        np.testing.assert_array_equal(together[:, channel], alone[:, 0])
