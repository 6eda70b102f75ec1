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


@pytest.mark.parametrize("nights", [2, 5, 7, 28])
def test_nights_that_all_told_the_same_are_no_certainty(nights: int) -> None:
    from scipy import stats

    found = mean([6.0] * nights)
    assert found is not None
    assert (found.value, found.sd) == (6.0, 0.0)
    none_in_so_many = stats.binomtest(0, nights).proportion_ci(method="exact").high
    assert (found.low, found.high) == pytest.approx((6.0 - none_in_so_many, 6.0 + none_in_so_many), abs=1e-4)
    widths = [each.high - each.low for each in (found, mean([6.0] * (nights + 1))) if each is not None]
    assert widths[0] > widths[1] > 0.0


def test_one_night_that_differed_makes_a_mean_no_surer_than_none() -> None:
    none, one = mean([6.0] * 28), mean([6.0] * 27 + [7.0])
    assert none is not None
    assert one is not None
    assert one.high - one.low >= none.high - none.low


def test_the_interval_of_nights_that_seldom_differ_holds_the_true_mean() -> None:
    for seldom in (0.02, 0.05, 0.1, 0.2):
        assert covered(lambda random, share=seldom: (random.random(NIGHTS) < share) * 1.0, seldom, mean) >= 0.93


def test_a_difference_of_two_stretches_without_spread_is_no_certainty_either() -> None:
    found = difference([1.0] * 3, [0.0] * 3)
    assert found is not None
    assert found.value == 1.0
    assert found.low < 0.0, "three nights against three prove nothing, however alike they were"
    assert found.high > 2.0
    many = difference([1.0] * 28, [0.0] * 28)
    assert many is not None
    assert many.low > 0.0


def test_a_stretch_without_spread_is_not_taken_for_certain_beside_one_that_has_some() -> None:
    before = [5.0, 4.0, 6.0, 5.0, 4.0, 6.0, 5.0, 4.0, 6.0, 5.0]
    found, alone = difference([4.0] * 5, before), mean(before)
    assert found is not None
    assert alone is not None
    assert found.high - found.low > alone.high - alone.low
