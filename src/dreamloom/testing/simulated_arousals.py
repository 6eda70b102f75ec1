"""How many arousals of simulated sleepers are noticed, how soon, how often for nothing? Plumbing, never evidence.

Run as a module it writes, for several ways to tell an arousal from one EEG, what each gives at several thresholds.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quantise import Quantiser
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.signals import CHANNELS, Electrodes
from dreamloom.sleeper.stages import R, StageIndices, W
from dreamloom.sleeper.traits import traits_of
from dreamloom.staging import arousals
from dreamloom.vocabulary.units import BoolArray, FloatArray, NightTime

HZ = 100
EEG, CHIN = 0, 3
EEG_ALONE = CHANNELS[:1]
WITH_CHIN = (CHANNELS[EEG], CHANNELS[CHIN])
SLEEPERS = (("typical", 4), ("typical", 5), ("older", 6), ("light", 7), ("noisy", 8), ("young", 9), ("restless", 11))
"""Preset and seed."""
NIGHT_S = 9000
IN_REM = arousals.RISE_RATIO / arousals.CHIN_RATIO
LEAST_S = 3.0
"""What is shorter is no arousal by the manual."""
TOLD_AFTER_S = 10
"""A live estimate follows its stage by about so much. Ours."""


class Night(NamedTuple):
    """One simulated night: its seconds (EEG and chin), its true stages, and what truly happened, as (onset, end)."""

    seconds: tuple[GridSecond, ...]
    stages: StageIndices
    asked: tuple[tuple[float, float], ...]
    restless: tuple[tuple[float, float], ...]


class Figures(NamedTuple):
    """What a method gave: of the arousals asked for, how many; how often for nothing in an hour of sleep; how late."""

    asked: int
    recall: float
    false_per_h: float
    median_s: float
    late_s: float


def night(preset: str, seed: int) -> Night:
    """The first two and a half hours of one sleeper."""
    course = Course(traits_of(seed, "S01", preset), seed, until_s=NIGHT_S)
    electrodes = Electrodes(course, sfreq_hz=HZ)
    quantiser = Quantiser.of(WITH_CHIN)
    happened = [each for minute in range(NIGHT_S // 60) for each in course.minute(minute)]
    shaken = [each for each in happened if each.what in {"movement", "grinding"}]
    true = [(each.onset_s, each.onset_s + each.duration_s) for each in happened if each.what == "arousal"]
    return Night(
        tuple(_second(index, electrodes.second(index), quantiser) for index in range(NIGHT_S)),
        course.stages[:NIGHT_S],
        tuple(_asked(true, course.stages)),
        (*true, *((each.onset_s - 2.0, each.onset_s + each.duration_s) for each in shaken)),
    )


def _second(index: int, samples_uv: FloatArray, quantiser: Quantiser) -> GridSecond:
    digital = quantiser.digital(samples_uv[:, [EEG, CHIN]])
    return GridSecond(index, digital, quantiser.to_uv(digital), np.zeros(HZ, dtype=bool), NightTime(index + 1.0))


def _asked(true: Iterable[tuple[float, float]], stages: StageIndices) -> Iterator[tuple[float, float]]:
    """Those of 3 s and more, out of ten quiet seconds of sleep; not while the median is still sought."""
    before_s = -np.inf
    for onset_s, end_s in true:
        asleep = bool((stages[max(0, int(onset_s) - arousals.SETTLED_S) : int(onset_s)] != W).all())
        quiet = onset_s - before_s >= arousals.SETTLED_S
        if asleep and quiet and end_s - onset_s >= LEAST_S and onset_s > arousals.BASELINE_S and end_s < NIGHT_S:
            yield onset_s, end_s
        before_s = max(before_s, end_s)


def live(one: Night, channels: Sequence[Channel]) -> list[float]:
    """What the pod's own rule tells of, from the channels it is given; the stage is the true one, told later."""
    state = arousals.start(channels)
    found: list[float] = []
    for second in one.seconds:
        stage = one.stages[max(0, second.index - TOLD_AFTER_S)]
        state = arousals.watching(state, EEG, in_rem=bool(stage == R))
        state, arousal, _ = arousals.step(state, second, stage_asleep=bool(stage != W))
        found += [arousal.onset_s] if arousal else []
    return found


def judged(nights: Sequence[Night], told: Sequence[Sequence[float]]) -> Figures:
    """Recall, false ones and latencies of all nights together."""
    late, asked, false, slept_h = list[float](), 0, 0, 0.0
    for one, at_s in zip(nights, told, strict=True):
        asked += len(one.asked)
        firsts = (min((t - a for t in at_s if a < t <= b + 2.0), default=None) for a, b in one.asked)
        late += [latency for latency in firsts if latency is not None]
        false += sum(_is_false(one, t) for t in at_s)
        slept_h += float(np.count_nonzero(one.stages != W)) / 3600.0
    latencies = np.array(late or [np.inf])
    return Figures(
        asked,
        round(len(late) / max(asked, 1), 3),
        round(false / slept_h, 2),
        round(float(np.median(latencies)), 2),
        round(float(np.quantile(latencies, 0.9)), 2),
    )


def _is_false(one: Night, at_s: float) -> bool:
    """Asleep, and nothing was there."""
    awake = bool((one.stages[max(0, int(at_s) - 5) : int(at_s) + 1] == W).all())
    return not awake and not any(a < at_s <= b + 4.0 for a, b in one.restless)


# --- other ways, for comparison --------------------------------------------------------------------------------------


class Bands(NamedTuple):
    """[second] each, as the ratio of a power to its median over the two minutes before; `in_rem` as told."""

    alpha: FloatArray
    fast: FloatArray
    both: FloatArray
    activity: FloatArray
    spread: FloatArray
    in_rem: BoolArray


Method = Callable[[Bands], FloatArray]
"""[second], what is compared with the threshold."""
METHODS: dict[str, Method] = {
    "ours": lambda b: np.where(b.in_rem, b.fast * IN_REM, (4 * b.alpha + 14 * b.fast) / 18),
    "alpha and above 16 Hz in one sum": lambda b: b.both,
    "above 16 Hz alone": lambda b: b.fast,
    "either band": lambda b: np.maximum(b.alpha, b.fast),
    "activity (squared slope)": lambda b: b.activity,
    "above 16 Hz by its own spread": lambda b: b.spread,
}
"""ASDA's frequencies by their own medians, weighted by width; in one sum, as strong rhythms have it; the fast ones
alone; whichever rises; Hjorth's activity of the slope, in the time domain; logarithms in robust standard deviations."""
THRESHOLDS = (1.5, 2.0, 2.5, 3.0, 4.0, 6.0)


def bands(one: Night) -> Bands:
    """What every second of this night shows."""
    eeg_uv = np.array([second.samples_uv[:, 0] for second in one.seconds])
    taper = np.hanning(HZ + 1)[:-1]
    lines = np.abs(np.fft.rfft((eeg_uv - eeg_uv.mean(axis=1, keepdims=True)) * taper, axis=1)) ** 2
    alpha, fast = lines[:, 8:12].sum(axis=1), lines[:, 16:30].sum(axis=1)
    told = np.concatenate([np.full(TOLD_AFTER_S, W), one.stages[:-TOLD_AFTER_S]])
    return Bands(
        alpha=_ratio(alpha),
        fast=_ratio(fast),
        both=_ratio(alpha + fast),
        activity=_ratio((np.diff(eeg_uv, axis=1) ** 2).sum(axis=1)),
        spread=_deviation(np.log(fast)),
        in_rem=told == R,
    )


def fired(score: FloatArray, one: Night, threshold: float) -> list[float]:
    """The same rule for every method: weights of seconds above the threshold, ten seconds asleep before, told once."""
    weights = np.where(score > threshold, np.log(np.maximum(score, 1.0)) / np.log(threshold), 0.0)
    asleep = np.concatenate([np.full(TOLD_AFTER_S, W), one.stages[:-TOLD_AFTER_S]]) != W
    found, slept, run, weight, calm, active = list[float](), 0, 0, 0.0, 0, False
    for index, (new, is_asleep) in enumerate(zip(weights, asleep, strict=True)):
        slept = slept + 1 if is_asleep else 0
        run, weight = (run + 1, weight + min(float(new), arousals.PLAIN_WEIGHT)) if new else (0, 0.0)
        calm = 0 if new else calm + 1
        begins = weight >= arousals.LASTING_S and slept - run >= arousals.SETTLED_S
        found += [index + 1.0] if begins and not active else []
        active = begins or (active and calm < arousals.CALM_S)
    return found


def _ratio(power: FloatArray) -> FloatArray:
    return np.array([1.0 if past is None else now / np.median(past) for now, past in _pasts(power)])


def _deviation(logs: FloatArray) -> FloatArray:
    """In standard deviations told from the median one, above the median."""
    spread = 1.4826
    return np.array([
        1.0 if past is None else (now - np.median(past)) / (spread * np.median(np.abs(past - np.median(past))))
        for now, past in _pasts(logs)
    ])  # fmt: skip


def _pasts(values: FloatArray) -> Iterator[tuple[float, FloatArray | None]]:
    for index, value in enumerate(values):
        past = values[max(0, index - arousals.BASELINE_S) : index]
        yield float(value), past if index >= arousals.LEAST_BASELINE_S else None


@cache
def nights() -> tuple[Night, ...]:
    """Every sleeper's."""
    return tuple(night(*who) for who in SLEEPERS)


def main() -> None:
    """Writes every method's curve, a line each."""
    shown = [bands(one) for one in nights()]
    for name, method in METHODS.items():
        for threshold in THRESHOLDS:
            told = [fired(method(each), one, threshold) for each, one in zip(shown, nights(), strict=True)]
            figures = judged(nights(), told)
            sys.stdout.write(json.dumps({"method": name, "threshold": threshold, **figures._asdict()}) + "\n")


if __name__ == "__main__":
    main()
