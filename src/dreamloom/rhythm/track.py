"""When is this sleeper's next up-state, and was the last answer right? Phase-locked moments, second by second, causal.

A moment is decided on samples that are in hand and planned tau later, the time between a sample and its sound. Four
seconds after it the truth is known, and the moment is audited. Where nothing sounded (a sham, or a moment that only
would have fired) the audit teaches; an evoked wave flatters the audit of a cue that was heard, so that one does not.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from dreamloom.rhythm import choosing, depth, learning
from dreamloom.rhythm.bins import BIN_HZ, binned, lag_s
from dreamloom.rhythm.choosing import Candidate, Choosing, crosses
from dreamloom.rhythm.kernel import LAGS, ComplexArray, applied, oscillator
from dreamloom.signals.filters import high_pass
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

Refusal = Literal["UNCERTAIN"]


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at: a phase of a rhythm, how often, and how long each is left alone."""

    phase_rad: float = 0.0
    per_minute: float = 11.0
    rest_s: Seconds = Seconds(2.5)
    band_hz: tuple[float, float] = learning.TRUTH_BAND_HZ


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


@dataclass(frozen=True, slots=True)
class PhaseState:
    """All that the next second depends on."""

    tau_s: Seconds
    grid_hz: int
    target: Target
    next_index: int
    raw: FloatArray
    steady: FloatArray
    calm: BoolArray
    free: BoolArray
    high_passed: FloatArray | None
    learned: learning.Learned
    start_taps: ComplexArray
    depth: depth.Depth
    choosing: Choosing
    last_z: complex = 0j
    heard_bins: int = 0
    pending: tuple[Moment, ...] = ()
    sounded_s: tuple[float, ...] = ()
    errors_rad: tuple[float, ...] = field(default=())

    @property
    def bias_rad(self) -> float:
        """By how much the true phase runs ahead of the predicted one, as far as audits that teach can tell."""
        return float(np.angle(np.exp(1j * np.array(self.errors_rad[-AUDITS_KEPT:])).sum() + STEADYING))

    @property
    def uncertain(self) -> bool:
        """True while the last audits that teach spread wider than 60 degrees."""
        judged = self.errors_rad[-AUDITS_JUDGED:]
        return len(judged) >= AUDITS_JUDGED and sd_rad(np.array(judged)) > UNCERTAIN_RAD


_FILTER = high_pass(DRIFT_HZ, sfreq_hz=Hertz(BIN_HZ))


def start(grid_hz: int, *, tau_s: Seconds, target: Target | None = None) -> PhaseState:
    """A sleeper whose rhythm was never heard, and a sound that comes tau_s after its decision."""
    target = target or Target()
    empty = np.zeros(learning.KEPT)
    return PhaseState(
        tau_s=tau_s,
        grid_hz=grid_hz,
        target=target,
        next_index=-1,
        raw=empty,
        steady=empty,
        calm=np.zeros(learning.KEPT, dtype=bool),
        free=np.zeros(learning.KEPT, dtype=bool),
        high_passed=None,
        learned=learning.nothing(),
        start_taps=oscillator(_ahead_s(tau_s, grid_hz)),
        depth=depth.unknown(),
        choosing=Choosing(target.per_minute, target.rest_s),
    )


def _ahead_s(tau_s: Seconds, grid_hz: int) -> Seconds:
    """From the centre of the newest bin to the sound, and half a bin: a crossing is seen that much late on average."""
    return Seconds(tau_s + lag_s(grid_hz) + 0.5 / BIN_HZ)


def step(
    state: PhaseState, index: int, samples_uv: FloatArray, *, good: bool = True, asleep: bool = True
) -> tuple[PhaseState, list[Moment], list[Audit]]:
    """Takes second `index` of one channel, [grid_hz] samples.

    Args:
        state: after the seconds before; a jump begins the window anew, what was learned stays.
        index: the second covers night time [index, index + 1).
        samples_uv: of the channel on the night's grid.
        good: False where it was lost, flat or clipped: nothing is learned from it or decided on it.
        asleep: False shuts the gate: a pod that stages says so outside N2 and N3; without a stager it is left True.
    """
    if index != state.next_index:
        state = _anew(state)
    bins = binned(samples_uv)
    # The gate as the second before left it: within a second nobody knows yet how it will end.
    is_open = asleep and bool(state.depth.is_open)
    state = _heard(state, index, bins, good=good, is_open=is_open)
    state, moments = _decided(state, index, is_open=is_open)
    state = _frozen(state, moments, index)
    state, audits = _audited(state, index)
    if (index + 1) % learning.EVERY_S == 0:
        ahead_s = _ahead_s(state.tau_s, state.grid_hz)
        known = min(state.heard_bins, learning.KEPT)
        state = replace(
            state,
            learned=learning.refitted(
                state.learned,
                steady=state.steady[-known:],
                raw=state.raw[-known:],
                calm=state.calm[-known:],
                free=state.free[-known:],
                ahead_s=ahead_s,
                band_hz=state.target.band_hz,
            ),
        )
    return state, moments, audits


def sounded(state: PhaseState, play_at_s: NightTime) -> PhaseState:
    """The cue of this moment was heard: its audit is told and teaches nothing."""
    return replace(state, sounded_s=(*state.sounded_s[-AUDITS_KEPT:], play_at_s))


def _anew(state: PhaseState) -> PhaseState:
    fresh = start(state.grid_hz, tau_s=state.tau_s, target=state.target)
    return replace(fresh, learned=state.learned, choosing=state.choosing, errors_rad=state.errors_rad)


def _heard(state: PhaseState, index: int, bins: FloatArray, *, good: bool, is_open: bool) -> PhaseState:
    before = state.high_passed if state.high_passed is not None else _FILTER.start(bins[:1])
    after, steady = _FILTER.step(before, bins[:, np.newaxis])
    raw = np.concatenate([state.raw[BIN_HZ:], bins])
    last = raw[-depth.WINDOW_S * BIN_HZ :]
    deep = depth.step(state.depth, last, good=good and state.heard_bins >= (depth.WINDOW_S - 1) * BIN_HZ)
    # A sleeper awake teaches nothing about slow waves, so only what the gate lets in is learned from.
    calm, free = np.full(BIN_HZ, bool(deep.rest_s >= depth.REST_S)), np.full(BIN_HZ, bool(deep.is_open))
    return replace(
        state,
        next_index=index + 1,
        raw=raw,
        steady=np.concatenate([state.steady[BIN_HZ:], steady[:, 0]]),
        calm=np.concatenate([state.calm[BIN_HZ:], calm]),
        free=np.concatenate([state.free[BIN_HZ:], free]),
        high_passed=after,
        depth=deep,
        heard_bins=state.heard_bins + BIN_HZ,
        choosing=choosing.second(state.choosing, index, is_open=is_open),
    )


def _decided(state: PhaseState, index: int, *, is_open: bool) -> tuple[PhaseState, list[Moment]]:
    taps = state.learned.taps if state.learned.taps is not None else state.start_taps
    now = applied(taps, state.steady[-BIN_HZ - LAGS + 1 : -BIN_HZ], state.steady[-BIN_HZ:])
    known = state.heard_bins > LAGS and is_open
    before, chosen, moments = state.last_z, state.choosing, []
    turn = np.exp(1j * (state.bias_rad - state.target.phase_rad))
    phases, strengths = np.angle(np.concatenate([[before], now]) * turn).tolist(), np.abs(now).tolist()
    for place in range(BIN_HZ if known else 0):
        if not crosses(phases[place], phases[place + 1]):
            continue
        decided_s = index + (place + 1) / BIN_HZ
        play_at_s = decided_s + state.tau_s
        chosen, is_chosen = choosing.offered(chosen, Candidate(play_at_s, strengths[place]))
        if is_chosen:
            refusal: Refusal | None = "UNCERTAIN" if state.uncertain else None
            learned = state.learned.taps is not None
            moments.append(
                Moment(NightTime(decided_s), NightTime(play_at_s), strengths[place], learned, state.bias_rad, refusal)
            )
    return replace(state, last_z=complex(now[-1]), choosing=chosen), moments


def _frozen(state: PhaseState, moments: list[Moment], index: int) -> PhaseState:
    """Forgets nothing that was decided: its bins teach no weights, whether or not it sounds."""
    pending = (*state.pending, *moments)
    free = state.free.copy()
    begins_s = index + 1 - learning.KEPT / BIN_HZ
    for each in pending:
        first = round((each.play_at_s - begins_s) * BIN_HZ)
        free[max(0, first) : max(0, first + round(FROZEN_S * BIN_HZ))] = False
    return replace(state, pending=pending, free=free)


def _audited(state: PhaseState, index: int) -> tuple[PhaseState, list[Audit]]:
    end_s = index + 1
    due = [each for each in state.pending if each.play_at_s + learning.CERTAIN_S <= end_s]
    if not due:
        return state, []
    known = min(state.heard_bins, learning.LOOKS_BACK_S * BIN_HZ)
    analytic = learning.truth(state.raw[-known:], BIN_HZ, state.target.band_hz)
    audits = []
    for each in due:
        # A bin's value stands for its centre of mass, which lies lag_s before its end.
        place = (each.play_at_s - end_s + lag_s(state.grid_hz)) * BIN_HZ + known - 1
        if place < 0:
            continue
        low, part = int(place), place - int(place)
        there = (1 - part) * analytic[low] + part * analytic[low + 1]
        error_rad = float(np.angle(there * np.exp(-1j * state.target.phase_rad)))
        uncorrected_rad = float(np.angle(np.exp(1j * (error_rad + each.corrected_rad))))
        audits.append(Audit(each.play_at_s, error_rad, uncorrected_rad, each.play_at_s not in state.sounded_s))
    errors_rad = [each.uncorrected_rad for each in audits if each.teaches]
    left = tuple(each for each in state.pending if each not in due)
    return replace(state, pending=left, errors_rad=(*state.errors_rad, *errors_rad)[-AUDITS_KEPT:]), audits
