"""Who reads what of a night that went wrong? What is personal reaches its own sleeper, and nobody by a side way."""

from dreamloom.guardian.rules import BY_ID, PERSONAL
from dreamloom.house.incidents import PRIVATE, timeline_of, touched_in
from dreamloom.record.events import AnyEvent, ConsentWithdrawn, GuardianStepped, Restored, Rung, StreamLost

SEATS = {"p1": "S01", "p2": "S02"}


def stepped(rule: str, stands: Rung, at_s: float = 10.0) -> GuardianStepped:
    known = BY_ID[rule]
    return GuardianStepped(
        id="night.0.1", onset_s=at_s, pod="p1", cause="p1.0.9", rule=rule, rung=known.rung, stands=stands, why=known.why
    )


def over(rule: str, stands: Rung) -> Restored:
    return Restored(onset_s=90.0, pod="p1", rule=rule, rung=BY_ID[rule].rung, stands=stands, why=BY_ID[rule].clears)


NIGHT: list[AnyEvent] = [
    StreamLost(onset_s=9.0, last_s=7.0, pod="p1"),
    stepped("stalled-stream", "NOTE"),
    stepped("nightmare-stays", "WAKE"),
    over("stalled-stream", "WAKE"),
    ConsentWithdrawn(onset_s=95.0, pod="p1", sleeper="S01", channel="button"),
]


def test_everybody_reads_that_something_was_and_only_its_sleeper_what() -> None:
    for_all, own = list(timeline_of(NIGHT, "")), list(timeline_of(NIGHT, "p1"))
    assert PRIVATE in [each.words for each in for_all]
    assert not [each for each in for_all if "nightmare" in each.words or "wake" in each.words]
    assert [each for each in own if "nightmare-stays" in each.words]
    assert not list(timeline_of(NIGHT, "p2"))


def test_how_far_the_guardian_went_does_not_give_away_what_is_personal() -> None:
    (for_all,), (own,) = touched_in(NIGHT, SEATS, ""), touched_in(NIGHT, SEATS, "p1")
    assert (for_all.furthest, for_all.restored) == ("note", True)
    assert (own.furthest, own.restored) == ("wake", False)


def test_that_somebody_withdrew_is_nobody_elses_to_read() -> None:
    assert not [each for each in timeline_of(NIGHT, "") if "ithdr" in each.words]


def test_whatever_wakes_or_softens_at_one_bed_alone_is_personal() -> None:
    assert {rule.sign for rule in BY_ID.values() if rule.rung in {"SOFTEN", "WAKE"}} <= PERSONAL
