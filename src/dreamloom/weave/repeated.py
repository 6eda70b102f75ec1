"""Who said it first? What another dreamer told before, word for word or nearly, counts for its first teller alone."""

from collections.abc import Sequence

import numpy as np

from dreamloom.statistics.permutation import IntArray
from dreamloom.vocabulary.units import BoolArray
from dreamloom.weave.words import Word

WINDOW, LEAST_MATCHED = 12, 5
"""Of so many words in a row so many begin three words that one other dreamer told before. Ours."""
WHOLE = 0.5
"""A report of which so much was told before is one told twice. Ours."""
ENDS = -1
APART = (ENDS,) * WINDOW
SHIFT = 1 << 20


def repeated(texts: Sequence[Sequence[Word]], dreamers: Sequence[str]) -> list[list[bool]]:
    """For each report, in time: which of its words stand in a passage that another dreamer told before.

    Every three words (one between them may be another) belong to whoever told them first, so that the work grows with
    the words and not with pairs of reports.
    """
    if not texts:
        return []
    numbers: dict[str, int] = {}
    words = np.array(
        [
            number
            for text in texts
            for number in (*(numbers.setdefault(word.text, len(numbers)) for word in text), *APART)
        ],
        dtype=np.int64,
    )
    lengths = np.array([len(text) + len(APART) for text in texts])
    known = {dreamer: at for at, dreamer in enumerate(dict.fromkeys(dreamers))}
    owners = np.repeat([known[dreamer] for dreamer in dreamers], lengths)
    again = np.zeros(len(words), dtype=np.bool_)
    places, tellers = _told_before(words, owners)
    for at in np.flatnonzero(_near(places, tellers)).tolist():
        again[places[at] : places[at + LEAST_MATCHED - 1] + 3] = True
    again[words == ENDS] = False
    starts = np.cumsum(lengths) - lengths
    return [again[start : start + len(text)].tolist() for start, text in zip(starts.tolist(), texts, strict=True)]


def is_told_twice(repeats: Sequence[bool]) -> bool:
    """Whether so much of a report was told before that its dreamer is no witness of their own."""
    return bool(repeats) and sum(repeats) >= WHOLE * len(repeats)


def _told_before(words: IntArray, owners: IntArray) -> tuple[IntArray, IntArray]:
    """Words that begin three which somebody else told first, and who that was; each pair once."""
    found = []
    for second, third in ((1, 2), (2, 3), (1, 3)):
        count = len(words) - third
        parts = words[:count], words[second : second + count], words[third:]
        whole = np.flatnonzero((parts[0] >= 0) & (parts[1] >= 0) & (parts[2] >= 0))
        # which of the three shapes it is does not matter: a word left out is a word left out
        codes = (parts[0][whole] * SHIFT + parts[1][whole]) * SHIFT + parts[2][whole]
        found.append((whole, codes))
    places = np.concatenate([each for each, _ in found])
    codes = np.concatenate([each for _, each in found])
    order = np.argsort(places, kind="stable")
    places, codes = places[order], codes[order]
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    teller = owners[places[first]][inverse.reshape(-1)]
    foreign = teller != owners[places]
    pairs = np.unique(teller[foreign] * len(words) + places[foreign])
    return pairs % len(words), pairs // len(words)


def _near(places: IntArray, tellers: IntArray) -> BoolArray:
    """[pair]: with the next four of the same teller it fills a window."""
    reach = LEAST_MATCHED - 1
    if len(places) <= reach:
        return np.zeros(0, dtype=np.bool_)
    same = tellers[reach:] == tellers[:-reach]
    return np.asarray(same & (places[reach:] - places[:-reach] < WINDOW))
