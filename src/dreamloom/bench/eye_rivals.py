"""What would a lab's usual eye detectors have made of this recording? A threshold, and a product of both eyes.

Both are causal and as strict as the field describes them, and ask a left-right-left-right as four alternating events.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import signal

from dreamloom.vocabulary.units import BoolArray, FloatArray

GAPS_S = (0.15, 1.3)
"""Between neighbouring events of a signal."""
THRESHOLD_UV = 200.0
"""Of gaze, right less left: 100 µV at each eye."""
PRODUCT_UV = 25.0
"""Each eye at the least; the usual lower bound of a scored rapid eye movement."""
LARGEST_UV = 500.0
CORRELATION = -0.2
WINDOW_S = 0.5
SIZE_RATIO, GAP_RATIO = 0.45, 0.5
SIGNAL_EVENTS = 4


class Event(NamedTuple):
    """An excursion of gaze at its peak, right positive; known at `known_s`."""

    at_s: float
    known_s: float
    size_uv: float


def threshold_events(pair_uv: FloatArray, hz: int) -> list[Event]:
    """[n, 2] left and right to every excursion of gaze (0.3-5 Hz) beyond THRESHOLD_UV."""
    low, high = _band((0.3, 5.0), pair_uv, hz)
    gaze_uv = high - low
    return _excursions(gaze_uv, np.abs(gaze_uv) >= THRESHOLD_UV, hz)


def product_events(pair_uv: FloatArray, hz: int) -> list[Event]:
    """[n, 2] to every stretch in which both eyes (1-5 Hz) go opposite ways far enough.

    After Agarwal et al. 2005 (IEEE Trans Biomed Eng 52:1390): negative product, bounds on amplitude, correlation.
    """
    left_uv, right_uv = _band((1.0, 5.0), pair_uv, hz)
    large = -left_uv * right_uv >= PRODUCT_UV**2
    found = _excursions(right_uv - left_uv, large, hz)
    return [event for event in found if _is_opposed(left_uv, right_uv, round(event.at_s * hz), hz)]


def signals(events: Sequence[Event]) -> list[tuple[float, float, float]]:
    """(onset, end, known) of every four alternating events in pace; an event is part of one only."""
    found: list[tuple[float, float, float]] = []
    run: list[Event] = []
    for event in events:
        follows = bool(run) and GAPS_S[0] <= event.at_s - run[-1].at_s <= GAPS_S[1]
        run = [*run, event] if follows and run[-1].size_uv * event.size_uv < 0.0 else [event]
        run = run[-SIGNAL_EVENTS:]
        if len(run) == SIGNAL_EVENTS and _is_even(run):
            found.append((run[0].at_s, run[-1].at_s, run[-1].known_s))
            run = []
    return found


def _is_even(run: Sequence[Event]) -> bool:
    sizes_uv, gaps_s = [abs(e.size_uv) for e in run], [b.at_s - a.at_s for a, b in pairwise(run)]
    return min(sizes_uv) >= SIZE_RATIO * max(sizes_uv) and min(gaps_s) >= GAP_RATIO * max(gaps_s)


def _band(edges_hz: tuple[float, float], pair_uv: FloatArray, hz: int) -> tuple[FloatArray, FloatArray]:
    sections = signal.butter(2, edges_hz, btype="bandpass", fs=hz, output="sos")
    filtered = signal.sosfilt(sections, pair_uv - pair_uv[:1], axis=0)
    return filtered[:, 0], filtered[:, 1]


def _excursions(gaze_uv: FloatArray, inside: BoolArray, hz: int) -> list[Event]:
    """One event for each stretch that is inside and of one sign."""
    marks = np.where(inside, np.sign(gaze_uv), 0.0)
    edges = [0, *(np.flatnonzero(marks[1:] != marks[:-1]) + 1).tolist(), len(marks)]
    found = []
    for begin, beyond in pairwise(edges):
        if marks[begin] != 0.0:
            peak = begin + int(np.abs(gaze_uv[begin:beyond]).argmax())
            found.append(Event(peak / hz, beyond / hz, float(gaze_uv[peak])))
    return found


def _is_opposed(left_uv: FloatArray, right_uv: FloatArray, peak: int, hz: int) -> bool:
    half = round(WINDOW_S * hz / 2.0)
    left, right = (uv[max(0, peak - half) : peak + half] for uv in (left_uv, right_uv))
    loudest_uv = max(float(np.abs(left).max()), float(np.abs(right).max()))
    if loudest_uv > LARGEST_UV or min(np.std(left), np.std(right)) < 1e-9:
        return False
    return float(np.corrcoef(left, right)[0, 1]) <= CORRELATION
