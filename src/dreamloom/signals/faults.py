"""What is wrong with a bed's signal, for how long? Whole seconds judged for each channel, told as episodes.

A fault begins to be told when 10 of the last 30 seconds have it, which is when a window that needs 70 % good seconds
is not staged any more, and ends when 30 seconds in a row have not. It decides nothing: seconds that cannot be believed
are left out by `quality`, whether or not anybody is told.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.signals.blocks import Channel, ChannelKind, GridSecond
from dreamloom.signals.looks import Look, look_at
from dreamloom.signals.quality import LOUDEST_UV, WRONGS, wrong_in
from dreamloom.signals.together import together
from dreamloom.vocabulary.units import BoolArray, FloatArray, NightTime

FaultKind = Literal["FLAT", "CLIPPED", "RANGE", "MAINS", "NARROW_BAND"]
FAULTS: tuple[FaultKind, ...] = ("FLAT", "CLIPPED", "RANGE", "MAINS", "NARROW_BAND")
"""The first of them are WRONGS, in their order. Mains and a narrow band spoil no second by themselves, nor does a
plateau below the stored range: what is left of the signal is staged."""
WATCHED_S = 30
BEGINS_AT = 10
"""Seconds with a fault of the last 30: the window is then not good enough to be staged."""
MAINS_HZ = ((49, 52), (59, 62))
BODY_HZ = (1, 31)
"""Lines in which sleep is read."""
HUM_RATIO = 1.0
"""Power of the mains over that of sleep from which on there is more hum than sleep. Ours."""
PLATEAU_SHARE = 0.04
"""A second with this share of its samples at exactly its highest or lowest value, and each beside another, met its
amplifier's limit: a wave of 1 Hz that is cut off at nine tenths of its height spends 14 % there. Ours."""
LEAST_CLIPPED_UV = 50.0
"""No amplifier has a smaller range; coarse steps of a quiet signal look like plateaus as well. Ours."""
UPPER_HZ, MIDDLE_HZ = (25, 31), (15, 21)
LEAST_UPPER_SHARE = 0.01
"""Power at 25-30 Hz over that at 15-20 Hz: less is a fall of some 30 dB an octave. The body's spectrum falls
with exponents below 4 (12 dB an octave; He 2014, Trends Cogn Sci 18:480): a filter or slow sampling took the rest."""
HUMMING: frozenset[ChannelKind] = frozenset({"EEG", "EOG"})
TINY = 1e-9


class Fault(NamedTuple):
    """A fault of one channel that begins to be told, or has ended.

    Attributes:
        onset_s: when that was known.
        since_s: when it was first seen in this episode.
        until_s: its end; None when it begins.
    """

    onset_s: NightTime
    channel: str
    kind: FaultKind
    since_s: NightTime
    until_s: NightTime | None


class FaultState(msgspec.Struct, frozen=True, eq=False):
    """What the next second is judged beside.

    Attributes:
        places: of the channels that are watched.
        recent: [second, channel, fault], the last 30 seconds, oldest first.
        index: the newest second.
        since_s: of faults being told, by (row of recent, place in FAULTS).
    """

    channels: tuple[Channel, ...]
    places: tuple[int, ...]
    recent: BoolArray
    index: int = -1
    since_s: tuple[tuple[tuple[int, int], NightTime], ...] = ()


Stepped = tuple[FaultState, list[Fault]]


def start(channels: Sequence[Channel]) -> FaultState:
    """Watches every EEG, EOG and EMG channel."""
    places = tuple(place for place, channel in enumerate(channels) if channel.kind in LOUDEST_UV)
    watched = tuple(channels[place] for place in places)
    return FaultState(watched, places, np.zeros((WATCHED_S, len(places), len(FAULTS)), dtype=bool))


def step(state: FaultState, second: GridSecond) -> Stepped:
    """Takes the next whole second; returns faults that begin to be told and those that have ended."""
    (stepped,) = step_many([(state, second)])
    return stepped


def step_many(sleepers: Sequence[tuple[FaultState, GridSecond]], looks: Sequence[Look] | None = None) -> list[Stepped]:
    """`step` for many sleepers at once, in their order; `looks` at their seconds, where somebody has looked already."""
    looks = looks or look_at([second for _, second in sleepers])
    told: dict[int, Stepped] = {}
    for alike in together([(state.channels, state.places, len(second.filled)) for state, second in sleepers]):
        some, shown = [sleepers[place] for place in alike], [looks[place] for place in alike]
        told |= zip(alike, map(_stepped, some, shown, _faults_in(some[0][0], shown)), strict=True)
    return [told[place] for place in range(len(sleepers))]


def _stepped(sleeper: tuple[FaultState, GridSecond], look: Look, found: BoolArray) -> Stepped:
    state, second = sleeper
    fresh = np.zeros_like(found) if look.is_lossy else found
    before = state.recent[1:] if second.index == state.index + 1 else np.zeros_like(state.recent[1:])
    after = replace(state, recent=np.concatenate([before, fresh[np.newaxis]]), index=second.index)
    if not state.since_s and not fresh.any():
        return after, []
    return _told(after)


def _told(state: FaultState) -> Stepped:
    counts = state.recent.sum(axis=0)
    open_since = dict(state.since_s)
    end_s = NightTime(float(state.index + 1))
    told: list[Fault] = []
    for row, kind in np.argwhere(counts >= BEGINS_AT).tolist():
        if (row, kind) not in open_since:
            back = WATCHED_S - int(np.argmax(state.recent[:, row, kind]))
            open_since[row, kind] = NightTime(end_s - back)
            told.append(Fault(end_s, state.channels[row].label, FAULTS[kind], open_since[row, kind], None))
    for row, kind in [each for each in open_since if counts[each] == 0]:
        since_s = open_since.pop((row, kind))
        until_s = NightTime(max(end_s - WATCHED_S, since_s))
        told.append(Fault(end_s, state.channels[row].label, FAULTS[kind], since_s, until_s))
    return replace(state, since_s=tuple(sorted(open_since.items()))), told


def _faults_in(state: FaultState, looks: Sequence[Look]) -> BoolArray:
    """[sleeper, channel, fault] of one second each; all with the channels and the rate of this one."""
    places = list(state.places)
    wrong = wrong_in(looks, state.channels, places)
    ranges_uv = np.array([look.range_uv for look in looks])[:, :, places]
    is_loud = ranges_uv[:, 1] - ranges_uv[:, 0] >= LEAST_CLIPPED_UV
    if is_loud.any():
        wrong[..., WRONGS.index("clipped")] |= is_loud & _has_plateau(looks, places)
    lines = np.array([look.lines for look in looks])[:, places]
    body = _power(lines, BODY_HZ)
    hum = sum(_power(lines, mains_hz) for mains_hz in MAINS_HZ) > HUM_RATIO * np.maximum(body, TINY)
    narrow = _power(lines, UPPER_HZ) < LEAST_UPPER_SHARE * _power(lines, MIDDLE_HZ)
    narrow &= ~wrong[..., WRONGS.index("flat")]
    eeg = np.array([channel.kind == "EEG" for channel in state.channels], dtype=bool)  # also where none is watched
    heard = np.array([channel.kind in HUMMING for channel in state.channels], dtype=bool)
    return np.concatenate([wrong, (hum & heard)[..., np.newaxis], (narrow & eeg)[..., np.newaxis]], axis=2)


def _has_plateau(looks: Sequence[Look], places: Sequence[int]) -> BoolArray:
    """[sleeper, channel]: whether the amplifier had a limit of its own inside the stored range, on either side."""
    digital = np.array([look.digital for look in looks])[:, places]
    ends = np.array([look.range_digital for look in looks])[:, :, places]
    counts = []
    for end in (ends[:, 0], ends[:, 1]):
        at_end = digital == end[:, :, np.newaxis]
        counts.append(np.count_nonzero(at_end[:, :, 1:] & at_end[:, :, :-1], axis=2))
    return np.asarray(np.maximum(*counts) >= PLATEAU_SHARE * digital.shape[2])


def _power(lines: FloatArray, band_hz: tuple[int, int]) -> FloatArray:
    return np.asarray(lines[..., band_hz[0] : band_hz[1]].sum(axis=-1))
