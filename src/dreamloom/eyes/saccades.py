"""When did the eyes jump, how far, and both together? Steps of gaze, read causally from whole seconds.

Both eyes are filtered to 0.3-5 Hz and looked at as gaze, right less left, so that brain waves, which reach both in
phase, cancel. A saccade is a stretch of fast gaze: its size is the step over that stretch alone, so that the slow
return which an AC amplifier adds does not count. Conjugate eyes move the two electrodes in opposite directions: the
product of the two steps is negative (Agarwal et al. 2005, IEEE Trans Biomed Eng 52:1390).
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dreamloom.eyes.leads import Leads
from dreamloom.signals.blocks import GridSecond
from dreamloom.signals.filters import SosFilter
from dreamloom.signals.looks import is_lossy
from dreamloom.signals.quality import FLAT_UV
from dreamloom.signals.together import together
from dreamloom.vocabulary.units import FloatArray

BAND_HZ = (0.3, 5.0)
"""Eye movements of sleep lie here; Agarwal et al. 2005 used 1-5 Hz, AASM records EOG from 0.3 Hz on."""
SIDES = (-1.0, 1.0)
"""Gaze to the right, at the left and at the right electrode."""
SLOWEST_GRID_HZ = 20
LEAST_STEP_UV = 50.0
"""Gaze step of a rapid eye movement: 25 µV at each eye, the usual lower bound of what scorers mark."""
LEAST_SPEED_UV_S = 250.0
"""A gaze step of 50 µV within a fifth of a second. Slow rolling of 0.5 Hz and 75 µV stays below it."""
LONGEST_S = 0.5
"""The first deflection of a rapid eye movement takes less than this (AASM manual)."""
EDGE_SHARE = 0.2
"""A saccade reaches as far as its speed is above this share of its peak. Ours."""
LEAST_BALANCE = 0.3
"""Smaller step over larger one, of both eyes: less is one electrode alone. Ours."""
LEAST_SHARPNESS_HZ = 4.0
"""Peak speed over size: a quarter of a second for the whole step at full speed. Rolling eyes of 1 Hz reach 3. Ours."""
UNDO_HZ = 1.5 * 2.0 * np.pi * BAND_HZ[0]
"""A filter that passes 0.3 Hz and more lets gaze creep home at 1.9 of its size a second, which undone gives speed back:
wholly for this one, by half for the amplifier's own that most EOG has before it, so that neither kind is far off."""
RETURN_SPEED = 0.4
"""Right after a saccade, the other way, at less than this share of its speed: the amplifier's return, not an eye. One
that passes 0.3 Hz and more returns at a tenth of the speed of the step. Ours."""
RETURN_WITHIN_S = 0.1
SETTLED_S = 0.1
"""A saccade is told once it is over for so long; what goes before and comes after it is slow. Ours."""
STILL_SHARE = 0.5
"""Mean speed just before and just after, in its direction, as a share of its peak: rolling has no edges. Ours."""
WARM_S = 3
"""After a break the filter shows the break, not the eyes, for this long."""
POP_SHARE = 0.75
"""An electrode that makes this share of the step within 10 ms was pulled: an eye needs 50 ms and more for a large one
(Bahill et al. 1975, Math Biosci 24:191: 2 ms a degree and 20 ms)."""


LEAST_POP_UV = 100.0
"""Smaller steps are not part of any signal, so nobody asks."""
SLOWEST_POP_HZ = 50
"""Below this rate a sample lasts too long to tell a pop from an eye."""


class Saccade(NamedTuple):
    """One jump of gaze.

    Attributes:
        at_s: night time of its greatest speed.
        onset_s: when it began; end_s when it was over.
        step_uv: how far gaze went, right positive, right electrode less left one.
        left_uv: step of the left electrode; right_uv of the right one; both 0 where one derivation holds both.
        speed_uv_s: its greatest speed, positive.
        popped: an electrode jumped faster than an eye can.
    """

    at_s: float
    onset_s: float
    end_s: float
    step_uv: float
    left_uv: float
    right_uv: float
    speed_uv_s: float
    popped: bool

    @property
    def size_uv(self) -> float:
        return abs(self.step_uv)

    @property
    def balance(self) -> float:
        """1 when both eyes moved as far in opposite directions, 0 when one did not, negative when in phase."""
        least, most = sorted((abs(self.left_uv), abs(self.right_uv)))
        if most == 0.0:
            return 1.0
        return -least / most if self.left_uv * self.right_uv > 0.0 else least / most

    @property
    def is_conjugate(self) -> bool:
        """The product of both steps is negative, and both count."""
        return self.balance >= LEAST_BALANCE


class SaccadeState(NamedTuple):
    """What the next second is read with.

    Attributes:
        next_index: the second that would follow; -1 before the first.
        filtered: filter state, [section, 2, 2]; None before the first second.
        gaze_uv: [n, 2], the last two seconds of left and right, 0.3-5 Hz.
        raw_uv: [n, 2], the same as they came.
        warm_s: seconds since the last break.
        last: the newest saccade that was told.
    """

    leads: Leads
    grid_hz: int
    next_index: int = -1
    filtered: FloatArray | None = None
    gaze_uv: FloatArray = np.empty((0, 2))
    raw_uv: FloatArray = np.empty((0, 2))
    warm_s: int = 0
    last: Saccade | None = None

    @property
    def is_warm(self) -> bool:
        return self.warm_s > WARM_S

    @property
    def end_s(self) -> float:
        """Night time at which the newest second ends."""
        return float(self.next_index)


def start(leads: Leads, grid_hz: int) -> SaccadeState:
    """Has seen nothing yet."""
    return SaccadeState(leads, grid_hz)


def step(state: SaccadeState, second: GridSecond) -> tuple[SaccadeState, list[Saccade]]:
    """Takes the next whole second; returns the saccades that were over in it, oldest first.

    A second with 2 % of its samples lost, or a jump in the index, starts anew: a step drawn over a hole is no saccade.
    """
    (stepped,) = step_many([(state, second)])
    return stepped


def step_many(sleepers: Sequence[tuple[SaccadeState, GridSecond]]) -> list[tuple[SaccadeState, list[Saccade]]]:
    """`step` for many sleepers at once, in their order: filtered together, each to the bits it has alone."""
    told: dict[int, tuple[SaccadeState, list[Saccade]]] = {}
    for alike in together([(state.grid_hz, is_lossy(second)) for state, second in sleepers]):
        some = [sleepers[place] for place in alike]
        told |= zip(alike, _anew(some) if is_lossy(some[0][1]) else _read(some), strict=True)
    return [told[place] for place in range(len(sleepers))]


def _anew(sleepers: Sequence[tuple[SaccadeState, GridSecond]]) -> list[tuple[SaccadeState, list[Saccade]]]:
    return [(SaccadeState(state.leads, state.grid_hz, last=state.last), []) for state, _ in sleepers]


def _read(sleepers: Sequence[tuple[SaccadeState, GridSecond]]) -> list[tuple[SaccadeState, list[Saccade]]]:
    """All on one grid, and nothing lost."""
    hz, seconds = sleepers[0][0].grid_hz, [second for _, second in sleepers]
    pairs_uv = [both(state.leads, second.samples_uv) for state, second in sleepers]
    before = [_ready(state, second.index, pair[0]) for (state, second), pair in zip(sleepers, pairs_uv, strict=True)]
    filters = [state.filtered for state in before if state.filtered is not None]
    after, gazes_uv = _band(hz).step(np.concatenate(filters, axis=2), np.concatenate(pairs_uv, axis=1))
    told: list[tuple[SaccadeState, list[Saccade]]] = []
    for row, (ready, second, pair_uv) in enumerate(zip(before, seconds, pairs_uv, strict=True)):
        mine = slice(2 * row, 2 * row + 2)
        state = ready._replace(
            next_index=second.index + 1,
            filtered=after[:, :, mine].copy(),
            gaze_uv=np.concatenate([ready.gaze_uv[-hz:], gazes_uv[:, mine]]),
            raw_uv=np.concatenate([ready.raw_uv[-hz:], pair_uv]),
            warm_s=ready.warm_s + 1,
        )
        told.append((state, []))
    for row in _with_fast_gaze([state for state, _ in told]):
        state = told[row][0]
        found = _new(state)
        told[row] = (state._replace(last=found[-1]) if found else state, found)
    return told


def _with_fast_gaze(states: Sequence[SaccadeState]) -> list[int]:
    """The places of those, all on one grid, whose gaze was fast enough somewhere to be looked at more closely."""
    found: list[int] = []
    for alike in together([(state.is_warm, len(state.gaze_uv)) for state in states]):
        if not states[alike[0]].is_warm:
            continue
        gazes_uv = np.array([states[place].gaze_uv for place in alike])
        across_uv = gazes_uv[:, :, 1] - gazes_uv[:, :, 0]
        speeds = (across_uv[:, 1:] - across_uv[:, :-1]) * states[alike[0]].grid_hz + UNDO_HZ * across_uv[:, 1:]
        # A little less, since the closer look rounds otherwise.
        is_fast = np.abs(speeds).max(axis=1) >= 0.999 * LEAST_SPEED_UV_S
        found += [place for place, fast in zip(alike, is_fast.tolist(), strict=True) if fast]
    return found


def _ready(state: SaccadeState, index: int, first_uv: FloatArray) -> SaccadeState:
    """As it was, or begun anew at this second."""
    if index == state.next_index and state.filtered is not None:
        return state
    return SaccadeState(state.leads, state.grid_hz, index, _band(state.grid_hz).start(first_uv), last=state.last)


def both(leads: Leads, samples_uv: FloatArray) -> FloatArray:
    """[n, channel] to [n, 2], left and right at the size of the outer canthi; one derivation is halved to both."""
    if leads.right is not None:
        return samples_uv[:, [leads.left, leads.right]] / leads.share
    across = samples_uv[:, leads.left] * (0.5 if not leads.turned else -0.5)
    return np.multiply.outer(across, SIDES)


def is_flat(pair_uv: FloatArray) -> bool:
    """True when an electrode hears nothing."""
    return bool((np.ptp(pair_uv, axis=0) < FLAT_UV).any())


@cache
def _band(grid_hz: int) -> SosFilter:
    from scipy.signal import butter

    high = butter(1, BAND_HZ[0], btype="highpass", fs=grid_hz, output="sos")
    low = butter(2, BAND_HZ[1], btype="lowpass", fs=grid_hz, output="sos")
    return SosFilter(np.concatenate([high, low]))


def _new(state: SaccadeState) -> list[Saccade]:
    """Saccades of the last two seconds that were not told, and are over."""
    hz = state.grid_hz
    pair_uv = state.gaze_uv
    first_s = state.end_s - len(pair_uv) / hz
    pair_uv_s = (pair_uv[1:] - pair_uv[:-1]) * hz + UNDO_HZ * pair_uv[1:]
    speed = pair_uv_s[:, 1] - pair_uv_s[:, 0]
    found: list[Saccade] = []
    last = state.last
    for begin, beyond in _fast(speed):
        was_told = last is not None and first_s + begin / hz < last.end_s - SETTLED_S / 2.0
        if was_told or beyond > len(speed) - SETTLED_S * hz or not _stands_out(speed, begin, beyond, hz):
            continue
        saccade = _saccade(state, (begin, beyond), pair_uv_s, first_s)
        if saccade.size_uv >= LEAST_STEP_UV and _is_sharp(saccade) and not _returns(saccade, last):
            found.append(saccade)
            last = saccade
    return found


def _stands_out(speed: FloatArray, begin: int, beyond: int, hz: int) -> bool:
    """Whether gaze was slower on both sides of this stretch."""
    peak = float(speed[begin + int(np.abs(speed[begin:beyond]).argmax())])
    width = max(2, round(SETTLED_S * hz))
    around = (speed[begin - width : begin], speed[beyond : beyond + width])
    return begin >= width and all(float(part.mean()) / peak <= STILL_SHARE for part in around)


def _is_sharp(saccade: Saccade) -> bool:
    is_short = saccade.end_s - saccade.onset_s <= LONGEST_S
    return is_short and saccade.speed_uv_s >= LEAST_SHARPNESS_HZ * saccade.size_uv


def _returns(saccade: Saccade, before: Saccade | None) -> bool:
    """Whether this is what an amplifier adds to the saccade before."""
    return (
        before is not None
        and saccade.onset_s - before.end_s <= RETURN_WITHIN_S
        and saccade.step_uv * before.step_uv < 0.0
        and saccade.speed_uv_s < RETURN_SPEED * before.speed_uv_s
    )


def _fast(speed: FloatArray) -> list[tuple[int, int]]:
    """[begin, beyond) of each stretch of one direction around a peak of speed."""
    direction = np.where(np.abs(speed) >= LEAST_SPEED_UV_S, np.sign(speed), 0.0)
    edges = [0, *(np.flatnonzero(direction[1:] != direction[:-1]) + 1).tolist(), len(speed)]
    runs = [(a, b) for a, b in pairwise(edges) if direction[a] != 0.0]
    return [_trimmed(np.abs(speed[a:b]), a) for a, b in runs]


def _trimmed(speed: FloatArray, first: int) -> tuple[int, int]:
    """Without its slow ends: they belong to what an amplifier adds."""
    peak = int(speed.argmax())
    slow = np.flatnonzero(speed < EDGE_SHARE * speed[peak])
    before, after = slow[slow < peak], slow[slow > peak]
    begin = int(before[-1]) + 1 if len(before) else 0
    return first + begin, first + (int(after[0]) if len(after) else len(speed))


def _saccade(state: SaccadeState, span: tuple[int, int], pair_uv_s: FloatArray, first_s: float) -> Saccade:
    hz, (begin, beyond) = state.grid_hz, span
    inside = pair_uv_s[begin:beyond]
    left_uv, right_uv = (inside.sum(axis=0) / hz).tolist()
    speed = np.abs(inside[:, 1] - inside[:, 0])
    peak = begin + int(speed.argmax())
    is_one = state.leads.right is None
    return Saccade(
        at_s=first_s + (peak + 0.5) / hz,
        onset_s=first_s + begin / hz,
        end_s=first_s + beyond / hz,
        step_uv=right_uv - left_uv,
        left_uv=0.0 if is_one else left_uv,
        right_uv=0.0 if is_one else right_uv,
        speed_uv_s=float(speed.max()),
        popped=_popped(state, span, np.abs([left_uv, right_uv])),
    )


def _popped(state: SaccadeState, span: tuple[int, int], step_uv: FloatArray) -> bool:
    """Whether an electrode made most of its step at once; what the mains' hum does all the time does not count."""
    hz, (begin, beyond) = state.grid_hz, span
    if hz < SLOWEST_POP_HZ or step_uv.sum() < LEAST_POP_UV:
        return False
    apart = max(1, round(0.01 * hz))
    jumps_uv = np.abs(state.raw_uv[apart:] - state.raw_uv[:-apart])
    at_once_uv = jumps_uv[max(0, begin - hz // 10) : beyond + 1].max(axis=0, initial=0.0)
    usual_uv = np.sort(jumps_uv, axis=0)[len(jumps_uv) * 9 // 10]
    return bool((at_once_uv - usual_uv >= POP_SHARE * np.maximum(step_uv, LEAST_STEP_UV)).any())
