"""Which stage is a simulated sleeper in, second by second? A semi-Markov night built on measured bouts and moves."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import FloatArray

StageIndices = npt.NDArray[np.int8]
"""[second], index into SCORED_STAGES; kept inside this package."""
W, N1, N2, N3, R = range(5)


class Bout(NamedTuple):
    """An unbroken stretch of one stage, in whole seconds since lights-off."""

    onset_s: int
    duration_s: int
    stage: Stage


MOVES_30S: FloatArray = np.array(
    [
        [0.931, 0.062, 0.002, 0.000, 0.004],
        [0.053, 0.653, 0.239, 0.001, 0.055],
        [0.011, 0.024, 0.903, 0.047, 0.015],
        [0.005, 0.007, 0.121, 0.867, 0.001],
        [0.015, 0.037, 0.016, 0.000, 0.932],
    ]
)
"""30-s transition matrix, rows from, columns to W N1 N2 N3 R. Measured on 20 expert-scored nights of 10 healthy people
(Sleep-EDF, R&K, 30 min of wake kept either side; 20,230 epochs)."""

BOUT_MIN: FloatArray = np.array(
    [
        [0.5, 1.0, 4.5, 36.0],
        [0.5, 1.0, 3.0, 6.0],
        [0.5, 2.5, 14.1, 25.0],
        [0.5, 1.0, 11.9, 23.0],
        [0.5, 5.5, 17.5, 27.0],
    ]
)
"""Bout length in minutes at quantiles 0, .5, .9 and 1, rows W N1 N2 N3 R. Medians and 90th percentiles measured on the
same nights; the last column is ours, set so that the means (2.8, 1.4, 5.2, 3.8, 7.4 min) come out: heavy tails that a
plain Markov chain lacks (Yang & Hursch 1973; Lo et al. 2002)."""
_BOUT_QUANTILES = np.array([0.0, 0.5, 0.9, 1.0])

CYCLES_MIN: FloatArray = np.array([[72, 9, 3.4], [78, 17, 2.1], [74, 23, 0.9], [66, 28, 0.35], [60, 30, 0.15]])
"""Per cycle: minutes before REM, minutes of the REM episode, pull towards N3. Ours, after the shape every textbook
shows: N3 in the first third of the night, REM in the last."""


def hypnogram(traits: Traits, seed: int, duration_s: int, *, start_s: int = 0) -> tuple[Stage, ...]:
    """The true stage of every second of this sleeper's night from start_s after lights-off on, duration_s long.

    A longer night begins with the shorter one, second for second.
    """
    indices = stage_indices(traits, seed, start_s + duration_s)[start_s:]
    return tuple(SCORED_STAGES[index] for index in indices)


def stage_indices(traits: Traits, seed: int, until_s: int) -> StageIndices:
    """[until_s], the stage of every second since lights-off as an index into SCORED_STAGES."""
    stages = np.zeros(until_s, dtype=np.int8)
    for bout in bouts(traits, seed):
        if bout.onset_s >= until_s:
            break
        stages[bout.onset_s : bout.onset_s + bout.duration_s] = SCORED_STAGES.index(bout.stage)
    return stages


def bouts(traits: Traits, seed: int) -> Iterator[Bout]:
    """This sleeper's night as bouts, without end: sleep need met, the sleeper lies awake."""
    onset_s = 0
    for stage, duration_s in _joined(_stretches(traits, seed)):
        yield Bout(onset_s, duration_s, SCORED_STAGES[stage])
        onset_s += duration_s


def _joined(stretches: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring stretches of one stage are one bout."""
    held, held_s = next(stretches)
    for stage, duration_s in stretches:
        if stage == held:
            held_s += duration_s
            continue
        yield held, held_s
        held, held_s = stage, duration_s
    yield held, held_s


def _stretches(traits: Traits, seed: int) -> Iterator[tuple[int, int]]:
    rng = stream(seed, traits.sleeper, "bouts")
    slept_s = 0
    yield W, max(30, round(traits.onset_latency_s))
    stage = N1
    for cycle in range(1000):
        for rem in (False, True):
            for stage, duration_s in _phase(rng, traits, cycle, stage, rem=rem):  # noqa: B020 the next phase goes on from here
                slept_s += duration_s
                yield stage, duration_s
        if slept_s > traits.sleep_need_s:
            break
        stage = _next_stage(rng, R, _pull(traits, cycle, rem=False))
    yield W, 10**6


def _phase(rng: np.random.Generator, traits: Traits, cycle: int, stage: int, *, rem: bool) -> Iterator[tuple[int, int]]:
    """The bouts of one half-cycle, before REM or in it, starting in `stage` (REM episodes start in R)."""
    row = CYCLES_MIN[min(cycle, len(CYCLES_MIN) - 1)]
    left_s = 60.0 * row[int(rem)] * rng.gamma(14.0, 1.0 / 14.0)
    pull = _pull(traits, cycle, rem=rem)
    if rem and stage == N3:
        yield N2, _bout_s(rng, N2, 0.4)
    stage = R if rem else stage
    while left_s > 0.0:
        duration_s = min(_bout_s(rng, stage, _stretch(traits, stage, cycle, rem=rem)), max(30, round(left_s) + 60))
        yield stage, duration_s
        left_s -= duration_s
        stage = _next_stage(rng, stage, pull)


def _pull(traits: Traits, cycle: int, *, rem: bool) -> FloatArray:
    """Factors on the moves to W N1 N2 N3 R."""
    n3 = CYCLES_MIN[min(cycle, len(CYCLES_MIN) - 1), 2] * traits.depth**2
    light = traits.arousability
    if rem:
        return np.array([light, 0.7 * light**0.5, 0.5, 0.0, 12.0])
    return np.array([light, 0.75 * light**0.5, 1.0, n3, 0.0])


def _stretch(traits: Traits, stage: int, cycle: int, *, rem: bool) -> float:
    """Exponent on the quantile of a bout: below 1 longer bouts, above 1 shorter ones."""
    if rem:
        return 0.7 if stage == R else 2.5
    n3_cycle = (0.6, 0.8, 1.2, 1.8, 2.5)[min(cycle, 4)]
    light = math.sqrt(traits.arousability)
    return {W: 1.0 / light, N2: light, N3: n3_cycle / traits.depth}.get(stage, 1.0)


def _bout_s(rng: np.random.Generator, stage: int, stretch: float) -> int:
    quantile = rng.random() ** stretch
    return round(60.0 * float(np.exp(np.interp(quantile, _BOUT_QUANTILES, np.log(BOUT_MIN[stage])))))


def _next_stage(rng: np.random.Generator, stage: int, pull: FloatArray) -> int:
    chances = MOVES_30S[stage] * pull
    chances[stage] = 0.0
    return int(np.searchsorted(np.cumsum(chances), rng.random() * chances.sum(), side="right"))
