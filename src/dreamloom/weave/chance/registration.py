"""What was chosen before the night? Everything a test could have been bent by afterwards, under one hash."""

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.weave.languages import ENGLISH, Language
from dreamloom.weave.words import Lexicon, lexicon

TestId = Literal["T1", "T2", "T3", "T4", "T5"]
TESTS: tuple[TestId, ...] = ("T1", "T2", "T3", "T4", "T5")
Score = Literal["rate", "common length"]
LATER = frozenset({"meaning", "guesses"})


class Registration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The choices of one night or of several, made before them.

    Attributes:
        themes: words of the cue of each arm; under "" those of a cue that all had.
        dreamscape_words: further words that the dreamscape's texts contain; only deleted, never looked for.
        tests: which tests will be told, the others are not run.
        primary: the one that is read by its own p; all others by Holm's.
        score: of T1: the theme's words by all words, or by all reports cut to a common length.
        alpha: below or at which p a test is called positive.
        least_dreamers, least_baseline: with fewer of them T1, T3 and T4 are refused.
        drawn_by: what got an arm as one.
        nights: which nights are tested together; empty for the last.
        without_heard: tell T1 and T2 also without those who said to have heard a cue.
        seed: of the draws.
        meaning: the SHA-256 of a sentence model by which T3 and T4 compare; "" for the words.
        guesses: the salted SHA-256 of the themes among which dreamers guess, and which of them is tonight's.
    """

    themes: Mapping[str, tuple[str, ...]] = {}
    dreamscape_words: tuple[str, ...] = ()
    tests: tuple[TestId, ...] = TESTS
    primary: TestId = "T1"
    score: Score = "rate"
    alpha: float = 0.05
    least_dreamers: int = 4
    least_baseline: int = 5
    drawn_by: Literal["", "dreamer", "room"] = ""
    nights: tuple[str, ...] = ()
    without_heard: bool = True
    seed: int = 1
    meaning: str = ""
    guesses: str = ""

    @property
    def sha256(self) -> str:
        """What goes into the record before the night; the order in which things were written does not matter.

        Choices that came later than the first published hashes count where they were made.
        """
        chosen = msgspec.to_builtins(self)
        made = {name: value for name, value in chosen.items() if value or name not in LATER}
        return hashlib.sha256(msgspec.json.encode(made, order="sorted")).hexdigest()

    def lexicons(self, language: Language = ENGLISH) -> dict[str, Lexicon]:
        """The theme of each arm as the tests look for it."""
        return {arm: lexicon(words, language) for arm, words in self.themes.items() if words}

    def deleted(self, language: Language = ENGLISH) -> Lexicon:
        """Every word of every theme and of the dreamscape."""
        return lexicon([*(word for words in self.themes.values() for word in words), *self.dreamscape_words], language)


def unsound(registration: Registration) -> str:
    """Why these choices cannot be tested by; "" if they can."""
    if not 0.0 < registration.alpha <= 0.2:
        return f"alpha is {registration.alpha}, and lies above 0 and at or below 0.2"
    if registration.least_dreamers < 4 or registration.least_baseline < 5:
        return "fewer than 4 dreamers or 5 baseline reports are never tested"
    if registration.primary not in registration.tests:
        return f"the primary test {registration.primary} is none of those that will be told"
    return ""
