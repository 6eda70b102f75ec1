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
from dreamloom.signals.quality import FLAT_UV, LOSS_SHARE
from dreamloom.staging.track import montage
from dreamloom.vocabulary.units import FloatArray, NightTime, to_four_places, to_microsecond

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


class Powers(NamedTuple):
    """Power of one second: of the EEG in alpha and beta, of the chin where there is one (else 0)."""

    eeg: float
    emg: float


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
        baseline: powers of the last 120 judged seconds, oldest first.
        asleep_s: consecutive seconds of sleep before this one.
        stirred_s: consecutive judged seconds above the ratio.
        calm_s: consecutive judged seconds below it.
        active: from the third stirred second, or a movement, until 3 calm ones.
        told: the arousal going on has been reported.
    """

    eeg: int
    emg: int | None
    baseline: tuple[Powers, ...] = ()
    asleep_s: int = 0
    stirred_s: int = 0
    calm_s: int = 0
    active: bool = False
    told: bool = False


def start(channels: Sequence[Channel]) -> ArousalState:
    """Watches the staged EEG, and the chin if there is one; raises StreamError without an EEG."""
    chosen = montage(channels)
    kinds = dict(zip(chosen.kind.split("+"), chosen.indices, strict=True))
    return ArousalState(kinds["eeg"], kinds.get("emg"))


def step(state: ArousalState, second: GridSecond, *, stage_asleep: bool) -> tuple[ArousalState, Arousal | None, bool]:
    """Takes the next whole second and whether the latest stage is one of sleep.

    Returns the arousal if it became one in this second, and whether one, or a movement above 500 µV, is going on.
    A second that is flat or has 2 % of its samples lost is not judged: only the time asleep goes on.
    """
    asleep_s = state.asleep_s + 1 if stage_asleep else 0
    if not _can_be_judged(second, state.eeg):
        return replace(state, asleep_s=asleep_s), None, state.active
    powers = _powers(state, second)
    ratio, stirred = _rise(state.baseline, powers)
    moved = bool(np.abs(second.samples_uv[:, state.eeg]).max() > MOVEMENT_UV)
    stirred_s = state.stirred_s + 1 if stirred else 0
    calm_s = 0 if stirred or moved else state.calm_s + 1
    begins = stirred_s >= LASTING_S and asleep_s - stirred_s >= SETTLED_S
    active = begins or moved or (state.active and calm_s < CALM_S)
    baseline = (*state.baseline[-(BASELINE_S - 1) :], powers)
    after = replace(
        state,
        baseline=baseline,
        asleep_s=asleep_s,
        stirred_s=stirred_s,
        calm_s=calm_s,
        active=active,
        told=active and (state.told or begins),
    )
    # One fact per arousal: it begins once, however long it lasts.
    arousal = Arousal(to_microsecond(second.index + 1), to_four_places(ratio)) if begins and not state.told else None
    return after, arousal, active


def _can_be_judged(second: GridSecond, channel: int) -> bool:
    lost = np.count_nonzero(second.filled) >= LOSS_SHARE * len(second.filled)
    return not lost and bool(np.ptp(second.samples_uv[:, channel]) >= FLAT_UV)


def _powers(state: ArousalState, second: GridSecond) -> Powers:
    emg = 0.0 if state.emg is None else _power(second.samples_uv[:, state.emg], MUSCLE_HZ)
    return Powers(eeg=_power(second.samples_uv[:, state.eeg], ALPHA_BETA_HZ), emg=emg)


def _power(samples_uv: FloatArray, bands_hz: tuple[tuple[int, int], ...]) -> float:
    """Of one Hann-tapered second, whose spectrum has one line per hertz."""
    spectrum = rfft((samples_uv - samples_uv.mean()) * _taper(len(samples_uv)))
    return float(sum(abs(line) ** 2 for low, high in bands_hz for line in spectrum[low:high].tolist()))


@cache
def _taper(n: int) -> FloatArray:
    return np.asarray(get_window("hann", n), dtype=np.float64)


def _rise(baseline: tuple[Powers, ...], now: Powers) -> tuple[float, bool]:
    """The EEG's ratio to its median, and whether this second counts: by the EEG, or by a chin that the EEG follows."""
    if len(baseline) < LEAST_BASELINE_S:
        return 1.0, False
    usual = np.median(np.array(baseline), axis=0)
    eeg, emg = (power / max(float(median), TINY) for power, median in zip(now, usual, strict=True))
    return eeg, eeg > RISE_RATIO or (emg > RISE_RATIO and eeg > FOLLOWING_RATIO)
