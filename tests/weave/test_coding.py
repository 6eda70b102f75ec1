"""Does every code point at what it codes, and do rules, people and languages stay apart?"""

import numpy as np
import pytest

from dreamloom.statistics.nominal import alpha, kappa
from dreamloom.testing import dream_words as words
from dreamloom.testing.dream_corpus import corpus
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.weave.coding.books import BOOKS, coded_reports
from dreamloom.weave.coding.coders import agreement
from dreamloom.weave.coding.connectedness import by_graph, connectedness
from dreamloom.weave.coding.indices import cohens_h, counts, indices
from dreamloom.weave.coding.rules import CATEGORIES, Code, coded
from dreamloom.weave.reports import Report

ENGLISH = BOOKS["en"]
TEXT = (
    "My mother helped a stranger in the kitchen. A dog chased me and I was afraid, but not angry. "
    "I heard music. Then I knew that I was dreaming and I was happy."
)


def codes_of(text: str, language: str = "en") -> set[tuple[str, str, str]]:
    return {(each.category, each.code, each.said) for each in coded(text, BOOKS[language])}


def test_every_category_is_found_and_points_at_its_words() -> None:
    assert codes_of(TEXT) >= {
        ("character", "familiar person", "mother"),
        ("character", "stranger", "stranger"),
        ("character", "animal", "dog"),
        ("interaction", "friendly", "helped"),
        ("interaction", "aggressive", "chased"),
        ("emotion", "apprehension", "afraid"),
        ("emotion", "happiness", "happy"),
        ("setting", "indoors", "kitchen"),
        ("threat", "threat", "chased"),
        ("sense", "hearing", "heard"),
        ("lucidity", "lucid", "knew that I was dreaming"),
    }
    for report in corpus(3, dreamers=10, nights=3):
        for each in coded(report.text, ENGLISH):
            assert report.text[each.start : each.end] == each.said
            assert each.rule == f"{each.category}/{each.code}"
            assert each.coder == "rules en 1"


def test_what_is_denied_is_not_coded() -> None:
    assert not any(code == "anger" for _, code, _ in codes_of(TEXT))
    assert ("emotion", "anger", "angry") in codes_of("I was not there, and later on I was angry.")


def test_the_longer_entry_holds() -> None:
    assert codes_of("I was in my house.") == {("setting", "familiar", "my house")}


def test_a_second_language_is_a_book_and_languages_are_never_mixed() -> None:
    german = (
        "Meine Mutter half einem Fremden in der Küche. Ein Hund verfolgte mich und ich hatte Angst, "
        "weil er so groß war und nicht mehr von mir weg ging."
    )
    assert codes_of(german, "de") >= {
        ("character", "familiar person", "Mutter"),
        ("interaction", "friendly", "half"),
        ("emotion", "apprehension", "Angst"),
    }
    told = [Report(dreamer="a", night="1", arm="", text=german), Report(dreamer="b", night="1", arm="", text=TEXT)]
    said = [Report(dreamer="a", night="1", arm="", text=TEXT, language=each) for each in ("en", "de")]
    for mixed in (told, said):
        with pytest.raises(RefusedError) as raised:
            coded_reports(mixed)
        assert raised.value.code == "DL-E720"
    assert len(coded_reports(told[:1])[0][1]) >= 4
    with pytest.raises(RefusedError, match="no code book"):
        coded_reports([Report(dreamer="a", night="1", arm="", text="Une maison.", language="fr")])


def test_no_planted_word_stands_in_a_code_book() -> None:
    planted = {word for theme in words.THEMES.values() for word in theme}
    for book in BOOKS.values():
        listed = {word for each in book.rules for word in each.words}
        beginnings = tuple(start for each in book.rules for start in each.beginnings)
        assert not planted & listed
        assert not [word for word in planted if word.startswith(beginnings)]


def test_indices_are_the_published_ratios_with_their_intervals() -> None:
    per_report = [coded(TEXT, ENGLISH)] * 10 + [
        coded("A man and a cat were in the garden, and I was sad.", ENGLISH)
    ] * 10
    found = {each.id: each for each in indices(per_report, norms={"negative emotions %": 0.8})}
    table = counts(per_report).sum(axis=0)
    assert table[0] == 50
    assert found["animal %"].value == 20 / 50
    assert found["A/C"].value == 10 / 50
    assert found["aggression/friendliness %"].value == 0.5
    assert found["negative emotions %"].value == round(20 / 30, 4)
    assert found["dreams with threat %"].value == 0.5
    assert found["S/C"].value == 0.0
    shift = found["negative emotions %"].h
    assert shift is not None
    assert round(cohens_h(20 / 30, 0.8), 4) == shift
    low, high = found["negative emotions %"].ci or (1.0, 0.0)
    assert low < 20 / 30 < high
    assert indices([])[0].value is None


def test_cohens_h_is_a_difference_of_angles() -> None:
    assert cohens_h(0.5, 0.25) == pytest.approx(np.pi / 6)
    assert np.isnan(cohens_h(1.2, 0.5))


def test_rules_and_a_person_are_compared_sentence_by_sentence() -> None:
    texts = {each.sha256: each.text for each in corpus(4, dreamers=6, nights=4)}
    rules = {name: coded(text, ENGLISH) for name, text in texts.items()}
    person = {name: [each for each in codes if each.code != "animal"] for name, codes in rules.items()}
    found = {each.category: each for each in agreement(texts, [rules, person])}
    assert set(found) == set(CATEGORIES)
    assert found["emotion"].kappa == 1.0
    assert 0.3 < (found["character"].kappa or 0) < 1.0
    assert found["character"].alpha == pytest.approx(found["character"].kappa, abs=0.02)
    low, high = found["character"].kappa_ci or (0.0, 0.0)
    assert low <= (found["character"].kappa or 0) <= high
    three = agreement(texts, [rules, person, rules])
    assert three[0].shares[0] == three[0].shares[2] > three[0].shares[1]


def test_kappa_and_alpha_are_the_published_examples() -> None:
    assert round(kappa(np.array([[20.0, 5.0], [10.0, 15.0]])), 3) == 0.4
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3]
    c = [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0]
    assert round(alpha(np.array([a, b, c, d]) - 1), 3) == 0.743


def test_connectedness_is_that_of_the_graph_and_free_of_length() -> None:
    reports = corpus(5, dreamers=8, nights=2)
    for each in reports[:6]:
        told = [word.lower() for word in each.text.replace(".", " ").replace(",", " ").split()]
        for at in range(0, len(told) - 30, 7):
            from dreamloom.weave.coding.connectedness import _components

            assert _components(told[at : at + 30]) == by_graph(told[at : at + 30])
    assert connectedness("too short") is None
    found = [connectedness(each.text) for each in reports]
    assert all(each is None or 1 <= each.lsc <= each.lcc <= 30 for each in found)
    once, twice = connectedness(reports[0].text), connectedness(f"{reports[0].text} {reports[0].text}")
    assert once is not None
    assert twice is not None
    assert twice.lsc == pytest.approx(once.lsc, abs=1.5)


def test_a_code_of_a_person_needs_no_rule() -> None:
    code = Code(category="emotion", code="anger", start=0, end=3, said="Mad", rule="", coder="anna")
    assert counts([[code]])[0, 6] == 1.0
