"""Does a sleep spindle begin now? Its band beside both neighbours and the sleeper's own past, second by second, causal.

A spindle is met soon after its onset, never at a phase of its waves: those come every 75 ms, and none is foretold. Four
seconds later the truth is known: whether an event found with hindsight held the moment.
"""

from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.rhythm import depth, learning
from dreamloom.rhythm.bins import BIN_HZ, Filling, binned, filled, lag_s
from dreamloom.rhythm.kept import Kept, with_second
from dreamloom.rhythm.sigma import LAGS, LEAST_S, LEAST_SHARE, powers_of, spindles_in
from dreamloom.rhythm.track import AUDITS_JUDGED, FROZEN_S
from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds

TIMES_USUAL = 3.0
"""A spindle's amplitude, over the usual one of its band in the last five minutes (median of seconds). Noise alone,
whose envelope is Rayleigh's, is as large in less than one bin of a thousand. Ours, from this arithmetic."""
HOLD = 5
"""Bins, 100 ms, for which all of it must hold: more than one wave of a spindle. Ours."""
REMEMBERED_S = 300
LEAST_HELD = 0.2
"""Of the last forty silent checks. Six spindles a minute of a second each fill a tenth of the time: what does not meet
twice as many as chance would tells nothing of them. Ours."""


@dataclass(frozen=True, slots=True)
class Onset:
    """A spindle seems to have begun; decided at decided_s on what was in hand by then."""

    decided_s: NightTime
    play_at_s: NightTime


@dataclass(frozen=True, slots=True)
class Audit:
    """Four seconds later: how long the spindle had lasted at that moment; None where there was none."""

    play_at_s: NightTime
    since_onset_s: Seconds | None
    teaches: bool


class Run(NamedTuple):
    """For how many bins in a row it looked like a spindle, and when the last moment was."""

    bins: int = 0
    last_s: float = -np.inf


class SpindleState(msgspec.Struct, frozen=True, eq=False):
    """All that the next second depends on.

    Attributes:
        tail: [LAGS - 1], the newest bins; 0 where nothing was heard.
        usual_uv: [300], mean amplitude of the band in each of the last seconds; NaN where it teaches nothing.
        kept: the last 96 s.
        held: of silent moments, the newest last, whether they lay in a spindle.
    """

    tau_s: Seconds
    grid_hz: int
    rest_s: Seconds
    next_index: int
    tail: FloatArray
    usual_uv: FloatArray
    calm_s: int = 0
    run: Run = Run()
    kept: Kept = Kept()
    pending: tuple[NightTime, ...] = ()
    sounded_s: tuple[float, ...] = ()
    held: tuple[bool, ...] = ()

    @property
    def uncertain(self) -> bool:
        """True while most of the last silent moments missed."""
        return len(self.held) >= AUDITS_JUDGED and sum(self.held) < LEAST_HELD * len(self.held)

    @property
    def least_uv(self) -> float:
        """The amplitude from which on it may be a spindle; infinite until half a minute is known."""
        known = self.usual_uv[np.isfinite(self.usual_uv)]
        return TIMES_USUAL * float(np.median(known)) if len(known) >= LEAST_S else float("inf")


def start(grid_hz: int, *, tau_s: Seconds, rest_s: Seconds) -> SpindleState:
    """A sleeper whose spindles were never heard, and a sound that comes tau_s after its decision."""
    return SpindleState(tau_s, grid_hz, rest_s, -1, np.zeros(LAGS - 1), np.full(REMEMBERED_S, np.nan))


def step(
    state: SpindleState, index: int, samples_uv: FloatArray, *, good: bool = True, deep: bool | None = None
) -> tuple[SpindleState, list[Onset], list[Audit]]:
    """Takes second `index` of one channel, [grid_hz] samples.

    Args:
        state: after the seconds before; a jump begins the window anew, what was learned stays.
        index: the second covers night time [index, index + 1).
        samples_uv: of the channel on the night's grid.
        good: False where it was lost, flat or clipped: nothing is learned from it.
        deep: False where spindles are not to be met; then nothing is learned either.
    """
    state = state if index == state.next_index else _anew(state)
    bins_uv = binned(samples_uv)
    powers = powers_of(state.tail, bins_uv)
    run, onsets = Run(0, state.run.last_s), list[Onset]()
    if is_gate_open(state, deep=deep):
        run, onsets = _met(state, state.run, powers, (index, 0))
    still = good and float(bins_uv.max() - bins_uv.min()) < depth.MOVEMENT_UV
    calm_s = min(state.calm_s + 1, depth.REST_S) if still else 0
    is_calm = calm_s >= depth.REST_S
    teaches = is_calm and deep is not False and index >= run.last_s + FROZEN_S
    usual_uv = float(np.sqrt(powers[0]).mean()) if teaches else np.nan
    after = replace(
        state,
        next_index=index + 1,
        tail=np.concatenate([state.tail, bins_uv])[1 - LAGS :],
        usual_uv=np.append(state.usual_uv[1:], usual_uv),
        calm_s=calm_s,
        run=run,
        kept=with_second(state.kept, np.stack([bins_uv, bins_uv]), is_calm=is_calm, is_open=deep is not False),
        pending=(*state.pending, *(each.play_at_s for each in onsets)),
    )
    after, audits = _audited(after)
    return after, onsets, audits


def is_gate_open(state: SpindleState, *, deep: bool | None) -> bool:
    """Whether a spindle of the second that comes now may be met: wanted, and nobody moved in the last seconds."""
    return deep is not False and state.calm_s >= depth.REST_S


def sounded(state: SpindleState, play_at_s: NightTime) -> SpindleState:
    """The cue of this moment was heard: its audit is told and teaches nothing."""
    return replace(state, sounded_s=(*state.sounded_s[-AUDITS_JUDGED:], play_at_s))


def followed(state: SpindleState, play_at_s: NightTime) -> SpindleState:
    """A cue comes then by the clock, behind one that met a spindle: audited as that one, and nothing learned of it."""
    run = state.run._replace(last_s=max(state.run.last_s, play_at_s))
    return sounded(replace(state, pending=(*state.pending, play_at_s), run=run), play_at_s)


class Lane(NamedTuple):
    """One second of one sleeper, as far as it was heard; everything but its bins as the second before left it."""

    state: SpindleState
    second: int
    is_open: bool
    filling: Filling
    past: FloatArray
    run: Run


def begin(state: SpindleState, *, deep: bool | None) -> Lane:
    """The second that comes next, before its first sample; `deep` as `step` will be told it."""
    is_open = is_gate_open(state, deep=deep)
    return Lane(state, state.next_index, is_open, Filling(), state.tail, state.run)


def heard(lane: Lane, samples_uv: FloatArray) -> tuple[Lane, list[Onset]]:
    """Takes more samples of the second, [m], as stored; returns the onsets decided in the bins they completed."""
    if not lane.is_open:
        return lane, []
    filling, fresh = filled(lane.filling, samples_uv, lane.state.grid_hz)
    if len(fresh) == 0:
        return lane._replace(filling=filling), []
    run, onsets = _met(lane.state, lane.run, powers_of(lane.past, fresh), (lane.second, lane.filling.bins))
    past = np.concatenate([lane.past, fresh])[1 - LAGS :]
    return lane._replace(filling=filling, past=past, run=run), onsets


def _met(state: SpindleState, run: Run, powers: FloatArray, first: tuple[int, int]) -> tuple[Run, list[Onset]]:
    """The onsets among bins of one second; `first` is which second, and which of its bins comes first here."""
    index, zeroth = first
    band, below, above, varied = powers
    is_like = (band >= state.least_uv**2) & (band > below) & (band > above) & (band >= 2.0 * LEAST_SHARE * varied)
    bins, last_s, onsets = run.bins, run.last_s, list[Onset]()
    for place, like in enumerate(is_like.tolist(), start=zeroth):
        bins = bins + 1 if like else 0
        decided_s = index + (place + 1) / BIN_HZ
        if bins == HOLD and decided_s + state.tau_s - last_s >= state.rest_s:
            last_s = decided_s + state.tau_s
            onsets.append(Onset(NightTime(decided_s), NightTime(last_s)))
    return Run(bins, last_s), onsets


def _anew(state: SpindleState) -> SpindleState:
    fresh = start(state.grid_hz, tau_s=state.tau_s, rest_s=state.rest_s)
    return replace(fresh, usual_uv=state.usual_uv, held=state.held, run=Run(0, state.run.last_s))


def _audited(state: SpindleState) -> tuple[SpindleState, list[Audit]]:
    """Audits the moments of which the truth is certain by now."""
    end_s = state.next_index
    due = [at_s for at_s in state.pending if at_s + learning.CERTAIN_S <= end_s]
    if not due:
        return state, []
    looked_back = learning.LOOKS_BACK_S * BIN_HZ
    counts = (state.kept.is_calm & state.kept.is_open)[-looked_back:]
    found = spindles_in(state.kept.bins_uv[0, -looked_back:], counts)
    audits = []
    for at_s in due:
        place = (at_s - end_s + lag_s(state.grid_hz)) * BIN_HZ + len(counts) - 1
        since = [(place - first) / BIN_HZ for first, beyond in found if first <= place < beyond]
        if place >= 0 and counts.sum() >= LEAST_S * BIN_HZ:
            audits.append(Audit(at_s, Seconds(since[0]) if since else None, at_s not in state.sounded_s))
    held = [each.since_onset_s is not None for each in audits if each.teaches]
    left = tuple(at_s for at_s in state.pending if at_s not in due)
    return replace(state, pending=left, held=(*state.held, *held)[-AUDITS_JUDGED:]), audits
