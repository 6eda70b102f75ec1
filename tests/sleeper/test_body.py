"""Heart and breath: rates and variability by stage, surges with arousals, and no history."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.sleeper.body import KNOT_S, Body
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.presets import PRESETS
from dreamloom.sleeper.signals import Electrodes
from dreamloom.sleeper.traits import changed, traits_of
from dreamloom.vocabulary.units import FloatArray

NIGHT_S = 9000
SEED = 2
W, N1, N2, N3, R = range(5)
ECG, BELT = 4, 5


def body(preset: str = "typical", seed: int = SEED) -> Body:
    return Body(Course(traits_of(seed, "S01", preset), seed, until_s=NIGHT_S))


@cache
def beats_s() -> FloatArray:
    found = body()
    return np.array([at_s for second in range(3600, NIGHT_S) for at_s in found.beats_s(second)])


def of_stage(stage: int) -> FloatArray:
    """Intervals between beats in one stage, seconds."""
    stages = body().course.stages[beats_s()[:-1].astype(int)]
    return np.diff(beats_s())[stages == stage]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, NIGHT_S - 1), st.integers(1, 60), st.sampled_from(sorted(PRESETS)))
def test_a_second_of_heart_and_breath_needs_no_history(second: int, before: int, preset: str) -> None:
    course = Course(traits_of(5, "S01", preset), 5, until_s=NIGHT_S)
    walked, fresh = (Electrodes(course, sfreq_hz=100, with_body=True) for _ in range(2))
    for earlier in range(max(0, second - before), second, 7):
        walked.second(earlier)
    assert walked.second(second).tobytes() == fresh.second(second).tobytes()


@pytest.mark.slow
def test_beats_come_one_by_one_at_the_pace_of_a_sleeping_heart() -> None:
    intervals_s = np.diff(beats_s())
    assert intervals_s.min() > 0.55
    assert intervals_s.max() < 1.7
    assert 45.0 < 60.0 / intervals_s.mean() < 75.0


def test_the_heart_is_fastest_awake_and_steadiest_in_n3() -> None:
    mean_s = {stage: of_stage(stage).mean() for stage in (W, N2, N3, R)}
    assert mean_s[W] < mean_s[R] < max(mean_s[N2], mean_s[N3])
    assert of_stage(N3).std() < of_stage(N2).std() < of_stage(R).std()


@pytest.mark.parametrize("knot", [70, 101, 150])
def test_seconds_of_heart_and_breath_join_without_a_step(knot: int) -> None:
    found = body()
    around_s = [(KNOT_S * knot + second) + np.arange(128) / 128 for second in range(-3, 3)]
    samples_uv = np.concatenate([found.samples_uv(time_s) for time_s in around_s])
    assert np.abs(np.diff(samples_uv[:, 1])).max() < 25.0
    above = samples_uv[:, 0] > 500
    peaks = np.flatnonzero(above[1:] & ~above[:-1]) / 128
    assert len(peaks) in range(4, 9)
    assert np.ptp(np.diff(peaks)) < 0.4


def test_the_beats_told_are_the_peaks_of_the_ecg() -> None:
    found = body()
    for second in range(7000, 7030):
        ecg_uv = found.samples_uv(second + np.arange(256) / 256)[:, 0]
        for at_s in found.beats_s(second):
            if 0.1 < at_s - second < 0.9:
                near = slice(int(256 * (at_s - second - 0.1)), int(256 * (at_s - second + 0.1)))
                peak_s = second + (near.start + int(ecg_uv[near].argmax())) / 256
                assert abs(peak_s - at_s) < 0.01


def test_an_arousal_makes_the_heart_surge() -> None:
    found = body()
    onsets_s = [
        each.onset_s for minute in range(65, 145) for each in found.course.minute(minute) if each.what == "arousal"
    ]
    rate, at_s = 60.0 / np.diff(beats_s()), beats_s()[1:]
    calm, high = (
        np.mean([np.interp(np.add(onset_s, around_s), at_s, rate).mean() for onset_s in onsets_s])
        for around_s in ([-8.0, -5.0, -2.0], [7.0, 9.0, 11.0])
    )
    assert 5.0 < high - calm < 15.0


def test_breath_is_regular_in_n3_and_irregular_in_rem() -> None:
    found = Electrodes(body().course, sfreq_hz=100, with_body=True)

    def spread_s(stage: int) -> float:
        bouts = np.flatnonzero(np.convolve(found.course.stages[:NIGHT_S] == stage, np.ones(120), "valid") == 120)
        cycles_s: list[float] = []
        for start in np.linspace(0, len(bouts) - 1, 4).astype(int):
            belt_uv = np.concatenate([found.second(int(bouts[start]) + second)[:, BELT] for second in range(120)])
            smooth = np.convolve(belt_uv, np.ones(25) / 25, "same")
            cycles_s += np.diff(np.flatnonzero((smooth[:-1] < 0) & (smooth[1:] >= 0)) / 100.0).tolist()
        assert 3.0 < np.mean(cycles_s) < 6.0
        return float(np.std(cycles_s))

    assert spread_s(R) > 2.0 * spread_s(N3)


def test_a_nightmare_makes_heart_and_breath_race() -> None:
    person = changed(traits_of(SEED, "S01"), {"nightmares_per_h": 2.0})
    course = Course(person, 11, until_s=8 * 3600)
    stretches = [stretch for stretch in course.stretches if stretch.what == "nightmare"]
    assert stretches
    found = Body(course)

    def per_min(first: float, seconds: int) -> float:
        return 60.0 * sum(len(found.beats_s(int(first) + second)) for second in range(seconds)) / seconds

    faster = [per_min(one.onset_s, int(one.duration_s)) - per_min(one.onset_s - 60, 60) for one in stretches]
    assert np.mean(faster) > 5.0
