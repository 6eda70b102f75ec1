"""One sleeper's trouble is nobody else's: whatever happens at one bed, every other bed's record stays the same."""

import pytest

from dreamloom.testing.guarded_nights import try_once


def test_random_trouble_at_one_bed_leaves_every_other_record_as_it_was() -> None:
    lived = [try_once(seed) for seed in range(2)]
    assert [each.differences for each in lived] == [()] * len(lived)
    assert sum(each.others for each in lived) >= 2
    assert any(each.steps for each in lived)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_much_random_trouble_climbs_the_ladder_at_its_own_bed_alone() -> None:
    lived = [try_once(seed) for seed in range(40)]
    assert [each.differences for each in lived] == [()] * len(lived)
    assert {rung for each in lived for rung in each.steps} >= {"NOTE", "HOLD", "ISOLATE"}
