"""Is every cue lawful in nights in which everything goes wrong, and does a judge who reads the record alone notice?"""

import pytest

from dreamloom.testing import fuzzed_nights
from dreamloom.testing.oracle import Verdict, together
from dreamloom.testing.random_dreamscapes import random_dreamscape
from dreamloom.vetoes import cue as vetoes

SEED = 1


def lived(first: int, count: int, most_s: int = 900) -> Verdict:
    return together(
        [fuzzed_nights.night(SEED, number, most_s=most_s).judged() for number in range(first, first + count)]
    )


def test_a_few_nights_of_trouble_are_lawful_and_whole():
    found = lived(0, 4)
    assert found.unlawful == ()
    assert found.missed == ()
    assert found.ticks > 1000


def test_the_same_number_is_the_same_night():
    one, again = (fuzzed_nights.night(SEED, 3, most_s=400) for _ in range(2))
    assert one.events == again.events
    assert random_dreamscape(SEED, 3)[1] == random_dreamscape(SEED, 3)[1] != random_dreamscape(SEED, 4)[1]


def without(veto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tuple(each for each in vetoes.VETOES if each.__name__ != veto)
    assert len(left) == len(vetoes.VETOES) - 1
    monkeypatch.setattr(vetoes, "VETOES", left)


def test_a_house_that_does_not_ask_for_consent_is_found_out(monkeypatch: pytest.MonkeyPatch):
    without("lacks_consent", monkeypatch)
    assert "CONSENT" in {wrong.rule for wrong in lived(0, 1).unlawful}


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
        ("is_revoked", "REVOKED"),
        ("lacks_consent", "CONSENT"),
        ("is_not_armed", "NOT_REARMED"),
        ("is_aroused", "PAUSE"),
        ("is_unconsented_stage", "STAGE"),
    ],
)
def test_a_house_without_one_of_its_vetoes_is_found_out(veto: str, rule: str, monkeypatch: pytest.MonkeyPatch):
    without(veto, monkeypatch)
    assert rule in {wrong.rule for number in range(40) for wrong in lived(number, 1, 2400).unlawful}
