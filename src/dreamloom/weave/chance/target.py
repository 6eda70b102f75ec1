"""T5: could judges who knew nothing find, among four sealed targets, the one that was drawn for the night?"""

import hashlib
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from dreamloom.statistics.exact import sums_of, upper_tail
from dreamloom.statistics.within import BARS, Spread
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.design import Design
from dreamloom.weave.languages import ENGLISH, Language
from dreamloom.weave.words import content_of, words_of

CANDIDATES = 4


class Candidate(Struct, frozen=True):
    """One of four targets: its name, and words or a description of it."""

    id: str
    words: tuple[str, ...]


class Draw(Struct, frozen=True, kw_only=True):
    """Four targets of which one was drawn and sealed before the night, for everybody whose reports are named.

    Attributes:
        id: of the draw; reports that share a target share a draw, however many they are.
        candidates: the four, in the order in which judges saw them.
        drawn: the id of the one.
        salt: opens the seal.
        seal: SHA-256 of `salt:drawn`, published before the night.
        dreamers: whose reports were told of it; empty for all.
        night: of which night; "" for the tested one.
        rankings: judges' orders of the candidates, best first; empty where the text is to judge.
    """

    id: str
    candidates: tuple[Candidate, ...]
    drawn: str
    salt: str
    seal: str
    dreamers: tuple[str, ...] = ()
    night: str = ""
    rankings: tuple[tuple[str, ...], ...] = ()


def seal_of(drawn: str, salt: str) -> str:
    """What is published before the night."""
    return hashlib.sha256(f"{salt}:{drawn}".encode()).hexdigest()


def unsound(draw: Draw, *, say: Say = in_english) -> str:
    """Why a draw cannot be tested; "" if it can."""
    ids = [each.id for each in draw.candidates]
    if len(set(ids)) != CANDIDATES or len(ids) != CANDIDATES:
        return say("draw {draw} has {count} targets, and four are compared", draw=draw.id, count=len(set(ids)))
    if draw.drawn not in ids:
        return say("the target of draw {draw} is none of its four", draw=draw.id)
    if seal_of(draw.drawn, draw.salt) != draw.seal:
        return say("the seal of draw {draw} does not open to the target that is named", draw=draw.id)
    if any(sorted(order) != sorted(ids) for order in draw.rankings):
        return say("a ranking of draw {draw} does not order its four targets", draw=draw.id)
    return ""


def unsound_together(draws: Sequence[Draw], nights: Sequence[str], *, say: Say = in_english) -> str:
    """Why draws cannot be tested together; "" if they can.

    Args:
        draws: each of them sound by itself.
        nights: those that are tested: the text of no other one is at hand.
        say: how it is said.
    """
    for place, draw in enumerate(draws):
        if any(draw.id == other.id for other in draws[:place]):
            return say("draw {draw} stands there twice, and one draw counts once", draw=draw.id)
        if draw.night and not draw.rankings and draw.night not in nights:
            return say("draw {draw} is of the night {night}, which is not tested", draw=draw.id, night=repr(draw.night))
    return ""


def told_of(draw: Draw, design: Design) -> list[str]:
    """What was told of this draw's target, a text for each dreamer; "" of one who recalled nothing."""
    at = design.nights.index(draw.night) if draw.night in design.nights else 0
    return [
        text
        for each in design.dreamers
        if not draw.dreamers or each.name in draw.dreamers
        for text, night in zip(each.tested, each.nights, strict=True)
        if night == at
    ]


def by_judges(draw: Draw) -> tuple[float, ...]:
    """[candidate] the sum of places from below over all rankings: 3 for the first, 0 for the last."""
    ids = [each.id for each in draw.candidates]
    return tuple(float(sum(CANDIDATES - 1 - order.index(each) for order in draw.rankings)) for each in ids)


def by_text(draw: Draw, reports: Sequence[str], language: Language = ENGLISH) -> tuple[float, ...]:
    """[candidate] the same by the text: each report ranks the four by how much of it is in their words."""
    wanted = [frozenset(_stems(" ".join(each.words), language)) for each in draw.candidates]
    total = np.zeros(CANDIDATES)
    for text in reports:
        stems = _stems(text, language)
        shares = np.array([sum(stem in own for stem in stems) / max(1, len(own)) for own in wanted], dtype=np.float64)
        total += _places(shares)
    return tuple(total.tolist())


def found(draws: Sequence[Draw], scores: Sequence[Sequence[float]]) -> tuple[float, float, int]:
    """The sum of what the drawn targets got, its exact p, and in how many draws the target came first alone.

    Under chance each draw's target is any of its four, so that reports and judges of one target count as one draw:
    one night with one target can never have a p below .25.
    """
    got = [
        score[[each.id for each in draw.candidates].index(draw.drawn)]
        for draw, score in zip(draws, scores, strict=True)
    ]
    first = sum(own >= max(score) and list(score).count(own) == 1 for own, score in zip(got, scores, strict=True))
    seen = float(sum(got))
    return round(seen, 4), round(upper_tail(scores, seen), 5), first


def spread(scores: Sequence[Sequence[float]]) -> Spread:
    """What chance comes to exactly, in ten thousandths."""
    sums = sums_of(scores)
    counts, edges = np.histogram(list(sums), bins=BARS, weights=[10_000.0 * each for each in sums.values()])
    return Spread(float(edges[0]), float(edges[-1]), tuple(np.rint(counts).astype(int).tolist()))


def _stems(text: str, language: Language) -> list[str]:
    return content_of((word.text for word in words_of(text)), language)


def _places(shares: FloatArray) -> FloatArray:
    """[candidate] 3 for the largest to 0, equals in the middle of their places."""
    below = (shares[:, np.newaxis] > shares[np.newaxis]).sum(axis=1)
    equal = (shares[:, np.newaxis] == shares[np.newaxis]).sum(axis=1) - 1
    return np.asarray(below + equal / 2.0)
