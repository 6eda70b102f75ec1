"""What a pod's night held: cues with their outcome, silences, losses; nothing that a blinded eye may not see."""

import msgspec

from dreamloom.gallery.night_statistics import statistics_of
from dreamloom.gallery.pod_night import length_s, pod_night, union
from dreamloom.record.events import CuePlayed, Sealed
from dreamloom.testing.night_story import Story, course, full_night


def rem_hour() -> Story:
    """Half an hour of N2, an hour of REM, some wake; six cues."""
    story = Story("S01")
    story.lights_off("p1", 0.0)
    story.sleep("p1", course("N2*60 R*120 W*4"))
    for at_s, level_db in ((1795.0, 30.0), (2000.0, 32.0), (2010.0, 40.0)):
        story.cue("p1", at_s, level_db=level_db)
    story.cue("p1", 2020.0, level_db=50.0, fate="failed", bits=("AROUSAL", "LEASE_LAPSED"))
    story.cue("p1", 5450.0, fate="unknown")
    story.cue("p1", 5415.0, level_db=35.0)
    return story


def test_cues_are_counted_by_what_became_of_them():
    cues = statistics_of(rem_hour().events(), "p1").cues
    assert (cues.due, cues.played, cues.failed, cues.unknown) == (6, 4, 1, 1)
    assert cues.failed_by_reason == {"BITS": 1}


def test_played_cues_belong_to_the_epoch_they_begin_in():
    cues = statistics_of(rem_hour().events(), "p1").cues
    assert [(share.stage, share.cues, share.percent) for share in cues.played_by_stage] == [
        ("W", 1, 25.0), ("N2", 1, 25.0), ("R", 2, 50.0),
    ]  # fmt: skip
    assert cues.per_rem_hour == 2.0


def test_levels_and_lateness_are_those_of_played_cues():
    cues = statistics_of(rem_hour().events(), "p1").cues
    assert (cues.level_low_db, cues.level_high_db) == (30.0, 40.0)
    assert (cues.late_median_s, cues.late_most_s) == (0.004, 0.004)


def test_a_night_without_cues_or_rem_claims_no_rate_and_no_level():
    story = Story("S01")
    story.sleep("p1", course("N2*10"))
    cues = statistics_of(story.events(), "p1").cues
    assert (cues.due, cues.played_by_stage, cues.withheld) == (0, (), ())
    assert cues.per_rem_hour is cues.level_low_db is cues.late_median_s is None


def test_withheld_occasions_and_episodes_are_counted_by_reason_most_first():
    story = Story("S01")
    story.withheld("p1", "AROUSAL", (100.0, 220.0), times=12)
    story.withheld("p1", "STAGE", (0.0, 100.0), times=10)
    story.withheld("p1", "STAGE", (220.0, 520.0), times=30)
    cues = statistics_of(story.events(), "p1").cues
    assert [(one.reason, one.occasions, one.episodes, one.duration_s) for one in cues.withheld] == [
        ("STAGE", 40, 2, 400.0), ("AROUSAL", 12, 1, 120.0),
    ]  # fmt: skip
    assert cues.occasions_withheld == 52


def test_lost_time_is_counted_once_however_often_it_was_noticed():
    story = Story("S01")
    story.sleep("p1", course("N2*100"))
    story.lost("p1", 300.0, 600.0)
    story.gap("p1", 290.0, 310.0)
    story.broken("p1", 900.0, 960.0)
    signal = statistics_of(story.events(), "p1").signal
    assert (signal.lost_s, signal.recorded_s) == (370.0, 2630.0)
    assert (signal.gaps, signal.streams_lost, signal.breaks) == (1, 1, 1)


def test_a_stream_that_never_came_back_is_lost_to_the_end_of_the_night():
    story = Story("S01", "S02")
    story.sleep("p1", course("N2*10"))
    story.lost("p1", 300.0, None)
    story.sleep("p2", course("N2*100"))
    story.closed(3000.0)
    found = statistics_of(story.events(), "p1")
    assert (found.signal.lost_s, found.ends_s) == (2700.0, 3000.0)
    assert found.sleep.scored_percent == 10.0


def test_a_recording_that_ended_early_is_not_unread_for_the_rest():
    story = Story("S01", "S02")
    story.sleep("p1", course("N2*10"))
    story.sleep("p2", course("N2*100"))
    story.closed(3000.0)
    assert statistics_of(story.events(), "p1").sleep.scored_percent == 100.0


def test_a_running_night_is_not_closed():
    story = Story("S01")
    story.sleep("p1", course("W*10"))
    assert not statistics_of(story.events(), "p1").closed
    story.closed(300.0)
    assert statistics_of(story.events(), "p1").closed


def test_seals_and_how_an_onset_was_verified_never_reach_the_facts():
    events = full_night().events()
    changed = [told_otherwise(event) for event in events]
    assert changed != events
    assert pod_night(changed, "p1") == pod_night(events, "p1")


def told_otherwise(event):
    """The same happening under another arm."""
    other = {"verified": "microphone", "cut_s": 0.3} if isinstance(event, CuePlayed) else {}
    other |= {name: Sealed("S09", "ab" * 32) for name in ("arm", "payload") if getattr(event, name, None)}
    return msgspec.structs.replace(event, **other)


def test_spans_are_united_in_order_and_empty_ones_left_out():
    assert union([(5, 9), (0, 2), (1, 3), (9, 9), (8, 12), (20, 20)]) == [(0, 3), (5, 12)]
    assert length_s([(0, 2), (1, 3)]) == 3.0
