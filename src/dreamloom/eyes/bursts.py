"""How often did a dreamer tense a muscle, or sniff? Bursts on a chin or breath channel within the time of a question.

Dreamers answered with muscles of the face (Konkoly et al. 2021, Curr Biol 31:1417) and with sniffs (Raduga 2023;
sniffing reaches sleepers and people who cannot move, Plotkin et al. 2010, PNAS 107:14413). A burst counts when it is as
long as one that is meant; bursts that differ much, or come between others, are unclear, and nothing is guessed.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import signal

from dreamloom.eyes.answers import Answer, Asked, By, none, unclear
from dreamloom.vocabulary.units import BoolArray, FloatArray

BIN_S = 0.05
EDGE_HZ = 10.0
"""Muscle lies above it, and the slow swings of an electrode below."""
FACE_HZ, SNIFF_HZ = 40.0, 20.0
"""Slower recordings hold too little above EDGE_HZ, or blur one sniff into the next. Ours."""
BEFORE_S = 30.0
"""What is usual is read from so long before the question; at least a third of it must be there. Ours."""
MOST = 9
"""No more than this is a number that somebody counts in a dream. Ours."""


class Manner(NamedTuple):
    """What a burst that is meant looks like.

    Attributes:
        times_over: how many times what is usual it exceeds.
        length_s: shortest and longest; a shorter one is a twitch, and nobody meant it.
        gap_s: shortest and longest from one to the next.
        merged_s: dips shorter than this do not part a burst.
        least_evenness: smallest over largest peak.
        most_beside: twitches and longer bursts beside them, in the time of the question.
    """

    times_over: float
    length_s: tuple[float, float]
    gap_s: tuple[float, float]
    merged_s: float
    least_evenness: float = 0.35
    most_beside: int = 2


FACE = Manner(times_over=4.0, length_s=(0.3, 2.0), gap_s=(0.4, 3.0), merged_s=0.15)
"""Twitches of REM last some tenths of a second at most, most of them less than .25 s; a tension that is meant, about
half a second. Ours."""
SNIFF = Manner(times_over=3.0, length_s=(0.15, 1.5), gap_s=(0.4, 3.0), merged_s=0.3)
"""A sniff draws air in three times as fast as breath, and lasts a third of a second or longer with its end. Ours."""


def of_face(chin_uv: FloatArray, hz: float, *, since_s: float, asked: Asked) -> Answer:
    """Counts tensions of a muscle.

    Args:
        chin_uv: [n], from well before the question until its time is over.
        hz: samples a second; slower than FACE_HZ, nothing is said.
        since_s: night time of the first sample.
        asked: when the answer may be given.
    """
    if hz < FACE_HZ:
        return none("face", asked)
    sections = signal.butter(2, EDGE_HZ, btype="highpass", fs=hz, output="sos")
    muscle_uv = signal.sosfilt(sections, chin_uv - chin_uv[:1])
    return _counted(np.sqrt(_binned(muscle_uv**2, hz)), asked, since_s=since_s, by="face")


def of_breath(breath: FloatArray, hz: float, *, since_s: float, asked: Asked) -> Answer:
    """Counts sniffs on a belt, a thermistor or a pressure cannula, whatever its unit.

    Arguments are as those of `of_face`, from SNIFF_HZ on.
    """
    if hz < SNIFF_HZ:
        return none("sniff", asked)
    sections = signal.butter(2, min(8.0, 0.4 * hz), btype="lowpass", fs=hz, output="sos")
    speed = np.abs(np.diff(signal.sosfilt(sections, breath - breath[:1]), prepend=0.0)) * hz
    return _counted(_binned(speed, hz), asked, since_s=since_s, by="sniff")


def _counted(level: FloatArray, asked: Asked, *, since_s: float, by: By) -> Answer:
    manner = FACE if by == "face" else SNIFF
    first, beyond = (round((at_s - since_s) / BIN_S) for at_s in asked)
    usual = level[max(0, first - round(BEFORE_S / BIN_S)) : max(0, first)]
    if len(usual) < BEFORE_S / BIN_S / 3.0 or beyond <= first:
        return none(by, asked)
    # Breath swings, so its usual fastest is what a sniff is held against; a muscle's tone hardly does.
    least = manner.times_over * float(np.quantile(usual, 0.9 if by == "sniff" else 0.5))
    found = _bursts(level[first:beyond] > max(least, 1e-12), manner.merged_s)
    meant = [each for each in found if manner.length_s[0] <= (each[1] - each[0]) * BIN_S <= manner.length_s[1]]
    if not meant:
        return none(by, asked) if len(found) <= manner.most_beside else unclear(by, asked)
    peaks = [float(level[first + start : first + stop].max()) for start, stop in meant]
    if len(found) - len(meant) > manner.most_beside or len(meant) > MOST or not _is_even(meant, peaks, manner):
        return unclear(by, asked)
    over = min(1.0, (min(peaks) / least - 1.0) / 2.0)
    beside = 1.0 - (len(found) - len(meant)) / (manner.most_beside + 1.0)
    at_s = since_s + (first + meant[-1][1]) * BIN_S
    return Answer(by, "answer", len(meant), (over + beside + min(peaks) / max(peaks)) / 3.0, at_s)


def _is_even(meant: Sequence[tuple[int, int]], peaks: Sequence[float], manner: Manner) -> bool:
    gaps_s = [(later[0] - one[0]) * BIN_S for one, later in pairwise(meant)]
    in_pace = all(manner.gap_s[0] <= gap_s <= manner.gap_s[1] for gap_s in gaps_s)
    return in_pace and min(peaks) >= manner.least_evenness * max(peaks)


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


def _binned(level: FloatArray, hz: float) -> FloatArray:
    """Means of BIN_S each, whatever the rate; a last bin that is not full is left out."""
    edges = np.round(np.arange(0.0, len(level) / hz + 1e-9, BIN_S) * hz).astype(np.intp)
    sums = np.concatenate([[0.0], np.cumsum(level)])
    return np.asarray((sums[edges[1:]] - sums[edges[:-1]]) / np.maximum(np.diff(edges), 1))
