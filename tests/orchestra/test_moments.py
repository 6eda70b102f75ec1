"""Does one moment come to all who can, and to nobody who cannot, did not agree, or lies elsewhere?"""

from itertools import pairwise

import pytest

from dreamloom.dreamscape.explain import explain
from dreamloom.dreamscape.reader import read
from dreamloom.engine.loop import Outside
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    ConsentWithdrawn,
    CueDue,
    CueWithheld,
    Held,
    MomentCalled,
    MomentUnready,
    SceneEntered,
)
from dreamloom.testing.company import ToldBed, told_night
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

HEAD = """\
dreamscape: together
version: 1
intent: One bell for all who dream, at one moment.
tags: [group, awakenings]
groups: {circle: {at_least: 2, because: "ours: a test"}}
cues:
  bell: {kind: sound, class: sleep, make: chord, notes: [E5], duration: 1 s, because: "ours: a test"}
  up: {kind: sound, class: awake, make: chord, notes: [C4], duration: 1 s, because: "ours: a test"}
"""
TAIL = """\
levels: {cap: 45 dBA, over_threshold: 10 dB, awake_cap: 60 dBA, because: "ours: a test"}
stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}, because: "ours: a test"}
"""
BELL = """\
    when: {stage: R, confidence: ">= 0.8", stable_for: 10 s, because: "ours: a test"}
    play: bell
    every: 40 s                        # ours: a test
    budget: {per_hour: 100, per_night: 100, because: "ours: a test"}
"""
ALL = f"{HEAD}parts:\n  - for: all of circle\n{BELL}{TAIL}"
JITTERED = ALL.replace("    budget", "    jitter: 20 s                      # ours: a test\n    budget")
SCENES = f"""\
{HEAD}scenes:
  alone:
    parts:
      - for: each sleeper
{BELL.replace("    ", "        ")}    next:
      - {{to: common, for: all of circle, when: {{stage: R, because: ours}}, after: 32 s, because: "ours: a test"}}
  common:
    next:
      - {{to: alone, for: each sleeper, after: 10 min, because: "ours: a test"}}
{TAIL}"""
PROBES = f"""\
{HEAD}awakenings:
  - kind: probe
    for: everyone
    when: {{stage: R, because: "ours: a test"}}
    cue: up
    apart: {{at_least: 1 min, at_most: 2 min, because: "ours: a test"}}
    times: 2
    report: {{ask: "What did you dream?", record_for: 10 s, because: "ours: a test"}}
  - {{kind: morning, for: each sleeper, cue: up, latest: "08:00", because: "ours: a test"}}
{TAIL}"""


def rem_from(second: int, until: int = 10_000, **changes: object) -> ToldBed:
    return ToldBed(stage_at=lambda now: Stage.R if second <= now < until else Stage.N2, changes=changes)


def night(*beds: ToldBed, text: str = ALL, duration_s: int = 200, script: tuple[Outside, ...] = ()) -> list[AnyEvent]:
    return told_night(text, beds, duration_s=duration_s, script=script)[0]


def cues_s(events: list[AnyEvent], pod: str) -> list[float]:
    return [event.play_at_s for event in events if isinstance(event, CueDue) and event.pod == pod]


def test_a_part_for_all_sounds_at_the_same_second_at_every_bed_that_is_ready() -> None:
    events = night(rem_from(0), rem_from(30), rem_from(0))
    assert cues_s(events, "p1") == cues_s(events, "p3")
    late = cues_s(events, "p2")
    assert late
    assert late == cues_s(events, "p1")[-len(late) :] != cues_s(events, "p1")
    gaps = [b - a for a, b in pairwise(cues_s(events, "p1"))]
    assert set(gaps) == {40.0}


def test_each_cue_of_a_moment_names_the_consents_of_all_it_was_called_for() -> None:
    events = night(rem_from(0), rem_from(0), rem_from(0))
    by_id = {event.id: event for event in events}
    for due in (event for event in events if isinstance(event, CueDue)):
        moment = by_id[due.cause or ""]
        assert isinstance(moment, MomentCalled)
        assert moment.from_s == due.onset_s
        assert [by_id[consent].pod for consent in moment.consents] == [due.pod, *moment.others]


def test_one_alone_is_no_moment_of_all() -> None:
    events = night(rem_from(0), rem_from(500))
    assert cues_s(events, "p1") == []
    assert {event.reason for event in events if isinstance(event, CueWithheld) and event.pod == "p1"} >= {"MOMENT"}


def test_who_did_not_agree_to_the_group_is_neither_counted_nor_cued() -> None:
    events = night(rem_from(0), rem_from(0, purposes=("cue",)), rem_from(0))
    assert cues_s(events, "p2") == []
    assert cues_s(events, "p1") == cues_s(events, "p3") != []
    assert not any("p2" in event.others for event in events if isinstance(event, MomentCalled))
    assert "CONSENT" in {event.reason for event in events if isinstance(event, CueWithheld) and event.pod == "p2"}
    assert cues_s(night(rem_from(0), rem_from(0, purposes=("cue",))), "p1") == []


def test_who_is_held_between_the_call_and_the_moment_is_left_out_and_the_others_are_not_disturbed() -> None:
    whole = night(rem_from(0), rem_from(0), rem_from(0))
    first_s = next(event.from_s for event in whole if isinstance(event, MomentCalled))
    held = Outside(known_s=NightTime(first_s - 1.5), pod="p2", event=Held(onset_s=first_s - 1.5, reason="DISK_LOW"))
    events = night(rem_from(0), rem_from(0), rem_from(0), script=(held,))
    assert cues_s(events, "p2") == []
    assert cues_s(events, "p1") == cues_s(whole, "p1")
    moments = {event.id for event in events if isinstance(event, MomentCalled) and event.pod == "p2"}
    left_out = [event for event in events if isinstance(event, CueWithheld) and event.cause in moments]
    assert [(event.onset_s, event.reason) for event in left_out] == [(first_s, "HALTED")]


def test_a_sleeper_who_withdraws_or_ends_disturbs_nobody() -> None:
    said = ConsentWithdrawn(onset_s=60.5, sleeper="S02", channel="test")
    gone = night(
        rem_from(0), rem_from(0), rem_from(0), script=(Outside(known_s=NightTime(60.5), pod="p2", event=said),)
    )
    whole = night(rem_from(0), rem_from(0), rem_from(0))
    assert cues_s(gone, "p1") == cues_s(gone, "p3") == cues_s(whole, "p1")
    assert all(at_s < 61.0 for at_s in cues_s(gone, "p2"))
    assert not any("p2" in e.others for e in gone if isinstance(e, MomentCalled) and e.onset_s > 61.0)


def test_what_is_left_to_chance_is_drawn_once_for_all() -> None:
    events = night(rem_from(0), rem_from(0), text=JITTERED, duration_s=400)
    mine = cues_s(events, "p1")
    assert mine == cues_s(events, "p2")
    gaps = {b - a for a, b in pairwise(mine)}
    assert len(gaps) > 1
    assert all(40.0 <= gap <= 60.0 for gap in gaps)


def went(events: list[AnyEvent], pod: str) -> list[tuple[float, str, str]]:
    steps = [event for event in events if isinstance(event, SceneEntered) and event.pod == pod]
    return [(event.onset_s, event.scene, event.reason) for event in steps]


def test_all_who_can_go_on_to_a_scene_at_once_and_who_comes_late_joins_them() -> None:
    events = night(rem_from(60), rem_from(20), rem_from(120), text=SCENES, duration_s=200)
    together = [step for pod in ("p1", "p2") for step in went(events, pod)[1:]]
    assert together == [(68.0, "common", "TOGETHER")] * 2
    assert went(events, "p3")[1:] == [(128.0, "common", "TOGETHER")]
    by_id = {event.id: event for event in events}
    for step in (event for event in events if isinstance(event, SceneEntered) and event.reason == "TOGETHER"):
        moment = by_id[step.cause or ""]
        assert isinstance(moment, MomentCalled)
        assert {by_id[consent].pod for consent in moment.consents} == {step.pod, *moment.others}


def test_who_can_no_longer_go_stays_and_is_told_why() -> None:
    events = night(rem_from(0), rem_from(0, until=32), rem_from(0), text=SCENES)
    assert [step[1] for step in went(events, "p2")] == ["alone"]
    assert [step[1] for step in went(events, "p1")] == ["alone", "common"]
    assert [event.reason for event in events if isinstance(event, MomentUnready) and event.pod == "p2"] in (
        ["GATE"],
        [],
    )


def test_nobody_goes_on_with_others_without_having_agreed_to_it() -> None:
    events = night(rem_from(0), rem_from(0, purposes=("cue",)), text=SCENES)
    assert [step[1] for step in went(events, "p1")] == ["alone"] == [step[1] for step in went(events, "p2")]


def test_an_awakening_for_everyone_begins_at_one_moment() -> None:
    agreed = {"purposes": ("cue", "wake", "group")}
    beds = [rem_from(0, **agreed), rem_from(40, **agreed), rem_from(500, **agreed)]
    events = night(*beds, text=PROBES, duration_s=150)
    begun = [(event.pod, event.onset_s) for event in events if isinstance(event, AwakeningDue)]
    assert [pod for pod, _ in begun][:2] == ["p1", "p2"]
    assert begun[0][1] == begun[1][1]
    assert "p3" not in {pod for pod, _ in begun}


@pytest.mark.parametrize("text", [ALL, SCENES, PROBES])
def test_the_same_night_says_the_same_words(text: str) -> None:
    assert night(rem_from(0), rem_from(10), text=text) == night(rem_from(0), rem_from(10), text=text)


def test_what_comes_to_all_at_one_moment_is_said_so() -> None:
    said = [" ".join(explain(read(text, file="a.yaml"))) for text in (ALL, SCENES, PROBES)]
    assert "At one moment for all of circle" in said[0]
    assert "nobody waits for the others" in said[0]
    assert "those who can at one moment" in said[1]
    assert "all who could be at one moment" in said[2]
