"""A stager of the field reads simulated nights as nights: plumbing, never evidence of accuracy."""

import pytest

from dreamloom.testing.sleeper_check import check


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.filterwarnings("ignore")  # YASA's own: trees pickled by an older scikit-learn, numba on first use
def test_an_offline_stager_agrees_with_a_simulated_night(seed: int) -> None:
    found = check(seed)
    assert found["kappa"] >= 0.80, found
    assert found["f1_R"] >= 0.85, found
