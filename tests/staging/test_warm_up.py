"""The first minutes of a night: the scale begins as that of people at large, and an electrode's gain is its own."""

import numpy as np
import pytest

from dreamloom.staging.context import MEDIAN_WEIGHT_EPOCHS, SPREAD_WEIGHT_EPOCHS, Context, remember
from dreamloom.staging.manner import NAIVE, OURS
from dreamloom.staging.population import Population
from dreamloom.staging.smoothing import Smoothed, smooth
from dreamloom.vocabulary.units import FloatArray

AT_LARGE = Population(np.array([[10.0], [20.0], [60.0]]), np.array([False]))
LOUDNESS = Population(AT_LARGE.quantiles, np.array([True]))


def told(values: list[float], at_large: Population | None) -> FloatArray:
    context, table = Context.empty(1), np.empty((3, 1))
    for epoch, value in enumerate(values):
        context, table = remember(context, np.array([value]), epoch=epoch, at_large=at_large)
    return table


def test_the_first_window_is_measured_on_the_scale_of_people_at_large() -> None:
    own_median, own_spread = 1 / (1 + MEDIAN_WEIGHT_EPOCHS), 1 / (1 + SPREAD_WEIGHT_EPOCHS)
    expected = (40 - (own_median * 40 + (1 - own_median) * 20)) / ((1 - own_spread) * 50)
    assert told([40.0], AT_LARGE)[1:, 0] == pytest.approx([expected] * 2)
    assert told([40.0], None)[1:, 0] == pytest.approx([0.0, 0.0])


@pytest.mark.slow
def test_after_a_whole_night_the_scale_is_the_sleepers_own() -> None:
    values = [float(k % 100) for k in range(20_000)]
    assert told(values, AT_LARGE)[1:] == pytest.approx(told(values, None)[1:], abs=0.02)


def test_an_amplitude_means_the_same_at_any_gain() -> None:
    values = [10.0, 12.0, 30.0, 11.0, 14.0]
    quiet, loud = (told([gain * v for v in values], LOUDNESS) for gain in (0.5, 2.0))
    assert quiet[1:] == pytest.approx(loud[1:])
    assert told([0.5 * v for v in values], AT_LARGE)[1:] != pytest.approx(told([2 * v for v in values], AT_LARGE)[1:])


def test_a_feature_that_never_moves_has_a_finite_place() -> None:
    for at_large in (AT_LARGE, LOUDNESS, None):
        assert np.isfinite(told([0.0] * 5, at_large)).all()


def test_the_newest_window_counts_as_much_as_all_before_it() -> None:
    sure_n2, sure_n3 = np.array([0.01, 0.01, 0.96, 0.01, 0.01]), np.array([0.01, 0.01, 0.01, 0.96, 0.01])
    first = smooth(None, sure_n2, end_s=30, manner=OURS)
    second = smooth(first, sure_n3, end_s=35, manner=OURS)
    assert first.probabilities == pytest.approx(sure_n2)
    assert second.probabilities[2] == pytest.approx(second.probabilities[3])
    assert second.probabilities.sum() == pytest.approx(1.0)


def test_a_break_in_the_windows_begins_the_mean_anew() -> None:
    before = Smoothed(30, np.log(np.full(5, 0.2)), np.full(5, 0.2))
    fresh = np.array([0.9, 0.025, 0.025, 0.025, 0.025])
    assert smooth(before, fresh, end_s=60, manner=OURS).probabilities == pytest.approx(fresh)
    assert smooth(before, fresh, end_s=60, manner=NAIVE).probabilities == pytest.approx(fresh)


def test_nothing_is_so_unlikely_that_it_stays_so() -> None:
    never = np.array([0.0, 0.0, 1.0, 0.0, 0.0])
    found = smooth(smooth(None, never, end_s=5, manner=OURS), never[::-1].copy(), end_s=10, manner=OURS)
    assert np.isfinite(found.logits).all()
    assert np.isfinite(found.probabilities).all()
