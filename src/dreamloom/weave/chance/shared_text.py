"""Which words did several people tell alike? A prompt that was written down too would look like a shared dream."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

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
    threes = _unusual(_threes(texts), len(texts), sources)
    starts = _laid_out(texts, sources)
    matches = _matched(threes, starts, np.array(owners, dtype=np.int64), sources)
    bounds = np.searchsorted(matches.text, np.arange(len(texts) + 1)).tolist()
    own = [_Matches(*(row[first:last] for row in matches)) for first, last in pairwise(bounds)]
    people = max(owners, default=0) + 1
    known = np.zeros((people, max((starts[at] + len(texts[at]) for at in sources), default=0)), dtype=np.bool_)
    for at in sources:
        lane = slice(starts[at], starts[at] + len(texts[at]))
        known[:, lane] = _told_by(own[at], people, lane)
    found = []
    for at, words in enumerate(texts):
        by = _told_by(own[at], people, slice(starts[at], starts[at] + len(words)), known=known)
        by[owners[at]] = False
        found.append(_widened(by.sum(axis=0) >= LEAST_DREAMERS - 1))
    return found


class _Threes(NamedTuple):
    """Three words in a row, or with one other between them: in which text, at which word, and which three."""

    text: IntArray
    place: IntArray
    which: IntArray


def _threes(texts: Sequence[Sequence[str]]) -> _Threes:
    numbers: defaultdict[str, int] = defaultdict(lambda: len(numbers))
    flat = np.array([numbers[word] for words in texts for word in words], dtype=np.int64)
    lengths = np.array([len(words) for words in texts], dtype=np.int64)
    text = np.repeat(np.arange(len(texts)), lengths)
    place = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    left = np.repeat(lengths, lengths) - place
    ahead = np.concatenate([flat, np.zeros(3, dtype=np.int64)])
    first, second, third, fourth = (ahead[step : step + len(flat)] for step in range(4))
    many = len(numbers) + 1
    which = np.stack([(first * many + b) * many + c for b, c in ((second, third), (third, fourth), (second, fourth))])
    there = np.stack([left >= 3, left >= 4, left >= 4])
    there[1] &= which[1] != which[0]
    there[2] &= (which[2] != which[0]) & (which[2] != which[1])
    row, at = np.nonzero(there.T)
    return _Threes(text[row], place[row], which.T[row, at])


def _unusual(found: _Threes, texts: int, sources: Sequence[int]) -> _Threes:
    """Only those that the sources have more often than the other reports let expect: no stock phrases of everybody."""
    is_source = np.zeros(texts, dtype=np.bool_)
    is_source[list(sources)] = True
    known, which = np.unique(found.which, return_inverse=True)
    which = which.reshape(-1)
    in_text = np.sort(which * texts + found.text)
    once = in_text[np.diff(in_text, prepend=-1) > 0]
    of_source = is_source[once % max(1, texts)]
    tonight = np.bincount(once[of_source] // max(1, texts), minlength=len(known))
    before = np.bincount(once[~of_source] // max(1, texts), minlength=len(known))
    own, others = int(is_source.sum()), int((~is_source).sum())
    usual = before / others if others else before
    above = (tonight - own * usual) / np.sqrt(own * usual * (1.0 - usual) + 0.25)
    kept = ((above >= UNUSUAL) & (tonight > 1))[which]
    return _Threes(found.text[kept], found.place[kept], which[kept])


def _laid_out(texts: Sequence[Sequence[str]], sources: Sequence[int]) -> list[int]:
    """Where each text begins in one lane, the sources first, so far apart that no passage crosses two."""
    starts, at = [0] * len(texts), 0
    is_source = set(sources)
    for text in (*sources, *(text for text in range(len(texts)) if text not in is_source)):
        starts[text] = at
        at += APART + len(texts[text])
    return starts


class _Matches(NamedTuple):
    """Threes of a text that stand in another dreamer's source: where in the lane each does, and whose source it is."""

    text: IntArray
    here: IntArray
    there: IntArray
    owner: IntArray


def _matched(threes: _Threes, starts: Sequence[int], owners: IntArray, sources: Sequence[int]) -> _Matches:
    """Those that lie within a passage, text by text."""
    where = np.array(starts, dtype=np.int64)[threes.text] + threes.place
    of_source = np.flatnonzero(np.isin(threes.text, list(sources)))
    of_source = of_source[np.argsort(threes.which[of_source], kind="stable")]
    first = np.searchsorted(threes.which[of_source], threes.which, side="left")
    often = np.searchsorted(threes.which[of_source], threes.which, side="right") - first
    one = np.repeat(np.arange(len(where)), often)
    other = of_source[np.arange(len(one)) - np.repeat(np.cumsum(often) - often - first, often)]
    foreign = owners[threes.text[one]] != owners[threes.text[other]]
    one, other = one[foreign], other[foreign]
    dense = _in_rows(where[one], where[other], 0) | _in_rows(where[one], where[other], BAND // 2)
    one, other = one[dense], other[dense]
    return _Matches(threes.text[one], where[one], where[other], owners[threes.text[other]])


def _told_by(own: _Matches, people: int, lane: slice, *, known: BoolArray | None = None) -> BoolArray:
    """[person, word] of a text: lies in a passage that this person has too, perhaps by way of another who is known."""
    length = lane.stop - lane.start
    if not len(own.here):
        return np.zeros((people, length), dtype=np.bool_)
    said_by = np.zeros((people, len(own.here)), dtype=np.bool_) if known is None else known[:, own.there]
    said_by[own.owner, np.arange(len(own.owner))] = True
    return _covered(said_by, own.here - lane.start, length)


def _covered(said_by: BoolArray, here: IntArray, count: int) -> BoolArray:
    """[owner, word]: between two near words that match this owner's."""
    place = np.arange(count)
    owner, match = np.nonzero(said_by)
    last = np.full((len(said_by), count), -WINDOW)
    ahead = np.full((len(said_by), count), count + WINDOW)
    last[owner, here[match]] = ahead[owner, here[match]] = here[match]
    last = np.maximum.accumulate(last, axis=1)
    ahead = np.minimum.accumulate(ahead[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((ahead - last < WINDOW // 2) & (place >= last))


def _in_rows(here: IntArray, there: IntArray, shift: int) -> BoolArray:
    """[match]: one of LEAST_MATCHED words within a WINDOW that match in the same order."""
    row = (there - here + shift + MOST_WORDS) // BAND * MOST_WORDS + here
    order = np.argsort(row, kind="stable")
    rows = row[order]
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = rows[1:] != rows[:-1]
    number, rows = np.cumsum(first) - 1, rows[first]
    reach = LEAST_MATCHED - 1
    dense = np.zeros(len(rows), dtype=np.bool_)
    if len(rows) > reach:
        near = rows[reach:] - rows[:-reach] < WINDOW
        for step in range(LEAST_MATCHED):
            dense[step : step + len(near)] |= near
    found = np.empty(len(row), dtype=np.bool_)
    found[order] = dense[number]
    return found


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
