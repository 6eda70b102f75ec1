"""Which sentences tell a thread? Those that hold most of it and say least again, a few of each dreamer."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from dreamloom.weave.languages import language_named
from dreamloom.weave.threads import Thread, Woven
from dreamloom.weave.words import Span, content_of, sentences_of

Phase = Literal["arrival", "movement", "peak", "fading"]
PHASES: tuple[Phase, ...] = ("arrival", "movement", "peak", "fading")
MOST_PASSAGES = 6
MOST_WITNESSES = 60
"""Of a large thread, those in whose reports it stands out most are quoted. Ours."""
MOST_WORDS, LEAST_WORDS = 45, 4
LEAST_FIRST_TOLD = 0.8
SAME_AGAIN = 0.5
"""How much a passage that says the same again loses, against what it holds (MMR: Carbonell & Goldstein, 1998)."""


class Passage(Struct, frozen=True, kw_only=True):
    """A sentence of a report that a thread may quote.

    Attributes:
        at: where in its report it stands, from 0 to 1.
        holds: how much of the thread.
        stems: what it says.
    """

    dreamer: str
    report: str
    consent: str
    span: Span
    said: str
    at: float
    holds: float
    stems: frozenset[str]

    @property
    def phase(self) -> Phase:
        """Which quarter of its dream it is from."""
        return PHASES[min(3, int(4 * self.at))]


def passages(thread: Thread, tonight: Sequence[Woven]) -> list[Passage]:
    """The chosen ones, in the order of a dream; nobody has more than a third of them, rounded up."""
    wanted = set(thread.motifs)
    first = sorted(thread.weights, key=lambda dreamer: (-thread.weights[dreamer], dreamer))[:MOST_WITNESSES]
    witnesses = set(first)
    found = [
        passage
        for each in tonight
        if each.report.dreamer in witnesses
        for passage in _of_report(each, wanted, thread.weights[each.report.dreamer])
    ]
    return sorted(_chosen(found), key=lambda passage: (passage.at, passage.report, passage.span.start))


def _of_report(each: Woven, wanted: set[str], weight: float) -> list[Passage]:
    language = language_named(each.report.language)
    if not wanted & each.stems:
        return []
    length = max(1, len(each.report.text))
    starts = [word.start for word in each.words]
    found = []
    for span in sentences_of(each.report.text):
        inside = slice(bisect_left(starts, span.start), bisect_left(starts, span.end))
        words, own = each.words[inside], each.own[inside]
        stems = frozenset(content_of((word.text for word in words), language))
        if not (wanted & stems) or not LEAST_WORDS <= len(words) <= MOST_WORDS:
            continue
        if sum(own) < LEAST_FIRST_TOLD * len(own):
            continue
        found.append(
            Passage(
                dreamer=each.report.dreamer,
                report=each.report.sha256,
                consent=each.report.consent,
                span=span,
                said=each.report.text[span.start : span.end],
                at=round(span.start / length, 4),
                holds=round(weight * len(wanted & stems) / math.sqrt(len(stems) + 1.0), 6),
                stems=stems,
            )
        )
    return found


def _chosen(found: Sequence[Passage]) -> list[Passage]:
    """One of each dreamer first, then more, as far as nobody gets too large a part."""
    left = sorted(found, key=lambda passage: (-passage.holds, passage.report, passage.span.start))
    chosen: list[Passage] = []
    for most in (1, 2):
        while left and len(chosen) < MOST_PASSAGES:
            free = [each for each in left if sum(one.dreamer == each.dreamer for one in chosen) < most]
            if not free or (most > 1 and 3 * most > len(chosen) + 1):
                break
            best = max(free, key=lambda each: _worth(each, chosen))
            chosen.append(best)
            left.remove(best)
    return chosen


def _worth(passage: Passage, chosen: Sequence[Passage]) -> float:
    again = max((_alike(passage, each) for each in chosen), default=0.0)
    return passage.holds * (1.0 - SAME_AGAIN * again)


def _alike(one: Passage, other: Passage) -> float:
    union = len(one.stems | other.stems)
    return len(one.stems & other.stems) / union if union else 0.0
