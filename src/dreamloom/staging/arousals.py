"""Is this sleeper stirring right now? A rule on whole seconds: fast EEG rises for some three out of quiet sleep.

The shape of the rule is that of ASDA 1992 (Sleep 15:173) and the AASM manual: an abrupt shift to alpha, theta or what
is above 16 Hz but not spindles, for 3 s, after 10 s of sleep, and in REM only where muscle rises too, because alpha
comes and goes there by itself. The ratio and the baseline are ours. It is meant to be early rather than exact: a false
one only silences cues for a while. Theta and the spindle band are left out, so that N2 does not set it off; the mains'
hum lies beyond every band, and the taper keeps it there without a notch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import Look, look_at
from dreamloom.signals.quality import FLAT_UV
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


class ArousalState(msgspec.Struct, frozen=True, eq=False):
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


def step_many(
    sleepers: Sequence[tuple[ArousalState, GridSecond, bool]], looks: Sequence[Look] | None = None
) -> list[Stepped]:
    """`step` for many sleepers at once, in their order; the same to the last bit, whoever is beside.

    `looks` at their seconds, where somebody has looked already.
    """
    looks = looks or look_at([second for _, second, _ in sleepers])
    told: dict[int, Stepped] = {}
    for alike in together([(s.eeg, s.emg, len(s.baseline), len(second.filled)) for s, second, _ in sleepers]):
        some = [sleepers[place] for place in alike]
        shown = _shown([state for state, *_ in some], [looks[place] for place in alike])
        told |= zip(alike, map(_stepped, some, shown), strict=True)
    return [told[place] for place in range(len(sleepers))]


def _stepped(sleeper: tuple[ArousalState, GridSecond, bool], shown: _Shown) -> Stepped:
    state, second, stage_asleep = sleeper
    asleep_s = state.asleep_s + 1 if stage_asleep else 0
    if not shown.judged:
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


def _shown(states: Sequence[ArousalState], looks: Sequence[Look]) -> list[_Shown]:
    """What each second shows; sleepers of the same channels, rate and length of baseline."""
    eeg, emg = states[0].eeg, states[0].emg
    low_uv, high_uv = np.array([look.range_uv[:, eeg] for look in looks]).T
    judged = (high_uv - low_uv >= FLAT_UV) & ~np.array([look.is_lossy for look in looks])
    moved = np.maximum(high_uv, -low_uv) > MOVEMENT_UV
    powers = _powers(looks, eeg, emg)
    in_rem = np.array([state.in_rem for state in states])
    ratios, weights = _rise(np.array([state.baseline for state in states]), powers, in_rem)
    return list(map(_Shown, powers, ratios.tolist(), judged.tolist(), weights.tolist(), moved.tolist()))


def _powers(looks: Sequence[Look], eeg: int, emg: int | None) -> FloatArray:
    """[sleeper, 3] of one second, 0 for the chin without one."""
    lines, powers = np.array([look.lines[eeg] for look in looks]), np.zeros((len(looks), 3))
    for place, (low, high) in enumerate((ALPHA_HZ, FAST_HZ)):
        powers[:, place] = lines[:, low:high].sum(axis=1)
    if emg is not None:
        low, high = MUSCLE_HZ
        powers[:, 2] = np.array([look.lines[emg, low:high] for look in looks]).sum(axis=1)
    return powers


def _rise(baseline: FloatArray, now: FloatArray, in_rem: BoolArray) -> tuple[FloatArray, FloatArray]:
    """The EEG's ratio to its median, and how much this second weighs: by the EEG, or by a chin that the EEG follows.

    Each band is measured by its own median and counts by its width, so that alpha, ten times as strong, does not hide
    what happens above 16 Hz. In REM alpha says nothing by itself: there the chin must rise, or the fast band as much,
    in which muscle shows at the scalp as well. Takes [sleeper, second, 3], [sleeper, 3] and [sleeper]; returns
    [sleeper] each.
    """
    if baseline.shape[1] < LEAST_BASELINE_S:
        return np.ones(len(now)), np.zeros(len(now))
    alpha, fast, chin = (now / np.maximum(_median(baseline), TINY)).T
    widths = ALPHA_HZ[1] - ALPHA_HZ[0], FAST_HZ[1] - FAST_HZ[0]
    both = (widths[0] * alpha + widths[1] * fast) / sum(widths)
    ratio = np.where(in_rem, fast, both)
    least = np.where(in_rem, CHIN_RATIO, RISE_RATIO)
    weight = np.where(ratio > least, np.log(np.maximum(ratio, 1.0)) / np.log(least), 0.0)
    followed = (chin > CHIN_RATIO) & (both > FOLLOWING_RATIO)
    return ratio, np.minimum(np.maximum(weight, np.where(followed, 1.0, 0.0)), PLAIN_WEIGHT)


def _median(baseline: FloatArray) -> FloatArray:
    """[sleeper, second, 3] to [sleeper, 3]; numpy's own asks first whether anything is not a number."""
    ordered, n = np.sort(baseline, axis=1), baseline.shape[1]
    return np.asarray((ordered[:, (n - 1) // 2] + ordered[:, n // 2]) / 2.0)
