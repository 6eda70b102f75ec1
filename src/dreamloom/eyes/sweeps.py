"""Did somebody look left and right on purpose? A run of gaze sweeps from the middle to one side, across, and home.

What sleepers agree on in the evening (LaBerge et al. 1981, Percept Mot Skills 52:727; Konkoly et al. 2021, Curr Biol
31:1417) has a shape that phasic REM seldom has: half a sweep out, whole sweeps across of one size and pace, half a
sweep home, rest on every side, and rest before and after. Every limit below is on that shape.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dreamloom.eyes.saccades import Saccade


class Limits(NamedTuple):
    """How strict a sweep is judged.

    Attributes:
        least_uv: smallest whole sweep, right less left electrode.
        pace_s: shortest and longest time from one turn to the next.
        least_evenness: smallest over largest whole sweep.
        least_regularity: shortest over longest time between turns.
        half: bounds on the first and last half sweep, as a share of the whole ones.
        fixation_s: gaze must rest so long between two turns.
        least_balance: smaller over larger step of both eyes, in every whole sweep.
        most_strays: other saccades of a third of a sweep and more, among the turns.
        before_s: rest before the first turn; after_s after the last.
        side: -1 when the first look must go to the left, 1 to the right, 0 for either.
    """

    least_uv: float = 250.0
    pace_s: tuple[float, float] = (0.2, 1.2)
    least_evenness: float = 0.6
    least_regularity: float = 0.5
    half: tuple[float, float] = (0.25, 0.85)
    fixation_s: float = 0.05
    least_balance: float = 0.45
    most_strays: int = 1
    before_s: float = 1.0
    after_s: float = 0.35
    side: int = 0


STRICT = Limits()
"""Without a calibration. least_uv: between both eyes a degree gives 5-20 µV (Malmivuo & Plonsey 1995, ch. 28), and who
looks fully left and right goes through 50 degrees and more. pace_s: a large saccade and its fixation take at least a
fifth of a second. All others are ours."""
STRAY_SHARE = 0.33
"""Of a whole sweep: a saccade of this size among the turns is a stray. Ours."""
REST_SHARE = 0.5
"""Of a whole sweep: no conjugate saccade of this size in the rest before and after. Ours."""
WIDEST_RATIO = 2.0
"""Largest over smallest balance of both eyes within one run: electrodes do not change within seconds. Ours."""
HALF_PACE = (0.5, 2.0)
"""Time of the half sweeps, as a share of the mean time between whole ones. Ours."""
REACHES = (1, 3, 5, 7, 9)
"""How many whole sweeps a run may have: one less than its looks, which come in pairs."""


class Sweep(NamedTuple):
    """One run: left-right-left-right is 4 looks, 2 pairs.

    Attributes:
        onset_s: when gaze left the middle; end_s when it was back.
        pairs: how many times both sides were looked at.
        side: -1 when it began to the left, 1 to the right.
        size_uv: mean whole sweep, right less left electrode.
        pace_s: mean time from one turn to the next.
        confidence: 0 at the limits, near 1 for an even, regular, well centred run; a score, not a probability.
    """

    onset_s: float
    end_s: float
    pairs: int
    side: int
    size_uv: float
    pace_s: float
    confidence: float


def latest(saccades: Sequence[Saccade], now_s: float, limits: Limits = STRICT) -> Sweep | None:
    """The longest run that came home, rested for after_s and ended within the last two seconds; None without one.

    Args:
        saccades: of the last ten seconds and more, oldest first.
        now_s: up to when gaze is known.
        limits: how strict to be.
    """
    for home in range(len(saccades) - 1, -1, -1):
        if now_s - saccades[home].end_s > 2.0:
            return None
        if now_s - saccades[home].end_s < limits.after_s:
            continue
        for reach in reversed(REACHES):
            sweep = _run(saccades, home, reach, limits)
            if sweep is not None:
                return sweep
    return None


def _run(saccades: Sequence[Saccade], home: int, reach: int, limits: Limits) -> Sweep | None:
    """The run of so many whole sweeps that ends with this saccade."""
    turns = _whole(saccades, home, reach, limits)
    if not turns:
        return None
    size_uv = sum(turn.size_uv for turn in turns) / reach
    gaps_s = [later.at_s - turn.at_s for turn, later in pairwise(turns)]
    last = saccades[home]
    pace_s = sum(gaps_s) / len(gaps_s) if gaps_s else last.at_s - turns[-1].at_s
    first = _outward(saccades, turns[0], pace_s, limits)
    is_home = _is_half(last, turns[-1], size_uv, limits) and _in_pace(last.at_s - turns[-1].at_s, pace_s)
    if first is None or not is_home or not _is_half(first, turns[0], size_uv, limits):
        return None
    looks = (first, *turns, last)
    if not _holds(saccades, looks, size_uv, limits):
        return None
    side = -1 if first.step_uv < 0.0 else 1
    if limits.side not in (0, side):
        return None
    confidence = _confidence(looks, size_uv, gaps_s, limits)
    return Sweep(first.onset_s, last.end_s, (reach + 1) // 2, side, size_uv, pace_s, confidence)


def _whole(saccades: Sequence[Saccade], home: int, reach: int, limits: Limits) -> list[Saccade]:
    """The last whole sweeps before this saccade, alternating, even, in pace; empty where they are not."""
    turns: list[Saccade] = []
    next_s = saccades[home].at_s
    largest_uv = max(
        (s.size_uv for s in saccades[:home] if next_s - s.at_s <= limits.pace_s[1] and s.is_conjugate), default=0.0
    )
    for saccade in reversed(saccades[:home]):
        if len(turns) == reach:
            break
        if next_s - saccade.at_s > limits.pace_s[1]:
            return []
        if saccade.size_uv < limits.least_evenness * largest_uv:
            continue
        if turns and (saccade.step_uv * turns[-1].step_uv > 0.0 or next_s - saccade.at_s < limits.pace_s[0]):
            return []
        turns.append(saccade)
        next_s = saccade.at_s
        largest_uv = max(largest_uv, saccade.size_uv)
    sizes_uv = [turn.size_uv for turn in turns]
    if len(turns) < reach or min(sizes_uv) < max(limits.least_uv, limits.least_evenness * max(sizes_uv)):
        return []
    return turns[::-1]


def _outward(saccades: Sequence[Saccade], turn: Saccade, pace_s: float, limits: Limits) -> Saccade | None:
    """The largest saccade against the first whole sweep, in pace before it: the one that went out.

    One the same way cannot be it, however large: that is a stray, and counts among those.
    """
    low_s, high_s = limits.pace_s
    gaps_s = ((turn.at_s - s.at_s, s) for s in saccades if s.step_uv * turn.step_uv < 0.0)
    found = [s for gap_s, s in gaps_s if _in_pace(gap_s, pace_s) and low_s <= gap_s <= high_s]
    return max(found, key=lambda s: s.size_uv, default=None)


def _is_half(saccade: Saccade, turn: Saccade, size_uv: float, limits: Limits) -> bool:
    low, high = limits.half
    against = saccade.step_uv * turn.step_uv < 0.0
    return against and saccade.is_conjugate and low * size_uv <= saccade.size_uv <= high * size_uv


def _in_pace(gap_s: float, pace_s: float) -> bool:
    return HALF_PACE[0] * pace_s <= gap_s <= HALF_PACE[1] * pace_s


def _holds(saccades: Sequence[Saccade], looks: Sequence[Saccade], size_uv: float, limits: Limits) -> bool:
    """Whatever else must be true of the run and of what surrounds it."""
    whole = looks[1:-1]
    gaps_s = [later.at_s - turn.at_s for turn, later in pairwise(whole)]
    rests_s = [later.onset_s - turn.end_s for turn, later in pairwise(looks)]
    balances = [turn.balance for turn in whole]
    first, last = looks[0], looks[-1]
    among = [s for s in saccades if first.at_s < s.at_s < last.at_s and s not in looks]
    strays = [s for s in among if s.size_uv >= STRAY_SHARE * size_uv]
    before = [s for s in saccades if s.at_s < first.at_s and first.onset_s - s.at_s <= limits.before_s]
    after = [s for s in saccades if 0.0 < s.at_s - last.at_s <= limits.after_s]
    return (
        min(gaps_s, default=1.0) >= limits.least_regularity * max(gaps_s, default=1.0)
        and min(rests_s) >= limits.fixation_s
        and min(balances) >= limits.least_balance
        and max(balances) <= WIDEST_RATIO * min(balances)
        and len(strays) <= limits.most_strays
        and not any(s.size_uv >= REST_SHARE * size_uv for s in (*before, *after))
        and not any(s.popped for s in looks)
        and abs(sum(s.step_uv for s in looks)) <= REST_SHARE * size_uv
    )


def _confidence(looks: Sequence[Saccade], size_uv: float, gaps_s: Sequence[float], limits: Limits) -> float:
    """The mean of what exceeds the limits: evenness, regularity, homecoming, balance, size."""
    whole = [turn.size_uv for turn in looks[1:-1]]
    evenness = min(whole) / max(whole)
    regularity = min(gaps_s) / max(gaps_s) if gaps_s else limits.least_regularity
    home = 1.0 - abs(sum(s.step_uv for s in looks)) / size_uv
    balance = min(turn.balance for turn in looks[1:-1])
    size = min(1.0, size_uv / (2.0 * limits.least_uv))
    parts = (
        _above(evenness, limits.least_evenness),
        _above(regularity, limits.least_regularity),
        _above(home, 1.0 - REST_SHARE),
        _above(balance, limits.least_balance),
        _above(size, 0.5),
    )
    return sum(parts) / len(parts)


def _above(value: float, least: float) -> float:
    return min(1.0, max(0.0, (value - least) / (1.0 - least)))
