"""Which words did several people tell alike? A prompt that was written down too would look like a shared dream."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from dreamloom.statistics.permutation import IntArray
from dreamloom.vocabulary.units import BoolArray

LEAST_DREAMERS = 3
"""What stands alike in the reports of so many is nobody's own (more than two reports: Research page 2.5)."""
WINDOW, LEAST_MATCHED = 12, 4
"""Of so many words in a row so many must begin three words (one between them may be another) that the other report has
too, in the same order. Ours: a sentence with every fifth word changed is found, and few stock phrases are."""
BAND = 4
"""By so many words may two tellings of one passage shift against each other. Ours."""
UNUSUAL = 1.5
"""Three words are a sign of a shared passage only so many standard deviations above how often baselines have them."""
GAP, MARGIN = 6, 6
APART = 64
MOST_WORDS = 1 << 24


def shared_words(texts: Sequence[Sequence[str]], owners: Sequence[int], sources: Sequence[int]) -> list[BoolArray]:
    """For each text, which of its words belong to a passage that several people's `sources` have alike.

    Args:
        texts: lower-case words of each report.
        owners: whose each is; one's own other reports never count.
        sources: places of the reports that are compared with: those of the night that is tested.
    """
    numbers: dict[tuple[str, ...], int] = {}
    shingles = _unusual([_shingles(words, numbers) for words in texts], sources, len(numbers))
    lanes = _Lanes([shingles[at] for at in sources], [owners[at] for at in sources], len(numbers))
    return [
        _widened(lanes.told_alike(each, len(words), owner))
        for each, words, owner in zip(shingles, texts, owners, strict=True)
    ]


Shingles = tuple[IntArray, IntArray]
"""The place of a first word and the number of the three words, one row each."""


def _shingles(words: Sequence[str], numbers: dict[tuple[str, ...], int]) -> Shingles:
    places, found = [], []
    for at in range(len(words) - 2):
        ahead = words[at : at + 4]
        for three in {(ahead[0], ahead[1], ahead[2]), (ahead[0], *ahead[2:]), (ahead[0], ahead[1], ahead[-1])}:
            if len(three) == 3:
                places.append(at)
                found.append(numbers.setdefault(three, len(numbers)))
    return np.array(places, dtype=np.int64), np.array(found, dtype=np.int64)


def _unusual(shingles: Sequence[Shingles], sources: Sequence[int], count: int) -> list[Shingles]:
    """Only those that the sources have more often than the other reports let expect: no stock phrases of everybody."""
    own = set(sources)
    tonight, before = np.zeros(count), np.zeros(count)
    for at, (_, found) in enumerate(shingles):
        (tonight if at in own else before)[np.unique(found)] += 1.0
    others = len(shingles) - len(own)
    usual = before / others if others else before
    above = (tonight - len(own) * usual) / np.sqrt(len(own) * usual * (1.0 - usual) + 0.25)
    kept = (above >= UNUSUAL) & (tonight > 1)
    return [(places[kept[found]], found[kept[found]]) for places, found in shingles]


class _Lanes:
    """The source reports laid behind each other, far enough apart that no passage crosses two."""

    def __init__(self, sources: Sequence[Shingles], owners: Sequence[int], numbers: int) -> None:
        starts, at = [], 0
        for places, _ in sources:
            starts.append(at)
            at += APART + (int(places[-1]) if len(places) else 0)
        where = [start + places for start, (places, _) in zip(starts, sources, strict=True)]
        which = np.concatenate([found for _, found in sources]) if sources else np.empty(0, dtype=np.int64)
        order = np.argsort(which, kind="stable")
        self._where = np.concatenate(where)[order] if where else which
        self._first = np.searchsorted(which[order], np.arange(numbers + 1))
        self._starts = np.array(starts, dtype=np.int64)
        self._owners = np.array(owners, dtype=np.int64)
        self._known = np.zeros((max(owners, default=0) + 1, at + APART), dtype=np.bool_)
        self._learn(sources)

    def _learn(self, sources: Sequence[Shingles]) -> None:
        """Who else has what stands at each word of a source."""
        for start, owner, source in zip(self._starts.tolist(), self._owners.tolist(), sources, strict=True):
            here, there = self._dense(source, owner)
            said_by = np.zeros((len(self._known), len(here)), dtype=np.bool_)
            said_by[self._owners[np.searchsorted(self._starts, there, side="right") - 1], np.arange(len(there))] = True
            count = int(here.max()) + 1 if len(here) else 0
            self._known[:, start : start + count] |= _covered(said_by, here, count)

    def told_alike(self, shingles: Shingles, count: int, owner: int) -> BoolArray:
        """[word]: lies in a passage that enough other people's sources have, one perhaps by way of another."""
        here, there = self._dense(shingles, owner)
        said_by = self._known[:, there].copy()
        said_by[self._owners[np.searchsorted(self._starts, there, side="right") - 1], np.arange(len(there))] = True
        said_by[owner] = False
        return np.asarray(_covered(said_by, here, count).sum(axis=0) >= LEAST_DREAMERS - 1)

    def _dense(self, shingles: Shingles, owner: int) -> tuple[IntArray, IntArray]:
        """Words of a text, and words of others' sources, that match within a passage."""
        places, found = shingles
        often = self._first[found + 1] - self._first[found]
        here = np.repeat(places, often)
        ends = np.cumsum(often)
        within = np.arange(len(here)) - np.repeat(ends - often, often)
        there = self._where[np.repeat(self._first[found], often) + within]
        source = np.searchsorted(self._starts, there, side="right") - 1
        foreign = self._owners[source] != owner
        here, there = here[foreign], there[foreign]
        dense = _in_rows(here, there, 0) | _in_rows(here, there, BAND // 2)
        return here[dense], there[dense]


def _covered(said_by: BoolArray, here: IntArray, count: int) -> BoolArray:
    """[owner, word]: between two near words that match this owner's."""
    found = np.zeros((len(said_by), count), dtype=np.bool_)
    for owner in np.flatnonzero(said_by.any(axis=1)):
        places = np.unique(here[said_by[owner]])
        found[owner, places] = True
        for first, last in pairwise(places.tolist()):
            if last - first < WINDOW // 2:
                found[owner, first:last] = True
    return found


def _in_rows(here: IntArray, there: IntArray, shift: int) -> BoolArray:
    """[match]: one of LEAST_MATCHED words within a WINDOW that match in the same order."""
    band = (there - here + shift + MOST_WORDS) // BAND
    rows, inverse = np.unique(band * MOST_WORDS + here, return_inverse=True)
    reach = LEAST_MATCHED - 1
    dense = np.zeros(len(rows), dtype=np.bool_)
    if len(rows) > reach:
        near = rows[reach:] - rows[:-reach] < WINDOW
        for step in range(LEAST_MATCHED):
            dense[step : step + len(near)] |= near
    return np.asarray(dense[inverse.reshape(-1)])


def _widened(matched: BoolArray) -> BoolArray:
    """Matched words are the first of three; gaps between them are filled, a margin is added."""
    found = np.zeros_like(matched)
    places = np.flatnonzero(matched)
    for first, last in pairwise(places):
        if last - first <= GAP:
            found[first : last + 1] = True
    for place in places:
        found[max(0, place - MARGIN) : place + 3 + MARGIN] = True
    return found
