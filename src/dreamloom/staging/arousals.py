"""Is this sleeper stirring right now? A rule on whole seconds: fast EEG rises for some three out of quiet sleep.

The shape of the rule is that of ASDA 1992 (Sleep 15:173) and the AASM manual: an abrupt shift to alpha, theta or what
is above 16 Hz but not spindles, for 3 s, after 10 s of sleep, and in REM only where muscle rises too, because alpha
comes and goes there by itself. The ratio and the baseline are ours. It is meant to be early rather than exact: a false
one only silences cues for a while. Theta and the spindle band are left out, so that N2 does not set it off; the mains'
hum lies beyond every band, and the taper keeps it there without a notch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.fft import rfft
from scipy.signal import get_window

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quality import FLAT_UV, is_lossy, rows_of
from dreamloom.signals.together import together
from dreamloom.staging.track import montage
from dreamloom.vocabulary.units import BoolArray, FloatArray, NightTime, to_four_places, to_microsecond

RISE_RATIO = 2.5
"""Fast EEG over its running median, 4 dB, at which a second counts as stirred. Ours; see docs/simulated-sleepers.md."""
CHIN_RATIO = 3.0
"""The same of the chin's power, and of what stands for it in REM: the EEG's above 16 Hz."""
LASTING_S = 3.0
"""The manual's 3 s, in stirred seconds by weight."""
PLAIN_WEIGHT = 1.5
"""A second counts by the logarithm of its ratio, at most so much: two plain ones (4-fold) are as good as three slight
ones, and no single one, such as a K-complex or a twitch, is enough. Ours: whole seconds would tell 3 to 4 s late."""
SETTLED_S = 10
"""Sleep that must have gone before."""
BASELINE_S = 120
LEAST_BASELINE_S = 30
MOVEMENT_UV = 500.0
CALM_S = 3
"""Seconds below the ratio that end it."""
FOLLOWING_RATIO = 1.5
"""What the EEG must show where the chin alone rises enough."""
TINY = 1e-9
ALPHA_HZ, FAST_HZ, MUSCLE_HZ = (8, 12), (16, 30), (15, 45)


@dataclass(frozen=True, slots=True)
class Arousal:
    """The rule was satisfied at onset_s, the end of its third second; strength is the EEG ratio in that second."""

    onset_s: NightTime
    strength: float


@dataclass(frozen=True, slots=True)
class ArousalState:
    """What the next second is judged by.

    Attributes:
        eeg: place of the EEG among the channels.
        emg: place of the chin; None without one.
        baseline: [second, 3], power of the EEG in alpha and above 16 Hz and of the chin (0 without one), in the last
            120 judged seconds, oldest first.
        in_rem: the newest estimate is R.
        asleep_s: consecutive seconds of sleep before this one.
        stirred_s: consecutive judged seconds above the ratio.
        stirred: the same by weight.
        calm_s: consecutive judged seconds below it.
        active: from an arousal, or a movement, until 3 calm seconds.
        told: the arousal going on has been reported.
    """

    eeg: int
    emg: int | None
    baseline: FloatArray
    in_rem: bool = False
    asleep_s: int = 0
    stirred_s: int = 0
    stirred: float = 0.0
    calm_s: int = 0
    active: bool = False
    told: bool = False


Stepped = tuple[ArousalState, Arousal | None, bool]
"""The rule after a second, the arousal that began in it, and whether one or a movement is going on."""


class _Shown(NamedTuple):
    """What one second shows: powers as in the baseline, the EEG's ratio to its median, whether it is judged at all.

    `weight` is 0 for a second that is not stirred.
    """

    powers: FloatArray
    ratio: float
    judged: bool
    weight: float
    moved: bool


def start(channels: Sequence[Channel]) -> ArousalState:
    """Watches the staged EEG, and the chin if there is one; raises StreamError without an EEG."""
    chosen = montage(channels)
    kinds = dict(zip(chosen.kind.split("+"), chosen.indices, strict=True))
    return ArousalState(kinds["eeg"], kinds.get("emg"), np.empty((0, 3)))


def watching(state: ArousalState, eeg: int, *, in_rem: bool) -> ArousalState:
    """The same on the EEG that stages are read from, and in the newest stage.

    The median of another EEG is found anew, within half a minute.
    """
    if state.eeg != eeg:
        state = replace(state, eeg=eeg, baseline=np.empty((0, 3)), stirred_s=0, stirred=0.0, calm_s=0)
    return state if state.in_rem is in_rem else replace(state, in_rem=in_rem)


def step(state: ArousalState, second: GridSecond, *, stage_asleep: bool) -> Stepped:
    """Takes the next whole second and whether the latest stage is one of sleep.

    Returns the arousal if it became one in this second, and whether one, or a movement above 500 µV, is going on.
    A second that is flat or has 2 % of its samples lost is not judged: only the time asleep goes on.
    """
    (stepped,) = step_many([(state, second, stage_asleep)])
    return stepped


def step_many(sleepers: Sequence[tuple[ArousalState, GridSecond, bool]]) -> list[Stepped]:
    """`step` for many sleepers at once, in their order; the same to the last bit, whoever is beside."""
    told: dict[int, Stepped] = {}
    for alike in together([(s.eeg, s.emg, len(s.baseline), len(second.filled)) for s, second, _ in sleepers]):
        some = [sleepers[place] for place in alike]
        shown = _shown([state for state, *_ in some], [second for _, second, _ in some])
        told |= zip(alike, map(_stepped, some, shown), strict=True)
    return [told[place] for place in range(len(sleepers))]


def _stepped(sleeper: tuple[ArousalState, GridSecond, bool], shown: _Shown) -> Stepped:
    state, second, stage_asleep = sleeper
    asleep_s = state.asleep_s + 1 if stage_asleep else 0
    if not shown.judged or is_lossy(second):
        return replace(state, asleep_s=asleep_s), None, state.active
    is_stirred = shown.weight > 0.0
    stirred_s, stirred = (state.stirred_s + 1, state.stirred + shown.weight) if is_stirred else (0, 0.0)
    calm_s = 0 if is_stirred or shown.moved else state.calm_s + 1
    begins = stirred >= LASTING_S and asleep_s - stirred_s >= SETTLED_S
    active = begins or shown.moved or (state.active and calm_s < CALM_S)
    after = replace(
        state,
        baseline=np.concatenate([state.baseline[-(BASELINE_S - 1) :], shown.powers[np.newaxis]]),
        asleep_s=asleep_s,
        stirred_s=stirred_s,
        stirred=stirred,
        calm_s=calm_s,
        active=active,
        told=active and (state.told or begins),
    )
    # One fact per arousal: it begins once, however long it lasts.
    is_new = begins and not state.told
    arousal = Arousal(to_microsecond(second.index + 1), to_four_places(shown.ratio)) if is_new else None
    return after, arousal, active


def _shown(states: Sequence[ArousalState], seconds: Sequence[GridSecond]) -> list[_Shown]:
    """What each second shows; sleepers of the same channels, rate and length of baseline."""
    places = [place for place in (states[0].eeg, states[0].emg) if place is not None]
    samples_uv = rows_of([second.samples_uv for second in seconds], places)
    eeg_uv = samples_uv[:, 0]
    judged = eeg_uv.max(axis=1) - eeg_uv.min(axis=1) >= FLAT_UV
    moved = np.abs(eeg_uv).max(axis=1) > MOVEMENT_UV
    powers = _powers(samples_uv)
    in_rem = np.array([state.in_rem for state in states])
    ratios, weights = _rise(np.array([state.baseline for state in states]), powers, in_rem)
    return list(map(_Shown, powers, ratios.tolist(), judged.tolist(), weights.tolist(), moved.tolist()))


def _powers(samples_uv: FloatArray) -> FloatArray:
    """[sleeper, channel, sample] of one second to [sleeper, 3]; the Hann taper gives one line per hertz."""
    spectra = rfft((samples_uv - samples_uv.mean(axis=2, keepdims=True)) * _taper(samples_uv.shape[2]), axis=2)
    lines = spectra.real**2 + spectra.imag**2
    powers = np.zeros((len(samples_uv), 3))
    for place, (channel, (low, high)) in enumerate(((0, ALPHA_HZ), (0, FAST_HZ), (1, MUSCLE_HZ))):
        if channel < samples_uv.shape[1]:
            powers[:, place] = lines[:, channel, low:high].sum(axis=1)
    return powers


@cache
def _taper(n: int) -> FloatArray:
    return np.asarray(get_window("hann", n), dtype=np.float64)


def _rise(baseline: FloatArray, now: FloatArray, in_rem: BoolArray) -> tuple[FloatArray, FloatArray]:
    """The EEG's ratio to its median, and how much this second weighs: by the EEG, or by a chin that the EEG follows.

    Each band is measured by its own median and counts by its width, so that alpha, ten times as strong, does not hide
    what happens above 16 Hz. In REM alpha says nothing by itself: there the chin must rise, or the fast band as much,
    in which muscle shows at the scalp as well. Takes [sleeper, second, 3], [sleeper, 3] and [sleeper]; returns
    [sleeper] each.
    """
    if baseline.shape[1] < LEAST_BASELINE_S:
        return np.ones(len(now)), np.zeros(len(now))
    alpha, fast, chin = (now / np.maximum(np.median(baseline, axis=1), TINY)).T
    widths = ALPHA_HZ[1] - ALPHA_HZ[0], FAST_HZ[1] - FAST_HZ[0]
    both = (widths[0] * alpha + widths[1] * fast) / sum(widths)
    ratio = np.where(in_rem, fast, both)
    least = np.where(in_rem, CHIN_RATIO, RISE_RATIO)
    weight = np.where(ratio > least, np.log(np.maximum(ratio, 1.0)) / np.log(least), 0.0)
    followed = (chin > CHIN_RATIO) & (both > FOLLOWING_RATIO)
    return ratio, np.minimum(np.maximum(weight, np.where(followed, 1.0, 0.0)), PLAIN_WEIGHT)
