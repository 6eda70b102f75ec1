"""What would a pod have believed of a simulated sleeper? A stager's estimates, errors included, without any samples."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import SLOTS, What
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.noise import Chance, smooth_noise
from dreamloom.sleeper.traits import Traits
from dreamloom.sleeper.truth import Truth, truth_of
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, HOP_S, FloatArray, to_four_places, to_microsecond

CONFUSION: FloatArray = np.array(
    [
        [0.841, 0.099, 0.030, 0.000, 0.030],
        [0.100, 0.630, 0.180, 0.000, 0.090],
        [0.010, 0.050, 0.852, 0.065, 0.023],
        [0.000, 0.002, 0.322, 0.674, 0.002],
        [0.020, 0.040, 0.033, 0.002, 0.905],
    ]
)
"""P(said | true), rows W N1 N2 N3 R. The diagonal is the agreement of some 2,500 scorers with their majority (Rosenberg
and Van Hout 2013, J Clin Sleep Med 9:81); how the rest is spread is ours."""
HARDNESS = 0.75
"""Factor on all errors: with a window's own delay on top, agreement with the truth comes to a kappa of .7 to .8, that
of two scorers or of a good stager. Ours."""
PRIOR: FloatArray = np.array([0.12, 0.10, 0.45, 0.17, 0.16])
"""Shares of W N1 N2 N3 R in a night, for turning what was said into probabilities. Ours."""
NOTICED: dict[What, float] = {"arousal": 0.9, "saccade": 0.78, "lucid signal": 0.76}
"""Share of happenings a pod notices: saccades after Yetton et al. 2016 (78 %), the others ours."""
NOTICED_AFTER_S: dict[What, float] = {"arousal": 2.5, "saccade": 0.5, "lucid signal": 2.6}
"""How long after its onset each is noticed. Ours."""
_SMOOTHING_S = 5
"""Estimates lag behind the window by this much, as smoothed ones do."""
_ERROR_KNOT_S, _TRUST_KNOT_S = 45.0, 180.0
"""Errors last for tens of seconds, good and bad stretches for minutes. Ours."""


class StageFact(NamedTuple):
    """One live estimate: the window ends at onset_s; probabilities in the order of SCORED_STAGES."""

    onset_s: float
    decided_at_s: float
    stage: Stage
    confidence: float
    probabilities: tuple[float, ...]


class Noticed(NamedTuple):
    """Something a pod noticed at onset_s: arousal, saccade or lucid signal; size_uv as in the truth."""

    what: What
    onset_s: float
    size_uv: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What a pod believed, in seconds since its stream began, and the truth beside it.

    The truth holds only what a pod can notice; `truth.truth` holds everything.
    """

    stages: tuple[StageFact, ...]
    noticed: tuple[Noticed, ...]
    truth: Truth


def facts(traits: Traits, seed: int, duration_s: int, *, start_s: int = 0, delay_s: float = 0.05) -> Facts:
    """A pod's beliefs about this sleeper from start_s after lights-off on: an estimate every 5 s, and what it noticed.

    The first full window is 30 s long; until then the stage is UNSCORED with confidence 0. Probabilities are those of
    the true stage given what was said, so that a confidence of .8 is right about four times in five.
    """
    course = Course(traits, seed, until_s=start_s + duration_s, kinds=NOTICED)
    truth = truth_of(course, duration_s, start_s=start_s)
    return Facts(_stage_facts(course.chance, truth, start_s, delay_s), _noticed(course.chance, truth, start_s), truth)


def _stage_facts(chance: Chance, truth: Truth, start_s: int, delay_s: float) -> tuple[StageFact, ...]:
    ends_s = np.arange(HOP_S, len(truth.stages) + 1, HOP_S)
    if not len(ends_s):
        return ()
    heard = _confusion(smooth_noise(chance, "trust", start_s + ends_s, _TRUST_KNOT_S))
    said = _said(heard, _shares(truth, ends_s), smooth_noise(chance, "errors", start_s + ends_s, _ERROR_KNOT_S))
    believed = PRIOR * heard[np.arange(len(said)), :, said]
    believed /= believed.sum(axis=1, keepdims=True)
    return tuple(_stage_fact(int(end_s), delay_s, row) for end_s, row in zip(ends_s, believed.tolist(), strict=True))


def _stage_fact(end_s: int, delay_s: float, row: list[float]) -> StageFact:
    decided_s = to_microsecond(end_s + delay_s)
    if end_s < EPOCH_S:
        return StageFact(float(end_s), decided_s, Stage.UNSCORED, 0.0, ())
    confidence = max(row)
    stage = SCORED_STAGES[row.index(confidence)]
    return StageFact(float(end_s), decided_s, stage, to_four_places(confidence), tuple(map(to_four_places, row)))


def _shares(truth: Truth, ends_s: FloatArray) -> FloatArray:
    """[hop, 5], share of each true stage in the 30-s window that ended _SMOOTHING_S ago."""
    of_stage = np.array(truth.stages)[:, None] == np.array(SCORED_STAGES)
    sums = np.concatenate([np.zeros((1, 5)), np.cumsum(of_stage, axis=0)])
    last = np.maximum(ends_s - _SMOOTHING_S, 1).astype(np.intp)
    first = np.maximum(last - int(EPOCH_S), 0)
    return np.asarray((sums[last] - sums[first]) / (last - first)[:, None])


def _confusion(trust: FloatArray) -> FloatArray:
    """[hop, 5, 5], CONFUSION with its errors scaled: some minutes are harder to read than others."""
    hardness = HARDNESS * np.minimum(np.exp(0.7 * trust - 0.245), 2.0)[:, None, None]
    wrong = CONFUSION * (1.0 - np.eye(5)) * hardness
    return np.asarray(wrong + np.eye(5) * (1.0 - wrong.sum(axis=2))[:, :, None])


def _said(heard: FloatArray, shares: FloatArray, errors: FloatArray) -> npt.NDArray[np.intp]:
    """[hop], the stage said: of the mixture of rows, at a quantile that moves slowly."""
    chances = np.cumsum((shares[:, :, None] * heard).sum(axis=1), axis=1)
    said = (chances < ndtr(errors)[:, None]).sum(axis=1)
    return np.asarray(np.minimum(said, 4), dtype=np.intp)


def _noticed(chance: Chance, truth: Truth, start_s: int) -> tuple[Noticed, ...]:
    luck = Kept(lambda minute: chance("noticed", minute).random(SLOTS), size=1)
    seen = []
    for happening in truth.happenings:
        minute, second = divmod(happening.onset_s + start_s, 60.0)
        if luck(int(minute))[int(second * SLOTS / 60.0)] < NOTICED.get(happening.what, 0.0):
            noticed_s = to_microsecond(happening.onset_s + NOTICED_AFTER_S[happening.what])
            seen.append(Noticed(happening.what, noticed_s, happening.size_uv))
    return tuple(sorted(seen, key=lambda fact: fact.onset_s))
