"""Is every word found that names what a night is about, and nothing that every night says?"""

import pytest

from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.reader import read
from dreamloom.guide.lint import ThemeWords, found, found_in_fixed, theme_words
from dreamloom.guide.plain_words import GERMAN
from dreamloom.testing import live_nights

THEMED = (
    live_nights.TIRELESS.replace("dreamscape: eager", "dreamscape: lighthouse_keeper")
    .replace("  chord:", "  foghorn:")
    .replace("play: chord", "play: foghorn")
    .replace("cue: chord", "cue: foghorn")
    .replace("Let a test hear cues within a minute of night.", "Seagulls over a harbour.")
    .replace("because: ours", 'because: "ours, of the herring"')
)
THEME = theme_words(read(THEMED, file="x.yaml"), registered=["flying", "baby teeth", "time"])


@pytest.mark.parametrize(
    ("utterance", "word"),
    [
        ("Was there a lighthouse?", "lighthouse"),
        ("Was there a light house?", "lighthouse"),
        ("Were there any LIGHTHOUSES?", "lighthouses"),
        ("Did you see a l i g h t h o u s e there?", "lighthouse"),
        ("Fog\u00adhorns, perhaps?", "foghorns"),
        ("The fógho\u200brn", "foghorn"),
        ("ﬂew you somewhere?", "flew"),
        ("Did you take a flight?", "flight"),
        ("What about your tooth?", "tooth"),
        ("Was anybody a keeper?", "keeper"),
        ("Some seagull?", "seagull"),
        ("In a harbour-like place", "harbour"),
        ("Smelling of herrings", "herrings"),
        ("At what time was that?", "time"),
        ("/nights/lighthouse-3/report", "lighthouse"),
    ],
)
def test_a_theme_word_is_found_in_every_form(utterance: str, word: str) -> None:
    assert word in found(utterance, THEME)


@pytest.mark.parametrize(
    "utterance",
    [
        "Tell everything that was going through your mind before you woke, in the order it happened.",
        "Anything else?",
        "Did you hear anything in the night?",
        "Take as long as you like. Nobody reads this before you say so.",
        "",
    ],
)
def test_what_every_night_says_names_nothing(utterance: str) -> None:
    assert found(utterance, THEME) == ()


def test_the_words_of_an_intent_count_only_where_the_text_is_not_the_same_every_night() -> None:
    assert found("A harbour.", THEME) == ("harbour",)
    assert found_in_fixed("A harbour.", THEME) == ()
    assert found_in_fixed("A foghorn.", THEME) == ("foghorn",)


def test_a_plain_word_counts_once_it_is_registered() -> None:
    dreamscape = read(THEMED, file="x.yaml")
    assert found("What a long time.", theme_words(dreamscape)) == ()
    assert found("What a long time.", theme_words(dreamscape, registered=["time"])) == ("time",)


def test_themes_of_two_dreamscapes_are_found_together() -> None:
    shared = theme_words(builtin.load("group_shared")[1]) | THEME
    assert found("Snowy forests, a foghorn", shared) == ("snowy", "forests", "foghorn")


def test_the_spoken_words_of_a_built_in_dreamscape_are_theme_words() -> None:
    theme = theme_words(builtin.load("tdi_n1")[1])
    assert found("Think of trees.", theme) == ("trees",)
    assert found("Tell me what is going through your mind.", theme) == ()
    assert found("I walked down the street.", theme) == ()


def test_another_language_goes_by_its_own_endings() -> None:
    theme = theme_words(read(THEMED, file="x.yaml"), registered=["Baum", "Leuchttürme"], language=GERMAN)
    assert found("Standen dort Bäume an einem Leuchtturm?", theme) == ("baume", "leuchtturm")
    assert found("Erzähle alles, was dir vor dem Aufwachen durch den Kopf ging.", theme) == ()


def test_without_a_theme_nothing_names_it() -> None:
    assert found("Anything at all: a lighthouse", ThemeWords()) == ()
