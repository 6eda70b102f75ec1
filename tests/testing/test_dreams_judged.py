"""Do the counts that promises rest on see a test that cries wolf, and a weave that tells too much?"""

from dreamloom.testing.dream_groups import Plan, group
from dreamloom.testing.dream_judging import DESIGNS, counted, sealed_draws
from dreamloom.testing.weaving_judged import random_consents, withdrawal
from dreamloom.weave.chance.target import unsound


def test_planted_themes_are_counted_and_others_not() -> None:
    found = counted("within half", 8, range(4))
    plain = counted("within plain", 4, range(4))
    assert found["positive"]["T1"] >= 3  # type: ignore[index]
    assert plain["positive"]["T1"] == 0  # type: ignore[index]
    assert plain["refused"] == {}
    assert set(DESIGNS) >= {"within longest", "within ten nights", "between rooms"}


def test_every_dreamer_has_a_sound_draw_of_their_own() -> None:
    draws = sealed_draws(3, group(3, Plan(n=5, mornings=0)))
    assert len(draws) == 5
    assert not any(unsound(each) for each in draws)
    assert counted("sealed", 5, range(3))["refused"] == {}


def test_random_consents_and_withdrawals_are_clean() -> None:
    found = random_consents(12, 4)
    assert (found["uncited"], found["foreign"], found["thin"]) == (0, 0, 0)
    assert found["passages"] > 0
    assert withdrawal(30, 4)["left"] == 0
