"""How sure is a count of rare events? Against the published table, and against the chi-squared oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from dreamloom.statistics.counts import expected_count


@pytest.mark.parametrize(("seen", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668)])
def test_the_interval_is_that_of_the_tables(seen: int, low: float, high: float) -> None:
    found = expected_count(seen, 1.0, over=1.0)
    assert (found.mean, found.low, found.high) == pytest.approx((seen, low, high), abs=1e-3)


@given(seen=st.integers(1, 500), exposure=st.floats(0.01, 100.0), over=st.floats(0.1, 100.0))
def test_the_interval_scales_with_the_exposure_and_agrees_with_chi_squared(
    seen: int, exposure: float, over: float
) -> None:
    found = expected_count(seen, exposure, over=over)
    assert found.low == pytest.approx(chi2.ppf(0.025, 2 * seen) / 2 * over / exposure)
    assert found.high == pytest.approx(chi2.ppf(0.975, 2 * seen + 2) / 2 * over / exposure)
    assert found.low < found.mean < found.high


@pytest.mark.parametrize(("seen", "exposure"), [(-1, 1.0), (0, 0.0)])
def test_what_cannot_have_been_seen_is_refused(seen: int, exposure: float) -> None:
    with pytest.raises(ValueError, match="cannot have been seen"):
        expected_count(seen, exposure, over=8.0)
