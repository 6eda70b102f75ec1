"""Does nothing sound after a no in histories in which everything comes in any order, and would the judge know?"""

from dreamloom.record.events import AnyEvent, ConsentWithdrawn, CuePlayed
from dreamloom.testing import withdrawn_nights
from dreamloom.testing.withdrawn_nights import histories


def test_sixty_histories_hold_no_cue_behind_a_no_and_lawful_ones_before_it() -> None:
    told = histories(7, 0, 60)
    assert [each for each in told if each.after or each.verdict.unlawful or each.verdict.missed] == []
    assert sum(each.withdrew for each in told) > 30
    assert sum(each.before for each in told) > 60


def test_a_cue_whose_sound_begins_behind_a_no_is_counted() -> None:
    events = told_after_a_no(10.2)
    assert withdrawn_nights.begun_after(events, 10.0) == 1
    assert withdrawn_nights.begun_after(events, 10.3) == 0
    assert withdrawn_nights.begun_after(events, None) == 0


def told_after_a_no(at_s: float) -> list[AnyEvent]:
    played = CuePlayed(onset_s=at_s, cue="chord", planned_s=at_s, actual_s=at_s, verified="render clock")
    return [ConsentWithdrawn(onset_s=10.0, sleeper="S01", channel="test"), played]
