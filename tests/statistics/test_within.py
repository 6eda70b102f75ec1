"""Do permutations stay within a person, and is p what it should be?"""

import numpy as np
import pytest

from dreamloom.statistics.exact import draws_error, share_interval, upper_tail
from dreamloom.statistics.several import averaged, e_value, holm
from dreamloom.statistics.within import Slots, arrangements, p_value, rearranged, smallest_of, with_error_of_draws


def test_things_change_places_within_their_own_person_only() -> None:
    slots = Slots((3, 5), (1, 2))
    picked = rearranged(slots, seed=1, draws=500)
    assert set(picked[:, 0].tolist()) == {0, 1, 2}
    assert set(picked[:, 1:].ravel().tolist()) == {3, 4, 5, 6, 7}
    assert (picked[:, 1] != picked[:, 2]).all()
    assert slots.seen.tolist() == [0, 3, 4]
    assert arrangements(slots) == 3 * 5 * 4


def test_all_arrangements_are_alike_likely_unless_weighed() -> None:
    slots = Slots((4,), (1,))
    even = np.bincount(rearranged(slots, seed=2, draws=20_000)[:, 0]) / 20_000
    assert np.abs(even - 0.25).max() < 0.015
    weighed = rearranged(slots, seed=2, draws=20_000, weights=np.array([0.7, 0.1, 0.1, 0.1]))
    assert abs((weighed == 0).mean() - 0.7) < 0.015


def test_p_counts_the_arrangement_that_happened_and_equals_by_half_if_asked() -> None:
    drawn = np.array([1.0, 2.0, 2.0, 3.0])
    assert p_value(drawn, 2.0) == (1 + 2 + 1) / 5
    assert p_value(drawn, 2.0, mid=True) == (1 + 0.5 * 3) / 5
    assert p_value(drawn, 9.0) == 1 / 5


def test_the_better_of_two_statistics_pays_for_the_choice() -> None:
    chance = np.random.Generator(np.random.PCG64(3))
    first, second = chance.normal(size=(2, 999))
    both = smallest_of([first, second], [2.2, 0.0])
    assert p_value(first, 2.2) < both < 2.5 * p_value(first, 2.2)


def test_holm_is_the_published_example() -> None:
    assert holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06]
    assert holm([]) == []


def test_averaged_e_values_are_valid_however_answers_hang_together() -> None:
    same = [e_value(p) for p in np.linspace(0.0005, 0.9995, 1000)]
    assert abs(np.mean(same) - 1.0) < 0.25
    assert averaged([0.001] * 5)[1] < 0.05 < averaged([0.02] * 5)[1]
    assert averaged([0.5, 0.9])[1] == 1.0


def test_sums_of_draws_are_exact() -> None:
    places = [(3.0, 2.0, 1.0, 0.0)] * 2
    assert upper_tail(places, 6.0) == 1 / 16
    assert upper_tail(places, 5.0) == 3 / 16
    assert upper_tail(places, 0.0) == 1.0


def test_intervals_of_shares_are_clopper_and_pearsons() -> None:
    assert share_interval(0, 10) == (0.0, 0.3085)
    assert share_interval(5, 10) == (0.1871, 0.8129)
    assert round(draws_error(0.05, 1000), 4) == 0.0135


def test_the_error_of_the_draws_lies_on_top_and_shrinks_with_their_number() -> None:
    few, many = with_error_of_draws(0.05, 1_999), with_error_of_draws(0.05, 99_999)
    assert 0.0575 < few < 0.0595
    assert 0.0505 < many < 0.0515
    assert with_error_of_draws(1 / 2_000, 1_999) == pytest.approx(1.0 - 0.05 ** (1 / 1_999), abs=1e-5)
    assert with_error_of_draws(1.0, 1_999) == 1.0
