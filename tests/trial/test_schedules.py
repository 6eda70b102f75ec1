"""Who is in which arm? Every arm as often, in an order nobody can foresee, the same from one nonce for ever."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.record.events import TrialDesign, TrialUnit
from dreamloom.trial import schedules
from dreamloom.trial.commitment import Secret, as_bytes, commitment, fits, from_bytes
from dreamloom.trial.designs import refuse_unfit, usual_block
from dreamloom.trial.drawing import shuffled, words
from dreamloom.vocabulary.errors import ConfigError

NONCE = bytes(range(32))
ARMS = ("active", "control", "sham")
nonces = st.binary(min_size=32, max_size=32)


def design(assign="across nights", *, arms=2, times=1, blocks=2, sleepers=6, **changes):
    block = arms * times
    terms = {
        "trial": "first",
        "assign": assign,
        "arms": ARMS[:arms] if arms <= 3 else tuple(f"a{n}" for n in range(arms)),
        "block": block,
        "nights": block * blocks if assign == "across nights" else blocks,
        "washout_nights": 0,
        "units": tuple(TrialUnit(f"S{n:02d}", (f"S{n:02d}",)) for n in range(sleepers)),
    }
    return TrialDesign(**{**terms, **changes})


def arm(of, nonce, sleeper, night):
    return schedules.arm_of_night(of, nonce, sleeper=sleeper, night=night)


@given(nonce=nonces, arms=st.integers(2, 4), times=st.integers(1, 3), blocks=st.integers(1, 3))
def test_every_sleeper_spends_as_many_nights_in_every_arm_within_every_block(nonce, arms, times, blocks):
    of = design(arms=arms, times=times, blocks=blocks)
    refuse_unfit(of)
    for sleeper in schedules.sleepers_of(of):
        nights = [arm(of, nonce, sleeper, night) for night in range(1, of.nights + 1)]
        for first in range(0, of.nights, of.block):
            assert Counter(nights[first : first + of.block]) == dict.fromkeys(of.arms, times)


@given(nonce=nonces, arms=st.integers(2, 4), times=st.integers(1, 2))
def test_across_nights_every_arm_is_as_often_there_in_each_night(nonce, arms, times):
    of = design(arms=arms, times=times, sleepers=arms * 3)
    for night in range(1, of.nights + 1):
        there = Counter(arm(of, nonce, sleeper, night) for sleeper in schedules.sleepers_of(of))
        assert there == dict.fromkeys(of.arms, 3)


@given(nonce=nonces, arms=st.integers(2, 3), times=st.integers(1, 2))
def test_across_sleepers_arms_come_in_permuted_blocks_and_stay_for_all_nights(nonce, arms, times):
    of = design("across sleepers", arms=arms, times=times, sleepers=arms * times * 2, blocks=3)
    drawn = [arm(of, nonce, sleeper, 1) for sleeper in schedules.sleepers_of(of)]
    for first in range(0, len(drawn), of.block):
        assert Counter(drawn[first : first + of.block]) == dict.fromkeys(of.arms, times)
    assert [arm(of, nonce, sleeper, 3) for sleeper in schedules.sleepers_of(of)] == drawn


def test_a_group_and_a_room_share_their_arm():
    rooms = schedules.together(["S1", "S2", "S3", "S4", "S5"], [("S1", "S3"), ("S5", "S3")])
    assert [unit.sleepers for unit in rooms] == [("S1", "S3", "S5"), ("S2",), ("S4",)]
    of = design("across sleepers", units=rooms, arms=3)
    for number in range(40):
        nonce = bytes([number]) * 32
        assert len({arm(of, nonce, sleeper, 1) for sleeper in ("S1", "S3", "S5")}) == 1
        assert {arm(of, nonce, sleeper, 1) for sleeper in ("S1", "S2", "S4")} == set(ARMS)


@given(nonce=nonces, arms=st.integers(2, 3), times=st.integers(2, 3))
def test_within_a_night_every_block_of_cues_holds_every_arm_as_often(nonce, arms, times):
    of = design("within night", arms=arms, times=times)
    assert arm(of, nonce, "S01", 1) is None
    cues = [schedules.arm_of_cue(of, nonce, sleeper="S01", night=1, occasion=n) for n in range(of.block * 5)]
    for first in range(0, len(cues), of.block):
        assert Counter(cues[first : first + of.block]) == dict.fromkeys(of.arms, times)


def test_within_a_night_arms_never_merely_alternate_and_no_two_beds_or_nights_share_them():
    of = design("within night", times=2)
    assert of.block == usual_block("within night", 2) == 4

    def night(sleeper, number, nonce=NONCE):
        return tuple(schedules.arm_of_cue(of, nonce, sleeper=sleeper, night=number, occasion=n) for n in range(200))

    orders = {night(sleeper, number) for sleeper in ("S01", "S02", "S03") for number in (1, 2)}
    assert len(orders) == 6
    for order in orders:
        repeated = sum(one == two for one, two in pairwise(order))
        assert 40 < repeated < 90  # a third of what follows within and half between blocks; 0 were it alternating


def test_each_order_of_a_block_is_as_likely():
    of = design("within night", times=2)
    seen = Counter(
        tuple(schedules.arm_of_cue(of, NONCE, sleeper="S01", night=1, occasion=4 * block + n) for n in range(4))
        for block in range(6000)
    )
    assert len(seen) == 6
    assert max(seen.values()) - min(seen.values()) < 200  # six standard deviations of a difference are 270


def test_each_sleeper_of_a_group_draws_another_cue_and_keeps_it():
    units = (TrialUnit("a", ("S1", "S2", "S3", "S4")), TrialUnit("b", ("S5", "S6", "S7", "S8")))
    of = design("across groups", units=units, nights=3)
    themes = ("sea", "forest", "fire", "snow")
    for unit in units:
        drawn = [schedules.drawn_cue(themes, of, NONCE, arm="different", sleeper=sleeper) for sleeper in unit.sleepers]
        assert sorted(drawn) == sorted(themes)
    alone = design("across sleepers", sleepers=4)
    drawn = [schedules.drawn_cue(themes, alone, NONCE, arm="x", sleeper=each) for each in schedules.sleepers_of(alone)]
    assert sorted(drawn) == sorted(themes)


def test_a_nonce_gives_this_very_schedule_for_ever():
    assert next(words(NONCE, "a", 1)) == 16084313370330163520
    assert shuffled("abcdef", NONCE, "letters") == ("f", "c", "d", "b", "a", "e")
    of = design()
    assert [each.arm for each in schedules.schedule(of, NONCE)][:6] == EXPECTED
    assert commitment(Secret(of, NONCE)) == COMMITTED


EXPECTED = ["active", "control", "control", "active", "active", "control"]
COMMITTED = "aa816945d96dd7bce1a0e53de53f9a6692b93d1b2697c8c633baa11e722d55a2"


@given(nonce=nonces)
def test_a_commitment_fits_its_own_secret_and_no_other(nonce):
    secret = Secret(design(), nonce)
    bound = commitment(secret)
    assert fits(secret, bound)
    assert from_bytes(as_bytes(secret)) == secret
    assert not fits(Secret(design(blocks=3), nonce), bound)
    assert not fits(Secret(secret.design, bytes([nonce[0] ^ 1]) + nonce[1:]), bound)


def test_a_secret_of_another_length_is_none():
    with pytest.raises(ValueError, match="nonce of 31 bytes"):
        from_bytes(as_bytes(Secret(design(), NONCE[:31])))


@pytest.mark.parametrize(
    ("of", "words_of_error"),
    [
        (design(block=3), "a block of 3 does not hold 2 arms equally often"),
        (design(nights=3), "3 nights are no whole number of blocks of 2"),
        (design("across sleepers", sleepers=1), "there is 1"),
        (design("across groups", sleepers=2, arms=3), "there are 2"),
        (design(arms=1, block=1), "its arms are active"),
        (design(sleepers=0), "nobody is in it"),
        (design("within night", nights=0), "it has 0 nights"),
        (design(units=(TrialUnit("a", ("S1", "S1")),)), "S1 is in it twice"),
    ],
)
def test_a_trial_that_cannot_be_balanced_is_refused_with_what_would_fit(of, words_of_error):
    with pytest.raises(ConfigError, match=words_of_error) as refused:
        refuse_unfit(of)
    assert refused.value.code == "DL-E605"
    assert refused.value.do


def test_who_is_not_in_a_trial_has_no_arm_in_it():
    with pytest.raises(KeyError):
        arm(design(), NONCE, "S99", 1)
    with pytest.raises(ValueError, match="night 5 of 4"):
        arm(design(), NONCE, "S01", 5)
