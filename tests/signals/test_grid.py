"""The sample grid: which slot, what is filled, when a second is complete."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.signals import grid
from dreamloom.signals.blocks import Block, Channel
from dreamloom.signals.quantise import Quantiser
from dreamloom.testing.signals import FakeSource, assert_same_seconds, fake_sources, on_grid, recut, tone
from dreamloom.vocabulary.units import NightTime

CUTS = (1, 7, 25, 250, 2500)
EEG = (Channel("EEG C3", "EEG"),)


def block(onset_s, samples, sfreq_hz=100.0, arrived_s=None):
    samples = np.asarray(samples, dtype=float).reshape(len(samples), -1)
    onsets = onset_s + np.arange(len(samples)) / sfreq_hz
    return Block(onset_s, samples, sfreq_hz, onsets if arrived_s is None else np.asarray(arrived_s, dtype=float))


def lay(*blocks, grid_hz=100):
    state, seconds, gaps = grid.start(grid_hz, EEG), [], []
    for one in blocks:
        state, new, lost = grid.push(state, one)
        seconds += new
        gaps += lost
    return state, seconds, gaps


@pytest.mark.parametrize("cut", CUTS)
@settings(max_examples=15, deadline=None)
@given(source=fake_sources())
def test_seconds_never_depend_on_how_blocks_are_cut(cut, source):
    blocks = source.read(math.inf)
    seconds, gaps, state = on_grid(blocks, source.stream)
    others, other_gaps, other_state = on_grid(recut(blocks, cut), source.stream)
    assert_same_seconds(seconds, others)
    assert gaps == other_gaps
    assert (state.slipped, state.stretched, state.lost) == (
        other_state.slipped,
        other_state.stretched,
        other_state.lost,
    )


@pytest.mark.parametrize("true_hz", [255.5, 256.0, 257.0])
@pytest.mark.parametrize("loss_share", [0.0, 0.005])
def test_a_minute_at_any_true_rate_gives_sixty_whole_seconds(true_hz, loss_share):
    source = FakeSource(true_hz, 256, 60.0, loss_share, waveforms=(tone(3.0, 40.0),))
    seconds, gaps, state = on_grid(source.read(math.inf), source.stream)
    assert [second.index for second in seconds] == list(range(60))
    taken, came = source.samples_in_all, source.samples_in_all - int(source.is_lost().sum())
    filled = sum(int(second.filled.sum()) for second in seconds)
    assert sum(gap.samples for gap in gaps) == state.lost == taken - came
    assert came - state.slipped + filled == 60 * 256
    truth = 40.0 * np.sin(2 * np.pi * 3.0 * np.arange(60 * 256) / 256)
    laid = np.concatenate([second.samples_uv[:, 0] for second in seconds])
    assert np.max(np.abs(laid - truth)) < 2.5  # half a slot of a 3 Hz, 40 µV tone, and the lines across losses


def test_two_samples_in_one_slot_count_as_slip_and_the_first_is_kept():
    state, seconds, gaps = lay(block(0.0, np.arange(204), sfreq_hz=102.0))
    assert gaps == []
    assert state.slipped == 4
    assert len(seconds) == 2
    assert seconds[0].filled.sum() == 0
    assert state.stretched == 0


def test_an_empty_slot_without_a_loss_is_filled_flagged_and_counted():
    state, seconds, gaps = lay(block(0.0, np.arange(294), sfreq_hz=98.0))
    assert gaps == []
    assert state.stretched == sum(int(second.filled.sum()) for second in seconds)
    assert state.stretched > 0
    assert np.all(np.diff(seconds[0].samples_uv[:, 0]) > 0)


def test_lost_samples_lie_on_a_line_flagged_and_are_reported_once():
    _, seconds, gaps = lay(block(0.0, [10.0] * 50), block(0.6, [21.0] * 140))
    assert gaps == [grid.Gap(0.5, 0.1, 10)]
    assert seconds[0].filled.tolist() == [False] * 50 + [True] * 10 + [False] * 40
    assert seconds[0].samples_uv[50:60, 0] == pytest.approx(np.arange(11.0, 21.0))


def test_a_jump_of_less_than_one_and_a_half_periods_is_no_loss():
    _, _, gaps = lay(block(0.0, [0.0] * 50), block(0.504, [0.0] * 50))
    assert gaps == []


def test_rows_that_are_not_numbers_count_as_lost():
    samples = np.zeros(200)
    samples[20:30] = np.nan
    state, seconds, gaps = lay(block(0.0, samples))
    assert gaps == [grid.Gap(0.2, 0.1, 10)]
    assert state.lost == 10
    assert seconds[0].filled[20:30].all()
    assert seconds[0].filled.sum() == 10
    assert np.isfinite(seconds[0].samples_uv).all()


def test_samples_that_were_laid_before_are_dropped():
    once = lay(block(0.0, np.arange(300)))
    again = lay(block(0.0, np.arange(150)), block(0.0, np.arange(150)), block(1.0, np.arange(100, 300)))
    assert_same_seconds(once[1], again[1])
    assert again[2] == []
    assert again[0].slipped == 0


def test_a_late_stream_starts_in_its_second_with_the_head_filled():
    state, seconds, gaps = lay(block(12.3, [7.0] * 200))
    assert (state.stretched, state.lost) == (0, 0)
    assert [second.index for second in seconds] == [12, 13]
    assert seconds[0].filled.tolist() == [True] * 30 + [False] * 70
    assert np.allclose(seconds[0].samples_uv, 7.0)
    assert gaps == []


def test_samples_from_before_the_night_are_dropped():
    _, seconds, gaps = lay(block(-0.5, np.arange(150)))
    assert [second.index for second in seconds] == [0]
    assert seconds[0].samples_uv[0, 0] == pytest.approx(50.0)
    assert gaps == []


def test_a_second_is_emitted_with_its_last_sample_and_not_before():
    state, seconds, _ = lay(block(0.0, [0.0] * 99))
    assert seconds == []
    _, seconds, _ = grid.push(state, block(0.99, [0.0]))
    assert [second.index for second in seconds] == [0]


def test_a_second_knows_the_latest_arrival_that_settled_it():
    late = np.full(100, 0.8)
    late[30] = 5.0
    _, seconds, _ = lay(block(0.0, [0.0] * 100, arrived_s=late), block(1.0, [0.0] * 100, arrived_s=[2.0] * 100))
    assert [second.arrived_s for second in seconds] == [5.0, 5.0]


def test_an_arrival_out_of_order_counts_wherever_it_stands_in_a_block():
    late = np.full(100, 2.0)
    late[30] = 7.0
    _, seconds, _ = lay(block(0.0, [0.0] * 100), block(1.0, [0.0] * 100, arrived_s=late))
    assert seconds[1].arrived_s == 7.0


def test_a_second_whose_end_was_lost_waits_for_the_sample_after_it():
    _, seconds, _ = lay(block(0.0, [0.0] * 90), block(2.5, [0.0] * 10, arrived_s=[9.0] * 10))
    assert [second.index for second in seconds] == [0, 1]
    assert [second.arrived_s for second in seconds] == [9.0, 9.0]


def test_flush_holds_the_last_sample_to_the_end_of_its_second():
    state, _, _ = lay(block(0.0, [3.0] * 130))
    state, seconds = grid.flush(state, NightTime(9.0))
    assert seconds[0].arrived_s == 9.0
    assert [second.index for second in seconds] == [1]
    assert seconds[0].filled.sum() == 70
    assert np.allclose(seconds[0].samples_uv, 3.0)
    assert grid.flush(state, NightTime(10.0))[1] == []


def test_flush_of_a_stream_without_samples_gives_nothing():
    assert grid.flush(grid.start(100, EEG), NightTime(1.0))[1] == []


def test_push_leaves_the_state_it_was_given_alone():
    state, _, _ = lay(block(0.0, np.arange(30)))
    first = grid.push(state, block(0.3, np.arange(170)))[1]
    second = grid.push(state, block(0.3, np.arange(170)))[1]
    assert_same_seconds(first, second)


@settings(max_examples=40, deadline=None)
@given(source=fake_sources())
def test_seconds_laid_again_from_what_was_stored_are_the_same_seconds(source):
    seconds, _, _ = on_grid(source.read(math.inf), source.stream)
    blocks = []
    for second in seconds:
        samples = np.where(second.filled[:, np.newaxis], np.nan, second.samples_uv)
        blocks.append(Block(float(second.index), samples, 100.0, np.full(100, second.arrived_s)))
    again, _, _ = on_grid(blocks, source.stream)
    assert [second.digital.tolist() for second in again] == [second.digital.tolist() for second in seconds]
    assert [second.filled.tolist() for second in again] == [second.filled.tolist() for second in seconds]


def test_default_range_has_steps_of_a_tenth_of_a_microvolt():
    quantiser = Quantiser.of(EEG)
    assert quantiser.to_uv(np.array([[1], [0], [-1]], dtype=np.int16)).ravel().tolist() == [0.1, 0.0, -0.1]


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6))
@settings(max_examples=30, deadline=None)
def test_every_stored_value_is_stored_again_unchanged(low, width):
    quantiser = Quantiser(np.array([low]), np.array([low + width]))
    if quantiser.step_uv[0] < 1e-7 * abs(low):
        return
    every = np.arange(-32768, 32768, dtype=np.int16)[:, np.newaxis]
    np.testing.assert_array_equal(quantiser.digital(quantiser.to_uv(every)), every)


def test_values_beyond_the_range_stay_at_the_rails():
    quantiser = Quantiser.of(EEG)
    assert quantiser.digital(np.array([[1e300], [-1e300]])).ravel().tolist() == [32767, -32768]


def test_quantising_rounds_halves_to_even():
    quantiser = Quantiser(np.array([-32768.0]), np.array([32767.0]))
    assert quantiser.digital(np.array([[0.5], [1.5], [-0.5], [2.5]])).ravel().tolist() == [0, 2, 0, 2]
