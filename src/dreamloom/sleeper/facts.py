"""What would a pod believe of a simulated sleeper? A stager's estimates, errors included, without any samples."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import SLOTS, Happening, What
from dreamloom.sleeper.hearing import Cue
from dreamloom.sleeper.interludes import Stretch
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.noise import smooth_noise
from dreamloom.sleeper.traits import Traits
from dreamloom.sleeper.truth import Truth, truth_of
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, HOP_S, FloatArray, to_four_places, to_microsecond

IntpArray = npt.NDArray[np.intp]

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
NOTICED: dict[What, float] = {"arousal": 0.9, "saccade": 0.78, "lucid signal": 0.76, "look-alike": 0.1}
"""Share of happenings a pod notices: saccades after Yetton et al. 2016 (78 %), the others ours."""
NOTICED_AS: dict[What, What] = {"look-alike": "lucid signal"}
"""What is taken for something else."""
NOTICED_AFTER_S: dict[What, float] = {"arousal": 2.5, "saccade": 0.5, "lucid signal": 2.6, "look-alike": 2.6}
"""How long after its onset each is noticed. Ours."""
GOOD_SHARE = 0.7
"""A window with fewer good seconds is UNSCORED, as in a pod."""
_SMOOTHING_S = 5
"""Estimates lag behind the window by this much, as smoothed ones do."""
BLOCK_HOPS = 60
"""Estimates made at a time."""
WHOLE_S = 60.0
"""By so long after its end, all of a night is known."""
AHEAD_S = 60.0
"""Nobody looks further ahead for what will be noticed: no more than the minutes that are kept. Ours."""
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
    """Something a pod noticed at onset_s: arousal, saccade or lucid signal, rightly or not; size_uv as in the truth."""

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


class Beliefs:
    """A simulated sleeper on facts alone, told as the night goes on and to someone who hears; no samples are made."""

    def __init__(self, traits: Traits, seed: int, duration_s: int, *, start_s: int = 0, delay_s: float = 0.05) -> None:
        """From start_s after lights-off on; an estimate is in hand delay_s after its window."""
        self._course = Course(traits, seed, until_s=start_s + duration_s, kinds=NOTICED)
        self._start_s, self._duration_s, self._delay_s = start_s, duration_s, delay_s
        self._next_hop, self._noticed_s = 1, -math.inf
        self._luck = Kept(lambda minute: self._course.chance("noticed", minute).random(SLOTS), size=3)
        self._blocks: Kept[list[StageFact]] = Kept(self._make_block, size=2)
        self._minutes: Kept[tuple[Noticed, ...]] = Kept(self._notice_minute, size=3)
        self._next_noticed_s: float | None = None

    def hear(self, onset_s: float, duration_s: float, level_db: float) -> None:
        """A sound reached this pillow, in seconds of this stretch of night; told twice, it is one sound.

        What was read before stays as it is.
        """
        if 0.0 <= onset_s < self._duration_s:
            self._course.hear(Cue(self._start_s + onset_s, duration_s, level_db))
            self._blocks.forget()
            self._minutes.forget()
            self._next_noticed_s = None

    def read(self, until_s: float) -> tuple[list[StageFact], list[Noticed]]:
        """What came to be believed by until_s and was not read before, oldest first."""
        until_s = min(until_s, self._duration_s + WHOLE_S)
        first, self._next_hop = self._next_hop, max(self._next_hop, self._hops_by(until_s) + 1)
        stages = [self._fact(hop) for hop in range(first, self._next_hop)]
        return stages, self._noticed(until_s)

    @property
    def next_estimate_s(self) -> float:
        """When the next estimate is in hand."""
        return self._next_hop * HOP_S + self._delay_s

    @property
    def next_noticed_s(self) -> float:
        """When something more is noticed, or may be: nobody looks further than AHEAD_S; kept until a sound is heard."""
        if self._next_noticed_s is None:
            until_s = max(self._noticed_s, 0.0) + AHEAD_S
            self._next_noticed_s = min(
                (fact.onset_s for fact in self._found(self._noticed_s, until_s)), default=until_s
            )
        return self._next_noticed_s

    def truth(self) -> Truth:
        """What truly went on, as far as a pod can notice it, with everything heard so far."""
        return truth_of(self._course, self._duration_s, start_s=self._start_s)

    def _hops_by(self, until_s: float) -> int:
        return min(int((until_s - self._delay_s + 1e-9) // HOP_S), int(self._duration_s // HOP_S))

    def _fact(self, hop: int) -> StageFact:
        return self._blocks((hop - 1) // BLOCK_HOPS)[(hop - 1) % BLOCK_HOPS]

    def _make_block(self, block: int) -> list[StageFact]:
        ends_s = np.arange(block * BLOCK_HOPS + 1, (block + 1) * BLOCK_HOPS + 1, dtype=np.float64) * HOP_S
        heard = _confusion(smooth_noise(self._course.chance, "trust", self._start_s + ends_s, _TRUST_KNOT_S))
        errors = smooth_noise(self._course.chance, "errors", self._start_s + ends_s, _ERROR_KNOT_S)
        said = _said(heard, self._shares(ends_s), errors)
        believed = PRIOR * heard[np.arange(len(said)), :, said]
        believed /= believed.sum(axis=1, keepdims=True)
        good = self._good_shares(ends_s).tolist()
        rows = zip(ends_s.tolist(), believed.tolist(), good, strict=True)
        return [
            _stage_fact(int(end_s), self._delay_s, row if is_good >= GOOD_SHARE else []) for end_s, row, is_good in rows
        ]

    def _shares(self, ends_s: FloatArray) -> FloatArray:
        """[hop, 5], share of each true stage in the 30-s window that ended _SMOOTHING_S ago."""
        last = np.maximum(ends_s - _SMOOTHING_S, 1).astype(np.intp)
        return self._window_means(np.maximum(last - int(EPOCH_S), 0), last, np.eye(5))

    def _good_shares(self, ends_s: FloatArray) -> FloatArray:
        """[hop], share of the window's seconds in which somebody lay there with the EEG on."""
        last = ends_s.astype(np.intp)
        if not any(map(_hides, self._course.stretches)):
            return np.ones(len(last))
        seconds = np.arange(int(last[0] - EPOCH_S), int(last[-1])) + self._start_s
        good = ~np.array([self._is_hidden(float(second)) for second in seconds])
        return np.array([good[at : at + int(EPOCH_S)].mean() for at in last - last[0]])

    def _window_means(self, first: IntpArray, last: IntpArray, weights: FloatArray) -> FloatArray:
        """[hop, 5], means over [first, last) of the weights' rows by stage."""
        from_s = int(first[0])
        stages = self._course.stages_between(self._start_s + from_s, self._start_s + int(last[-1]))
        sums = np.concatenate([np.zeros((1, 5)), np.cumsum(weights[stages], axis=0)])
        return np.asarray((sums[last - from_s] - sums[first - from_s]) / (last - first)[:, None])

    def _is_hidden(self, at_s: float) -> bool:
        return any(_hides(each) and each.onset_s <= at_s < each.end_s for each in self._course.stretches)

    def _noticed(self, until_s: float) -> list[Noticed]:
        """What was noticed by until_s, and not before."""
        is_none = until_s < self.next_noticed_s  # as in nearly every second
        after_s, self._noticed_s = self._noticed_s, max(self._noticed_s, until_s)
        if is_none:
            return []
        self._next_noticed_s = None
        return self._found(after_s, until_s)

    def _found(self, after_s: float, until_s: float) -> list[Noticed]:
        """What is noticed in (after_s, until_s]."""
        first_s = max(after_s - max(NOTICED_AFTER_S.values()), 0.0)
        minutes = range(int(self._start_s + first_s) // 60, int(self._start_s + until_s) // 60 + 1)
        seen = (fact for minute in minutes for fact in self._minutes(minute) if after_s < fact.onset_s <= until_s)
        return sorted(seen, key=lambda fact: fact.onset_s)

    def _notice_minute(self, minute: int) -> tuple[Noticed, ...]:
        """Kept, since a bed reads once a second."""
        return tuple(fact for happening in self._course.minute(minute) if (fact := self._notice(happening)))

    def _notice(self, happening: Happening) -> Noticed | None:
        minute, second = divmod(happening.onset_s, 60.0)
        is_within = self._start_s <= happening.onset_s < self._start_s + self._duration_s
        is_lucky = self._luck(int(minute))[int(second * SLOTS / 60.0)] < NOTICED[happening.what]
        if not (is_within and is_lucky) or self._is_hidden(happening.onset_s):
            return None
        onset_s = to_microsecond(happening.onset_s - self._start_s + NOTICED_AFTER_S[happening.what])
        return Noticed(NOTICED_AS.get(happening.what, happening.what), onset_s, happening.size_uv)


def facts(traits: Traits, seed: int, duration_s: int, *, start_s: int = 0, delay_s: float = 0.05) -> Facts:
    """A pod's beliefs about this sleeper from start_s after lights-off on: an estimate every 5 s, and what it noticed.

    The first full window is 30 s long; until then the stage is UNSCORED with confidence 0. Probabilities are those of
    the true stage given what was said, so that a confidence of .8 is right about four times in five.
    """
    beliefs = Beliefs(traits, seed, duration_s, start_s=start_s, delay_s=delay_s)
    stages, noticed = beliefs.read(math.inf)
    return Facts(tuple(stages), tuple(noticed), beliefs.truth())


def _hides(stretch: Stretch) -> bool:
    return stretch.what == "out of bed" or (stretch.what == "electrode off" and stretch.channel == 0)


def _stage_fact(end_s: int, delay_s: float, row: list[float]) -> StageFact:
    decided_s = to_microsecond(end_s + delay_s)
    if end_s < EPOCH_S or not row:
        return StageFact(float(end_s), decided_s, Stage.UNSCORED, 0.0, ())
    confidence = max(row)
    stage = SCORED_STAGES[row.index(confidence)]
    return StageFact(float(end_s), decided_s, stage, to_four_places(confidence), tuple(map(to_four_places, row)))


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
