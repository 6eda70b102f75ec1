"""Is what is said of weeks no more than what was told? Missing mornings, refusals, the way back to the mean."""

import pytest

from dreamloom.outcomes.around import Around, nearer
from dreamloom.outcomes.one_person import DrawnNight, compare
from dreamloom.outcomes.own_voice import Voiced, own_voice
from dreamloom.outcomes.trends import change, per_reported_night, weeks
from dreamloom.vocabulary.chance import stream


def test_nightmares_are_counted_per_reported_night_and_missing_ones_are_bounded() -> None:
    found = per_reported_night([1, None, 0, 2, None, 0])
    assert (found.told, found.missing, found.total) == (4, 2, 3)
    assert found.rate is not None
    assert found.rate.value == 0.75
    assert (found.if_none, found.if_worst) == (0.5, pytest.approx(7 / 6, abs=1e-3))


def test_where_nothing_was_told_nothing_is_said() -> None:
    found = per_reported_night([None, None])
    assert (found.rate, found.if_none, found.if_worst) == (None, None, None)
    assert [week.mean for week in weeks([None] * 7, is_count=True)] == [None]


def test_weeks_count_their_own_told_nights() -> None:
    found = weeks([1.0, 3.0, None, 2.0, 2.0, 2.0, 2.0, 5.0], is_count=False)
    assert [(week.nights, week.told) for week in found] == [(7, 6), (1, 1)]
    assert found[0].mean is not None
    assert found[0].mean.value == 2.0
    assert found[1].mean is None


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([1.0, 2.0] * 3 + [None] * 9, [1.0] * 9, "6 mornings were told before, and 8 are needed"),
        ([1.0, 2.0] * 5, [1.0] * 4 + [None] * 20, "4 mornings were told since, and 5 are needed"),
        ([1.0] * 10, [2.0] * 10, "no spread"),
    ],
)
def test_a_change_is_refused_where_there_is_too_little_to_hold_it_against(before, after, why: str) -> None:
    found = change(before, after, worse_is_more=True)
    assert why in found.why_not
    assert (found.by, found.spreads) == (None, None)


def test_a_change_is_measured_by_the_own_spread_and_from_the_whole_baseline() -> None:
    before = [1.0, 0.0, 1.0, 0.0, 3.0, 4.0, 3.0, 2.0, 3.0, 2.0, 1.0, 0.0, 1.0, 0.0]
    found = change(before, [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0], worse_is_more=True)
    assert found.by is not None
    assert found.spreads == pytest.approx(-0.8, abs=0.05)
    assert found.worst == pytest.approx(18 / 7, abs=1e-3)
    assert found.from_worst is not None
    assert found.from_worst < 1.5 * found.by.value < 0
    assert not found.is_beyond


def test_own_ups_and_downs_are_called_a_change_as_rarely_as_promised() -> None:
    called = 0
    for n in range(400):
        random = stream(3, "steady", n)
        values = [float(each) for each in random.poisson(1.0, 28)]
        called += change(values[:14], values[14:], worse_is_more=True).is_beyond
    assert called / 400 <= 0.07


def drawn(random, *, effect: float, blocks: int, missing: float = 0.0) -> list[DrawnNight]:
    nights, level = [], 0.0
    for block in range(blocks):
        for arm in random.permutation(["active", "active", "sham", "sham"]):
            level = 0.6 * level + random.normal()
            value = level + (effect if arm == "active" else 0.0)
            told = None if random.random() < missing else float(value)
            nights.append(DrawnNight(arm=str(arm), block=block, value=told))
    return nights


def test_chance_alone_is_called_an_effect_in_one_person_no_more_often_than_said() -> None:
    """Nights that resemble the last one, and a fifth not told."""
    found = [
        compare(drawn(stream(1, "null", n), effect=0.0, blocks=5, missing=0.2), arms=("active", "sham"), seed=n,
                draws=199)
        for n in range(400)
    ]  # fmt: skip
    told = [each for each in found if not each.why_not]
    assert len(told) >= 390
    assert sum((each.p or 1.0) <= 0.05 for each in told) / len(told) <= 0.075


def test_an_effect_in_one_person_is_found() -> None:
    found = [
        compare(drawn(stream(2, "effect", n), effect=3.0, blocks=5), arms=("active", "sham"), seed=n, draws=499)
        for n in range(40)
    ]
    assert sum((each.p or 1.0) <= 0.05 for each in found) >= 36
    assert 2.0 < sum(each.by or 0.0 for each in found) / 40 < 4.0


def test_nights_that_are_not_washed_out_are_left_out_and_too_few_are_refused() -> None:
    nights = drawn(stream(4, "washout"), effect=9.0, blocks=3)
    carried = [
        DrawnNight(arm=each.arm, block=each.block, value=99.0, is_washed=False) if n % 3 == 0 else each
        for n, each in enumerate(nights)
    ]
    found = compare(carried, arms=("active", "sham"), seed=1, draws=99)
    assert found.left_out == 4
    assert found.by is not None or "are needed" in found.why_not
    assert abs(found.by or 0.0) < 20.0
    few = compare(nights[:4], arms=("active", "sham"), seed=1)
    assert (few.p, few.why_not) == (None, "2 nights of one arm were told, and 4 are needed")


def test_blocks_that_allow_too_few_arrangements_give_no_p() -> None:
    nights = [DrawnNight(arm="a" if n < 4 else "b", block=n, value=float(n)) for n in range(8)]
    found = compare(nights, arms=("a", "b"), seed=1)
    assert (found.p, found.why_not) == (None, "its blocks allow 1 arrangements, and a p of 0.05 needs 20")


def test_shared_nights_count_only_beyond_control_nights() -> None:
    nights = [Around(is_shared=n % 2 == 0, before=4.0, after=6.0 + n % 3) for n in range(12)]
    found = nearer(nights, is_drawn=True, seed=1)
    assert found.shared is not None
    assert found.shared.value == pytest.approx(3.0)
    assert found.beyond is not None
    assert abs(found.beyond.value) < 0.01
    assert found.p is not None
    assert found.p > 0.5
    alone = [Around(is_shared=True, before=4.0, after=9.0)] * 9
    assert "0 control nights" in nearer(alone, is_drawn=False, seed=1).why_not
    assert nearer(nights, is_drawn=False, seed=1).p is None


OWN = "heron ladder copper attic whistle lantern gravel orchard "
COMMON = "tide shell lighthouse current foam anchor harbour sail "
REST = "then somebody went slowly behind everything again while looking "


def test_the_own_voice_falls_when_the_common_thread_speaks_and_is_own_against_the_own_baseline() -> None:
    baseline = [OWN + REST] * 6
    others = {name: [COMMON + REST] * 4 for name in ("S02", "S03", "S04")}
    found = own_voice(baseline, others, [Voiced(0, OWN + REST), Voiced(1, OWN + COMMON), Voiced(2, COMMON)])
    assert found.weeks is not None
    assert found.baseline is not None
    assert found.weeks[0][0] > found.weeks[1][0] > found.weeks[2][0] == 0.0
    assert found.weeks[0][0] == pytest.approx(found.baseline.value, abs=0.1)


def test_no_own_voice_is_shown_of_few_reports_or_against_few_others() -> None:
    others = {name: [COMMON] for name in ("S02", "S03", "S04")}
    assert "4 reports from before" in own_voice([OWN] * 4, others, []).why_not
    assert "2 others" in own_voice([OWN] * 5, {"S02": [COMMON], "S03": [COMMON]}, []).why_not
