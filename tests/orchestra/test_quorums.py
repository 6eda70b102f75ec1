"""Are enough of them where they should be, together, for long enough?"""

from dreamloom.engine.loop import Outside
from dreamloom.record.events import AnyEvent, ConsentWithdrawn, CueDue, OperatorStaged, QuorumLost, QuorumMet
from dreamloom.testing.company import ToldBed, told_night
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

TOGETHER = """\
dreamscape: together
version: 1
intent: A bell for each who dreams while two others of the circle do.
tags: [group]
groups: {circle: {at_least: 2, because: "ours: a test"}}
cues: {bell: {kind: sound, class: sleep, make: chord, notes: [E5], duration: 1 s, because: "ours: a test"}}
parts:
  - for: each of circle
    when:                              # ours: a test
      stage: R
      confidence: ">= 0.8"
      quorum: {at_least: 2, of: each of circle, in: R, for: 60 s}
    play: bell
    every: 20 s                        # ours: a test
    budget: {per_hour: 100, per_night: 100, because: "ours: a test"}
arms: {active: {cue: own}, sham: {cue: silence}}
trial: {assign: across nights, blindness: "Did you hear anything?", because: "ours: a test"}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: "ours: a test"}
stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}, because: "ours: a test"}
"""


def rem_from(second: int, until: int = 10_000) -> ToldBed:
    return ToldBed(stage_at=lambda now: Stage.R if second <= now < until else Stage.N2)


def night(*beds: ToldBed, duration_s: int = 300, script: tuple[Outside, ...] = ()) -> list[AnyEvent]:
    return told_night(TOGETHER, beds, duration_s=duration_s, script=script)[0]


def first_cue_s(events: list[AnyEvent], pod: str) -> float | None:
    return next((event.onset_s for event in events if isinstance(event, CueDue) and event.pod == pod), None)


def test_a_part_that_waits_for_two_plays_when_two_were_together_for_a_minute() -> None:
    events = night(rem_from(0), rem_from(100))
    met = [event for event in events if isinstance(event, QuorumMet)]
    assert [(event.pod, event.onset_s, event.others) for event in met] == [
        ("p1", 165.0, ("p2",)),
        ("p2", 165.0, ("p1",)),
    ]
    assert (first_cue_s(events, "p1"), first_cue_s(events, "p2")) == (168.0, 168.0)
    by_id = {event.id: event for event in events}
    assert [by_id[consent].pod for consent in met[0].consents] == ["p1", "p2"]


def test_when_one_leaves_rem_the_other_hears_no_more() -> None:
    events = night(rem_from(0), rem_from(0, until=150))
    lost = [event for event in events if isinstance(event, QuorumLost)]
    assert [(event.pod, event.onset_s) for event in lost] == [("p1", 155.0), ("p2", 155.0)]
    assert max(event.onset_s for event in events if isinstance(event, CueDue)) < 158.0
    assert first_cue_s(events, "p1") is not None


def test_who_did_not_agree_to_be_counted_is_neither_counted_nor_told() -> None:
    alone = ToldBed(changes={"purposes": ("cue",)})
    assert first_cue_s(night(ToldBed(), alone), "p1") is None
    events = night(ToldBed(), ToldBed(), alone)
    assert first_cue_s(events, "p1") is not None
    assert first_cue_s(events, "p3") is None
    assert all("p3" not in event.others for event in events if isinstance(event, QuorumMet))


def test_a_withdrawal_ends_what_rested_on_it() -> None:
    said = ConsentWithdrawn(onset_s=150.0, sleeper="S02", channel="test")
    events = night(ToldBed(), ToldBed(), script=(Outside(known_s=NightTime(150.0), pod="p2", event=said),))
    assert [(event.pod, event.onset_s) for event in events if isinstance(event, QuorumLost)] == [
        ("p1", 150.0),
        ("p2", 150.0),
    ]
    assert max(event.onset_s for event in events if isinstance(event, CueDue)) < 153.0


def test_a_bed_outside_the_group_is_not_counted() -> None:
    assert first_cue_s(night(ToldBed(), ToldBed(groups=())), "p1") is None


def called(stage: str, at_s: float, pod: str) -> Outside:
    event = OperatorStaged(onset_s=at_s, by="Anna", stage=stage)  # type: ignore[arg-type]  # a letter of a test
    return Outside(known_s=NightTime(at_s), pod=pod, event=event)


def test_a_stage_that_a_person_called_counts_among_others_for_ten_minutes() -> None:
    events = night(rem_from(0), rem_from(10_000), duration_s=800, script=(called("R", 20.5, "p2"),))
    met = [(event.pod, event.onset_s) for event in events if isinstance(event, QuorumMet)]
    assert met == [("p1", 85.0), ("p2", 85.0)]
    lost = [(event.pod, event.onset_s) for event in events if isinstance(event, QuorumLost)]
    assert lost == [("p1", 625.0), ("p2", 625.0)]


def test_a_call_that_is_taken_back_counts_no_more() -> None:
    script = (called("R", 20.5, "p2"), called("", 121.5, "p2"))
    events = night(rem_from(0), rem_from(10_000), script=script)
    assert {event.onset_s for event in events if isinstance(event, QuorumLost)} == {125.0}
