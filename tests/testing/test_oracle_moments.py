"""Can the judge fail a moment of all? A lawful night lived by a real house, and the same one with a rule broken."""

from functools import cache

import msgspec
import pytest

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reader import read, sha256
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    ConsentGiven,
    CueDue,
    EyeSignalSeen,
    HostDescribed,
    MomentCalled,
    MomentReady,
    NightOpened,
    SceneEntered,
    Seat,
)
from dreamloom.testing.company import ToldBed, signal, told_night
from dreamloom.testing.oracle import judge
from dreamloom.vocabulary.stages import Stage

TEXT = """\
dreamscape: together
version: 1
intent: A scene that all enter together, and a bell for all in it.
tags: [group]
groups: {circle: {at_least: 2, because: ours}}
cues: {bell: {kind: sound, class: sleep, make: chord, notes: [E5], duration: 1 s, because: ours}}
scenes:
  alone:
    next:
      - {to: common, for: all of circle, when: {stage: R, because: ours}, because: ours}
  common:
    parts:
      - for: all of circle
        when: {stage: R, because: ours}
        play: bell
        every: 30 s                    # ours: a test
        budget: {per_hour: 100, per_night: 100, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}, because: ours}
"""


@cache
def night() -> tuple[list[AnyEvent], Dreamscape]:
    beds = [ToldBed(), ToldBed(stage_at=lambda now: Stage.R if now >= 20 else Stage.N2)]
    told, _ = told_night(TEXT, beds, duration_s=160)
    return of_a_house(told, TEXT, 2), read(TEXT, file="together.yaml")


def of_a_house(told: list[AnyEvent], text: str, beds: int) -> list[AnyEvent]:
    """The same, as a record begins."""
    seats = tuple(Seat(pod=f"p{n}", sleeper=f"S0{n}", source="told") for n in range(1, beds + 1))
    opened = NightOpened(
        onset_s=0.0,
        tick=0,
        mode="shared",
        timezone="Europe/Berlin",
        dreamscape="together",
        dreamscape_sha256=sha256(text),
        consent_sha256="5e" * 32,
        simulation_seed=0,
        roster=seats,
    )
    host = HostDescribed(
        onset_s=0.0,
        night="n",
        night_toml_sha256="5e" * 32,
        utc="2026-01-15T22:00:00+00:00",
        speed_x=0.0,
        versions={},
        platform="",
    )
    return [opened, host, *told]


def otherwise(kind: type[AnyEvent], pod: str | None = None, **words: object) -> list[AnyEvent]:
    return [
        msgspec.structs.replace(each, **words) if isinstance(each, kind) and pod in {None, each.pod} else each
        for each in night()[0]
    ]


def without(kind: type[AnyEvent], pod: str | None = None) -> list[AnyEvent]:
    return [each for each in night()[0] if not (isinstance(each, kind) and pod in {None, each.pod})]


def test_what_came_to_all_at_one_moment_is_lawful_and_nothing_is_missed() -> None:
    events, dreamscape = night()
    found = judge(events, dreamscape)
    assert (found.unlawful, found.missed) == ((), ())
    assert sum(isinstance(each, CueDue) for each in events) > 4
    assert sum(isinstance(each, SceneEntered) and each.reason == "TOGETHER" for each in events) == 2


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        (lambda: without(MomentCalled), "MOMENT"),
        (lambda: without(MomentReady, "p2"), "MOMENT"),
        (lambda: otherwise(MomentCalled, others=(), consents=("p1.0.1",)), "MOMENT"),
        (lambda: otherwise(MomentCalled, consents=()), "MOMENT_CONSENT"),
        (lambda: otherwise(ConsentGiven, "p2", purposes=("cue",)), "MOMENT_CONSENT"),
        (lambda: otherwise(CueDue, cause=None), "MOMENT"),
        (lambda: otherwise(SceneEntered, "p1", reason="TOGETHER"), "MOMENT"),
    ],
)
def test_a_moment_outside_its_rules_is_named(events, rule: str) -> None:
    assert rule in {wrong.rule for wrong in judge(events(), night()[1]).unlawful}


def test_a_moment_that_was_not_called_and_a_cue_left_out_without_a_reason_are_counted() -> None:
    dreamscape = night()[1]
    calls = {each.id for each in night()[0] if isinstance(each, MomentCalled) and each.part == 0}
    uncalled = [each for each in night()[0] if not calls & {each.id, each.cause}]
    assert {missed.part for missed in judge(uncalled, dreamscape).missed} == {0}
    dropped = [each for each in night()[0] if not (isinstance(each, CueDue) and each.pod == "p2")]
    assert {missed.pod for missed in judge(dropped, dreamscape).missed} == {"p2"}


SIGNALLED = TEXT.replace("when: {stage: R, because: ours}, because: ours}", "on: eye signal, because: ours}")


def test_a_step_for_all_waits_for_what_happens_to_each_and_those_go_on_together() -> None:
    beds = [ToldBed(facts={second: [signal(second + 1.0)]}) for second in (40, 70)] + [ToldBed()]
    told, _ = told_night(SIGNALLED, beds, duration_s=120)
    went = [each for each in told if isinstance(each, SceneEntered) and each.reason != "BEGINNING"]
    assert [(each.pod, each.scene, each.reason) for each in went] == [
        ("p1", "common", "TOGETHER"),
        ("p2", "common", "TOGETHER"),
    ]
    assert len({each.onset_s for each in went}) == 1
    assert 71.0 <= went[0].onset_s <= 78.0
    ready = [(each.pod, each.tick) for each in told if isinstance(each, MomentReady) and each.part <= -1000]
    assert ready == [("p1", 40), ("p2", 70)]
    whole, asked = of_a_house(told, SIGNALLED, 3), read(SIGNALLED, file="together.yaml")
    found = judge(whole, asked)
    assert (found.unlawful, found.missed) == ((), ())
    unsigned = [each for each in whole if not (isinstance(each, EyeSignalSeen) and each.pod == "p2")]
    assert "SCENE" in {wrong.rule for wrong in judge(unsigned, asked).unlawful}


def test_what_happened_before_somebody_came_into_a_scene_leads_nobody_out_of_it() -> None:
    home = "    next: [{to: alone, for: all of circle, on: arousal, because: ours}]\n"
    back = SIGNALLED.replace("  common:\n", f"  common:\n{home}")
    beds = [ToldBed(facts={20: [ArousalSeen(onset_s=21.0, strength=9.0)], 40: [signal(41.0)]}) for _ in range(2)]
    told, _ = told_night(back, beds, duration_s=120)
    assert [each.scene for each in told if isinstance(each, SceneEntered) and each.pod == "p1"] == ["alone", "common"]
