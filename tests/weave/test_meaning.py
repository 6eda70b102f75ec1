"""Is likeness by a sentence model told as what it is, refused where it says nothing, and never more than chance?"""

import re
from functools import cache

import numpy as np
import pytest
from msgspec.structs import replace

from dreamloom.testing.dream_groups import Plan, group, registered
from dreamloom.testing.dream_words import THEMES
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.findings import Findings, findings_of
from dreamloom.weave.chance.likeness import Embed
from dreamloom.weave.chance.night_by_night import night_by_night
from dreamloom.weave.chance.verdicts import Answer, sentences
from dreamloom.weave.reports import Report

MODEL = "5" * 64
SIZE, GLACIER = 128, "glacier"


@cache
def drawn(word: str) -> FloatArray:
    return stream(1, word).random(SIZE) - 0.5


def by_direction(texts: list[str]) -> FloatArray:
    """A stand-in: every word has a drawn direction, those of one theme the same; a text is their mean, never none."""
    found = np.zeros((len(texts), SIZE))
    for at, text in enumerate(texts):
        words = re.findall(r"\w+", text) or ["nothing"]
        found[at] = sum(3.0 * drawn(GLACIER) if word in THEMES[GLACIER] else drawn(word) for word in words) / len(words)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def third(found: Findings) -> Answer:
    return next(each for each in found.tests if each.id == "T3")


@pytest.fixture(scope="module")
def told() -> list[Report]:
    return group(3, Plan(n=12, share=0.67, theme="glacier"))


@pytest.mark.parametrize(
    ("was_registered", "embed", "counts"), [("", None, "yes"), ("", by_direction, "no"), (MODEL, by_direction, "yes")]
)
def test_likeness_counts_as_registered_only_by_what_was_registered(
    told: list[Report], was_registered: str, embed: Embed | None, counts: str
) -> None:
    chosen = registered("glacier", tests=("T1", "T3", "T4"), meaning=was_registered)
    found = findings_of(told, chosen, registered=True, embed=embed)
    is_so = counts == "yes"
    assert {each.id: each.registered for each in found.tests} == {"T1": True, "T3": is_so, "T4": is_so}
    assert third(found).compared == ("meanings" if embed else "words")
    said = " ".join(sentences(third(found), had_control=False))
    assert ("sentence model" in said) is (embed is not None)
    assert ("a lead to follow" in said) is not is_so


def test_what_was_registered_by_a_model_is_not_quietly_tested_by_words(told: list[Report]) -> None:
    chosen = registered("glacier", tests=("T1", "T3", "T4"), meaning=MODEL)
    found = findings_of(told, chosen, registered=True)
    assert [each.id for each in found.tests] == ["T1"]
    assert [each.id for each in found.refused] == ["T3", "T4"]
    assert all("none was named" in each.why for each in found.refused)


def test_a_model_that_knows_english_is_not_asked_about_german(told: list[Report]) -> None:
    german = [replace(each, language="de") for each in told]
    found = findings_of(german, registered("glacier", tests=("T3",), primary="T3"), embed=by_direction)
    assert not found.tests
    assert "knows English" in found.refused[0].why


def test_two_who_recalled_nothing_are_not_alike_for_it() -> None:
    """A model has a vector for an empty text as well; shared by all who recalled nothing, it would be a finding."""
    told = group(3, Plan(n=12))
    none = [each if each.arm == "baseline" else replace(each, text="") for each in told]
    found = findings_of(none, registered("glacier", tests=("T3",), primary="T3"), embed=by_direction)
    assert third(found).statistic == 0.0
    assert third(found).p > 0.5
    half = [replace(each, text="") if each.arm != "baseline" and each.dreamer < "d06" else each for each in told]
    assert third(findings_of(half, registered("glacier", tests=("T3",), primary="T3"), embed=by_direction)).p > 0.05


def by_length(texts: list[str]) -> FloatArray:
    """A model that hears little but how long a text is."""
    long = np.log([1 + len(text.split()) for text in texts])
    return np.asarray(by_direction(texts) + np.outer(long, drawn("long")))


def test_a_night_of_long_reports_is_not_alike_for_that() -> None:
    longest = [group(seed, Plan(n=8, trap="longest")) for seed in range(6)]
    chosen = registered(GLACIER, tests=("T3",), primary="T3")
    alike = [third(findings_of(told, chosen, embed=by_length)).parts["p_text"] <= 0.05 for told in longest]
    assert not any(alike)


def test_a_theme_that_was_planted_is_found_by_meaning(told: list[Report]) -> None:
    by_words, by_meaning = (
        third(findings_of(told, registered("glacier", tests=("T3",), primary="T3"), embed=each))
        for each in (None, by_direction)
    )
    assert by_meaning.statistic != by_words.statistic
    assert by_meaning.parts["p_word"] == by_words.parts["p_word"]
    assert by_meaning.parts["p_text"] < 0.05


def test_nights_one_by_one_are_compared_by_the_model_too() -> None:
    told = group(3, Plan(n=6, nights=2, theme="glacier"))
    nights = tuple(sorted({each.night for each in told if each.arm == "cue"}))
    chosen = registered("glacier", tests=("T3",), primary="T3", nights=nights)
    assert third(night_by_night(told, chosen, embed=by_direction)).compared == "meanings"
    assert third(night_by_night(told, chosen)).compared == "words"
