"""Has this sleeper signalled with the eyes? One left-right-left-right is a candidate; twice is a signal.

A state machine over sweeps: a candidate waits for its like; two alike in time confirm each other, or one run of twice
the length does. The stage track must believe in REM, and neither movement nor a bad electrode may lie under a sweep.
"""

from collections.abc import Sequence
from statistics import median
from typing import Literal, NamedTuple

import numpy as np

from dreamloom.eyes import saccades
from dreamloom.eyes.leads import Leads
from dreamloom.eyes.saccades import Saccade, SaccadeState
from dreamloom.eyes.sweeps import STRICT, Limits, Sweep, latest
from dreamloom.eyes.wiring import Wiring, judged
from dreamloom.signals.blocks import GridSecond
from dreamloom.signals.looks import Look, look_at
from dreamloom.signals.quality import FLAT_UV, LOUDEST_UV
from dreamloom.signals.together import together
from dreamloom.vocabulary.units import BoolArray, FloatArray

SIGNAL_PAIRS = 2
"""Left-right-left-right."""
TWICE_WITHIN_S = 15.0
"""From the end of the first to the beginning of the second. Ours: who means it repeats it at once."""
ALIKE_SIZE, ALIKE_PACE = 0.6, 0.5
"""Smaller over larger size and pace of two that confirm each other: one person, one moment. Ours."""
REM_OVER = 12
REM_LEAST = 0.5
"""Highest p(R) of the last minute's estimates: REM was likelier than all else together. The highest, since an estimate
looks back on half a minute and more, in which a REM period that began or the signal itself shows as something else:
who becomes lucid is activated and looks a little awake (Voss et al. 2009, Sleep 32:1191). Half is ours."""
ARTEFACT_UV = 500.0
"""Range of the EEG within a second beyond which it shows movement. Ours."""
CHIN_RISE = 16.0
"""Chin power over its median of a minute: four times the amplitude, as AASM asks of a burst of muscle in REM."""
TWITCH_S = 2
"""Whole seconds that a burst of one second can touch: a chin that is loud in more of them in a row is no twitch, and
whoever moves for so long shakes the electrodes of the eyes. Ours."""
CHIN_OVER_S = 60
LONGEST_SWEEP_S = 12


class EyeSignal(NamedTuple):
    """A sweep of two pairs, or of four. `onset_s` is when it was known: the end of a second."""

    onset_s: float
    status: Literal["candidate", "confirmed"]
    sweep: Sweep
    confidence: float


class EyeState(NamedTuple):
    """What the next second is judged by.

    Attributes:
        recent: saccades of the last 12 s.
        troubled: seconds of the last 12 under which nothing is believed.
        chin: chin power of the last minute; loud_s for how many seconds it has been loud.
        rem: p(R) of the newest estimates, oldest first; None is UNSCORED.
        waiting: the last candidate.
        quiet_until_s: no sweep that began before counts any more.
        mirrored: the last candidate that began to the other side than calibrated.
        wiring: whether the leads are put on as their names say; while one is reversed nothing counts.
    """

    reading: SaccadeState
    limits: Limits
    recent: tuple[Saccade, ...] = ()
    troubled: tuple[int, ...] = ()
    chin: tuple[float, ...] = ()
    rem: tuple[float, ...] = ()
    waiting: Sweep | None = None
    quiet_until_s: float = -1.0
    gated: bool = True
    loud_s: int = 0
    mirrored: Sweep | None = None
    wiring: Wiring = Wiring()

    @property
    def rem_belief(self) -> float:
        """Median p(R) of the last minute; 0 before the first estimate."""
        return float(np.median(self.rem)) if self.rem else 0.0

    @property
    def rem_at_best(self) -> float:
        """Highest p(R) of the last minute; 0 before the first estimate."""
        return max(self.rem, default=0.0)


def start(leads: Leads, grid_hz: int, *, limits: Limits = STRICT, gated: bool = True) -> EyeState:
    """Has seen nothing yet. `gated=False` asks nothing of the stage: for calibration, and for measuring."""
    return EyeState(saccades.start(leads, grid_hz), limits, gated=gated)


def staged(state: EyeState, p_rem: float) -> EyeState:
    """Takes the probability of REM of a new stage estimate; 0 for UNSCORED."""
    return state._replace(rem=(*state.rem[-(REM_OVER - 1) :], p_rem))


def lay_still(state: EyeState, look: Look, *, second: int) -> EyeState:
    """Takes the look of a second of N2 or N3, in which both leads show the same brain."""
    lead = state.reading.leads
    if lead.right is None or look.is_lossy:
        return state
    left_uv, right_uv = look.samples_uv[lead.left], look.samples_uv[lead.right]
    return state._replace(wiring=judged(state.wiring, left_uv, right_uv, second=second))


Stepped = tuple[EyeState, list[EyeSignal], list[Saccade]]


def step(state: EyeState, second: GridSecond) -> Stepped:
    """Takes the next whole second; returns what was signalled by its end, and the saccades that were over in it."""
    (stepped,) = step_many([(state, second)])
    return stepped


def step_many(sleepers: Sequence[tuple[EyeState, GridSecond]], looks: Sequence[Look] | None = None) -> list[Stepped]:
    """`step` for many sleepers at once, in their order; each is told what it would be told alone.

    `looks` at their seconds, where somebody has looked already.
    """
    read = saccades.step_many([(state.reading, second) for state, second in sleepers])
    shown = _shown([state for state, _ in sleepers], looks or look_at([second for _, second in sleepers]))
    return [
        _stepped(_remembered(state._replace(reading=reading), second.index, new, shown=mine), second, new)
        for (state, second), (reading, new), mine in zip(sleepers, read, shown, strict=True)
    ]


def _stepped(state: EyeState, second: GridSecond, new: list[Saccade]) -> Stepped:
    sweep = latest(state.recent, second.index + 1.0, state.limits) if state.recent else None
    if sweep is None or not _counts(state, sweep):
        return _mirrored(state, second.index + 1.0), [], new
    signals = _said(state, sweep, second.index + 1.0)
    confirmed = any(signal.status == "confirmed" for signal in signals)
    state = state._replace(waiting=None if confirmed else sweep, quiet_until_s=sweep.end_s)
    if confirmed and state.wiring.exchanged_since_s is not None:
        state = state._replace(wiring=state.wiring._replace(exchanged_since_s=None))
    return state, signals, new


def _mirrored(state: EyeState, now_s: float) -> EyeState:
    """Remembers what would be a signal if left and right were exchanged; twice, they are."""
    if not state.limits.side or not state.recent or state.wiring.exchanged_since_s is not None:
        return state
    sweep = latest(state.recent, now_s, state.limits._replace(side=-state.limits.side))
    if sweep is None or not _counts(state, sweep):
        return state
    before = state.mirrored
    if before is None or not alike(before, sweep):
        return state._replace(mirrored=sweep)
    return state._replace(mirrored=None, wiring=state.wiring._replace(exchanged_since_s=before.onset_s))


def _counts(state: EyeState, sweep: Sweep) -> bool:
    troubled = any(sweep.onset_s < second + 1 and second < sweep.end_s for second in state.troubled)
    believed = not state.gated or state.rem_at_best >= REM_LEAST
    is_signal = sweep.pairs in (SIGNAL_PAIRS, 2 * SIGNAL_PAIRS) and state.wiring.reversed_since_s is None
    return is_signal and believed and not troubled and sweep.onset_s >= state.quiet_until_s


def _said(state: EyeState, sweep: Sweep, now_s: float) -> list[EyeSignal]:
    confidence = sweep.confidence * (min(1.0, state.rem_at_best / 0.8) if state.gated else 1.0)
    found = [EyeSignal(now_s, "candidate", sweep, confidence)]
    if sweep.pairs == 2 * SIGNAL_PAIRS:
        found.append(EyeSignal(now_s, "confirmed", sweep, confidence))
    elif state.waiting is not None and alike(state.waiting, sweep):
        both = 1.0 - (1.0 - confidence) * (1.0 - state.waiting.confidence)
        found.append(EyeSignal(now_s, "confirmed", sweep._replace(onset_s=state.waiting.onset_s), both))
    return found


def alike(first: Sweep, second: Sweep) -> bool:
    """Whether the second says again what the first said: same side, size and pace, soon after it."""
    return (
        0.0 <= second.onset_s - first.end_s <= TWICE_WITHIN_S
        and first.side == second.side
        and _ratio(first.size_uv, second.size_uv) >= ALIKE_SIZE
        and _ratio(first.pace_s, second.pace_s) >= ALIKE_PACE
    )


def _ratio(one: float, other: float) -> float:
    return min(one, other) / max(one, other)


def _remembered(state: EyeState, index: int, new: list[Saccade], *, shown: tuple[bool, float]) -> EyeState:
    is_troubled, power = shown
    is_loud = len(state.chin) >= CHIN_OVER_S // 2 and power > CHIN_RISE * median(state.chin)
    since_s = index - LONGEST_SWEEP_S
    loud_s = state.loud_s + 1 if is_loud else 0
    troubled = tuple(each for each in state.troubled if each >= since_s)
    if loud_s > TWITCH_S:
        troubled = tuple(sorted({*troubled, *range(max(since_s, index - loud_s + 1), index + 1)}))
    elif is_troubled:
        troubled = (*troubled, index)
    return state._replace(
        recent=(*(saccade for saccade in state.recent if saccade.at_s >= since_s), *new),
        troubled=troubled,
        loud_s=loud_s,
        chin=(*state.chin[-(CHIN_OVER_S - 1) :], power) if state.reading.leads.chin is not None else (),
    )


def _shown(states: Sequence[EyeState], looks: Sequence[Look]) -> list[tuple[bool, float]]:
    """Whether each second is troubled, and its chin power; those with the same channels at once."""
    told: dict[int, tuple[bool, float]] = {}
    shapes = [look.samples_uv.shape for look in looks]
    for alike in together([(state.reading.leads, shape) for state, shape in zip(states, shapes, strict=True)]):
        lead, some = states[alike[0]].reading.leads, [looks[place] for place in alike]
        powers = np.zeros(len(alike))
        if lead.chin is not None:
            powers = _chin_powers(np.array([look.samples_uv[lead.chin] for look in some]))
        told |= zip(alike, zip(_troubled(lead, some).tolist(), powers.tolist(), strict=True), strict=True)
    return [told[place] for place in range(len(states))]


def _troubled(lead: Leads, looks: Sequence[Look]) -> BoolArray:
    """[sleeper]: flat or far too large at an eye, or movement in the EEG."""
    range_uv = np.array([look.range_uv[1] - look.range_uv[0] for look in looks])
    eyes_uv = range_uv[:, [lead.left] if lead.right is None else [lead.left, lead.right]]
    wrong = ((eyes_uv < FLAT_UV) | (eyes_uv > 2.0 * LOUDEST_UV["EOG"])).any(axis=1)
    return np.asarray(wrong if lead.eeg is None else wrong | (range_uv[:, lead.eeg] > ARTEFACT_UV))


def _chin_powers(chin_uv: FloatArray) -> FloatArray:
    """Of what changes from sample to sample, where muscle is; slow swings of the electrode do not count."""
    return np.asarray(np.var(np.diff(chin_uv, axis=1), axis=1))
