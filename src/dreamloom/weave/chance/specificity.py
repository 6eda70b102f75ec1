"""T2: did each group dream of its own cue more than the other group of the same night did?"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial, prod
from typing import NamedTuple

import numpy as np

from dreamloom.statistics.permutation import IntArray
from dreamloom.statistics.within import DRAWS, SAME, Tested, p_value, spread_of
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.incubation import rates
from dreamloom.weave.chance.likeness import own_usual_taken_off, stem_counts
from dreamloom.weave.chance.texts import Texts
from dreamloom.weave.words import Lexicon

UNCUED = frozenset({"control", "sham", "none", "uncued", "no cue", "nocue", "silence", "baseline"})
"""Names of an arm that nothing was played to."""
EVERYBODY = ""
FEWEST_ARRANGEMENTS = 20
"""With fewer ways to draw the arms no p can reach .05."""


class Drawn(NamedTuple):
    """How the arms of the night were drawn.

    Attributes:
        arms: the arm of each dreamer, as a number.
        units: what was drawn as one: the dreamer, or the room.
    """

    arms: IntArray
    units: IntArray

    @property
    def of_units(self) -> IntArray:
        """[unit] the arm it was given."""
        first = np.unique(self.units, return_index=True)[1]
        return self.arms[first]

    @property
    def is_as_drawn(self) -> bool:
        """Whether everybody of a unit is in the arm that the unit was given."""
        return bool((self.of_units[np.unique(self.units, return_inverse=True)[1].reshape(-1)] == self.arms).all())

    @property
    def arrangements(self) -> int:
        """How many ways there were to draw it."""
        each = np.bincount(self.of_units)
        return factorial(int(each.sum())) // prod(factorial(int(many)) for many in each)


def contrasted(values: FloatArray, drawn: Drawn, *, seed: int, draws: int = DRAWS) -> Tested:
    """The statistic and its p, by drawing the arms again as they were drawn.

    Args:
        values: [cue, dreamer]: how much more of each arm's cue than usual; one row alone is a cue of no known arm.
        drawn: who was in which arm, and what was drawn as one.
        seed: of the draws; a draw that can be enumerated is.
        draws: how many.
    """
    found = _contrast(values, _labels(drawn, seed, draws)[:, drawn.units])
    seen = float(_contrast(values, drawn.arms[np.newaxis])[0])
    return Tested(round(seen, 4), _p(found, seen, is_every=drawn.arrangements <= draws), spread_of(found, seen))


def clustered(texts: Texts, drawn: Drawn, *, seed: int, draws: int = DRAWS) -> Tested:
    """Without a theme: are reports within an arm more alike than between arms? Each against its dreamer's usual."""
    vectors = own_usual_taken_off(stem_counts(texts), texts)[texts.slots.seen]
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, 0.0)
    found = np.array([_within(likeness, each) for each in _labels(drawn, seed, draws)[:, drawn.units]])
    seen = _within(likeness, drawn.arms)
    return Tested(round(seen, 5), _p(found, seen, is_every=drawn.arrangements <= draws), spread_of(found, seen))


def above_usual(texts: Texts, lexicon: Lexicon) -> tuple[FloatArray, bool]:
    """[dreamer] tonight's rate of a cue's words minus the own baseline's mean; False where not everybody has one."""
    scores = rates(texts, lexicon)
    slots = texts.slots
    tonight = np.add.reduceat(scores[slots.seen], np.concatenate([[0], np.cumsum(slots.tested)[:-1]]))
    tonight = tonight / np.array(slots.tested)
    others = np.array(slots.sizes) - np.array(slots.tested)
    if (others == 0).any():
        return np.asarray(tonight), False
    total = np.add.reduceat(scores, slots.firsts)
    return np.asarray(tonight - (total - tonight * np.array(slots.tested)) / others), True


def cue_values(arms: Sequence[str], themes: Mapping[str, Lexicon], texts: Texts) -> tuple[FloatArray, bool]:
    """[arm, dreamer] for `contrasted`: a row for each arm's own cue, 0 for an arm without one."""
    usual = True
    rows = []
    for arm in arms:
        found = np.zeros(len(texts.slots.sizes))
        if arm in themes:
            found, has_baseline = above_usual(texts, themes[arm])
            usual &= has_baseline
        rows.append(found)
    return np.array(rows), usual


def _contrast(values: FloatArray, labels: IntArray) -> FloatArray:
    """[draw]: over arms, the mean within the arm minus that of all others; for one row the gap between two arms."""
    if len(values) == 1:
        inside = labels == 0
        return np.abs(_gap(values[0], inside))
    total = np.zeros(len(labels))
    for arm, row in enumerate(values):
        total += _gap(row, labels == arm)
    return total


def _gap(row: FloatArray, inside: np.ndarray) -> FloatArray:
    many = inside.sum(axis=1)
    own = (inside * row).sum(axis=1)
    return np.asarray(own / np.maximum(many, 1) - (row.sum() - own) / np.maximum(len(row) - many, 1))


def _within(likeness: FloatArray, labels: IntArray) -> float:
    same = labels[:, np.newaxis] == labels[np.newaxis]
    np.fill_diagonal(same, val=False)
    other = labels[:, np.newaxis] != labels[np.newaxis]
    return float(likeness[same].mean() - likeness[other].mean()) if same.any() and other.any() else 0.0


def _p(found: FloatArray, seen: float, *, is_every: bool) -> float:
    """Exact where every arrangement is there, the one that happened among them; else that one is counted in."""
    return round(float((found >= seen - SAME).sum()) / len(found), 5) if is_every else p_value(found, seen)


def _labels(drawn: Drawn, seed: int, draws: int) -> IntArray:
    """[draw, unit] arms: every arrangement where there are few, else random ones."""
    arms = drawn.of_units
    if drawn.arrangements <= draws:
        return _every(np.bincount(arms).tolist())
    chance = stream(seed, "arms", len(arms))
    return chance.permuted(np.tile(arms, (draws, 1)), axis=1)


def _every(counts: Sequence[int]) -> IntArray:
    """[arrangement, unit] in how many ways so many units of each arm can lie."""
    rows = [np.full(sum(counts), -1, dtype=np.int64)]
    for arm, many in enumerate(counts):
        rows = [
            _placed(row, places, arm) for row in rows for places in combinations(np.flatnonzero(row < 0).tolist(), many)
        ]
    return np.array(rows)


def _placed(row: IntArray, places: tuple[int, ...], arm: int) -> IntArray:
    found = row.copy()
    found[list(places)] = arm
    return found
