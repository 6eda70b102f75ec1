"""Were two sleepers of one night in the same stage more often than two who could not have met? Measured, not explained.

Everybody's night begins with light sleep and ends with REM, so any two nights agree for most of the time. What counts
is the agreement above that of the hour (kappa), and above pairs from different nights. People in one room wake each
other and breathe the same air, and agree more for that alone (Drews et al., Frontiers in Psychiatry 11, 2020): pairs of
one room are never counted with the others.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dreamloom.statistics.permutation import IntArray, permuted
from dreamloom.statistics.resampling import interval, resampled
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, FloatArray

HOUR_EPOCHS = round(3600 / EPOCH_S)
CYCLE_EPOCHS = round(90 * 60 / EPOCH_S)
"""A cycle of sleep: what is drawn for intervals, since epochs within one are no independent evidence."""
LEAST_EPOCHS = round(30 * 60 / EPOCH_S)
"""A pair scored together for less says nothing. Ours."""
Apart = Literal["one room", "other rooms"]
STRATA: tuple[Apart, ...] = ("one room", "other rooms")
Codes = npt.NDArray[np.int8]


class Slept(NamedTuple):
    """One sleeper's night in stages, epoch by epoch from the night's first lights off.

    Attributes:
        rooms: pods of this night that are heard in the same room.
    """

    night: str
    pod: str
    sleeper: str
    stages: Sequence[Stage]
    rooms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchrony:
    """Pairs of one kind against pairs from different nights. None: it cannot be said.

    Attributes:
        pairs: two sleepers of one night, scored together for half an hour at least.
        same_stage: share of their epochs in which both were in the same stage.
        kappa: that agreement above the one of the hour, mean over the pairs; 1 is always, 0 as any two people.
        elsewhere: the same of the pairs of different people from different nights, who could not have met.
        excess: kappa less theirs; excess_ci: 95 %, from drawn sleep cycles of these nights.
        p: share of ways to exchange sleepers between nights that give as much, one-sided; arrangements: how many ways.
    """

    apart: Apart
    pairs: int
    same_stage: float | None
    kappa: float | None
    elsewhere_pairs: int
    elsewhere: float | None
    excess: float | None
    excess_ci: tuple[float, float] | None
    p: float | None
    arrangements: int


def synchrony(slept: Sequence[Slept], *, seed: int) -> tuple[Synchrony, ...]:
    """Every kind of pair of these nights; one night alone has nobody who could not have met.

    Args:
        slept: every sleeper of every night, a person under the same name in all of them.
        seed: of the draws.
    """
    codes = _codes(slept)
    chance = _of_the_hour(codes)
    kappas = _kappas(codes, chance)
    return tuple(_of_stratum(apart, slept, codes, chance, kappas, seed) for apart in STRATA)


def _of_stratum(  # noqa: PLR0917 - private, what was made once for all kinds of pairs
    apart: Apart, slept: Sequence[Slept], codes: Codes, chance: FloatArray, kappas: FloatArray, seed: int
) -> Synchrony:
    together = [(i, j) for i, j in _pairs(slept, apart) if np.isfinite(kappas[i, j])]
    members = sorted({each for pair in together for each in pair})
    elsewhere = [
        float(kappas[i, j])
        for i, j in combinations(members, 2)
        if slept[i].night != slept[j].night and slept[i].sleeper != slept[j].sleeper and np.isfinite(kappas[i, j])
    ]
    rows, columns = (np.array([pair[side] for pair in together], dtype=np.int64) for side in (0, 1))
    kappa = float(kappas[rows, columns].mean()) if together else None
    beside = float(np.mean(elsewhere)) if elsewhere else None
    known = kappa is not None and beside is not None

    def mean_kappa(order: IntArray) -> FloatArray:
        return _mean_known(kappas[order[:, rows], order[:, columns]])

    tried = permuted(mean_kappa, _exchangeable(slept, members) if known else (), units=len(slept), seed=seed)
    blocks = _blocks(slept, codes, chance, together)
    whole = blocks.sum(axis=0)
    drawn = interval(_kappa_of(resampled(blocks, seed=seed))) if known else None
    return Synchrony(
        apart=apart,
        pairs=len(together),
        same_stage=_rounded(float(whole[0] / whole[2])) if together else None,
        kappa=_rounded(kappa),
        elsewhere_pairs=len(elsewhere),
        elsewhere=_rounded(beside),
        excess=_rounded(kappa - beside) if kappa is not None and beside is not None else None,
        excess_ci=_less(drawn, beside) if drawn is not None and beside is not None else None,
        p=tried.p,
        arrangements=tried.arrangements,
    )


def _pairs(slept: Sequence[Slept], apart: Apart) -> list[tuple[int, int]]:
    found = []
    for (i, one), (j, other) in combinations(enumerate(slept), 2):
        if one.night == other.night and (_share_a_room(one, other) == (apart == "one room")):
            found.append((i, j))
    return found


def _share_a_room(one: Slept, other: Slept) -> bool:
    return other.pod in one.rooms or one.pod in other.rooms


def _exchangeable(slept: Sequence[Slept], members: Sequence[int]) -> list[list[int]]:
    """Nights of one sleeper change places; so do those who slept one night only, with each other.

    So nobody ever lies beside themselves, and whoever sleeps in many nights is compared with their own.
    """
    nights_of: dict[str, list[int]] = defaultdict(list)
    for each in members:
        nights_of[slept[each].sleeper].append(each)
    often = [places for places in nights_of.values() if len(places) > 1]
    once = [places[0] for places in nights_of.values() if len(places) == 1]
    return [*often, once] if len(once) > 1 else often


def _codes(slept: Sequence[Slept]) -> Codes:
    """[sleeper, epoch] places in SCORED_STAGES; -1 where nobody can say."""
    longest = max((len(each.stages) for each in slept), default=0)
    codes = np.full((len(slept), longest), -1, dtype=np.int8)
    for row, each in enumerate(slept):
        codes[row, : len(each.stages)] = [
            SCORED_STAGES.index(stage) if stage in SCORED_STAGES else -1 for stage in each.stages
        ]
    return codes


def _of_the_hour(codes: Codes) -> FloatArray:
    """[epoch] chance that two people are in the same stage at this hour: the squares of how everybody's hour went."""
    chance = np.zeros(codes.shape[1])
    for begin in range(0, codes.shape[1], HOUR_EPOCHS):
        hour = codes[:, begin : begin + HOUR_EPOCHS]
        counts = np.bincount(hour[hour >= 0], minlength=len(SCORED_STAGES))
        chance[begin : begin + HOUR_EPOCHS] = float(((counts / max(1, counts.sum())) ** 2).sum())
    return chance


def _tally(one: Codes, other: Codes, chance: FloatArray) -> FloatArray:
    """[epoch, 3]: in the same stage, the chance of it, both scored."""
    both = (one >= 0) & (other >= 0)
    return np.stack([both & (one == other), np.where(both, chance, 0.0), both], axis=-1).astype(np.float64)


def _kappas(codes: Codes, chance: FloatArray) -> FloatArray:
    """[sleeper, sleeper] agreement above that of the hour; NaN for too few common epochs."""
    kappas = np.full((len(codes), len(codes)), np.nan)
    for i, j in combinations(range(len(codes)), 2):
        total = _tally(codes[i], codes[j], chance).sum(axis=0)
        if total[2] >= LEAST_EPOCHS:
            kappas[i, j] = kappas[j, i] = _kappa_of(total)
    return kappas


def _kappa_of(total: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed, chance = total[..., 0] / total[..., 2], total[..., 1] / total[..., 2]
        return np.asarray(np.where(chance < 1.0, (agreed - chance) / (1.0 - chance), np.nan))


def _blocks(slept: Sequence[Slept], codes: Codes, chance: FloatArray, pairs: Sequence[tuple[int, int]]) -> FloatArray:
    """[night and cycle, 3]: the tally of all its pairs together, since they share a night."""
    cycles = -(-codes.shape[1] // CYCLE_EPOCHS)
    nights = sorted({each.night for each in slept})
    blocks = np.zeros((len(nights), cycles, 3))
    for i, j in pairs:
        tally = _tally(codes[i], codes[j], chance)
        for cycle in range(cycles):
            part = tally[cycle * CYCLE_EPOCHS : (cycle + 1) * CYCLE_EPOCHS]
            blocks[nights.index(slept[i].night), cycle] += part.sum(axis=0)
    flat = blocks.reshape(-1, 3)
    return flat[flat[:, 2] > 0]


def _mean_known(values: FloatArray) -> FloatArray:
    """[row] means of the known values; as small as can be where there is none."""
    known = np.isfinite(values)
    counts = known.sum(axis=1)
    totals = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(np.where(counts > 0, totals / np.maximum(counts, 1), -np.inf))


def _less(bounds: tuple[float, float], value: float) -> tuple[float, float]:
    return round(bounds[0] - value, 4) + 0.0, round(bounds[1] - value, 4) + 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, 4) + 0.0
