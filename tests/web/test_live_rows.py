"""Does a row say what a bed's events say, and no more than its onlooker may see?"""

from pathlib import Path

import pytest

from dreamloom.gallery.live_changes import FOLDS
from dreamloom.gallery.live_row import QUIET_S, is_quiet, status_of
from dreamloom.gallery.live_rows import MOST_SAID, NightNow, fold, with_statuses
from dreamloom.record.codec import EVENT_TYPES, decode
from dreamloom.record.events import CuePlayed, CueWithheld, StageScored, StreamLost
from dreamloom.record.projections import project

STORED = [
    decode(line) for line in (Path(__file__).parent.parent / "record" / "stored_events.jsonl").read_bytes().splitlines()
]


def seen(night: NightNow, *events: dict) -> NightNow:
    for event in events:
        night = fold(night, event)
    return night


def event(kind: str, at_s: float, **fields: object) -> dict:
    return {"type": kind, "pod": "p1", "tick": int(at_s), "onset_s": at_s, **fields}


def row(*events: dict):
    return seen(NightNow(), *events).rows["p1"]


def scored(at_s: float, stage: str) -> dict:
    return event("StageScored", at_s, stage=stage, confidence=0.9)


def test_the_strip_has_a_letter_for_each_epoch_and_a_question_mark_for_those_unknown() -> None:
    told = row(scored(30.0, "W"), scored(35.0, "N1"), scored(60.0, "N2"), scored(150.0, "UNSCORED"))
    assert told.strip == ("W", "N2", "?", "?", "?")
    assert told.stage == "?"
    assert row(scored(30.0, "W"), scored(35.0, "N1")).stage == "N1"


def test_cues_and_arousals_are_counted_in_their_epochs() -> None:
    cue = {"cue": "bell", "actual_s": 61.2, "planned_s": 61.0}
    told = row(event("CuePlayed", 61.0, **cue), event("CuePlayed", 65.0, **cue), event("ArousalSeen", 95.0, strength=2))
    assert (told.cues, told.cued, told.aroused, told.last) == (2, (2,), (3,), "bell heard")


def test_what_is_amiss_needs_somebody_until_it_is_over() -> None:
    lost = row(event("StreamLost", 100.0, last_s=98.0))
    assert [(need.key, need.priority) for need in lost.needs] == [("lost", "high")]
    assert status_of(lost, 101.0) == "no data"
    found = row(event("StreamLost", 100.0, last_s=98.0), event("StreamFound", 120.0, lost_s=20.0))
    assert (found.needs, status_of(found, 121.0)) == ((), "")


def test_a_bed_stands_where_the_guardian_or_a_person_holds_it() -> None:
    raised = event("GuardianStepped", 50.0, rule="forged", rung="ISOLATE", stands="ISOLATE", why="forged orders")
    assert status_of(row(raised), 51.0) == "by itself: no sound"
    let_go = event("Restored", 90.0, rule="forged", rung="ISOLATE", stands="NONE", why="quiet for a while")
    assert row(raised, let_go).needs == ()
    held = event("OperatorStepped", 95.0, by="anna", rung="HOLD")
    assert status_of(row(raised, let_go, held), 96.0) == "held: no cue"


def test_a_bed_is_quiet_while_lights_are_on_or_somebody_is_up_and_calls_again_by_its_own_signal() -> None:
    up = event("OutOfBedTold", 95.0, by="anna")
    lost = event("StreamLost", 100.0, last_s=98.0)
    away = row(up, lost)
    assert (away.quiet, [need.key for need in away.needs]) == ("out of bed", ["lost"])
    assert is_quiet(away, 200.0)
    assert not is_quiet(away, 95.0 + QUIET_S)
    assert not is_quiet(row(up, lost, event("BackInBedSeen", 160.0, since_s=100.0)), 161.0)
    on, off = event("LightsOn", 90.0, by="anna"), event("LightsOff", 300.0, by="anna")
    assert is_quiet(row(on, lost), 101.0)
    assert not is_quiet(row(on, lost, off), 301.0)
    assert is_quiet(row(on, up, event("BackInBedTold", 99.0, by="anna")), 100.0), "lights are on still"
    said = [(line.lane, line.text) for line in seen(NightNow(), up, lost).said]
    assert said == [("people", "anna: out of bed")], "no alarm is told while nobody is to be called"


def test_a_night_that_begins_says_nothing_of_its_lights_and_a_private_bed_says_so() -> None:
    start = event("LightsOff", 0.0, by="start of the night")
    apart = event("SetApart", 5.0, by="anna")
    assert [line.text for line in seen(NightNow(), start, apart).said] == ["anna: kept private"]
    assert status_of(row(start, apart), 6.0) == "private"
    assert status_of(row(start, apart, event("Rejoined", 7.0, by="anna")), 8.0) == ""


def test_an_old_estimate_is_no_stage_to_go_by() -> None:
    told = row(scored(30.0, "R"))
    assert status_of(told, 60.0) == ""
    assert status_of(told, 80.0) == "no fresh stage"


def test_a_row_says_what_holds_for_its_bed_and_stays_the_same_object_while_it_does() -> None:
    lost = with_statuses(seen(NightNow(), event("StreamLost", 100.0, last_s=98.0)))
    assert lost.rows["p1"].status == "no data"
    assert with_statuses(lost).rows["p1"] is lost.rows["p1"]


def test_a_whole_night_of_lines_keeps_the_newest() -> None:
    lost = [event("StreamLost", float(at), last_s=at - 2.0) for at in range(MOST_SAID + 50)]
    said = seen(NightNow(), *lost).said
    assert len(said) == MOST_SAID
    assert said[-1].at_s == MOST_SAID + 49


def test_every_fold_is_of_an_event_that_there_is() -> None:
    assert FOLDS.keys() <= EVENT_TYPES.keys()


@pytest.mark.parametrize("role", ["orchestrator", "blinded", "researcher"])
def test_every_event_folds_as_every_role_sees_it(role) -> None:
    night = NightNow()
    for stored in STORED:
        shown = project(stored, role)
        if shown is not None:
            night = fold(night, shown)
    assert night.rows


def test_the_blinded_see_no_cue_no_level_and_no_arousal() -> None:
    cue = CuePlayed(id="a", kind="input", tick=61, onset_s=61.0, pod="p1", cause=None, cue="bell", planned_s=61.0,
                    actual_s=61.2, verified="none")  # fmt: skip
    held = CueWithheld(id="b", kind="derived", tick=62, onset_s=62.0, pod="p1", cause=None, cue="bell", part=0,
                       reason="AROUSAL", until_s=63.0, count=1)  # fmt: skip
    assert [project(each, "blinded") for each in (cue, held)] == [None, None]
    lost = StreamLost(id="c", kind="input", tick=70, onset_s=70.0, pod="p1", cause=None, last_s=68.0)
    shown = project(lost, "blinded")
    assert shown is not None
    assert seen(NightNow(), shown).rows["p1"].cues == 0
    assert StageScored.__name__ in FOLDS


def test_an_alarm_is_told_once_whatever_else_happens_in_its_second() -> None:
    lost = event("StreamLost", 100.0, last_s=98.0)
    night = seen(NightNow(), lost, event("ArousalSeen", 100.0, strength=2), event("GapSeen", 100.0, duration_s=2.0))
    assert [line.text for line in night.said if line.lane == "alarms"] == [
        "no data: silent; look at its headband and radio"
    ]
