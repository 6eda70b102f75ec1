"""Does the evening staircase find where a person just hears, end in time, and find out who says yes to everything?"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.jukebox.staircase import (
    LOUDEST_DBFS,
    MOST_TRIALS,
    REVERSALS,
    SOFTEST_DBFS,
    Staircase,
    Threshold,
    answered,
    threshold,
)
from dreamloom.vocabulary.chance import stream


def ended(listen, seed=1):
    state, levels = Staircase(seed=seed), []
    while not state.is_over:
        levels.append(None if state.is_silent else state.level_dbfs)
        state = answered(state, heard=listen(None if state.is_silent else state.level_dbfs))
    return state, levels


def listener(true_dbfs, slope_db, seed, guesses=0.0):
    """Somebody whose chance to hear a sound rises with its level, by half at true_dbfs."""
    numbers = stream(seed, "listener")

    def listen(level):
        chance = guesses if level is None else 1 / (1 + math.exp(-(level - true_dbfs) / slope_db))
        return bool(numbers.random() < max(chance, guesses))

    return listen


@settings(max_examples=30, deadline=None)
@given(st.floats(-95, -40), st.integers(0, 10_000))
def test_it_settles_near_where_seventy_per_cent_are_heard(true_dbfs, seed):
    found = [threshold(ended(listener(true_dbfs, 1.0, seed + n), seed + n)[0]) for n in range(8)]
    values = [one.dbfs for one in found if isinstance(one, Threshold)]
    assert len(values) >= 7
    aim = true_dbfs + math.log(0.707 / 0.293)  # where this listener hears 70.7 %
    assert abs(np.mean(values) - aim) < 2.0
    assert np.std(values) < 3.0


def test_steps_shrink_and_it_ends_with_the_eighth_turn():
    state, levels = ended(lambda level: level is not None and level >= -70.0)
    assert len(state.turns_dbfs) >= REVERSALS
    sounds = [level for level in levels if level is not None]
    steps = [abs(b - a) for a, b in pairwise(sounds) if a != b]
    assert steps[0] == 8.0
    assert set(steps[-6:]) == {2.0}
    found = threshold(state)
    assert isinstance(found, Threshold)
    assert -72.0 <= found.dbfs <= -70.0


def test_whoever_hears_silence_is_not_believed():
    state, _ = ended(lambda _: True, seed=3)
    assert "without any sound were heard" in str(threshold(state))


def test_somebody_who_hears_nothing_is_never_played_more_than_the_loudest():
    state, levels = ended(lambda _: False)
    assert max(level for level in levels if level is not None) == LOUDEST_DBFS
    assert "was not heard" in str(threshold(state))
    assert state.trials < 20


def test_an_output_that_cannot_go_softer_gives_its_softest_level():
    state, _ = ended(lambda level: level is not None)
    found = threshold(state)
    assert isinstance(found, Threshold)
    assert found.dbfs == SOFTEST_DBFS


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=MOST_TRIALS, max_size=MOST_TRIALS), st.integers(0, 2**32))
def test_whatever_is_answered_it_ends_stays_between_its_bounds_and_says_something(answers, seed):
    state = Staircase(seed=seed)
    for heard in answers:
        if state.is_over:
            break
        state = answered(state, heard=heard)
        assert SOFTEST_DBFS <= state.level_dbfs <= LOUDEST_DBFS
    assert state.is_over
    assert threshold(state)


def test_silent_presentations_hang_on_the_evenings_seed_alone():
    def silent(seed):
        return tuple(level is None for level in ended(lambda level: level is not None and level > -60, seed)[1])

    assert silent(5) == silent(5)
    assert len({silent(seed) for seed in range(6)}) > 1
    assert not any(silent(2)[:3])


@pytest.mark.parametrize("seed", range(3))
def test_about_one_presentation_in_five_is_silent(seed):
    flags = [Staircase(seed=seed, trials=n).is_silent for n in range(3, 303)]
    assert 0.1 < np.mean(flags) < 0.3
