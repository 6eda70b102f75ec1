"""How often did a dreamer tense a muscle, or sniff? Bursts on a chin or breath channel within the time of a question.

Dreamers answered with muscles of the face (Konkoly et al. 2021, Curr Biol 31:1417) and with sniffs (Raduga 2023;
sniffing reaches sleepers and people who cannot move, Plotkin et al. 2010, PNAS 107:14413). A burst counts when it is as
long as one that is meant; bursts that differ much, or come between others, are unclear, and nothing is guessed.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

import numpy as np

from dreamloom.dreamscape.waking import NUMBERS
from dreamloom.eyes.answers import AFTER_S, Answer, Asked, none, unclear
from dreamloom.eyes.strengths import A_SECOND, Meter, between
from dreamloom.vocabulary.units import BoolArray

BIN_S = 1.0 / A_SECOND
BEFORE_S = 30.0
"""What is usual is read from so long before the question; at least a third of it must be there. Ours."""
LEAST, MOST = NUMBERS["face"][0], NUMBERS["face"][-1]
"""No more than this is a number that somebody counts in a dream, and one alone is as easily a twitch or a sigh: of the
windows of simulated REM in which nobody answers, one in thirty holds such a one. Ours."""


class Manner(NamedTuple):
    """What a burst that is meant looks like.

    Attributes:
        times_over: how many times what is usual it exceeds.
        length_s: shortest and longest; a shorter one is a twitch, and nobody meant it.
        gap_s: shortest and longest from one to the next.
        merged_s: dips shorter than this do not part a burst.
        least_evenness: smallest over largest peak, shortest over longest.
        most_beside: twitches and longer bursts beside them, in the time of the question.
    """

    times_over: float
    length_s: tuple[float, float]
    gap_s: tuple[float, float]
    merged_s: float
    least_evenness: float = 0.5
    most_beside: int = 2


FACE = Manner(times_over=4.0, length_s=(0.3, 2.0), gap_s=(0.4, 3.0), merged_s=0.15)
"""Twitches of REM last some tenths of a second at most, most of them less than .25 s; a tension that is meant, about
half a second. Ours."""
SNIFF = Manner(times_over=3.0, length_s=(0.15, 1.5), gap_s=(0.4, 3.0), merged_s=0.3)
"""A sniff draws air in three times as fast as breath, and lasts a third of a second or longer with its end. Ours."""


def of_meter(meter: Meter, asked: Asked) -> Answer:
    """Counts tensions of a muscle, or sniffs on a belt, a thermistor or a cannula, whatever its unit.

    Where a second of the time to answer is missing, or too little is there before it, nobody can tell.

    Args:
        meter: from well before the question until its time is over.
        asked: when the answer may be given.
    """
    manner, by = FACE if meter.by == "face" else SNIFF, meter.by
    since = floor(asked.from_s - BEFORE_S)
    level = between(meter, since, ceil(asked.until_s + AFTER_S))
    first, beyond = (round((at_s - since) / BIN_S) for at_s in asked)
    usual = level[:first][~np.isnan(level[:first])]
    if len(usual) < BEFORE_S / BIN_S / 3.0 or np.isnan(level[first:]).any():
        return unclear(by, asked)
    # Breath swings, so its usual fastest is what a sniff is held against; a muscle's tone hardly does.
    least = max(manner.times_over * float(np.quantile(usual, 0.9 if by == "sniff" else 0.5)), 1e-12)
    found = _bursts(np.nan_to_num(level) > least, manner.merged_s)
    inside = [each for each in found if each[0] >= first and each[1] <= beyond]
    meant = [each for each in inside if manner.length_s[0] <= (each[1] - each[0]) * BIN_S <= manner.length_s[1]]
    beside = len(inside) - len(meant)
    if not meant and beside <= manner.most_beside:
        return none(by, asked)
    cut_off = any(_is_near(each, meant, manner) for each in found if each not in inside)
    if beside > manner.most_beside or not LEAST <= len(meant) <= MOST or cut_off:
        return unclear(by, asked)
    peaks = [float(level[start:stop].max()) for start, stop in meant]
    if not _is_even(meant, peaks, manner):
        return unclear(by, asked)
    over, alone = min(1.0, (min(peaks) / least - 1.0) / 2.0), 1.0 - beside / (manner.most_beside + 1.0)
    confidence = (over + alone + min(peaks) / max(peaks)) / 3.0
    return Answer(by, "answer", len(meant), confidence, since + meant[-1][1] * BIN_S)


def _is_near(other: tuple[int, int], meant: Sequence[tuple[int, int]], manner: Manner) -> bool:
    """Whether a burst outside the time to answer belongs to those inside: a number that was cut off is no number."""
    return any(abs(other[0] - each[0]) * BIN_S <= manner.gap_s[1] for each in meant)


def _is_even(meant: Sequence[tuple[int, int]], peaks: Sequence[float], manner: Manner) -> bool:
    gaps_s = [(later[0] - one[0]) * BIN_S for one, later in pairwise(meant)]
    lengths = [stop - start for start, stop in meant]
    in_pace = all(manner.gap_s[0] <= gap_s <= manner.gap_s[1] for gap_s in gaps_s)
    return in_pace and min(min(peaks) / max(peaks), min(lengths) / max(lengths)) >= manner.least_evenness


def _bursts(over: BoolArray, merged_s: float) -> list[tuple[int, int]]:
    """(first, beyond) of every stretch, those with a short dip between them as one."""
    edges = np.flatnonzero(np.diff(over.astype(np.int8), prepend=0, append=0)).reshape(-1, 2).tolist()
    found: list[tuple[int, int]] = []
    for start, stop in edges:
        if found and (start - found[-1][1]) * BIN_S < merged_s:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found
