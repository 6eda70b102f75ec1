"""T1: did they dream of the theme more than is usual for each of them?"""

import numpy as np

from dreamloom.statistics.exact import share_interval
from dreamloom.statistics.within import DRAWS, Tested, p_value, rearranged, spread_of
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.texts import Texts
from dreamloom.weave.words import Lexicon


def rates(texts: Texts, lexicon: Lexicon) -> FloatArray:
    """[report] the square root of the theme's words in 100 words: its spread is alike for few and for many of them."""
    hits = np.array(_hits(texts, lexicon), dtype=np.float64)
    return np.asarray(np.sqrt(100.0 * hits / np.maximum(texts.lengths, 1.0)))


def _hits(texts: Texts, lexicon: Lexicon) -> list[int]:
    if lexicon.phrases:
        return [len(lexicon.places(words, texts.language)) for words in texts.words]
    told = {word for words in texts.words for word in words}
    met = {word for word in told if lexicon.places([word], texts.language)}
    return [len([word for word in words if word in met]) for words in texts.words]


def least_favourable(scores: FloatArray, texts: Texts) -> FloatArray:
    """[report] how likely a report is to be drawn as the tested one, chosen against the theme.

    A report that has the theme is drawn at least as often as any other one, and at least in proportion to its length:
    whether the theme comes by the report or by the word, tonight's being long is then no evidence. Reports of one
    length are drawn alike, which is the plain permutation.
    """
    lengths = np.maximum(texts.lengths, 1.0)
    weights = np.empty_like(scores)
    for first, size in zip(texts.slots.firsts.tolist(), texts.slots.sizes, strict=True):
        own = slice(first, first + size)
        has = scores[own] > 0
        share = np.maximum(1.0 / size, lengths[own] / lengths[own].sum()) * has
        rest = max(0.0, 1.0 - share.sum())
        weights[own] = share + (rest / max(1, int((~has).sum()))) * ~has
    return weights


def sums(scores: FloatArray, texts: Texts, picked: np.ndarray) -> FloatArray:
    """[draw] summed over dreamers: the mean of the tested reports minus the mean of the others."""
    slots = texts.slots
    total = np.add.reduceat(scores, slots.firsts)
    tested, others = np.array(slots.tested), np.array(slots.sizes) - np.array(slots.tested)
    weight = 1.0 / tested + 1.0 / others
    return np.asarray((scores[picked] * weight[slots.owners]).sum(axis=1) - (total / others).sum())


def incubated(scores: FloatArray, texts: Texts, *, seed: int, draws: int = DRAWS) -> Tested:
    """The statistic, and its mid-p by drawing within each dreamer which of their own reports is tonight's."""
    seen = float(sums(scores, texts, texts.slots.seen[np.newaxis])[0])
    weights = least_favourable(scores, texts)
    drawn = sums(scores, texts, rearranged(texts.slots, seed=seed, draws=draws, weights=weights))
    return Tested(round(seen, 4), p_value(drawn, seen, mid=True), spread_of(drawn, seen))


def dreamt_of_it(scores: FloatArray, texts: Texts) -> tuple[int, int, tuple[float, float], float]:
    """How many dreamers of how many met the theme in a tested report, with the interval; and their usual share."""
    seen = texts.slots.seen
    met = np.zeros(len(texts.slots.sizes), dtype=np.bool_)
    np.logical_or.at(met, texts.slots.owners, scores[seen] > 0)
    before = np.ones(len(scores), dtype=np.bool_)
    before[seen] = False
    owners = np.array(texts.owners)[before]
    usual = np.bincount(owners, weights=scores[before] > 0) / np.maximum(np.bincount(owners), 1)
    k, n = int(met.sum()), len(met)
    return k, n, share_interval(k, n), round(float(usual.mean()), 4) if usual.size else 0.0
