"""Who reads what of a night that went wrong? What is personal reaches its own sleeper, and nobody by a side way."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.gallery.happenings import happenings_of
from dreamloom.gallery.pod_night import pod_night
from dreamloom.guardian.rules import BY_ID, PERSONAL, PRIVATE
from dreamloom.house.house_record import append_to_house
from dreamloom.house.incidents import account, account_of, timeline_of, touched_in
from dreamloom.record.codec import decode
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    ConsentWithdrawn,
    GuardianStepped,
    HostDescribed,
    NightmareArousalSeen,
    NightOpened,
    Restored,
    Rung,
    Seat,
    StreamLost,
)
from dreamloom.record.guide_events import GuideRanAway
from dreamloom.record.staff_events import OutOfBedTold
from dreamloom.testing.browsers import night_that_is_over

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


def test_a_model_that_ran_away_is_told_to_the_staff_in_its_time_and_to_no_sleeper(tmp_path: Path) -> None:
    night = night_that_is_over(tmp_path, beds=1)
    with read_only(night.record) as record:
        (host,) = [event for event in record.of_type("HostDescribed") if isinstance(event, HostDescribed)]
    began = datetime.fromisoformat(host.utc).timestamp()
    ran = GuideRanAway(onset_s=began + 60.0, night="tide", model="small", why="REFUSALS", calls=9)
    append_to_house(night.house, ran)
    append_to_house(night.house, GuideRanAway(onset_s=began, night="ebb", model="other", why="COST", calls=1))
    told = [moment for moment in account(night).timeline if moment.what == "GuideRanAway"]
    assert [moment.bed for moment in told] == ["the house"]
    assert "small" in told[0].words
    assert "chose too often what it may not" in told[0].words
    times = [moment.at_s for moment in account(night).timeline]
    assert times == sorted(times)
    own = account(night, sleeper="S01")
    assert not [moment for moment in own.timeline if moment.what == "GuideRanAway"]


def test_the_morning_says_how_the_phone_was_graded_and_what_staff_said_of_the_bed() -> None:
    stored = (Path(__file__).parent.parent / "record" / "stored_events.jsonl").read_bytes().splitlines()
    graded = decode(next(line for line in stored if b'"PhoneGraded"' in line))
    up = OutOfBedTold(onset_s=9.0, pod="p1", by="anna")
    words = [each.words for each in happenings_of([graded, up], pod_night([graded, up], "p1"))]
    assert words[0].startswith("The phone at this bed had been rehearsed, and graded B. It was in front for 75%")
    assert words[1] == "Somebody said that the sleeper was up. Silent from here on (anna)."


def test_that_somebody_withdrew_is_nobody_elses_to_read() -> None:
    assert not [each for each in timeline_of(NIGHT, "") if "ithdr" in each.words]


def test_whatever_wakes_or_softens_at_one_bed_alone_is_personal() -> None:
    assert {rule.sign for rule in BY_ID.values() if rule.rung in {"SOFTEN", "WAKE"}} <= PERSONAL


OPENED = NightOpened(
    onset_s=0.0,
    roster=(Seat(pod="p1", sleeper="S01", source="sim:a"), Seat(pod="p2", sleeper="S02", source="sim:b")),
    mode="private",
    timezone="UTC",
    dreamscape="quiet",
    dreamscape_sha256="0" * 64,
    consent_sha256="0" * 64,
    simulation_seed=1,
)
HARD: list[AnyEvent] = [
    OPENED,
    NightmareArousalSeen(
        id="p1.0.8", onset_s=7654.0, pod="p1", heart_per_min=92.0, usual_heart_per_min=61.0, breath_per_min=21.0,
        usual_breath_per_min=14.0,
    ),
    stepped("nightmare", "SOFTEN", 7655.0),
    stepped("nightmare-again", "HOLD", 7685.0),
    stepped("nightmare-stays", "WAKE", 7715.0),
    AwakeningDue(
        id="p1.0.9", onset_s=7716.0, pod="p1", awakening=0, manner="probe", stage="R", reason="GUARDIAN",
        gives_up_s=7800.0,
    ),
    stepped("fragmentation", "WAKE", 7725.0),
    StreamLost(id="p1.0.9", onset_s=9000.0, last_s=8998.0, pod="p1"),
    ConsentWithdrawn(onset_s=9500.0, pod="p1", sleeper="S01", channel="button"),
    over("nightmare", "WAKE"),
]  # fmt: skip
TELLTALE = ("nightmare", "wake", "woken", "soften", "hold", "restless", "heart", "92", "76", "77", "ithdr", "9500")


@pytest.mark.parametrize("reader", ["", "S02"])
def test_nothing_in_the_account_that_others_read_gives_away_how_somebody_slept(reader: str) -> None:
    told = json.dumps(account_of(HARD, "a night", sleeper=reader, proofs={}).as_data())
    assert [word for word in TELLTALE if word in told] == []
    assert ("p1" in told, PRIVATE in told) == ((True, True) if not reader else (False, False))


def test_the_person_concerned_reads_all_of_it_with_its_time_and_cause() -> None:
    own = account_of(HARD, "a night", sleeper="S01", proofs={})
    told = {rule for each in own.timeline for rule in BY_ID if rule in each.words}
    assert {"nightmare-stays", "fragmentation"} <= told
    assert [each.furthest for each in own.affected] == ["wake"]
    assert PRIVATE not in [each.words for each in own.timeline]


def test_the_morning_page_tells_every_step_to_who_slept_there_and_to_others_only_what_is_not_private() -> None:
    bed = [event for event in [*HARD, stepped("no-data", "ISOLATE", 9008.0)] if event.pod == "p1"]
    night = pod_night(bed, "p1")
    own = [each.words for each in happenings_of(bed, night)]
    steps = ("nightmare-stays", "fragmentation", "no-data")
    assert all(any(BY_ID[rule].why in words for words in own) for rule in steps)
    others = happenings_of(bed, night, reader="others")
    assert (others[0].words, others[0].onset_s) == (PRIVATE, 0.0)
    assert any(BY_ID["no-data"].why in each.words for each in others)
    read = " ".join(each.words for each in others)
    assert [word for word in ("ightmare", "restless", "oken") if word in read] == []
