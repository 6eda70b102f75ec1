"""Which of a sleeper's waves is worth a cue? The strongest at the wanted rate, one at a time, never two in a row."""

from bisect import bisect_left
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.vocabulary.units import BoolArray, FloatArray, Seconds

REMEMBERED_S = 300
"""How far back waves are compared: a sleep cycle changes over minutes. Ours."""
JUDGED_EVERY_S = 10
LEAST_OPEN_S = 30
"""Of open gate, before anything is chosen: until then nobody knows what a strong wave is here."""


class Candidate(NamedTuple):
    at_s: float
    strength: float


class Choosing(msgspec.Struct, frozen=True):
    """What the next choice depends on: the waves and the open seconds of the last five minutes."""

    per_minute: float
    rest_s: Seconds
    candidates: tuple[Candidate, ...] = ()
    opened_s: tuple[int, ...] = ()
    least: float = np.inf
    last_s: float = -np.inf


def second(choosing: Choosing, index: int, *, is_open: bool) -> Choosing:
    """A second begins; every tenth the least strength is set anew."""
    opened_s = (*choosing.opened_s, index) if is_open else choosing.opened_s
    if index % JUDGED_EVERY_S:
        return replace(choosing, opened_s=opened_s) if is_open else choosing
    since_s = index - REMEMBERED_S
    choosing = replace(
        choosing,
        candidates=choosing.candidates[bisect_left(choosing.candidates, (since_s,)) :],
        opened_s=opened_s[bisect_left(opened_s, since_s) :],
    )
    return replace(choosing, least=_least(choosing))


def offered(choosing: Choosing, candidate: Candidate) -> tuple[Choosing, bool]:
    """A wave comes; True when it is chosen."""
    is_chosen = candidate.strength >= choosing.least and candidate.at_s - choosing.last_s >= choosing.rest_s
    last_s = candidate.at_s if is_chosen else choosing.last_s
    return replace(choosing, candidates=(*choosing.candidates, candidate), last_s=last_s), is_chosen


def crosses(before_rad: float, now_rad: float) -> bool:
    """True when the phase passed 0 forwards between two bins, by less than half a turn."""
    return before_rad < 0.0 <= now_rad and now_rad - before_rad < np.pi


def crossings(phases_rad: FloatArray) -> BoolArray:
    """`crosses` of each bin from the one before it: [..., 1 + n] to [..., n]."""
    before_rad, now_rad = phases_rad[..., :-1], phases_rad[..., 1:]
    return np.asarray((before_rad < 0.0) & (now_rad >= 0.0) & (now_rad - before_rad < np.pi))


def _least(choosing: Choosing) -> float:
    """The greatest strength that would have given the wanted rate, had it stood for the last five minutes."""
    if len(choosing.opened_s) < LEAST_OPEN_S or not choosing.candidates:
        return float("inf")
    wanted = choosing.per_minute * len(choosing.opened_s) / 60.0
    strengths = sorted([strength for _, strength in choosing.candidates])
    low, high = 0, len(strengths) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _count(choosing, strengths[middle]) >= wanted:
            low = middle
        else:
            high = middle - 1
    return strengths[low]


def _count(choosing: Choosing, least: float) -> int:
    count, free_s = 0, -np.inf
    for at_s, strength in choosing.candidates:
        if strength >= least and at_s >= free_s:
            count, free_s = count + 1, at_s + choosing.rest_s
    return count
