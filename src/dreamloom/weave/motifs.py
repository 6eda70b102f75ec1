"""Which motifs has a night, and who has them? Stems that stand out against each dreamer's own other mornings."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from dreamloom.weave.languages import ENGLISH, Language
from dreamloom.weave.words import content_of

LEAST_SURPRISE = 0.7
"""In nats: what a dreamer has every second morning joins nobody. Ours."""
NEVER_TOLD = 10.0
"""A stem that no morning had is taken to be in one of so many. Ours."""

Stems = Mapping[str, Sequence[frozenset[str]]]
"""By dreamer, the stems of each of the reports."""


class Motif(Struct, frozen=True):
    """A stem that several dreamers have tonight.

    Attributes:
        surprise: by dreamer, how unlikely this one's report was to have it, in nats.
        strength: how far more dreamers have it than their own mornings let expect, in standard deviations.
    """

    stem: str
    surprise: Mapping[str, float]
    strength: float


def stems_in(words: Sequence[str], language: Language = ENGLISH) -> frozenset[str]:
    """What of a report can be a motif."""
    return frozenset(content_of(words, language))


def motifs(tonight: Mapping[str, frozenset[str]], before: Stems) -> list[Motif]:
    """Every stem of tonight with what it weighs for each dreamer, the strongest first.

    A dreamer's own share of mornings, with one morning of everybody's added, says how likely the stem was: the same
    quantity as in the word scan of the blind test.
    """
    mornings = {dreamer: len(before.get(dreamer, ())) for dreamer in tonight}
    own = {dreamer: Counter(stem for each in before.get(dreamer, ()) for stem in each) for dreamer in tonight}
    common = _everybodys(frozenset().union(*tonight.values()), before)
    room = sum(1.0 / (many + 1.0) for many in mornings.values())
    expected = {stem: share * room for stem, share in common.items()}
    for dreamer, often in own.items():
        for stem, many in often.items():
            if stem in expected:
                expected[stem] += many / (mornings[dreamer] + 1.0)
    surprise: defaultdict[str, dict[str, float]] = defaultdict(dict)
    met: Counter[str] = Counter()
    for dreamer in sorted(tonight):
        for stem in sorted(tonight[dreamer]):
            met[stem] += 1
            nats = -math.log((own[dreamer][stem] + common[stem]) / (mornings[dreamer] + 1.0))
            if nats >= LEAST_SURPRISE:
                surprise[stem][dreamer] = round(nats, 4)
    found = [
        Motif(stem, weights, _strength(met[stem], expected[stem], len(tonight))) for stem, weights in surprise.items()
    ]
    return sorted(found, key=lambda motif: (-motif.strength, motif.stem))


def _everybodys(wanted: frozenset[str], before: Stems) -> dict[str, float]:
    """The share of all own mornings that have a stem of tonight; with none told, one in ten."""
    often = Counter(stem for own in before.values() for each in own for stem in each)
    reports = sum(len(own) for own in before.values())
    return {stem: (often[stem] + 1.0) / (reports + NEVER_TOLD) for stem in sorted(wanted)}


def _strength(met: int, expected: float, dreamers: int) -> float:
    spread = expected * (1.0 - min(1.0, expected / max(1, dreamers))) + 0.25
    return round((met - expected) / math.sqrt(spread), 4)
