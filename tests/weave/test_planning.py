"""Does a house learn beforehand whether a shared dream could be seen?"""

from dreamloom.testing.dream_corpus import corpus
from dreamloom.testing.dream_words import THEMES
from dreamloom.weave.chance.planning import planned


def test_power_rises_with_the_share_and_false_alarms_stay_few() -> None:
    mornings = corpus(2, dreamers=8, nights=9)
    theme = THEMES["windmill"][:3]
    half = planned(mornings, theme, share=0.5, nights=60)
    few = planned(mornings, theme, share=0.125, nights=60)
    assert half is not None
    assert few is not None
    assert half.dreamers == 8
    assert half.power > 0.85 > few.power
    assert half.false_alarms <= 0.1
    assert half.usual < 0.1


def test_too_few_mornings_plan_nothing() -> None:
    assert planned(corpus(2, dreamers=3, nights=9), ("tree",), share=0.5) is None
    assert planned(corpus(2, dreamers=8, nights=5), ("tree",), share=0.5) is None
