"""Simulated electrodes: no history needed, sane sizes, the right signs, and stages that can be told apart."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import LONGEST_S, Happening
from dreamloom.sleeper.signals import CHANNELS, Electrodes
from dreamloom.sleeper.traits import traits_of
from dreamloom.sleeper.truth import Truth, truth_of
from dreamloom.sleeper.waves import MIX, WAVES, shown, swell
from dreamloom.vocabulary.units import FloatArray

SFREQ_HZ = 128
NIGHT_S = 3 * 3600
W, N1, N2, N3, R = range(5)
EEG, E1, E2, CHIN = range(4)


def electrodes(seed: int = 5, *, preset: str = "typical", sfreq_hz: int = SFREQ_HZ) -> Electrodes:
    course = Course(traits_of(seed, "S01", preset), seed, until_s=NIGHT_S)
    return Electrodes(course, sfreq_hz=sfreq_hz)


@cache
def sampled() -> tuple[FloatArray, FloatArray, Truth]:
    """Forty seconds of each stage, ten each from four places: samples [second, sample, channel], stages, truth."""
    found = electrodes()
    seconds: list[int] = []
    for stage in range(5):
        of_stage = np.flatnonzero(found.course.stages[:NIGHT_S] == stage)
        for start in np.linspace(60, len(of_stage) - 60, 6).astype(int):
            seconds += of_stage[start : start + 15].tolist()
    samples_uv = np.array([found.second(second) for second in seconds])
    return samples_uv, found.course.stages[seconds], truth_of(found.course, NIGHT_S)


def band_power(samples_uv: FloatArray, low_hz: float, high_hz: float) -> float:
    """Median over seconds of the power in a band, in squared microvolts."""
    power = np.abs(np.fft.rfft(samples_uv, axis=1)) ** 2
    bins_hz = np.fft.rfftfreq(samples_uv.shape[1], 1.0 / SFREQ_HZ)
    return float(np.median(power[:, (bins_hz >= low_hz) & (bins_hz < high_hz)].sum(axis=1)))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, NIGHT_S - 1), st.integers(0, 5), st.sampled_from([100, 128, 256]))
def test_a_second_is_the_same_with_and_without_history(second: int, before: int, sfreq_hz: int) -> None:
    fresh, walked = electrodes(sfreq_hz=sfreq_hz), electrodes(sfreq_hz=sfreq_hz)
    for earlier in range(max(0, second - before), second):
        walked.second(earlier)
    assert walked.second(second).tobytes() == fresh.second(second).tobytes()


def test_going_back_gives_the_same_second_again() -> None:
    found = electrodes()
    first = found.second(700).tobytes()
    for second in range(5000, 5010):
        found.second(second)
    assert found.second(700).tobytes() == first


def test_seconds_join_without_a_step() -> None:
    found = electrodes(preset="typical")
    samples_uv = np.concatenate([found.second(second) for second in range(6000, 6120)])[:, :3]
    steps_uv = np.abs(np.diff(samples_uv, axis=0))
    at_edges = steps_uv[SFREQ_HZ - 1 :: SFREQ_HZ]
    assert at_edges.mean() < 1.3 * steps_uv.mean()


def test_two_seeds_are_two_nights() -> None:
    one, other = electrodes(1).second(3000), electrodes(2).second(3000)
    assert abs(np.corrcoef(one[:, EEG], other[:, EEG])[0, 1]) < 0.9
    assert not np.array_equal(one, other)


def test_people_differ_in_how_their_sleep_looks() -> None:
    def rms_uv(seed: int) -> float:
        found = electrodes(seed)
        of_n2 = np.flatnonzero(found.course.stages == N2)[300:320]
        return float(np.mean([found.second(int(second))[:, EEG].std() for second in of_n2]))

    sizes_uv = [rms_uv(seed) for seed in range(6)]
    assert max(sizes_uv) > 1.2 * min(sizes_uv)


def test_amplitudes_are_those_of_a_sleeping_head() -> None:
    samples_uv, stages, _ = sampled()
    for stage, low_uv, high_uv in [(W, 6, 40), (N1, 6, 30), (N2, 8, 40), (N3, 18, 70), (R, 5, 30)]:
        rms_uv = samples_uv[stages == stage][:, :, EEG].std(axis=1).mean()
        assert low_uv < rms_uv < high_uv, f"stage {stage}: {rms_uv:.1f} µV"
    assert np.abs(samples_uv).max() < 1000.0
    assert np.isfinite(samples_uv).all()


def test_chin_tone_falls_from_wake_to_rem() -> None:
    samples_uv, stages, _ = sampled()
    tone_uv = [np.median(samples_uv[stages == stage][:, :, CHIN].std(axis=1)) for stage in range(5)]
    assert tone_uv[W] > tone_uv[N1] > tone_uv[N3] > tone_uv[R]


def test_each_stage_has_its_rhythm() -> None:
    samples_uv, stages, _ = sampled()
    eeg_uv = [samples_uv[stages == stage][:, :, EEG] for stage in range(5)]
    alpha = [band_power(of_stage, 8, 12) for of_stage in eeg_uv]
    theta = [band_power(of_stage, 4, 8) for of_stage in eeg_uv]
    delta = [band_power(of_stage, 1, 4) for of_stage in eeg_uv]
    assert alpha[W] > 1.5 * alpha[N1], "N1 loses alpha"
    assert theta[N1] / alpha[N1] > 1.5 * theta[W] / alpha[W], "and gains theta"
    assert delta[N3] > 3 * delta[N2] > 3 * delta[R]


def one(what: str) -> FloatArray:
    """[n, 3] of a made-up happening of size +100 µV at EEG, E1, E2."""
    happening = Happening(what, 10.0, 2.0, 100.0, 13.0)  # type: ignore[arg-type]
    time_s = np.arange(9.0, 14.0, 1.0 / 256.0)
    return shown(happening, time_s)[:, None] * np.array(MIX[happening.what])


def test_a_glance_to_the_right_is_positive_at_the_right_eye_and_negative_at_the_left() -> None:
    saccade_uv = one("saccade")
    assert saccade_uv[:, E2].max() > 50.0
    assert saccade_uv[:, E1].min() < -50.0
    assert 0.0 < np.abs(saccade_uv[:, EEG]).max() < 20.0, "a little leaks to the forehead"


def test_brain_waves_reach_both_eyes_in_phase() -> None:
    wave_uv = one("k complex")
    assert np.array_equal(wave_uv[:, E1], wave_uv[:, E2])


def test_a_lucid_signal_goes_left_right_left_right() -> None:
    gaze_uv = one("lucid signal")[:, E2]
    turns = [int(np.sign(gaze_uv[256 + int((0.15 + 0.55 * turn) * 256)])) for turn in range(4)]
    assert turns[:3] == [-1, 1, -1]


@pytest.mark.parametrize("what", sorted(WAVES))
def test_no_wave_starts_or_ends_with_a_step(what: str) -> None:
    wave_uv = one(what)
    assert np.abs(np.diff(wave_uv, axis=0)).max() < 45.0
    assert np.abs(wave_uv[[0, -1]]).max() == 0.0


def test_an_arousal_raises_alpha_beta_and_chin_for_seconds() -> None:
    found = electrodes()
    onsets_s = truth_of(found.course, NIGHT_S).onsets_s("arousal")
    asleep = [int(onset_s) for onset_s in onsets_s if found.course.stages[int(onset_s) + 10] != W][:8]
    before = np.array([found.second(onset_s - 4) for onset_s in asleep])
    during = np.array([found.second(onset_s + 1) for onset_s in asleep])
    assert band_power(during[:, :, EEG], 16, 30) > 3 * band_power(before[:, :, EEG], 16, 30)
    assert during[:, :, CHIN].std() > 2 * before[:, :, CHIN].std()


def test_happenings_come_where_they_belong_and_do_not_outlast_their_bound() -> None:
    found = electrodes(preset="lucid")
    truth = truth_of(found.course, NIGHT_S)
    stages = {what: {found.course.stages[int(at)] for at in truth.onsets_s(what)} for what in WAVES}
    assert stages["spindle"] <= {N2, N3}
    assert stages["k complex"] == {N2}
    assert stages["lucid signal"] == {R}
    assert all(0.0 < happening.duration_s < LONGEST_S for happening in truth.happenings)
    arousals = [happening for happening in truth.happenings if happening.what == "arousal"]
    assert all(3.0 <= happening.duration_s <= 12.0 for happening in arousals)


def test_every_awakening_is_an_arousal() -> None:
    found = electrodes(preset="restless")
    stages = found.course.stages[:NIGHT_S]
    awakenings = np.flatnonzero((stages[1:] == W) & (stages[:-1] != W)) + 1
    assert len(awakenings) > 3
    assert {float(second) for second in awakenings} <= set(truth_of(found.course, NIGHT_S).onsets_s("arousal"))


def test_rem_saccades_come_in_bursts() -> None:
    found = electrodes()
    truth = truth_of(found.course, NIGHT_S)
    in_rem = np.array([at for at in truth.onsets_s("saccade") if found.course.stages[int(at)] == R])
    seconds = np.flatnonzero(found.course.stages[:NIGHT_S] == R)
    counts = np.bincount(in_rem.astype(int), minlength=NIGHT_S)[seconds]
    windows = counts[: len(counts) // 5 * 5].reshape(-1, 5).sum(axis=1)
    assert windows.var() > 1.5 * windows.mean(), "more clumped than a Poisson process"


def test_swells_stay_between_nothing_and_one() -> None:
    happening = Happening("arousal", 5.0, 6.0, 9.0, 0.0)
    rise = swell(happening, np.arange(0.0, 20.0, 0.01))
    assert rise.min() == 0.0
    assert rise.max() == 1.0


def test_labels_are_plain_edf_labels() -> None:
    assert all(channel.label.isascii() and len(channel.label) <= 16 for channel in CHANNELS)
    assert [channel.kind for channel in CHANNELS] == ["EEG", "EOG", "EOG", "EMG"]
