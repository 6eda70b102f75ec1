"""How do tests come by thousands of dream reports? Synthetic dreamers with a vocabulary and a style of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from dreamloom.testing import dream_words as words
from dreamloom.vocabulary.chance import stream
from dreamloom.weave.reports import BASELINE, Report, Scope

SPONTANEOUS = 0.04
"""Share of ordinary reports that touch a given theme in passing."""
EVERYWHERE: frozenset[Scope] = frozenset({"statistics", "weave", "gallery"})
EVERYDAY = (*words.SHAPES, *(shape.replace("{t}", "{thing}") for shape in words.THEME_SHAPES))
"""Ordinary sentences have the shapes of planted ones too, so that only the words of a theme tell it."""
VOWEL = re.compile(r"\ba (?=[aeio])")
SCENE = {"person": 3, "place": 2, "thing": 5, "thing2": 4, "animal": 1, "look": 5, "look2": 4, "did": 8, "went": 4}
"""How many words of a list one scene has; four of any other."""
_LISTS = {
    "person": words.PEOPLE,
    "place": words.PLACES,
    "thing": words.THINGS,
    "thing2": words.THINGS,
    "animal": words.ANIMALS,
    "look": words.LOOKS,
    "look2": words.LOOKS,
    "did": words.DID,
    "went": words.WENT,
    "way": words.WAYS,
    "manner": words.MANNERS,
    "felt": words.FELT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one dreamer tells: which words they like, how long, how hedged, which shapes of sentence.

    Attributes:
        liked: for each list of words, in which order this dreamer likes them.
        skew: how much they prefer the words they like (1: not at all).
        words_mean, words_sd: of the logarithm of a report's length in words.
        hedging: how often a sentence carries a hedge or a time word.
        lower: writes without capitals.
    """

    name: str
    liked: dict[str, tuple[str, ...]]
    shapes: tuple[str, ...]
    skew: float
    words_mean: float
    words_sd: float
    hedging: float
    lower: bool


def voice(seed: int, name: str) -> Voice:
    """One synthetic dreamer; the same for the same seed and name."""
    chance = stream(seed, "dreamer", name)
    liked = {key: tuple(chance.permutation(np.array(values, dtype=object))) for key, values in _LISTS.items()}
    liked |= {"time": tuple(chance.permutation(np.array(words.TIMES, dtype=object)))}
    liked |= {"hedge": tuple(chance.permutation(np.array(words.HEDGES, dtype=object)))}
    return Voice(
        name=name,
        liked=liked,
        shapes=tuple(chance.permutation(np.array(EVERYDAY, dtype=object))),
        skew=float(chance.uniform(1.2, 2.6)),
        words_mean=float(chance.normal(4.75, 0.35)),
        words_sd=float(chance.uniform(0.35, 0.65)),
        hedging=float(chance.uniform(0.1, 0.6)),
        lower=bool(chance.random() < 0.15),
    )


def dream(who: Voice, seed: int, night: str, *, themes: Sequence[str] = (), mentions: int = 0) -> str:
    """The text of one night: a few scenes, each with its own place, people and things that come up again.

    Args:
        who: the dreamer.
        seed: of the corpus.
        night: names the night.
        themes: words of a planted theme; every report may touch any theme of THEMES in passing all the same.
        mentions: how many sentences are about them.
    """
    draw = _Draws(stream(seed, "dream", who.name, night))
    length = int(np.clip(np.exp(who.words_mean + who.words_sd * draw.normal()), 12, 600))
    planted = [themes[draw.below(len(themes))] for _ in range(mentions)] + _in_passing(draw)
    told: list[str] = []
    count = 0
    while count < length:
        scene = _scene(who, draw)
        told.append(_filled(_opening(draw), scene, draw))
        count += len(told[-1].split())
        for _ in range(3 + draw.below(8)):
            if count < length:
                told.append(_sentence(who, scene, draw))
                count += len(told[-1].split())
    for word in planted:
        shape = words.THEME_SHAPES[draw.below(len(words.THEME_SHAPES))]
        told.insert(1 + draw.below(len(told)), _filled(shape.replace("{t}", word), scene, draw))
    return _joined(told, who, draw)


def _in_passing(draw: "_Draws") -> list[str]:
    """Words of themes that this dream has by itself: mostly one, sometimes a dream about it."""
    found: list[str] = []
    for theme in words.THEMES.values():
        if draw.next() < SPONTANEOUS:
            often = 1 if draw.next() < 0.8 else 3
            found += [theme[draw.below(len(theme))] for _ in range(often)]
    return found


def _scene(who: Voice, draw: "_Draws") -> dict[str, tuple[str, ...]]:
    """A few words of each list, as this dreamer likes them; a scene's sentences choose among these."""
    found = {}
    for key in _LISTS:
        liked, skew = who.liked[key], who.skew
        many = len(liked)
        found[key] = tuple([liked[int(many * lot**skew)] for lot in draw.several(SCENE.get(key, 4))])
    return found


def _one(who: Voice, key: str, draw: "_Draws") -> str:
    liked = who.liked[key]
    return liked[int(len(liked) * draw.next() ** who.skew)]


def _opening(draw: "_Draws") -> str:
    return words.OPENINGS[draw.below(len(words.OPENINGS))]


def _sentence(who: Voice, scene: dict[str, tuple[str, ...]], draw: "_Draws") -> str:
    shape = who.shapes[int(len(who.shapes) * draw.next() ** (0.5 + who.skew / 2.0))]
    said = _filled(shape, scene, draw)
    if draw.next() < who.hedging:
        said = f"{_one(who, 'time' if draw.next() < 0.6 else 'hedge', draw)} {said}"
    return said


def _filled(shape: str, scene: dict[str, tuple[str, ...]], draw: "_Draws") -> str:
    parts = shape.split("{")
    said = parts[0]
    for part in parts[1:]:
        key, rest = part.split("}", 1)
        said += _slot(key, scene, draw) + rest
    return VOWEL.sub("an ", said.replace("-", " "))


def _slot(key: str, scene: dict[str, tuple[str, ...]], draw: "_Draws") -> str:
    if key in ("who", "whom"):
        choice = draw.below(6)
        me = ("I", "we", "they") if key == "who" else ("somebody", "us", "everyone")
        if choice < 3:
            return me[choice]
        person = scene["person"][draw.below(len(scene["person"]))]
        return f"my {person}" if choice == 3 else f"the {person}" if choice == 4 else f"some {person}"
    return scene[key][draw.below(len(scene[key]))]


def _joined(told: Sequence[str], who: Voice, draw: "_Draws") -> str:
    text = told[0]
    for each in told[1:]:
        text += words.LINKS[draw.below(len(words.LINKS))] + each
    text += "."
    if who.lower:
        return text
    return ". ".join(part[:1].upper() + part[1:] for part in text.split(". "))


class _Draws:
    """Uniform numbers drawn in handfuls: one call each would be most of the time."""

    def __init__(self, chance: np.random.Generator) -> None:
        self._chance = chance
        self._left: Iterator[float] = iter(())

    def next(self) -> float:
        """The next one in [0, 1)."""
        for found in self._left:
            return found
        self._left = iter(self._chance.random(512).tolist())
        return next(self._left)

    def several(self, many: int) -> list[float]:
        """So many of them."""
        found = list(islice(self._left, many))
        return found if len(found) == many else found + [self.next() for _ in range(many - len(found))]

    def below(self, bound: int) -> int:
        """A whole number from 0 to below this."""
        return int(bound * self.next())

    def normal(self) -> float:
        """One of a standard normal."""
        return float(self._chance.normal())


def corpus(seed: int, *, dreamers: int, nights: int, scopes: frozenset[Scope] = EVERYWHERE) -> list[Report]:
    """Baseline reports of so many dreamers, without any planted theme."""
    voices = [voice(seed, f"d{number:04d}") for number in range(dreamers)]
    return [
        Report(
            dreamer=who.name,
            night=f"n{night:03d}",
            arm=BASELINE,
            text=dream(who, seed, f"n{night:03d}"),
            order=night,
            language="en",
            protocol="free-1",
            awakening="morning",
            scopes=scopes,
            consent=f"consent-{who.name}",
        )
        for night in range(nights)
        for who in voices
    ]
