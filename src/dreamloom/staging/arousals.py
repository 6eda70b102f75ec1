"""Is this sleeper stirring right now? A rule on whole seconds: fast EEG rises for three seconds out of quiet sleep.

The shape of the rule is the AASM's (an abrupt shift to alpha, theta or faster rhythms but not spindles, for 3 s, after
10 s of sleep); the ratio and the baseline are ours. It is meant to be early rather than exact: a false one only
silences cues for a while. Theta and the spindle band are left out, so that N2 does not set it off; the mains' hum lies
beyond every band, and the taper keeps it there without a notch.
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

RISE_RATIO = 3.0
"""Power over its running median at which a second counts as stirred."""
LASTING_S = 3
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
ALPHA_BETA_HZ = ((8, 12), (16, 30))
MUSCLE_HZ = ((15, 45),)


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
        baseline: [second, 2], power of the EEG in alpha and beta and of the chin (0 without one), in the last 120
            judged seconds, oldest first.
        asleep_s: consecutive seconds of sleep before this one.
        stirred_s: consecutive judged seconds above the ratio.
        calm_s: consecutive judged seconds below it.
        active: from the third stirred second, or a movement, until 3 calm ones.
        told: the arousal going on has been reported.
    """

    eeg: int
    emg: int | None
    baseline: FloatArray
    asleep_s: int = 0
    stirred_s: int = 0
    calm_s: int = 0
    active: bool = False
    told: bool = False


Stepped = tuple[ArousalState, Arousal | None, bool]
"""The rule after a second, the arousal that began in it, and whether one or a movement is going on."""


class _Shown(NamedTuple):
    """What one second shows: powers as in the baseline, the EEG's ratio to its median, whether it is judged at all."""

    powers: FloatArray
    ratio: float
    judged: bool
    stirred: bool
    moved: bool


def start(channels: Sequence[Channel]) -> ArousalState:
    """Watches the staged EEG, and the chin if there is one; raises StreamError without an EEG."""
    chosen = montage(channels)
    kinds = dict(zip(chosen.kind.split("+"), chosen.indices, strict=True))
    return ArousalState(kinds["eeg"], kinds.get("emg"), np.empty((0, 2)))


def watching(state: ArousalState, eeg: int) -> ArousalState:
    """The same on another EEG, the one that stages are read from: its median is found anew, within half a minute."""
    return state if state.eeg == eeg else replace(state, eeg=eeg, baseline=np.empty((0, 2)), stirred_s=0, calm_s=0)


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
    stirred_s = state.stirred_s + 1 if shown.stirred else 0
    calm_s = 0 if shown.stirred or shown.moved else state.calm_s + 1
    begins = stirred_s >= LASTING_S and asleep_s - stirred_s >= SETTLED_S
    active = begins or shown.moved or (state.active and calm_s < CALM_S)
    after = replace(
        state,
        baseline=np.concatenate([state.baseline[-(BASELINE_S - 1) :], shown.powers[np.newaxis]]),
        asleep_s=asleep_s,
        stirred_s=stirred_s,
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
    ratios, stirred = _rise(np.array([state.baseline for state in states]), powers)
    return list(map(_Shown, powers, ratios.tolist(), judged.tolist(), stirred.tolist(), moved.tolist()))


def _powers(samples_uv: FloatArray) -> FloatArray:
    """[sleeper, channel, sample] of one second to [sleeper, 2]; the Hann taper gives one line per hertz."""
    spectra = rfft((samples_uv - samples_uv.mean(axis=2, keepdims=True)) * _taper(samples_uv.shape[2]), axis=2)
    lines = spectra.real**2 + spectra.imag**2
    powers = np.zeros((len(samples_uv), 2))
    for place, bands_hz in enumerate((ALPHA_BETA_HZ, MUSCLE_HZ)[: samples_uv.shape[1]]):
        for low, high in bands_hz:
            powers[:, place] += lines[:, place, low:high].sum(axis=1)
    return powers


@cache
def _taper(n: int) -> FloatArray:
    return np.asarray(get_window("hann", n), dtype=np.float64)


def _rise(baseline: FloatArray, now: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The EEG's ratio to its median, and whether this second counts: by the EEG, or by a chin that the EEG follows.

    Takes [sleeper, second, 2] and [sleeper, 2]; returns [sleeper] each.
    """
    if baseline.shape[1] < LEAST_BASELINE_S:
        return np.ones(len(now)), np.zeros(len(now), dtype=bool)
    eeg, emg = (now / np.maximum(np.median(baseline, axis=1), TINY)).T
    return eeg, (eeg > RISE_RATIO) | ((emg > RISE_RATIO) & (eeg > FOLLOWING_RATIO))
