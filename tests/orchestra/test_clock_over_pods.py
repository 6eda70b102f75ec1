"""Is one night clock kept over many pods, and does it ever claim to know more than its pings prove?"""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.orchestra.night_clock import LEAST_PINGS, MOST_BOUND_S, Ping, PodClock, heard, is_bounded, may_arm
from dreamloom.testing.clocks_apart import LAN, WIFI, Air, run
from dreamloom.vocabulary.units import NightTime, Seconds


def ping(sent_s: float, *, ahead: Callable[[float], float], there_s: float, back_s: float) -> Ping:
    heard_at, back_at = sent_s + there_s, sent_s + there_s + back_s
    night = NightTime(heard_at + ahead(heard_at))
    return Ping(Seconds(sent_s), night, night, Seconds(back_at))


def told(delays: list[tuple[float, float]], *, ahead: Callable[[float], float], every_s: float = 2.0) -> PodClock:
    clock = PodClock()
    for n, (there_s, back_s) in enumerate(delays):
        clock = heard(clock, ping(n * every_s, ahead=ahead, there_s=there_s, back_s=back_s))
    return clock


def test_a_pod_that_was_never_pinged_has_no_bound_and_may_not_arm():
    assert PodClock().bound_s(Seconds(10.0)) is None
    assert PodClock().night_time(Seconds(10.0)) is None
    assert not may_arm(PodClock(), Seconds(10.0))


def test_a_few_pings_make_a_bound_and_a_bound_arms():
    few = told([(0.002, 0.002)] * (LEAST_PINGS - 1), ahead=lambda _: 100.0)
    assert not may_arm(few, Seconds(6.0))
    enough = told([(0.002, 0.002)] * LEAST_PINGS, ahead=lambda _: 100.0)
    assert may_arm(enough, Seconds(7.0))
    assert enough.night_time(Seconds(7.0)) == pytest.approx(107.0, abs=0.002)


def test_the_bound_is_half_of_the_quickest_question_and_the_quickest_answer():
    clock = told([(0.020, 0.003), (0.001, 0.030), (0.015, 0.020), (0.020, 0.025)] * 3, ahead=lambda _: 0.0)
    assert clock.bound_s(Seconds(23.0)) == pytest.approx((0.001 + 0.003) / 2, rel=0.8)
    assert clock.bound_s(Seconds(23.0)) >= 0.002


def test_a_lasting_difference_between_the_ways_stays_within_the_bound_though_nobody_can_see_it():
    clock = told([(0.001, 0.021)] * 30, ahead=lambda _: 5.0)
    error_s = clock.night_time(Seconds(60.0)) - 65.0
    assert abs(error_s) == pytest.approx(0.010, abs=0.001)
    assert abs(error_s) <= clock.bound_s(Seconds(60.0))


def test_the_bound_grows_with_silence_until_the_pod_may_no_longer_arm():
    clock = told([(0.002, 0.002)] * 30, ahead=lambda at_s: 3e-5 * at_s)
    bounds_s = [clock.bound_s(Seconds(60.0 + silence_s)) for silence_s in (0.0, 60.0, 600.0, 3600.0, 36000.0)]
    assert bounds_s == sorted(bounds_s)
    assert bounds_s[0] < MOST_BOUND_S < bounds_s[-1]
    assert not may_arm(clock, Seconds(36000.0))


def test_a_drift_is_learned_and_carried_on():
    clock = told([(0.001, 0.001)] * 150, ahead=lambda at_s: 4e-5 * at_s)
    assert clock.drift == pytest.approx(4e-5, abs=2e-6)
    assert clock.night_time(Seconds(400.0)) - 400.0 == pytest.approx(4e-5 * 400.0, abs=1e-3)


def test_a_clock_that_steps_has_no_bound_until_enough_pings_agree_again():
    clock = told([(0.002, 0.002)] * 30, ahead=lambda _: 0.0)
    stepped = heard(clock, ping(60.0, ahead=lambda _: 1.0, there_s=0.002, back_s=0.002))
    assert stepped.begun_anew == 1
    assert not may_arm(stepped, Seconds(60.1))
    for n in range(1, LEAST_PINGS):
        stepped = heard(stepped, ping(60.0 + 2 * n, ahead=lambda _: 1.0, there_s=0.002, back_s=0.002))
    assert stepped.night_time(Seconds(67.0)) == pytest.approx(68.0, abs=0.002)


def test_stamps_that_run_backwards_bound_nothing():
    clock = told([(0.002, 0.002)] * 30, ahead=lambda _: 0.0)
    assert not may_arm(
        heard(clock, Ping(Seconds(62.0), NightTime(62.0), NightTime(62.1), Seconds(61.0))), Seconds(62.0)
    )
    assert not may_arm(
        heard(clock, Ping(Seconds(62.0), NightTime(62.5), NightTime(62.1), Seconds(62.9))), Seconds(62.0)
    )


def test_an_answer_that_was_overtaken_changes_nothing():
    clock = told([(0.002, 0.002)] * 30, ahead=lambda _: 0.0)
    assert heard(clock, ping(40.0, ahead=lambda _: 0.0, there_s=0.002, back_s=9.0)) == clock


@pytest.mark.parametrize(("bound_s", "bounded"), [(None, False), (0.0, True), (0.05, True), (0.0501, False)])
def test_no_bound_and_a_wide_bound_are_alike(bound_s, bounded):
    assert is_bounded(bound_s) is bounded


@settings(max_examples=40, deadline=None)
@given(
    delays=st.lists(
        st.tuples(st.floats(0.0, 1.0, allow_nan=False), st.floats(0.0, 1.0, allow_nan=False)), min_size=4, max_size=40
    ),
    ppm=st.floats(-99.0, 99.0),
    begun_s=st.floats(-1e5, 1e5),
    later_s=st.floats(-60.0, 3600.0),
)
def test_whatever_the_network_does_the_true_error_is_within_the_bound(delays, ppm, begun_s, later_s):
    clock = told(delays, ahead=lambda at_s: begun_s + ppm * 1e-6 * at_s, every_s=5.0)
    at_s = clock.pings[-1].back_s + later_s
    error_s = clock.night_time(Seconds(at_s)) - at_s - begun_s - ppm * 1e-6 * at_s
    assert clock.begun_anew == 0
    assert abs(error_s) <= clock.bound_s(Seconds(at_s)) + 1e-9


@pytest.mark.parametrize(("air", "most_s"), [(LAN, 0.3e-3), (WIFI, 2e-3)])
def test_a_quarter_of_an_hour_of_a_network_is_kept_as_promised(air: Air, most_s: float):
    kept = run(air, seed=11, duration_s=900.0)
    errors_s = np.abs(kept.errors_s)
    assert np.quantile(errors_s[60:], 0.99) <= most_s
    assert (errors_s <= kept.bounds_s).all()
    assert np.quantile(errors_s, 0.99) < np.quantile(np.abs(kept.alone_s), 0.99)  # else one ping would do
