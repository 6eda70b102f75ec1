"""Is every cue lawful in nights in which everything goes wrong, and does a judge who reads the record alone notice?"""

from math import inf

import pytest
from msgspec.structs import replace

from dreamloom.adapters.cedar import Judge
from dreamloom.dreamscape.reader import read, sha256
from dreamloom.governance.consent import read_grants
from dreamloom.governance.policy.request import before_bundles
from dreamloom.house import making
from dreamloom.record.events import ConsentWithdrawn, CuePlayed
from dreamloom.testing import fuzzed_nights
from dreamloom.testing.oracle_verdict import Verdict, together
from dreamloom.testing.random_dreamscapes import random_dreamscape
from dreamloom.vetoes import cue as vetoes

SEED = 1
EAGER = """
dreamscape: eager
version: 1
intent: Play in whatever sleep there is.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: ours}
  tone: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 1 s, because: ours}
  prompt: {kind: sound, class: awake, make: chord, notes: [C4, G4], duration: 2 s, because: ours}
parts:
  - for: each sleeper
    when: {stage: [N1, N2, N3, R], because: ours}
    play: chord
    every: 5 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
    else: {pod: speaker, when: {after_lights_off: 1 min}, label: unstaged, expected_hits: 50 %, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 5 s, lower: 0 dB, because: ours}
"""


def lived(first: int, count: int, most_s: int = 900) -> Verdict:
    return together(
        [fuzzed_nights.night(SEED, number, most_s=most_s).judged() for number in range(first, first + count)]
    )


def test_a_few_nights_of_trouble_are_lawful_and_whole():
    found = lived(0, 3, most_s=600)
    assert found.unlawful == ()
    assert found.missed == ()
    assert found.ticks > 500


def test_the_same_number_is_the_same_night():
    one, again = (fuzzed_nights.night(SEED, 3, most_s=300) for _ in range(2))
    assert one.events == again.events
    assert random_dreamscape(SEED, 3)[1] == random_dreamscape(SEED, 3)[1] != random_dreamscape(SEED, 4)[1]


def without(veto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tuple(each for each in vetoes.VETOES if each.__name__ != veto)
    assert len(left) == len(vetoes.VETOES) - 1
    monkeypatch.setattr(vetoes, "VETOES", left)


def without_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of the house would stop what a lost veto lets pass; here it is the veto that is looked for."""
    monkeypatch.setattr(Judge, "decide", lambda _, request: before_bundles(request))


@pytest.mark.parametrize(
    ("veto", "agreed", "rule"),
    [("lacks_consent", {"cues_per_hour": 0}, "BUDGET"), ("is_unconsented_stage", {"stages": ("N1",)}, "STAGE")],
)
def test_a_house_that_does_not_ask_what_was_agreed_is_found_out(
    veto: str, agreed: dict[str, object], rule: str, monkeypatch: pytest.MonkeyPatch
):
    plain, sha = read(EAGER, file="eager.yaml"), sha256(EAGER)
    grant = making.grant_toml("S01", plain, sha)
    given = replace(read_grants(grant, file="consent.toml")["S01"], **agreed)
    monkeypatch.setattr(fuzzed_nights, "random_dreamscape", lambda *_: (plain, EAGER))
    monkeypatch.setattr(fuzzed_nights, "random_grant", lambda *_: given)
    without(veto, monkeypatch)
    held = [wrong.rule for number in range(8) for wrong in lived(number, 1, most_s=300).unlawful]
    assert rule not in held  # the rules of the house stop it all the same
    without_rules(monkeypatch)
    found = (wrong.rule for number in range(30) for wrong in lived(number, 1, most_s=300).unlawful)
    assert rule in found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_nights_of_trouble_are_lawful_and_whole():
    found = lived(0, 60, most_s=3600)
    assert found.unlawful == ()
    assert found.share >= 0.99
    assert found.due > 100


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("veto", "rule"),
    [
        ("lacks_consent", "CONSENT"),
        ("is_not_armed", "NOT_REARMED"),
        ("is_aroused", "PAUSE"),
        ("is_unconsented_stage", "STAGE"),
    ],
)
def test_a_house_without_one_of_its_vetoes_is_found_out(veto: str, rule: str, monkeypatch: pytest.MonkeyPatch):
    without(veto, monkeypatch)
    without_rules(monkeypatch)
    assert rule in {wrong.rule for number in range(40) for wrong in lived(number, 1, 2400).unlawful}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_cue_decided_behind_a_no_is_found_out_though_the_bits_keep_it_silent(monkeypatch: pytest.MonkeyPatch):
    """Leases end with a no as well, so that only a cue of every few seconds falls into the moment before they do."""
    monkeypatch.setattr(fuzzed_nights, "random_dreamscape", lambda *_: (read(EAGER, file="eager.yaml"), EAGER))
    without("is_revoked", monkeypatch)
    without_rules(monkeypatch)
    nights = [fuzzed_nights.night(SEED, number, most_s=900) for number in range(30)]
    assert "REVOKED" in {wrong.rule for night in nights for wrong in night.judged().unlawful}
    for night in nights:
        noes = {event.pod: event.onset_s for event in night.events if isinstance(event, ConsentWithdrawn)}
        assert all(e.actual_s < noes.get(e.pod, inf) for e in night.events if isinstance(e, CuePlayed))
