"""Can the judge fail a moment of all? A lawful night lived by a real house, and the same one with a rule broken."""

from functools import cache

import msgspec
import pytest

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reader import read, sha256
from dreamloom.record.events import (
    AnyEvent,
    ConsentGiven,
    CueDue,
    HostDescribed,
    MomentCalled,
    MomentReady,
    NightOpened,
    SceneEntered,
    Seat,
)
from dreamloom.testing.company import ToldBed, told_night
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
    seats = tuple(Seat(pod=f"p{n}", sleeper=f"S0{n}", source="told") for n in (1, 2))
    opened = NightOpened(
        onset_s=0.0,
        tick=0,
        mode="shared",
        timezone="Europe/Berlin",
        dreamscape="together",
        dreamscape_sha256=sha256(TEXT),
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
    return [opened, host, *told], read(TEXT, file="together.yaml")


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
