"""Are synthetic dreams the same for one seed, different between dreamers, and free of what tests look for?"""

from dreamloom.testing import dream_words as words
from dreamloom.testing.dream_corpus import corpus, dream, voice
from dreamloom.weave.languages import LANGUAGES
from dreamloom.weave.words import words_of


def test_one_seed_tells_one_corpus() -> None:
    assert corpus(1, dreamers=3, nights=2) == corpus(1, dreamers=3, nights=2)
    assert len({each.text for each in corpus(1, dreamers=30, nights=10)}) == 300


def test_dreamers_differ_in_length_and_in_words() -> None:
    told = {name: " ".join(dream(voice(1, name), 1, f"n{at}") for at in range(20)) for name in ("x", "y")}
    shares = [len({word.text for word in words_of(text)}) for text in told.values()]
    common = len(set.intersection(*({word.text for word in words_of(text)} for text in told.values())))
    assert common < max(shares)
    assert voice(1, "x").words_mean != voice(1, "y").words_mean


def test_planted_words_stand_in_no_list_that_a_test_ships_with() -> None:
    planted = {word for theme in words.THEMES.values() for word in theme}
    ordinary = {*words.PEOPLE, *words.PLACES, *words.THINGS, *words.ANIMALS, *words.LOOKS, *words.DID, *words.WENT}
    assert len(planted) == sum(len(theme) for theme in words.THEMES.values())
    assert not planted & ordinary
    for language in LANGUAGES.values():
        assert not planted & language.empty


def test_the_interviewers_sentence_has_nineteen_words_and_one_of_the_theme() -> None:
    assert len(words.BOILERPLATE.split()) == 19
