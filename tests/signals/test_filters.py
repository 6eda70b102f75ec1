"""Causal filters: the same bits however a signal is cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.signals import filters

KEPT = filters.high_pass(0.3, sfreq_hz=256.0, order=2)


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
def test_filtering_in_pieces_gives_the_bits_of_filtering_at_once(cuts):
    x = noise(1000)
    whole = KEPT.step(KEPT.start(x[0]), x)[1]
    np.testing.assert_array_equal(run(KEPT.step, KEPT.start(x[0]), x, cuts), whole)


def test_an_offset_makes_no_step_at_the_start():
    out = KEPT.step(KEPT.start(np.array([20_000.0])), np.full((256, 1), 20_000.0))[1]
    assert np.abs(out).max() < 1e-6


@pytest.mark.parametrize(("frequency_hz", "expected"), [(0.02, 0.0), (5.0, 1.0)])
def test_a_high_pass_keeps_what_lies_above_its_edge_and_takes_what_lies_below(frequency_hz, expected):
    onset_s = np.arange(256 * 200) / 256
    x = np.sin(2 * np.pi * frequency_hz * onset_s)[:, np.newaxis]
    out = KEPT.step(KEPT.start(x[0]), x)[1][-256 * 100 :]
    assert np.ptp(out) / 2 == pytest.approx(expected, abs=0.02)


def test_each_channel_is_filtered_as_if_it_were_alone():
    x = noise(500, channels=3)
    together = KEPT.step(KEPT.start(x[0]), x)[1]
    alone = [KEPT.step(KEPT.start(x[0, [c]]), x[:, [c]])[1][:, 0] for c in range(3)]
    np.testing.assert_array_equal(together, np.stack(alone, axis=1))
