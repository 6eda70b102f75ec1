import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.jukebox.levels import (
    NO_SOUND_DB,
    RAMP_DEPTH_DB,
    UNCALIBRATED_FULL_SCALE_DB,
    capped_db,
    gain,
    planned_db,
    ramped_db,
)

EXAMPLES = settings(max_examples=40, deadline=None)
any_db = st.floats(allow_nan=True, allow_infinity=True)
real_db = st.floats(-120, 120)


def test_gain_is_relative_to_the_outputs_full_scale():
    assert gain(45.0, full_scale_db=85.0) == pytest.approx(0.01)
    assert gain(85.0, full_scale_db=85.0) == 1.0
    assert gain(40.0, full_scale_db=UNCALIBRATED_FULL_SCALE_DB) == pytest.approx(0.001)


@EXAMPLES
@given(any_db, any_db)
def test_gain_is_a_fraction_whatever_comes_in(level_db, full_scale_db):
    assert 0.0 <= gain(level_db, full_scale_db=full_scale_db) <= 1.0


@pytest.mark.parametrize(("level_db", "full_scale_db"), [(math.nan, 90.0), (40.0, math.nan), (40.0, -math.inf)])
def test_what_is_no_number_makes_no_sound(level_db, full_scale_db):
    assert gain(level_db, full_scale_db=full_scale_db) == 0.0


@EXAMPLES
@given(real_db, st.lists(real_db))
def test_no_cap_is_ever_exceeded(target_db, caps_db):
    assert all(capped_db(target_db, caps_db) <= bound for bound in [target_db, *caps_db])


@EXAMPLES
@given(st.lists(real_db), st.integers(0, 5))
def test_a_cap_that_is_no_number_silences_wherever_it_stands(caps_db, place):
    assert capped_db(40.0, [*caps_db[:place], math.nan, *caps_db[place:]]) == NO_SOUND_DB


@pytest.mark.parametrize(
    ("threshold_db", "lowered_db", "expected_db"),
    [(25.0, 0.0, 35.0), (40.0, 0.0, 45.0), (40.0, 3.0, 42.0), (25.0, 3.0, 32.0), (25.0, -3.0, 35.0)],
)
def test_the_planned_level_is_the_step_over_threshold_under_its_caps_less_what_arousals_took(
    threshold_db, lowered_db, expected_db
):
    assert planned_db(threshold_db, 10.0, [45.0, 50.0], lowered_db=lowered_db) == expected_db


def test_a_ramp_rises_linearly_in_decibels_from_silent_to_its_target():
    levels_db = [ramped_db(45.0, since_start_s=s, over_s=120.0) for s in (-1.0, 0.0, 60.0, 120.0, 500.0)]
    assert levels_db == [NO_SOUND_DB, 45.0 - RAMP_DEPTH_DB, 25.0, 45.0, 45.0]


def test_without_a_ramp_the_target_holds_from_the_start():
    assert ramped_db(45.0, since_start_s=0.0, over_s=0.0) == 45.0


@EXAMPLES
@given(real_db, st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 600))
def test_a_ramp_never_falls_and_never_passes_its_target(target_db, earlier_s, later_s, over_s):
    earlier_s, later_s = sorted((earlier_s, later_s))
    low = ramped_db(target_db, since_start_s=earlier_s, over_s=over_s)
    assert low <= ramped_db(target_db, since_start_s=later_s, over_s=over_s) <= target_db


@EXAMPLES
@given(real_db, st.lists(real_db), st.floats(-50, 50))
def test_after_an_arousal_no_cue_is_louder_than_the_one_that_roused(threshold_db, caps_db, lower_db):
    heard_db = planned_db(threshold_db, 10.0, caps_db, lowered_db=0.0)
    assert planned_db(threshold_db, 10.0, caps_db, lowered_db=lower_db) <= heard_db
    assert round(heard_db, 4) == heard_db


def test_the_planned_level_lies_on_its_ramp():
    assert planned_db(50.0, 10.0, [45.0, 50.0], lowered_db=0.0, since_start_s=60.0, ramp_s=120.0) == 25.0
