"""What does whoever takes over have to know? Said from rows alone, the same on the page and on the command line."""

from dreamloom.gallery import live_rows
from dreamloom.gallery.handover import handover
from dreamloom.gallery.live_rows import NightNow


def told(*events: dict) -> NightNow:
    night = NightNow()
    for event in ({"type": "NightOpened", "roster": [{"pod": "p1", "sleeper": "S01"}, {"pod": "p2"}]}, *events):
        night = live_rows.fold(night, event)
    return night


LOST = {"type": "StreamLost", "pod": "p1", "tick": 60, "onset_s": 60.0}
SEEN = {"type": "NeedSeen", "pod": "p1", "tick": 70, "onset_s": 70.0, "by": "anna", "need": "lost"}
HELD = {"type": "OperatorStepped", "pod": "p2", "tick": 80, "onset_s": 80.0, "by": "bo", "rung": "HOLD"}
DUTY = {"type": "StaffOnDuty", "tick": 0, "onset_s": 0.0, "names": ["anna", "bo"], "they_are": "REACHABLE"}


def test_who_is_where_what_is_held_and_who_looks_after_what_is_said_in_words() -> None:
    found = handover("tide", told(DUTY, LOST, SEEN, HELD))
    assert found.sentence == "2 beds: 1 not known: no data, 1 not known."
    assert found.duty == "Nobody is awake here; anna, then bo can be reached."
    assert [(need.priority, need.pod, need.seen_by) for need in found.needs] == [("high", "p1", "anna")]
    assert [(bed.pod, bed.held, bed.since) for bed in found.beds] == [
        ("p1", "", ""),
        ("p2", "held: no cue", "by a person"),
    ]
    assert [(line.pod, line.text) for line in found.happened][:2] == [
        ("p2", "bo: no cue"),
        ("p1", "anna looks after it"),
    ]


def test_a_need_that_comes_again_has_to_be_looked_after_again() -> None:
    found = {"type": "StreamFound", "pod": "p1", "tick": 90, "onset_s": 90.0}
    again = handover("tide", told(LOST, SEEN, found, {**LOST, "tick": 99, "onset_s": 99.0}))
    assert [need.seen_by for need in again.needs] == [""]


def test_a_night_in_which_nobody_is_named_says_so() -> None:
    assert handover("tide", told()).duty == "Nobody is named in night.toml who could be called."
