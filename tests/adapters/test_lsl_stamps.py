"""Stamps become sample times: smooth, ever forward, true to the sender's clock, and honest about losses and steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.adapters.lsl import offset as offsets
from dreamloom.adapters.lsl import stamps
from dreamloom.adapters.lsl.offset import Measured
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

HZ = 256.0


class Followed:
    """Onsets of every sample of some stamps, cut as a test says; `now` is just behind the newest stamp."""

    def __init__(self, stamps_s: FloatArray, cuts: list[int] | None = None, *, ahead_s: float = 0.0) -> None:
        self.track = stamps.begin(HZ, float(stamps_s[0]))
        self.steps: list[float] = []
        onsets = []
        for piece_s in np.split(stamps_s, cuts if cuts is not None else range(64, len(stamps_s), 64)):
            if len(piece_s) == 0:
                continue
            now_s = float(piece_s.max()) + 0.01 - ahead_s
            self.track, runs, steps = stamps.follow(self.track, piece_s, now_s)
            assert [run.first for run in runs] == np.cumsum([0, *(run.samples for run in runs)])[:-1].tolist()
            assert sum(run.samples for run in runs) == len(piece_s)
            onsets.extend(run.onset_s + np.arange(run.samples) * run.period_s for run in runs)
            self.steps.extend(step.step_s for step in steps)
        self.onset_s = np.concatenate(onsets)


def jittered(taken_s: FloatArray, jitter_s: float, seed: int = 1) -> FloatArray:
    return np.asarray(taken_s + jitter_s * stream(seed, "jitter").standard_normal(len(taken_s)))


def taken(seconds: float, hz: float = HZ, *, without: tuple[slice, ...] = ()) -> FloatArray:
    """When the samples were really taken, less those that were lost."""
    times_s = 1000.0 + np.arange(round(seconds * hz)) / hz
    is_there = np.ones(len(times_s), dtype=bool)
    for lost in without:
        is_there[lost] = False
    return np.asarray(times_s[is_there])


@given(
    cuts=st.lists(st.integers(0, 2000), max_size=40).map(sorted),
    jitter_s=st.sampled_from([0.0, 1e-4, 0.004]),
    lost=st.tuples(st.integers(300, 1900), st.integers(1, 60)),
    hz=st.floats(253.0, 259.0),
)
@settings(max_examples=60)
def test_any_cut_gives_the_same_times(cuts: list[int], jitter_s: float, lost: tuple[int, int], hz: float) -> None:
    stamps_s = jittered(taken(8, hz, without=(slice(lost[0], lost[0] + lost[1]),)), jitter_s)
    whole, cut = Followed(stamps_s, []), Followed(stamps_s, [each for each in cuts if each < len(stamps_s)])
    np.testing.assert_allclose(cut.onset_s, whole.onset_s, rtol=0, atol=1e-9)
    assert cut.track.lost == whole.track.lost


@given(
    seed=st.integers(0, 10_000),
    jitter_s=st.floats(0.0, 0.02),
    hz=st.floats(253.0, 259.0),
    lost=st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 300)), max_size=5),
)
@settings(max_examples=60)
def test_time_only_goes_forward_and_never_by_less_than_a_period_or_so(
    seed: int, jitter_s: float, hz: float, lost: list[tuple[int, int]]
) -> None:
    stamps_s = jittered(taken(16, hz, without=tuple(slice(a, a + n) for a, n in lost)), jitter_s, seed)
    steps_s = np.diff(Followed(stamps_s).onset_s) * HZ
    assert (steps_s > 0.95).all()


@pytest.mark.parametrize("hz", [255.5, 256.0, 257.0])
@pytest.mark.parametrize("jitter_s", [0.0, 0.003, 0.015])
def test_a_device_whose_rate_is_off_is_followed(hz: float, jitter_s: float) -> None:
    taken_s = taken(600, hz)
    followed = Followed(jittered(taken_s, jitter_s))
    off_s = np.abs(followed.onset_s - taken_s)[round(20 * hz) :]
    assert (followed.track.lost, followed.steps) == (0, [])
    assert off_s.max() < 0.001 + jitter_s / 2


@pytest.mark.parametrize("samples", [1, 2, 17, 300, 5000])
def test_every_loss_is_found_at_its_place_where_stamps_are_exact(samples: int) -> None:
    lost = slice(3000, 3000 + samples)
    taken_s = taken(60, without=(lost,))
    followed = Followed(jittered(taken_s, 5e-5))
    assert followed.track.lost == samples
    assert np.abs(followed.onset_s - taken_s).max() < 0.5 / HZ
    assert int(np.argmax(np.diff(followed.onset_s) > 1.5 / HZ)) == 2999


def test_half_a_percent_of_single_losses_is_counted_to_the_sample() -> None:
    is_lost = stream(2, "loss").random(round(600 * HZ)) < 0.005
    is_lost[:1000] = is_lost[-1:] = False
    taken_s = taken(600)[~is_lost]
    followed = Followed(jittered(taken_s, 5e-5))
    assert followed.track.lost == is_lost.sum()
    assert np.abs(followed.onset_s - taken_s)[5000:].max() < 0.5 / HZ


def test_a_long_loss_is_found_however_stamps_jitter() -> None:
    taken_s = taken(60, without=(slice(8000, 9000),))
    followed = Followed(jittered(taken_s, 0.01))
    assert abs(followed.track.lost - 1000) <= 8
    assert np.abs(followed.onset_s - taken_s)[-2000:].max() < 0.02


def test_one_late_stamp_is_no_loss_where_stamps_jitter() -> None:
    stamps_s = jittered(taken(60), 0.005)
    stamps_s[9000:9016] += 0.08
    followed = Followed(stamps_s)
    assert (followed.track.lost, followed.steps) == (0, [])


@pytest.mark.parametrize("step_s", [-3.0, -0.05, 40.0])
def test_a_moved_clock_is_told_once_and_the_line_goes_on(step_s: float) -> None:
    taken_s = taken(60)
    stamps_s = taken_s.copy()
    stamps_s[8000:] += step_s
    followed = Followed(stamps_s, ahead_s=max(0.0, step_s))
    assert followed.track.lost == 0
    assert followed.steps == [pytest.approx(step_s, abs=0.01)]
    assert np.abs(followed.onset_s - taken_s).max() < 1.0 / HZ


def test_stamps_that_begin_to_jitter_in_the_night_cost_little() -> None:
    taken_s = taken(120)
    stamps_s = np.concatenate((taken_s[:10_000], jittered(taken_s[10_000:], 0.004)))
    followed = Followed(stamps_s)
    assert followed.track.lost < 30
    assert np.abs(followed.onset_s - taken_s)[-3000:].max() < 0.15


def test_the_offset_in_use_follows_the_measured_one_without_a_jump() -> None:
    offset = offsets.begin(Measured(5.0, 1e-4), 0.0)
    offset, step_s = offsets.seen(offset, Measured(5.002, 1e-4), 5.0)
    assert (offset.used_s, step_s) == (5.0, 0.0)
    offset = offsets.slewed(offset, 6.0)
    assert offset.used_s == pytest.approx(5.001)
    assert offsets.slewed(offset, 100.0).used_s == pytest.approx(5.002)


def test_a_clock_that_slept_is_told_as_a_step() -> None:
    offset = offsets.begin(Measured(5.0, 1e-4), 0.0)
    offset, step_s = offsets.seen(offset, Measured(605.0, 1e-4), 5.0)
    assert (offset.used_s, step_s) == (605.0, pytest.approx(600.0))
