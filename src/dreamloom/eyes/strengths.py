"""How strongly do a muscle and the breath move, twenty times a second? Read causally from whole seconds, and kept.

Nothing here knows of questions: it is what bursts are looked for in when the time to answer one is over.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import is_lossy
from dreamloom.vocabulary.units import FloatArray

By = Literal["face", "sniff"]
A_SECOND = 20
"""Strengths a second: a burst of a quarter of a second has five. Ours."""
EDGE_HZ = 10.0
"""Muscle lies above it, and the slow swings of an electrode below."""
SLOWEST_HZ: dict[By, int] = {"face": 40, "sniff": 20}
"""Slower recordings hold too little above EDGE_HZ, or blur one sniff into the next. Ours."""
SNIFF_HZ = 8.0
"""A sniff has nothing above it, and the hum of a cannula's box lies there. Ours."""
_LIMB = re.compile(r"\b[lr]?leg\b|\btib|\b[lr]at\b|\barm\b|\bext\b|\bfds\b")
_FACE = re.compile(r"chin|ment|zyg|corrug|masset|face|orbic")
_NO_BREATH = re.compile(r"spo2|sao2|snor|mic")
_NOSE = re.compile(r"flow|nasal|nose|cannula|therm|press")


class Strength(NamedTuple):
    """One second of one channel: [A_SECOND], and whether too many of its samples were filled in."""

    second: int
    levels: FloatArray
    is_lossy: bool


class Meter(NamedTuple):
    """One channel that is listened to.

    Attributes:
        by: what is answered with on it.
        place: of the channel in its stream.
        hz: samples a second of the grid.
        keep_s: so much of it is kept.
        zero: first sample since the last break, so that a filter begins at rest.
        last: newest filtered sample.
        filtered: filter state; None before the first second.
        kept: oldest first.
    """

    by: By
    place: int
    hz: int
    keep_s: int
    zero: float = 0.0
    last: float = 0.0
    filtered: FloatArray | None = None
    kept: tuple[Strength, ...] = ()


def places(channels: Sequence[Channel], grid_hz: int) -> dict[By, int]:
    """On which channel each is read; what no channel shows, or too slow a grid, is missing.

    Of muscles one of the face, else one that is no limb; of breath the nose before a belt.
    """
    labels = [(place, channel, channel.label.lower()) for place, channel in enumerate(channels)]
    muscles = [(place, label) for place, channel, label in labels if channel.kind == "EMG" and not _LIMB.search(label)]
    breaths = [(p, label) for p, channel, label in labels if channel.kind == "RESP" and not _NO_BREATH.search(label)]
    found: dict[By, int] = {}
    if muscles and grid_hz >= SLOWEST_HZ["face"]:
        found["face"] = next((place for place, label in muscles if _FACE.search(label)), muscles[0][0])
    if breaths and grid_hz >= SLOWEST_HZ["sniff"]:
        found["sniff"] = next((place for place, label in breaths if _NOSE.search(label)), breaths[0][0])
    return found


def heard(meter: Meter, second: GridSecond) -> Meter:
    """The meter after one more second; one that does not follow the last begins the filter anew."""
    from scipy.signal import sosfilt  # half a second to import, and few beds listen to muscle or breath

    samples = second.samples_uv[:, meter.place]
    follows = meter.filtered is not None and bool(meter.kept) and meter.kept[-1].second == second.index - 1
    zero = meter.zero if follows else float(samples[0])
    sections = _sections(meter.by, meter.hz)
    before = meter.filtered if follows else np.zeros((len(sections), 2))
    passed, after = sosfilt(sections, samples - zero, zi=before)
    if meter.by == "face":
        levels = np.sqrt(_binned(passed**2, meter.hz))
    else:
        levels = _binned(np.abs(np.diff(passed, prepend=meter.last if follows else 0.0)) * meter.hz, meter.hz)
    fresh = Strength(second.index, levels, is_lossy(second))
    still = tuple(each for each in meter.kept if each.second > second.index - meter.keep_s)
    return meter._replace(zero=zero, last=float(passed[-1]), filtered=after, kept=(*still, fresh))


def between(meter: Meter, first: int, beyond: int) -> FloatArray:
    """[(beyond - first) * A_SECOND] of these seconds; NaN where one is missing or was filled in."""
    told = np.full((max(0, beyond - first), A_SECOND), np.nan)
    for each in meter.kept:
        if first <= each.second < beyond and not each.is_lossy:
            told[each.second - first] = each.levels
    return told.ravel()


def _sections(by: By, hz: int) -> FloatArray:
    from scipy.signal import butter  # late, as above

    if by == "face":
        return np.asarray(butter(2, EDGE_HZ, btype="highpass", fs=hz, output="sos"))
    return np.asarray(butter(2, min(SNIFF_HZ, 0.4 * hz), btype="lowpass", fs=hz, output="sos"))


def _binned(level: FloatArray, hz: int) -> FloatArray:
    """Means of a twentieth of a second each, whatever the rate."""
    edges = np.round(np.arange(A_SECOND + 1) * hz / A_SECOND).astype(np.intp)
    sums = np.concatenate([[0.0], np.cumsum(level)])
    return np.asarray((sums[edges[1:]] - sums[edges[:-1]]) / np.maximum(np.diff(edges), 1))
