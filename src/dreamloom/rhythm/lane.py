"""Which moments can be told before their second is over? The step of a second, taken bin by bin as its samples come.

Everything that a whole second would change (weights, bias, gate, audits) stays as the second before left it, so that
the moments are those of `track.step` to the bit, however the samples are cut.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from dreamloom.rhythm import choosing
from dreamloom.rhythm.bins import BIN_HZ, Filling, filled
from dreamloom.rhythm.choosing import Choosing, crossings
from dreamloom.rhythm.kernel import LAGS
from dreamloom.rhythm.track import Moment, PhaseState, drift_filter, is_gate_open, moments_in
from dreamloom.rhythm.troughs import deep_ones
from dreamloom.vocabulary.units import FloatArray


class Lane(NamedTuple):
    """One second of one sleeper, as far as it was heard.

    Attributes:
        state: as the second before left it.
        second: its index.
        is_open: whether waves may be met in it.
        weights: [LAGS] each, real and imaginary, as they lie under the bins: the newest last.
        turn: by how much a phase is turned so that the wanted one is 0.
        filling: its bins so far.
        drift: the high-pass's state; None before the first bin of a night.
        past: [LAGS - 1], the newest bins without their drift.
        last_z: of the newest bin.
        chosen: which waves were offered and taken so far.
    """

    state: PhaseState
    second: int
    is_open: bool
    weights: tuple[FloatArray, FloatArray]
    turn: complex
    filling: Filling
    drift: float | None
    past: FloatArray
    last_z: complex
    chosen: Choosing


def begin(state: PhaseState, *, deep: bool | None) -> Lane:
    """The second that comes next, before its first sample; `deep` as `track.step` will be told it."""
    is_open = is_gate_open(state, deep=deep)
    weights = np.ascontiguousarray([state.taps.real[::-1], state.taps.imag[::-1]])
    return Lane(
        state,
        state.next_index,
        is_open and (state.kept.seconds + 1) * BIN_HZ > LAGS,
        (weights[0], weights[1]),
        complex(np.exp(1j * (state.bias_rad - state.target.phase_rad))),
        Filling(),
        None if state.high_passed is None else float(state.high_passed[0, 0, 0]),
        state.tail[1, 1 - LAGS :],
        state.last_z,
        choosing.second(state.choosing, state.next_index, is_open=is_open),
    )


def heard(lane: Lane, samples_uv: FloatArray) -> tuple[Lane, list[Moment]]:
    """Takes more samples of the second, [m], as stored; returns the moments decided in the bins they completed."""
    if not lane.is_open:
        return lane, []
    filling, fresh = filled(lane.filling, samples_uv, lane.state.grid_hz)
    if len(fresh) == 0:
        return lane._replace(filling=filling), []
    steady, drift = _without_drift(fresh, lane.drift)
    bins = np.concatenate([lane.past, steady])
    values = np.empty(len(steady), dtype=np.complex128)
    # The sums of `kernel.applied`, whose every bin is a product of the same length.
    values.real, values.imag = (np.correlate(bins, weights, "valid") for weights in lane.weights)
    phases_rad = np.angle(np.concatenate([[lane.last_z], values]) * lane.turn)
    met = np.flatnonzero(crossings(phases_rad)).tolist()
    crossed: Sequence[tuple[int, float]] = [(lane.filling.bins + place, float(np.abs(values[place]))) for place in met]
    zeroth, below_uv = LAGS - 1 - lane.filling.bins, lane.state.target.trough_below_uv
    crossed = deep_ones(crossed, bins, zeroth=zeroth, below_uv=below_uv)
    chosen, moments = moments_in(lane.state, lane.chosen, lane.second, crossed) if crossed else (lane.chosen, [])
    past = bins[1 - LAGS :]
    last_z = complex(values[-1])
    return lane._replace(filling=filling, drift=drift, past=past, last_z=last_z, chosen=chosen), moments


@cache
def _coefficients() -> tuple[float, float, float]:
    now, before, _, _, fall, _ = drift_filter().sections[0].tolist()
    return now, before, fall


def _without_drift(fresh: FloatArray, before: float | None) -> tuple[list[float], float]:
    """What the filter in sections does, to the bit, in one of first order: for five values cheaper than a call."""
    now, earlier, fall = _coefficients()
    memory = float(drift_filter().start(fresh[:1])[0, 0, 0]) if before is None else before
    steady = []
    for value in fresh.tolist():
        steady.append(now * value + memory)
        memory = earlier * value - fall * steady[-1]
    return steady, memory
