"""Do the intervals hold what they promise, for counts that come in clusters and nights that resemble the last one?"""

import numpy as np
import pytest

from dreamloom.statistics.spread import difference, mean, rate
from dreamloom.vocabulary.chance import stream

NIGHTS, TIMES = 28, 600


def covered(draw, true: float, estimate) -> float:
    found = [estimate(draw(stream(7, "spread", n))) for n in range(TIMES)]
    return sum(each.low <= true <= each.high for each in found) / TIMES


def test_an_exact_interval_of_a_poisson_count_is_that_of_the_tables() -> None:
    found = rate([1, 0, 0, 1, 0, 1, 0])
    assert found is not None
    assert (found.low * 7, found.high * 7) == pytest.approx((0.619, 8.767), abs=0.01)


def test_no_nightmare_seen_leaves_a_bound_above() -> None:
    found = rate([0] * 10)
    assert found is not None
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.3689, abs=1e-4)
    assert rate([]) is None
    assert mean([1.0]) is None


def test_the_interval_of_plain_counts_holds_the_true_rate() -> None:
    assert covered(lambda random: random.poisson(0.5, NIGHTS), 0.5, rate) >= 0.95


def test_the_interval_of_clustered_counts_holds_the_true_rate() -> None:
    def clustered(random):
        return random.poisson(random.gamma(0.5, 1.0, NIGHTS))

    assert covered(clustered, 0.5, rate) >= 0.91


def test_nights_that_resemble_the_last_one_widen_the_interval() -> None:
    def drifting(random):
        steps, value = [], random.normal()
        for _ in range(NIGHTS):
            value = 0.5 * value + random.normal() * np.sqrt(0.75)
            steps.append(value)
        return steps

    assert covered(drifting, 0.0, mean) >= 0.90


def test_a_difference_is_that_of_welch_where_nights_are_independent() -> None:
    from scipy import stats

    before, later = [5.0, 4.0, 6.0, 5.0, 4.5, 6.5, 5.5, 4.0], [3.0, 4.5, 2.5, 4.0, 3.0, 3.5]
    found = difference(later, before)
    assert found is not None
    assert found.alike == 1.0
    expected = stats.ttest_ind(later, before, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=2e-3)
