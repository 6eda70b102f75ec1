"""Can the judge fail a dialogue? A lawful one lived by a real house, and the same one with a rule broken."""

from collections.abc import Callable
from functools import cache

import pytest
from msgspec.structs import replace

from dreamloom.dreamscape.reader import read, sha256
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    ArousalSeen,
    AwakeningDue,
    AwakeSoundsAllowed,
    CueDue,
    EyeSignalSeen,
    HostDescribed,
    NightOpened,
    Seat,
)
from dreamloom.testing.company import ToldBed, signal, told_night
from dreamloom.testing.oracle import judge
from dreamloom.testing.oracle_verdict import Verdict
from dreamloom.vocabulary.stages import Stage

TEXT = """\
dreamscape: asking
version: 1
intent: Ask a dreamer two sums when they signal that they know they dream, and wake them behind the last.
tags: [dialogue, awakenings]
cues:
  one_and_one: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 2 s, because: ours}
  two_and_one: {kind: sound, class: sleep, make: tone, notes: [A5], duration: 2 s, because: ours}
  wake: {kind: sound, class: awake, make: chord, notes: [C4], duration: 2 s, because: ours}
dialogues:
  sums:
    for: each sleeper
    when: {stage: R, eye_signal: {pattern: LRLR, times: 2, within: 30 s}, because: ours}
    questions: [{cue: one_and_one, right: "2"}, {cue: two_and_one, right: "3"}]
    every: 60 s                        # ours: a test
    answer: {by: eyes, code: count, window: 20 s, because: ours}
    repeat: {times: 2, apart: 40 s, because: ours}
    then: wake for report              # ours: a test
    silent_after: 2                    # ours: a test
    budget: {per_hour: 20, per_night: 30, because: ours}
awakenings:
  - kind: morning
    for: each sleeper
    cue: wake
    latest: "08:00"                    # ours: a test
    report: {ask: "What was there?", record_for: 30 s, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, awake_cap: 60 dBA, because: ours}
stop: {arousal: {fade: 100 ms, pause: 1 min, lower: 3 dB}, because: ours}
"""
SUMS = -200
REMINDED = TEXT.replace(
    "dialogues:",
    """\
parts:
  - for: each sleeper
    when: {stage: R, because: ours}
    play: two_and_one
    every: 15 s                        # ours: a test
    budget: {per_hour: 200, per_night: 200, because: ours}
dialogues:""",
)
Change = Callable[[list[AnyEvent]], list[AnyEvent]]


@cache
def night(*, stirs: bool = False, text: str = TEXT) -> tuple[AnyEvent, ...]:
    """Four questions from 100 s on, none answered; woken from 265 s on, and awake 25 s later."""
    facts: dict[int, list[AnyEvent]] = {99: [signal(100.0)]}
    if stirs:
        facts = facts | {109: [ArousalSeen(onset_s=110.0, strength=9.0)], 299: [signal(300.0)]}
    bed = ToldBed(
        stage_at=lambda second: Stage.W if 274 <= second < 295 else Stage.R,
        facts=facts,
        changes={"purposes": ("cue", "wake")},
    )
    told, _ = told_night(text, [bed], duration_s=420)
    opened = NightOpened(
        onset_s=0.0, mode="private", timezone="UTC", dreamscape="asking", dreamscape_sha256=sha256(text),
        consent_sha256="0" * 64, simulation_seed=1, roster=(Seat(pod="p1", sleeper="S01", source="told"),),
    )  # fmt: skip
    host = HostDescribed(
        onset_s=0.0, night="told", night_toml_sha256="0" * 64, utc="2000-01-01T23:00:00+00:00", speed_x=0.0,
        versions={}, platform="",
    )  # fmt: skip
    allowed = AwakeSoundsAllowed(onset_s=0.0, pod="p1", tick=0, sleeper="S01", level_cap_db=60.0)
    return (opened, host, allowed, *told)


def judged(events: list[AnyEvent] | tuple[AnyEvent, ...], text: str = TEXT) -> Verdict:
    return judge(events, read(text, file="asking.yaml"))


def changed(kind: type[AnyEvent], place: int, **words: object) -> Change:
    """The same night in which this one of its kind, of questions only those of the dialogue, tells something else."""

    def change(events: list[AnyEvent]) -> list[AnyEvent]:
        one = of(kind, events)[place]
        return [replace(one, **words) if each is one else each for each in events]

    return change


def without(kind: type[AnyEvent], place: int) -> Change:
    def change(events: list[AnyEvent]) -> list[AnyEvent]:
        one = of(kind, events)[place]
        return [each for each in events if each is not one]

    return change


def later(kind: type[AnyEvent], place: int, by_s: int) -> Change:
    def change(events: list[AnyEvent]) -> list[AnyEvent]:
        one = of(kind, events)[place]
        moved = replace(one, onset_s=one.onset_s + by_s, tick=one.tick + by_s)
        if isinstance(moved, CueDue):
            moved = replace(moved, play_at_s=moved.play_at_s + by_s, expires_s=moved.expires_s + by_s)
        rest = [each for each in events if each is not one]
        place_now = next(n for n, each in enumerate(rest) if each.tick > moved.tick)
        return [*rest[:place_now], moved, *rest[place_now:]]

    return change


def once_more(events: list[AnyEvent]) -> list[AnyEvent]:
    """Another question, long after silence ended them."""
    last = of(CueDue, events)[-1]
    return later(CueDue, -1, 130)([*events, replace(last, id="p1.0.999")])


def of(kind: type[AnyEvent], events: list[AnyEvent] | tuple[AnyEvent, ...]) -> list[AnyEvent]:
    return [each for each in events if isinstance(each, kind) and getattr(each, "part", SUMS) == SUMS]


def test_a_dialogue_that_a_house_holds_is_lawful_and_nothing_is_missed() -> None:
    assert [each.onset_s for each in of(CueDue, night())] == [100.0, 140.0, 200.0, 240.0]
    assert [each.reason for each in night() if isinstance(each, AwakeningDue)] == ["DIALOGUE"]
    found = judged(night())
    assert (found.unlawful, found.missed) == ((), ())


def test_whoever_stirs_is_asked_anew_behind_another_signal_and_that_is_lawful() -> None:
    asked = [each for each in night(stirs=True) if isinstance(each, CueDue) and each.part == SUMS]
    assert [(each.onset_s, each.cue) for each in asked[:2]] == [(100.0, "one_and_one"), (300.0, "one_and_one")]
    found = judged(night(stirs=True))
    assert (found.unlawful, found.missed) == ((), ())


def test_no_other_cue_sounds_while_an_answer_is_waited_for_and_one_that_does_is_named() -> None:
    events = night(text=REMINDED)
    found = judged(events, REMINDED)
    assert (found.unlawful, found.missed) == ((), ())
    asked_s = [each.onset_s for each in of(CueDue, events)]
    assert len(asked_s) == 4
    reminded = [each for each in events if isinstance(each, CueDue) and each.part == 0]
    assert len(reminded) > 8
    assert not [each for each in reminded if any(at_s <= each.onset_s < at_s + 24.0 for at_s in asked_s)]
    last = reminded[-1]
    early = [
        replace(each, onset_s=115.0, tick=114, play_at_s=115.25, expires_s=115.75) if each is last else each
        for each in events
    ]
    assert "OVERLAP" in {wrong.rule for wrong in judged(early, REMINDED).unlawful}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (without(EyeSignalSeen, 0), "GATE"),
        (changed(CueDue, 2, cue="one_and_one"), "QUESTION"),
        (without(CueDue, 1), "QUESTION"),
        (later(CueDue, 1, -25), "WINDOW"),
        (later(CueDue, 1, -5), "REFRACTORY"),
        (once_more, "SILENT"),
        (later(AnswerSeen, 0, -2), "WINDOW"),
        (changed(AnswerSeen, 0, question=1), "QUESTION"),
        (changed(AnswerSeen, 1, cause="p1.0.3"), "QUESTION"),
        (changed(AnswerSeen, 0, number=2), "ANSWER"),
        (changed(AnswerSeen, 0, judged="right"), "ANSWER"),
        (changed(AnswerSeen, 0, by="face"), "ANSWER"),
        (changed(AnswerSeen, 3, said="answer", number=3, confidence=0.9, judged="wrong", at_s=250.0), "ANSWER"),
        (changed(AnswerSeen, 3, said="answer", number=3, confidence=0.9, judged="right", at_s=280.0), "WINDOW"),
        (later(AwakeningDue, 0, 100), "DIALOGUE"),
        (changed(AwakeningDue, 0, reason="GATE"), "DIALOGUE"),
        (changed(AwakeningDue, 0, awakening=0), "DIALOGUE"),
        (without(AnswerSeen, 3), "DIALOGUE"),
    ],
)
def test_a_dialogue_outside_a_rule_is_named_by_it(change: Change, rule: str) -> None:
    assert rule in {wrong.rule for wrong in judged(change(list(night()))).unlawful}


@pytest.mark.parametrize("change", [without(CueDue, 1), without(AnswerSeen, 0), without(AwakeningDue, 0)])
def test_what_was_not_asked_told_or_woken_is_missed(change: Change) -> None:
    assert SUMS in {each.part for each in judged(change(list(night()))).missed}


def test_an_answer_that_its_code_allows_and_its_author_judged_is_lawful() -> None:
    told = changed(AnswerSeen, 3, said="answer", number=3, confidence=0.9, judged="right", at_s=250.0)
    assert judged(told(list(night()))).unlawful == ()
