"""Which slot of the night's grid does each sample belong to, which are missing, and when is a second complete?

A sample's slot follows from its own onset, never from the block it came in, so any cut gives the same seconds.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dreamloom.signals.blocks import Block, Channel, GridSecond
from dreamloom.signals.quantise import Quantiser
from dreamloom.vocabulary.units import BoolArray, FloatArray, NightTime, Seconds, to_microsecond

_Counts = npt.NDArray[np.int64]
_Rows = tuple[FloatArray, BoolArray]

ROUNDING_GUARD_SLOTS = 1e-6
"""Added before the floor, so that an onset that is exactly half-way does not fall by its last bit. Ours."""
LOSS_PERIODS = 1.5
"""A step in onset of at least this many sample periods is a loss. Ours."""
REPEAT_PERIODS = 0.5
"""A sample less than this many periods after the last one is that sample again. Ours."""


class Gap(NamedTuple):
    """Samples that never came: onset of the first, how long, how many."""

    onset_s: NightTime
    duration_s: Seconds
    samples: int


class GridState(NamedTuple):
    """Where a pod's grid stands between two blocks.

    Attributes:
        grid_hz: slots in a second.
        quantiser: the ranges the pod's channels are stored in.
        next_slot: the first slot not yet settled, counted from the opening of the night; -1 before the first sample.
        last_uv: [channel], the last sample that took a slot.
        open_uv: pieces [m, channel], the settled slots of the second that is still open, in order.
        open_filled: pieces [m], which of them were filled in.
        last_onset_s: the onset of the last sample that counts; -inf before the first.
        arrived_s: the latest arrival so far.
        slipped: samples dropped because two fell into one slot: the true rate is above the grid's.
        stretched: slots filled although no sample was lost: the true rate is below the grid's.
        lost: samples lost.
    """

    grid_hz: int
    quantiser: Quantiser
    next_slot: int
    last_uv: FloatArray
    open_uv: tuple[FloatArray, ...] = ()
    open_filled: tuple[BoolArray, ...] = ()
    last_onset_s: float = -math.inf
    arrived_s: float = -math.inf
    slipped: int = 0
    stretched: int = 0
    lost: int = 0


class _Usable(NamedTuple):
    """The samples of a block that count, with the latest arrival by the time each came."""

    onset_s: FloatArray
    slots: _Counts
    samples_uv: FloatArray
    arrived_s: FloatArray


class _Settled(NamedTuple):
    """What one block settled.

    Attributes:
        samples_uv: [m, channel], the slots from the next one on.
        filled: [m], which of them were filled in.
        arrived_s: [m], the latest arrival by the time each was settled.
        last_uv: [channel], the last sample that took a slot.
        last_onset_s: the onset of the last sample that counts.
        latest_s: the latest arrival by then.
    """

    samples_uv: FloatArray
    filled: BoolArray
    arrived_s: FloatArray
    last_uv: FloatArray
    last_onset_s: float
    latest_s: float


def start(grid_hz: int, channels: Sequence[Channel]) -> GridState:
    """The grid of a stream before its first sample."""
    return GridState(grid_hz, Quantiser.of(channels), -1, np.zeros(len(channels)))


def push(state: GridState, block: Block) -> tuple[GridState, list[GridSecond], list[Gap]]:
    """Lays a block on the grid.

    A second is returned as soon as its last slot is settled: by its own sample, or by the first one after it. Lost
    samples, and rows in which any channel is not a number, are filled linearly between the stored neighbours, flagged,
    and reported once. Samples whose slot has passed are dropped. The head of the first second holds the first sample.
    """
    if len(block.samples) == 0:
        return state, [], []
    if _is_plain(state, block):
        state, seconds = _cut(state, _plain(state, block))
        return state, seconds, []
    usable = _usable(state, block)
    if len(usable.slots) == 0:
        return state, [], []
    state = state if state.next_slot >= 0 else _opened(state, usable)
    lost = _lost_before(usable.onset_s, state.last_onset_s, block.sfreq_hz)
    gaps = [_gap(usable.onset_s[row], int(lost[row]), block.sfreq_hz) for row in np.flatnonzero(lost)]
    state, seconds = _cut(_counted(state, usable, lost), _fill(state, usable))
    return state, seconds, gaps


def flush(state: GridState, settled_s: NightTime) -> tuple[GridState, list[GridSecond]]:
    """Ends the stream: the open second, if any, holds its last sample to its end, flagged as filled.

    It is in hand when the end is known, at settled_s: nobody could use it before.
    """
    missing = -state.next_slot % state.grid_hz if state.next_slot >= 0 else 0
    held_uv = np.tile(state.quantiser.as_stored(state.last_uv), (missing, 1))
    in_hand_s = max(state.arrived_s, settled_s) if missing else state.arrived_s
    arrived_s = np.full(missing, in_hand_s)
    return _cut(
        state,
        _Settled(held_uv, np.ones(missing, dtype=bool), arrived_s, state.last_uv, state.last_onset_s, in_hand_s),
    )


def open_second(state: GridState) -> GridSecond | None:
    """The second that is still filling up, its missing end held and flagged as filled; None before its first slot."""
    missing = -state.next_slot % state.grid_hz if state.next_slot >= 0 else 0
    if missing == 0:
        return None
    held = np.tile(state.quantiser.as_stored(state.last_uv), (missing, 1))
    rows = np.concatenate((*state.open_uv, held)), np.concatenate((*state.open_filled, np.ones(missing, dtype=bool)))
    return _second(state.quantiser, state.next_slot // state.grid_hz, rows, state.arrived_s)


def settled(state: GridState, index: int, first: int) -> FloatArray | None:
    """Of second `index`, while it is open, the rows from `first` on that will not change any more, as stored."""
    if state.next_slot < 0 or state.next_slot // state.grid_hz != index or not state.open_uv:
        return None
    return state.quantiser.as_stored(np.concatenate(state.open_uv)[first:])


def slot_of(onset_s: float, grid_hz: int) -> int:
    """The slot nearest to an onset, counted from the opening of the night."""
    return math.floor(onset_s * grid_hz + 0.5 + ROUNDING_GUARD_SLOTS)


def _is_plain(state: GridState, block: Block) -> bool:
    """True when every sample takes the next slot: no loss, no slip, all numbers. Almost every block of a night."""
    rows = len(block.samples)
    first = slot_of(block.onset_s, state.grid_hz)
    last = slot_of(block.onset_s + (rows - 1) / block.sfreq_hz, state.grid_hz)
    periods = (block.onset_s - state.last_onset_s) * block.sfreq_hz
    return (
        first == state.next_slot
        and last - first == rows - 1
        and REPEAT_PERIODS < periods < LOSS_PERIODS
        and math.isfinite(np.vdot(block.samples, block.samples))  # cheaper than asking each; a doubt costs time only
    )


def _plain(state: GridState, block: Block) -> _Settled:
    rows = len(block.samples)
    arrived_s = np.maximum(np.maximum.accumulate(block.arrived_s), state.arrived_s)
    last_onset_s = block.onset_s + (rows - 1) / block.sfreq_hz
    is_filled = np.zeros(rows, dtype=bool)
    return _Settled(block.samples, is_filled, arrived_s, block.samples[-1], last_onset_s, float(arrived_s[-1]))


def _usable(state: GridState, block: Block) -> _Usable:
    onset_s = block.onset_s + np.arange(len(block.samples)) / block.sfreq_hz
    slots = np.floor(onset_s * state.grid_hz + 0.5 + ROUNDING_GUARD_SLOTS).astype(np.int64)
    is_new = onset_s > state.last_onset_s + REPEAT_PERIODS / block.sfreq_hz
    rows = np.flatnonzero(np.isfinite(block.samples).all(axis=1) & is_new & (slots >= 0))
    arrived_s = np.maximum(np.maximum.accumulate(block.arrived_s[rows]), state.arrived_s)
    return _Usable(onset_s[rows], slots[rows], block.samples[rows], arrived_s)


def _opened(state: GridState, usable: _Usable) -> GridState:
    """A late stream starts with the second its first sample falls into, and holds that sample before it."""
    first = int(usable.slots[0])
    return state._replace(next_slot=first - first % state.grid_hz, last_uv=usable.samples_uv[0])


def _lost_before(onset_s: FloatArray, last_onset_s: float, sfreq_hz: float) -> _Counts:
    """How many samples are missing just before each of these."""
    first_step_s = onset_s[0] - last_onset_s if math.isfinite(last_onset_s) else 0.0
    periods = np.concatenate(([first_step_s], np.diff(onset_s))) * sfreq_hz
    return np.where(periods >= LOSS_PERIODS, np.rint(periods) - 1, 0).astype(np.int64)


def _gap(next_onset_s: float, samples: int, sfreq_hz: float) -> Gap:
    duration_s = samples / sfreq_hz
    return Gap(to_microsecond(next_onset_s - duration_s), Seconds(to_microsecond(duration_s)), samples)


def _counted(state: GridState, usable: _Usable, lost: _Counts) -> GridState:
    passed = np.concatenate(([state.next_slot - 1], usable.slots[:-1]))
    steps = usable.slots - np.maximum.accumulate(passed)
    is_stretch = (lost == 0) & (steps > 1)
    is_stretch[0] &= math.isfinite(state.last_onset_s)
    return state._replace(
        slipped=state.slipped + int(np.count_nonzero(steps <= 0)),
        stretched=state.stretched + int((steps[is_stretch] - 1).sum()),
        lost=state.lost + int(lost.sum()),
    )


def _fill(state: GridState, usable: _Usable) -> _Settled:
    """Every slot from the next one to the last sample's; the empty ones lie on a line between stored neighbours.

    Stored ones, because a replay of the file has no others and must draw the same line. Of two samples in one slot
    the first is kept.
    """
    before = np.maximum.accumulate(np.concatenate(([state.next_slot - 1], usable.slots)))[:-1]
    kept = np.flatnonzero(usable.slots > before)
    slots, kept_uv = usable.slots[kept], np.vstack((state.last_uv, usable.samples_uv[kept]))
    wanted = np.arange(state.next_slot, int(usable.slots[-1]) + 1)
    right = np.searchsorted(slots, wanted)
    left_slots = before[kept][right]
    stored_uv = state.quantiser.as_stored(kept_uv)
    share = ((wanted - left_slots) / (slots[right] - left_slots))[:, np.newaxis]
    on_line_uv = stored_uv[right] + (stored_uv[right + 1] - stored_uv[right]) * share
    filled = wanted != slots[right]
    samples_uv = np.where(filled[:, np.newaxis], on_line_uv, kept_uv[right + 1])
    last_onset_s, latest_s = float(usable.onset_s[-1]), float(usable.arrived_s[-1])
    return _Settled(samples_uv, filled, usable.arrived_s[kept][right], kept_uv[-1], last_onset_s, latest_s)


def _cut(state: GridState, settled: _Settled) -> tuple[GridState, list[GridSecond]]:
    """Adds what a block settled to the open second, and takes the whole seconds off the front."""
    hz, behind = state.grid_hz, state.next_slot + len(settled.filled)
    first_index = state.next_slot // hz
    whole = behind // hz - first_index
    open_uv, open_filled = (*state.open_uv, settled.samples_uv), (*state.open_filled, settled.filled)
    seconds: list[GridSecond] = []
    if whole > 0:
        rows = np.concatenate(open_uv), np.concatenate(open_filled)
        ends_s = settled.arrived_s[hz - 1 - state.next_slot % hz :: hz].tolist()
        seconds = [_second(state.quantiser, first_index + k, _piece(rows, k, hz), ends_s[k]) for k in range(whole)]
        open_uv, open_filled = (rows[0][whole * hz :],), (rows[1][whole * hz :],)
    state = GridState(
        hz, state.quantiser, behind, settled.last_uv, open_uv, open_filled, settled.last_onset_s, settled.latest_s,
        state.slipped, state.stretched, state.lost,
    )  # fmt: skip
    return state, seconds


def _piece(rows: _Rows, k: int, grid_hz: int) -> _Rows:
    place = slice(k * grid_hz, (k + 1) * grid_hz)
    return rows[0][place], rows[1][place]


def _second(quantiser: Quantiser, index: int, rows: _Rows, arrived_s: float) -> GridSecond:
    digital = quantiser.digital(rows[0])
    return GridSecond(index, digital, quantiser.to_uv(digital), rows[1], NightTime(arrived_s))
