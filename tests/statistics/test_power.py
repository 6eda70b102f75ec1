"""How many people? Held to published tables and to what simulated studies find."""

import numpy as np
import pytest
from scipy import stats

from dreamloom.statistics.power import Effect, clustered, needed, power, with_losses
from dreamloom.vocabulary.chance import stream


@pytest.mark.parametrize(
    ("size", "compared", "people"),
    [(0.5, "paired", 34), (0.5, "groups", 64), (0.8, "groups", 26), (0.2, "groups", 394)],
)
def test_people_needed_are_those_of_the_tables(size, compared, people):
    """Cohen, Statistical Power Analysis, 1988, table 2.4.1 for groups; its section 2.3 for pairs."""
    found = needed(Effect("means", (size,)), compared=compared)
    assert found.n == pytest.approx(people, abs=1)
    assert found.power >= 0.8


def test_power_of_means_is_what_simulated_studies_find():
    random = stream(3, "power")
    pairs = random.normal(0.6, 1.0, size=(4000, 20))
    found = stats.ttest_1samp(pairs, 0.0, axis=1).pvalue < 0.05
    assert power(Effect("means", (0.6,)), 20, compared="paired") == pytest.approx(found.mean(), abs=0.03)
    one, two = random.normal(0.0, 1.0, size=(4000, 25)), random.normal(0.7, 1.0, size=(4000, 25))
    found = stats.ttest_ind(one, two, axis=1).pvalue < 0.05
    assert power(Effect("means", (0.7,)), 25, compared="groups") == pytest.approx(found.mean(), abs=0.03)


def test_power_of_shares_is_what_simulated_studies_find():
    random = stream(3, "shares")
    sham, active = random.binomial(18, 0.17, size=1500), random.binomial(18, 0.5, size=1500)
    tests = [stats.fisher_exact([[a, 18 - a], [b, 18 - b]]).pvalue <= 0.05 for a, b in zip(sham, active, strict=True)]
    effect = Effect("shares", (0.17, 0.5))
    assert power(effect, 18, compared="groups") == pytest.approx(np.mean(tests), abs=0.04)
    sham, active = random.random((4000, 30)) < 0.17, random.random((4000, 30)) < 0.5
    up, down = (active & ~sham).sum(axis=1), (sham & ~active).sum(axis=1)
    tests = [n > 0 and 2 * stats.binom.sf(max(a, b) - 1, n, 0.5) <= 0.05 for a, b, n in zip(up, down, up + down)]  # noqa: B905
    assert power(effect, 30, compared="paired") == pytest.approx(np.mean(tests), abs=0.03)


def test_without_an_effect_the_error_is_at_most_the_level():
    assert power(Effect("means", (0.0,)), 20, compared="groups") == pytest.approx(0.05, abs=1e-4)
    assert power(Effect("shares", (0.3, 0.3)), 20, compared="groups") <= 0.05
    assert power(Effect("shares", (0.3, 0.3)), 20, compared="paired") <= 0.05


def test_exact_tests_stay_above_what_was_asked_with_a_few_people_more():
    found = needed(Effect("shares", (0.17, 0.5)), compared="groups")
    more = [power(Effect("shares", (0.17, 0.5)), found.n + k, compared="groups") for k in range(4)]
    assert min(more) >= 0.8


def test_an_effect_too_small_to_find_needs_nobody():
    assert needed(Effect("means", (0.001,)), compared="groups") is None


def test_rooms_and_losses_ask_for_more_people():
    assert clustered(40, size=4, icc=0.1) == 52
    assert clustered(40, size=1, icc=0.5) == 40
    assert with_losses(40, lost=0.2) == 50


@pytest.mark.parametrize(("effect", "n"), [(Effect("means", (0.5,)), 1), (Effect("shares", (0.0, 0.5)), 10)])
def test_what_is_no_comparison_is_refused(effect, n):
    with pytest.raises(ValueError, match=r"no comparison|at a level"):
        power(effect, n, compared="groups")
