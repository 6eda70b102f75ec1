"""Is it told how far nights side by side are, while they run, and when they will be over?"""

import pytest

from dreamloom.house.rehearsing import RehearsalAsked, rehearse
from dreamloom.house.side_by_side import SURE_AFTER_S, HowFar, Pace
from dreamloom.testing.live_nights import TIRELESS
from dreamloom.vocabulary.errors import ConfigError


@pytest.mark.slow
@pytest.mark.slow
def test_hours_are_told_as_they_are_lived_and_not_when_a_night_is_over():
    told: list[HowFar] = []
    rehearse(
        RehearsalAsked(text=TIRELESS, file="tireless.yaml", sleepers=1, hours=0.1, on_signals=True),
        progress=told.append,
    )
    lived_s = [far.lived_s for far in told]
    assert lived_s == sorted(lived_s)
    assert any(0 < far.lived_s < 360 and far.nights == 0 for far in told)
    assert (told[-1].nights, told[-1].lived_s) == (1, 360.0)


def test_what_is_left_is_told_from_the_pace_after_everybody_has_woken():
    pace = Pace(3600.0)
    assert pace.left_s([0.0, 0.0], 0.0, 2) is None
    assert pace.left_s([0.0, 0.0], 60.0, 2) is None, "a minute of loading is nobody's pace"
    assert pace.left_s([30.0, 0.0], 60.5, 2) is None
    looks = [pace.left_s([30.0 + 50 * second, 50.0 * second], 60.5 + second, 2) for second in range(1, 9)]
    assert looks[-1] == pytest.approx((3600 - 400) / 50)
    assert None not in looks[int(SURE_AFTER_S) :]


def test_nights_that_wait_for_a_core_take_their_turn():
    pace = Pace(100.0)
    for second in range(6):
        left_s = pace.left_s([1.0 + 10 * second, 1.0 + 10 * second, 0.0], float(second), 2)
    assert left_s == pytest.approx((49 + 100) / 10)
    assert Pace(100.0).left_s([100.0, 100.0], 9.0, 2) is None


@pytest.mark.slow
@pytest.mark.slow
def test_a_night_that_cannot_be_ends_all_of_them_with_what_was_wrong():
    asked = RehearsalAsked(text=TIRELESS, file="t.yaml", presets=["typical", "nobody"], sleepers=2, on_signals=True)
    with pytest.raises(ConfigError, match="nobody"):
        rehearse(asked)
