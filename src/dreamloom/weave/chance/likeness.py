"""T3: were tonight's dreams more alike than these dreamers' dreams are, with no theme in mind? And in which word?"""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dreamloom.statistics.permutation import IntArray
from dreamloom.statistics.within import Spread, p_value, rearranged, smallest_of, spread_of, with_error_of_draws
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.texts import Texts
from dreamloom.weave.words import content_of

DRAWS = 1_999
LEAST_REPORTS, MOST_SHARE = 3, 0.4
"""Stems in fewer reports, or in more of all reports, tell nothing. Ours."""
LEAST_MET = 3
"""A motif is named where so many dreamers have it."""
Embed = Callable[[list[str]], FloatArray]
"""[text] to [text, dimension]: an optional model of sentences, of the user's own."""


class Likeness(NamedTuple):
    """What was found.

    Attributes:
        statistic: the mean likeness of two people's reports of a night, each against their own usual report.
        p: of the better of the two statistics below, with the error of the draws on top.
        p_text, p_word: of the likeness alone, and of the word scan alone.
        spread: what chance came to, of the likeness.
        motif: the stem that stands out most, with how many dreamers have it tonight, and how many usually would.
    """

    statistic: float
    p: float
    p_text: float
    p_word: float
    motif: str
    k: int
    usual: float
    spread: Spread


def alike(texts: Texts, *, seed: int, draws: int = DRAWS, embed: Embed | None = None) -> Likeness:
    """Permutes within each dreamer which of their own reports is tonight's; all tested nights at once."""
    stems = stem_counts(texts)
    picked = np.vstack([texts.slots.seen, rearranged(texts.slots, seed=seed, draws=draws)])
    vectors = own_usual_taken_off(stems, texts) if embed is None else _embedded(texts, embed)
    likeness = pair_means(vectors, texts, picked)
    scan = WordScan.of(stems, texts)
    highest, stem = scan.highest(picked)
    motif, k, usual = scan.named(stems.names, stem, texts)
    better = smallest_of([likeness[1:], highest[1:]], [float(likeness[0]), float(highest[0])])
    return Likeness(
        statistic=round(float(likeness[0]), 5),
        p=with_error_of_draws(better, draws),
        p_text=p_value(likeness[1:], float(likeness[0])),
        p_word=p_value(highest[1:], float(highest[0])),
        motif=motif,
        k=k,
        usual=usual,
        spread=spread_of(likeness[1:], float(likeness[0])),
    )


class Stems(NamedTuple):
    """What reports say, without stems too rare or too common.

    Attributes:
        counts: [report, stem] how often.
        names: of the stems.
        room: [report] how many of its words carry something and are looked for: a report that is long by a passage
            that was told alike has no more room for a dream.
    """

    counts: FloatArray
    names: list[str]
    room: FloatArray


def stem_counts(texts: Texts) -> Stems:
    """Without the stems of passages that were told alike."""
    words = {word for told in texts.words for word in told}
    stem_of = {word: stem for word in words for stem in content_of([word], texts.language)}
    stems = sorted(set(stem_of.values()) - texts.told_alike)
    number = {stem: at for at, stem in enumerate(stems)}
    place = {word: number[stem] for word, stem in stem_of.items() if stem in number}
    found = np.zeros((len(texts.words), len(stems)))
    for row, told in enumerate(texts.words):
        here = [place[word] for word in told if word in place]
        found[row] = np.bincount(np.array(here, dtype=np.int64), minlength=len(stems))
    often = (found > 0).sum(axis=0)
    kept = np.flatnonzero((often >= LEAST_REPORTS) & (often <= max(LEAST_REPORTS, MOST_SHARE * len(found))))
    return Stems(found[:, kept], [stems[at] for at in kept.tolist()], found.sum(axis=1))


def own_usual_taken_off(stems: Stems, texts: Texts) -> FloatArray:
    """[report, stem] TF-IDF minus what this dreamer's reports of that length usually have, made of length one.

    A long report has more of everything; what is taken off grows with its length as the whole group's does.
    """
    idf = np.log((1.0 + len(stems.counts)) / (1.0 + (stems.counts > 0).sum(axis=0))) + 1.0
    weighted = np.log1p(stems.counts) * idf
    room = _room(weighted.sum(axis=1), stems.room)
    for first, size in zip(texts.slots.firsts.tolist(), texts.slots.sizes, strict=True):
        own = slice(first, first + size)
        usual = weighted[own].sum(axis=0) / max(room[own].sum(), 1e-12)
        weighted[own] -= room[own, np.newaxis] * usual
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    return np.asarray(weighted / np.maximum(norms, 1e-12))


def _room(totals: FloatArray, lengths: FloatArray) -> FloatArray:
    """How much a report of this length holds: a power of its length, fitted to all reports."""
    told = (totals > 0) & (lengths > 0)
    if told.sum() < 3 or np.ptp(lengths[told]) == 0:
        return np.asarray(told.astype(np.float64))
    x, y = np.log(lengths[told]), np.log(totals[told])
    power = float(np.cov(x, y)[0, 1] / np.var(x, ddof=1))
    return np.where(told, np.maximum(lengths, 1.0) ** float(np.clip(power, 0.0, 1.2)), 0.0)


def _embedded(texts: Texts, embed: Embed) -> FloatArray:
    """Vectors of a model minus the dreamer's own mean, and what goes with a report's length, made of length one.

    A model hears how long a text is; where tonight's are all long, they would be alike for that. A report without a
    word is like none: a model has a vector for it, and two who recalled nothing would share it.
    """
    told = np.flatnonzero(texts.lengths > 0)
    vectors = np.zeros((len(texts.words), 1))
    if told.size:
        found = np.asarray(embed([" ".join(texts.words[at]) for at in told.tolist()]), dtype=np.float64)
        owners = np.array(texts.owners)[told]
        lengths = np.log(texts.lengths[told])
        long = _own_mean_off(np.column_stack([lengths, lengths**2]), owners)
        centred = _own_mean_off(found, owners)
        vectors = np.zeros((len(texts.words), found.shape[1]))
        vectors[told] = centred - long @ np.linalg.lstsq(long, centred, rcond=None)[0]
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _own_mean_off(values: FloatArray, owners: IntArray) -> FloatArray:
    """[report, value] without what the reports of its dreamer have on average."""
    sums = np.zeros((int(owners.max()) + 1, values.shape[1]))
    np.add.at(sums, owners, values)
    return np.asarray(values - (sums / np.maximum(np.bincount(owners), 1)[:, np.newaxis])[owners])


def pair_means(vectors: FloatArray, texts: Texts, picked: IntArray) -> FloatArray:
    """[draw] the mean over nights and over pairs of dreamers of one night."""
    likeness = (vectors @ vectors.T).reshape(-1)
    total, pairs = np.zeros(len(picked)), 0
    for night in sorted(set(texts.nights)):
        own = picked[:, [at for at, each in enumerate(texts.nights) if each == night]]
        for one in range(own.shape[1] - 1):
            total += likeness[own[:, one, np.newaxis] * len(vectors) + own[:, one + 1 :]].sum(axis=1)
            pairs += own.shape[1] - one - 1
    return np.asarray(total / max(pairs, 1))


class WordScan(NamedTuple):
    """For every stem: has a report it, and how likely would this dreamer's report of that length have it."""

    has: FloatArray
    likely: FloatArray

    @classmethod
    def of(cls, stems: Stems, texts: Texts) -> "WordScan":
        """From each dreamer's own reports: a stem comes by the word, at the dreamer's own rate."""
        has = (stems.counts > 0).astype(np.float64)
        likely = np.zeros_like(has)
        lengths = np.maximum(stems.room, 1.0)
        for first, size in zip(texts.slots.firsts.tolist(), texts.slots.sizes, strict=True):
            own = slice(first, first + size)
            often = has[own].mean(axis=0)
            rate = -np.log1p(-np.minimum(often, 1.0 - 0.5 / size)) / lengths[own].mean()
            likely[own] = -np.expm1(-rate * lengths[own, np.newaxis])
            likely[own] *= often / np.maximum(likely[own].mean(axis=0), 1e-12)
        return cls(has, np.minimum(likely, 1.0 - 1e-3))

    def highest(self, picked: IntArray) -> tuple[FloatArray, int]:
        """[draw] how far the stem that stands out most does, in standard deviations; and which it is tonight."""
        if not self.has.shape[1]:
            return np.zeros(len(picked)), -1
        chosen = np.zeros((len(picked), len(self.has)))
        np.put_along_axis(chosen, picked, 1.0, axis=1)
        above = chosen @ (self.has - self.likely) - 0.5
        spread = chosen @ (self.likely * (1.0 - self.likely)) + 0.25
        far = above / np.sqrt(spread)
        return np.asarray(far.max(axis=1)), int(far[0].argmax())

    def named(self, stems: list[str], stem: int, texts: Texts) -> tuple[str, int, float]:
        """The motif by its stem, how many dreamers have it, and how many of their usual reports would."""
        if stem < 0:
            return "", 0, 0.0
        seen = texts.slots.seen
        k = len(set(texts.slots.owners[self.has[seen, stem] > 0].tolist()))
        usual = float(self.likely[seen, stem].sum())
        return (_as_told(stems[stem], texts) if k >= LEAST_MET else "", k, round(usual, 2))


def _as_told(stem: str, texts: Texts) -> str:
    """The word of this stem that the tested reports use most."""
    told = [word for at in texts.slots.seen.tolist() for word in texts.words[at]]
    forms = {word for word in set(told) if content_of([word], texts.language) == [stem]}
    often = Counter(word for word in told if word in forms)
    return min(forms, key=lambda word: (-often[word], word)) if forms else stem
