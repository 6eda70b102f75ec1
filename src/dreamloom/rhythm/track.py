"""When is this sleeper's next up-state, and was the last answer right? Phase-locked moments, second by second, causal.

A moment is decided on samples that are in hand and planned tau later, the time between a sample and its sound. Four
seconds after it the truth is known, and the moment is audited. Where nothing sounded (a sham, or a moment that only
would have fired) the audit teaches; an evoked wave flatters the audit of a cue that was heard, so that one does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.rhythm import choosing, depth, learning
from dreamloom.rhythm.bins import BIN_HZ, binned, lag_s
from dreamloom.rhythm.choosing import Candidate, Choosing, crossings
from dreamloom.rhythm.kept import KEPT_S, Kept, with_second
from dreamloom.rhythm.kernel import LAGS, ComplexArray, applied, oscillator
from dreamloom.rhythm.troughs import deep_ones
from dreamloom.signals.filters import SosFilter, high_pass
from dreamloom.signals.together import together
from dreamloom.statistics.circular import sd_rad
from dreamloom.vocabulary.units import BoolArray, FloatArray, Hertz, NightTime, Seconds

DRIFT_HZ = Hertz(0.05)
"""A tenth of the slowest wave: an electrode's drift goes, the weights learn what little it turns the phase."""
FROZEN_S = 2.0
"""Nothing is learned this long from a decided moment on, sham included: an evoked wave lasts about a second."""
UNCERTAIN_RAD = np.radians(60.0)
AUDITS_JUDGED = 40
AUDITS_KEPT = 100
STEADYING = 10.0
"""Audits without error that are added when the bias is told, so that a few do not turn it. Ours."""

IN_CACHE = 32
"""Sleepers who are worked on together: more of them leave the processor's cache. Ours."""
TAIL = depth.WINDOW_S * BIN_HZ
"""Bins that every second needs again: a spectrum's, which the weights' fit into."""

Refusal = Literal["UNCERTAIN"]


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at: a phase of a rhythm, how often, how long each is left alone, how deep its trough must be."""

    phase_rad: float = 0.0
    per_minute: float = 11.0
    rest_s: Seconds = Seconds(2.5)
    band_hz: tuple[float, float] = learning.TRUTH_BAND_HZ
    trough_below_uv: float | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which the phase will be the target's, decided at decided_s on what was in hand by then.

    refusal tells why it is only watched, not cued; learned, whether the sleeper's own weights told it.
    """

    decided_s: NightTime
    play_at_s: NightTime
    strength_uv: float
    learned: bool
    corrected_rad: float
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Audit:
    """Four seconds later: true less predicted phase."""

    play_at_s: NightTime
    error_rad: float
    uncorrected_rad: float
    teaches: bool


class PhaseState(msgspec.Struct, frozen=True, eq=False):
    """All that the next second depends on.

    Attributes:
        tail: [2, 200], the last 4 s with and without their drift; 0 where nothing was heard.
        kept: the last 96 s.
        planned_s: of the moments decided in that time, whose bins teach nothing.
    """

    tau_s: Seconds
    grid_hz: int
    target: Target
    next_index: int
    tail: FloatArray
    learned: learning.Learned
    start_taps: ComplexArray
    depth: depth.Depth
    choosing: Choosing
    kept: Kept = Kept()
    planned_s: tuple[NightTime, ...] = ()
    high_passed: FloatArray | None = None
    last_z: complex = 0j
    pending: tuple[Moment, ...] = ()
    sounded_s: tuple[float, ...] = ()
    errors_rad: tuple[float, ...] = ()

    @property
    def bias_rad(self) -> float:
        """By how much the true phase runs ahead of the predicted one, as far as audits that teach can tell."""
        return _bias_rad(self.errors_rad[-AUDITS_KEPT:])

    @property
    def uncertain(self) -> bool:
        """True while the last audits that teach spread wider than 60 degrees."""
        judged = self.errors_rad[-AUDITS_JUDGED:]
        return len(judged) >= AUDITS_JUDGED and sd_rad(np.array(judged)) > UNCERTAIN_RAD

    @property
    def taps(self) -> ComplexArray:
        """The sleeper's own weights, or those to begin with."""
        return self.start_taps if self.learned.taps is None else self.learned.taps

    @property
    def free(self) -> BoolArray:
        """[bin], where the gate was open and nothing decided was near: its bins teach no weights, sounded or not."""
        free = self.kept.is_open
        begins_s = self.next_index - self.kept.seconds
        for play_at_s in self.planned_s:
            first = round((play_at_s - begins_s) * BIN_HZ)
            free[max(0, first) : max(0, first + round(FROZEN_S * BIN_HZ))] = False
        return free


@dataclass(frozen=True, slots=True)
class Heard:
    """A second of one sleeper, as `step` takes it."""

    index: int
    samples_uv: FloatArray
    good: bool = True
    deep: bool | None = None


Stepped = tuple[PhaseState, list[Moment], list[Audit]]


@lru_cache(maxsize=4096)
def _bias_rad(errors_rad: tuple[float, ...]) -> float:
    return float(np.angle(np.exp(1j * np.array(errors_rad)).sum() + STEADYING))


@cache
def drift_filter() -> SosFilter:
    """What takes the offset and the drift out of bins; designed when a bed first needs it."""
    return high_pass(DRIFT_HZ, sfreq_hz=Hertz(BIN_HZ))


def start(grid_hz: int, *, tau_s: Seconds, target: Target | None = None) -> PhaseState:
    """A sleeper whose rhythm was never heard, and a sound that comes tau_s after its decision."""
    target = target or Target()
    return PhaseState(
        tau_s=tau_s,
        grid_hz=grid_hz,
        target=target,
        next_index=-1,
        tail=np.zeros((2, TAIL)),
        learned=learning.nothing(),
        start_taps=_oscillator(_ahead_s(tau_s, grid_hz)),
        depth=depth.unknown(),
        choosing=Choosing(target.per_minute, target.rest_s),
    )


@lru_cache(maxsize=64)
def _oscillator(ahead_s: Seconds) -> ComplexArray:
    return oscillator(ahead_s)


def _ahead_s(tau_s: Seconds, grid_hz: int) -> Seconds:
    """From the centre of the newest bin to the sound, and half a bin: a crossing is seen that much late on average."""
    return Seconds(tau_s + lag_s(grid_hz) + 0.5 / BIN_HZ)


def step(
    state: PhaseState, index: int, samples_uv: FloatArray, *, good: bool = True, deep: bool | None = None
) -> Stepped:
    """Takes second `index` of one channel, [grid_hz] samples.

    Args:
        state: after the seconds before; a jump begins the window anew, what was learned stays.
        index: the second covers night time [index, index + 1).
        samples_uv: of the channel on the night's grid.
        good: False where it was lost, flat or clipped: nothing is learned from it or decided on it.
        deep: whether the newest stage lets waves be met; None without a stager: their own power says it.
    """
    (stepped,) = step_many([(state, Heard(index, samples_uv, good, deep))])
    return stepped


def step_many(sleepers: Sequence[tuple[PhaseState, Heard]]) -> list[Stepped]:
    """`step` for many sleepers at once, in their order; the same for each, to rounding, whoever is beside."""
    told: dict[int, Stepped] = {}
    for alike in together([len(heard.samples_uv) for _, heard in sleepers]):
        for few in (alike[i : i + IN_CACHE] for i in range(0, len(alike), IN_CACHE)):
            decided = _decided([sleepers[place] for place in few])
            told |= zip(few, (_closed(state, moments) for state, moments in decided), strict=True)
    return [told[place] for place in range(len(sleepers))]


def is_gate_open(state: PhaseState, *, deep: bool | None) -> bool:
    """Whether a wave of the second that comes now may be met: deep enough, and nobody moved in the last seconds."""
    is_calm = bool(state.depth.rest_s >= depth.REST_S)
    return is_calm and (bool(state.depth.is_open) if deep is None else deep)


def sounded(state: PhaseState, play_at_s: NightTime) -> PhaseState:
    """The cue of this moment was heard: its audit is told and teaches nothing."""
    return replace(state, sounded_s=(*state.sounded_s[-AUDITS_KEPT:], play_at_s))


def followed(state: PhaseState, play_at_s: NightTime) -> PhaseState:
    """A cue comes then by the clock, behind one that met its phase: audited as that one, and nothing learned of it."""
    known = state.learned.taps is not None
    moment = Moment(NightTime(state.next_index), play_at_s, 0.0, known, corrected_rad=0.0, refusal=None)
    planned_s = (*state.planned_s, play_at_s)
    return sounded(replace(state, pending=(*state.pending, moment), planned_s=planned_s), play_at_s)


def _anew(state: PhaseState) -> PhaseState:
    fresh = start(state.grid_hz, tau_s=state.tau_s, target=state.target)
    return replace(fresh, learned=state.learned, choosing=state.choosing, errors_rad=state.errors_rad)


def _decided(sleepers: Sequence[tuple[PhaseState, Heard]]) -> list[tuple[PhaseState, list[Moment]]]:
    """Each after its second was heard and judged, with the moments that were decided in it."""
    states = [state if heard.index == state.next_index else _anew(state) for state, heard in sleepers]
    bins = binned(np.array([heard.samples_uv for _, heard in sleepers]))
    after, tails = _filtered(states, bins)
    values = applied(
        np.array([state.taps for state in states]),
        tails[:, 1, TAIL - BIN_HZ - LAGS + 1 : -BIN_HZ],
        tails[:, 1, -BIN_HZ:],
    )
    crossed = crossed_in(states, values)
    good = np.array(
        [
            heard.good and state.kept.seconds >= depth.WINDOW_S - 1
            for state, (_, heard) in zip(states, sleepers, strict=True)
        ]
    )
    deep = depth.step(_stacked([state.depth for state in states]), tails[:, 0], good=good)
    told: list[tuple[PhaseState, list[Moment]]] = []
    for row, (state, (_, heard)) in enumerate(zip(states, sleepers, strict=True)):
        # The gate as the second before left it: within a second nobody knows yet how it will end.
        is_open = is_gate_open(state, deep=heard.deep)
        chosen = choosing.second(state.choosing, heard.index, is_open=is_open)
        moments: list[Moment] = []
        if is_open and (state.kept.seconds + 1) * BIN_HZ > LAGS:
            below_uv = state.target.trough_below_uv
            met = deep_ones(crossed[row], tails[row, 1], zeroth=TAIL - BIN_HZ, below_uv=below_uv)
            chosen, moments = moments_in(state, chosen, heard.index, met)
        now = depth.Depth(deep.powers[row], deep.is_open[row], deep.rest_s[row])
        # A sleeper awake teaches nothing about slow waves, so only what the gate lets in is learned from.
        newest_uv, is_calm = tails[row, :, -BIN_HZ:].copy(), bool(now.rest_s >= depth.REST_S)
        told.append(
            (
                replace(
                    state,
                    next_index=heard.index + 1,
                    tail=tails[row],
                    kept=with_second(state.kept, newest_uv, is_calm=is_calm, is_open=bool(now.is_open)),
                    high_passed=after[:, :, row : row + 1],
                    depth=now,
                    choosing=chosen,
                    last_z=complex(values[row, -1]),
                    pending=(*state.pending, *moments) if moments else state.pending,
                    planned_s=_planned(state, moments, heard.index),
                ),
                moments,
            )
        )
    return told


def _filtered(states: Sequence[PhaseState], bins: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The filters' states after a second, [section, 2, sleeper], and [sleeper, 2, 200] tails with it."""
    before = [
        drift_filter().start(mine[:1]) if state.high_passed is None else state.high_passed
        for state, mine in zip(states, bins, strict=True)
    ]
    after, steady = drift_filter().step(np.concatenate(before, axis=2), bins.T)
    older = np.array([state.tail for state in states])[:, :, BIN_HZ:]
    return after, np.concatenate([older, np.stack([bins, steady.T], axis=1)], axis=2)


def crossed_in(states: Sequence[PhaseState], values: ComplexArray) -> list[list[tuple[int, float]]]:
    """For each the bins in which the wanted phase was met, and how strong the rhythm was just before."""
    turns = np.exp(1j * np.array([state.bias_rad - state.target.phase_rad for state in states]))
    before = np.array([state.last_z for state in states])
    phases_rad = np.angle(np.concatenate([before[:, np.newaxis], values], axis=1) * turns[:, np.newaxis])
    found: list[list[tuple[int, float]]] = [[] for _ in states]
    for row, place in np.argwhere(crossings(phases_rad)).tolist():
        found[row].append((place, float(np.abs(values[row, place]))))
    return found


def moments_in(
    state: PhaseState, chosen: Choosing, index: int, crossed: Sequence[tuple[int, float]]
) -> tuple[Choosing, list[Moment]]:
    """The moments that are chosen of the bins of second `index` in which the wanted phase was met."""
    moments: list[Moment] = []
    for place, strength_uv in crossed:
        decided_s = index + (place + 1) / BIN_HZ
        play_at_s = decided_s + state.tau_s
        chosen, is_chosen = choosing.offered(chosen, Candidate(play_at_s, strength_uv))
        if is_chosen:
            refusal: Refusal | None = "UNCERTAIN" if state.uncertain else None
            learned, bias_rad = state.learned.taps is not None, state.bias_rad
            moments.append(Moment(NightTime(decided_s), NightTime(play_at_s), strength_uv, learned, bias_rad, refusal))
    return chosen, moments


def _planned(state: PhaseState, moments: Sequence[Moment], index: int) -> tuple[NightTime, ...]:
    since_s = index + 1 - KEPT_S - FROZEN_S
    if not moments and (not state.planned_s or state.planned_s[0] >= since_s):
        return state.planned_s
    return (*(each for each in state.planned_s if each >= since_s), *(each.play_at_s for each in moments))


def _stacked(depths: Sequence[depth.Depth]) -> depth.Depth:
    powers, is_open, rest_s = (np.array(parts) for parts in zip(*depths, strict=True))
    return depth.Depth(powers, is_open, rest_s)


def _closed(state: PhaseState, moments: list[Moment]) -> Stepped:
    """Audits what has become certain, and every 30 s learns from it."""
    state, audits = _audited(state)
    if state.next_index % learning.EVERY_S == 0:
        raw_uv, steady_uv = state.kept.bins_uv
        learned = learning.refitted(
            state.learned,
            steady=steady_uv,
            raw=raw_uv,
            calm=state.kept.is_calm,
            free=state.free,
            ahead_s=_ahead_s(state.tau_s, state.grid_hz),
            band_hz=state.target.band_hz,
        )
        state = replace(state, learned=learned)
    return state, moments, audits


def _audited(state: PhaseState) -> tuple[PhaseState, list[Audit]]:
    end_s = state.next_index
    due = [each for each in state.pending if each.play_at_s + learning.CERTAIN_S <= end_s]
    if not due:
        return state, []
    raw_uv = state.kept.bins_uv[0, -learning.LOOKS_BACK_S * BIN_HZ :]
    audits = []
    for each in due:
        # A bin's value stands for its centre of mass, which lies lag_s before its end.
        place = (each.play_at_s - end_s + lag_s(state.grid_hz)) * BIN_HZ + len(raw_uv) - 1
        if place < 0:
            continue
        low, part = int(place), place - int(place)
        there, then = (learning.truth_at(raw_uv, at, state.target.band_hz) for at in (low, low + 1))
        error_rad = float(np.angle(((1 - part) * there + part * then) * np.exp(-1j * state.target.phase_rad)))
        uncorrected_rad = float(np.angle(np.exp(1j * (error_rad + each.corrected_rad))))
        audits.append(Audit(each.play_at_s, error_rad, uncorrected_rad, each.play_at_s not in state.sounded_s))
    errors_rad = [each.uncorrected_rad for each in audits if each.teaches]
    left = tuple(each for each in state.pending if each not in due)
    return replace(state, pending=left, errors_rad=(*state.errors_rad, *errors_rad)[-AUDITS_KEPT:]), audits
