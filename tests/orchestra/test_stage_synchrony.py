"""Are stages of one night compared with those of people who could not have met, and is chance left chance?"""

from itertools import combinations

import pytest

from dreamloom.orchestra.synchrony import Slept, synchrony
from dreamloom.testing.night_story import course
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage

NIGHT = course()


def shifted(epochs: int, *, seed: int = 0, noise: float = 0.1) -> list[Stage]:
    """A plain night that begins later or earlier, scored with some mistakes."""
    moved = [Stage.W] * max(0, epochs) + NIGHT[max(0, -epochs) :]
    chance = stream(seed, "shifted", epochs)
    wrong = chance.random(len(moved)) < noise
    return [SCORED_STAGES[int(chance.integers(5))] if bad else stage for stage, bad in zip(moved, wrong, strict=True)]


def nights(
    *, in_step: bool, rooms: bool = False, many: int = 5, sleepers: int = 2, returning: bool = True
) -> list[Slept]:
    """Nights of several sleepers each; in step, all of one night begin together, and every night otherwise."""
    told = []
    for night in range(many):
        common = int(stream(night, "common").integers(-60, 60))
        for n in range(sleepers):
            own = common if in_step else int(stream(night, "own", n).integers(-60, 60))
            name = f"S{n}" if returning else f"S{night}-{n}"
            room = frozenset({f"p{1 - n}"}) if rooms and n < 2 else frozenset[str]()
            told.append(Slept(f"n{night}", f"p{n}", name, shifted(own, seed=100 * night + n), room))
    return told


def of(slept: list[Slept], apart: str = "other rooms", seed: int = 1):
    return next(found for found in synchrony(slept, seed=seed) if found.apart == apart)


@pytest.mark.parametrize("returning", [True, False])
def test_sleepers_in_step_are_told_from_pairs_of_different_nights(returning):
    found = of(nights(in_step=True, returning=returning))
    assert found.pairs == 5
    assert found.elsewhere_pairs == (20 if returning else 40)
    assert found.kappa > found.elsewhere
    assert found.excess == pytest.approx(found.kappa - found.elsewhere, abs=2e-4)
    assert found.excess_ci[0] > 0.0
    assert found.p < 0.05


def test_sleepers_who_only_share_a_timetable_are_not_called_in_step():
    found = of(nights(in_step=False))
    assert found.same_stage > 0.2
    assert found.p > 0.05


def test_chance_alone_is_called_synchrony_no_more_often_than_it_says():
    few = 0
    for draw in range(30):
        order = stream(draw, "order").permutation(10)
        slept = [
            Slept(f"n{place // 2}", f"p{place % 2}", f"S{place}", shifted(int(shift) * 12 - 60, seed=draw, noise=0.3))
            for place, shift in enumerate(order)
        ]
        few += of(slept, seed=draw).p <= 0.05
    assert few <= 5


def test_one_night_alone_gives_agreement_and_no_verdict():
    found = of(nights(in_step=True, many=1))
    assert found.kappa is not None
    assert (found.elsewhere, found.excess, found.excess_ci, found.p) == (None, None, None, None)


def test_pairs_of_one_room_are_never_counted_with_the_others():
    slept = nights(in_step=True, rooms=True, sleepers=3)
    together, others = of(slept, "one room"), of(slept)
    assert (together.pairs, others.pairs) == (5, 10)
    assert all(one.rooms or other.rooms for one, other in combinations(slept[:2], 2))


def test_a_room_counts_whoever_of_the_two_names_it():
    slept = nights(in_step=True, many=2)
    named = [each._replace(rooms=frozenset({"p1"})) if each.pod == "p0" else each for each in slept]
    assert of(named, "one room").pairs == 2
    assert of(named).pairs == 0


def test_nobody_is_compared_with_themselves_in_another_night():
    slept = nights(in_step=True, many=2)
    assert of(slept).elsewhere_pairs == 2


def test_epochs_that_nobody_scored_say_nothing():
    slept = nights(in_step=True, many=3)
    blank = [each._replace(stages=[Stage.UNSCORED] * 900) if each.pod == "p0" else each for each in slept]
    found = of(blank)
    assert (found.pairs, found.kappa, found.same_stage, found.p) == (0, None, None, None)


def test_the_same_nights_give_the_same_figures():
    slept = nights(in_step=False)
    assert synchrony(slept, seed=3) == synchrony(slept, seed=3)


def test_nobody_at_all_is_no_error():
    assert [found.pairs for found in synchrony([], seed=1)] == [0, 0]
