"""Phase-locked moments: causal, the same however cut, unbiased at every frequency, and honest about themselves."""

import numpy as np
import pytest

from dreamloom.rhythm import kernel, learning, track
from dreamloom.rhythm.bins import BIN_HZ, binned, lag_s
from dreamloom.statistics.circular import mean_rad, sd_rad
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, Seconds


def pink_uv(sfreq_hz: int, duration_s: int, rms_uv: float, seed: int = 1) -> FloatArray:
    n = sfreq_hz * duration_s
    spectrum = np.fft.rfft(stream(seed, "pink").standard_normal(n))
    lines_hz = np.fft.rfftfreq(n, 1 / sfreq_hz)
    spectrum[1:] /= np.sqrt(np.maximum(lines_hz[1:], 0.1))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, n)
    return np.asarray(noise * rms_uv / noise.std())


def wave_uv(frequency_hz: float, sfreq_hz: int = 100, duration_s: int = 240) -> FloatArray:
    time_s = np.arange(sfreq_hz * duration_s) / sfreq_hz
    return 40 * np.cos(2 * np.pi * frequency_hz * time_s) + pink_uv(sfreq_hz, duration_s, 8.0)


def run(
    signal_uv: FloatArray, sfreq_hz: int = 100, tau_s: float = 0.0
) -> tuple[list[track.Moment], list[track.Audit], track.PhaseState]:
    state = track.start(sfreq_hz, tau_s=Seconds(tau_s))
    moments: list[track.Moment] = []
    audits: list[track.Audit] = []
    for index in range(len(signal_uv) // sfreq_hz):
        state, new, judged = track.step(state, index, signal_uv[index * sfreq_hz : (index + 1) * sfreq_hz])
        moments += new
        audits += judged
    return moments, audits, state


@pytest.mark.parametrize("frequency_hz", [0.6, 0.8, 1.0, 1.2])
@pytest.mark.parametrize("tau_s", [0.0, 0.2])
def test_a_steady_wave_in_pink_noise_is_met_without_bias_at_every_frequency(frequency_hz: float, tau_s: float) -> None:
    moments, _, _ = run(wave_uv(frequency_hz), tau_s=tau_s)
    errors_rad = 2 * np.pi * frequency_hz * np.array([each.play_at_s for each in moments])
    assert len(moments) > 20
    assert abs(np.degrees(mean_rad(errors_rad))) < 15
    assert np.degrees(sd_rad(errors_rad)) < 30


@pytest.mark.parametrize("sfreq_hz", [100, 128, 256, 500])
def test_the_phase_is_the_same_at_every_sampling_rate(sfreq_hz: int) -> None:
    moments, _, _ = run(wave_uv(0.8, sfreq_hz, 150), sfreq_hz)
    errors_rad = 2 * np.pi * 0.8 * np.array([each.play_at_s for each in moments])
    assert len(moments) > 8
    assert abs(np.degrees(mean_rad(errors_rad))) < 10


def test_nothing_that_comes_later_changes_a_moment() -> None:
    signal_uv = wave_uv(0.8, duration_s=150)
    changed_uv = signal_uv.copy()
    changed_uv[100 * 100 :] = 0.0
    earlier = [each for each in run(signal_uv)[0] if each.decided_s <= 100]
    assert earlier == [each for each in run(changed_uv)[0] if each.decided_s <= 100]
    assert earlier


def test_the_kernel_says_the_same_bits_however_bins_are_cut() -> None:
    bins = stream(1, "bins").standard_normal(400)
    taps = kernel.oscillator(Seconds(0.0))
    whole = kernel.applied(taps, bins[: kernel.LAGS - 1], bins[kernel.LAGS - 1 :])
    for cut in (1, 7, 25):
        pieces = [
            kernel.applied(taps, bins[at - kernel.LAGS + 1 : at], bins[at : at + cut])
            for at in range(kernel.LAGS - 1, len(bins), cut)
        ]
        assert np.array_equal(np.concatenate(pieces), whole)


def test_many_sleepers_are_told_what_one_is() -> None:
    bins = stream(2, "bins").standard_normal((3, 300))
    taps = np.stack([kernel.oscillator(Seconds(tau)) for tau in (0.0, 0.1, 0.2)])
    together = kernel.applied(taps, bins[:, : kernel.LAGS - 1], bins[:, kernel.LAGS - 1 :])
    for sleeper in range(3):
        alone = kernel.applied(taps[sleeper], bins[sleeper, : kernel.LAGS - 1], bins[sleeper, kernel.LAGS - 1 :])
        assert np.allclose(together[sleeper], alone, rtol=0, atol=1e-9)


def test_a_bin_is_the_mean_of_what_lies_in_it_at_any_rate() -> None:
    assert np.allclose(binned(np.arange(100.0)), np.arange(50) * 2 + 0.5)
    for grid_hz in (128, 250, 256, 512):
        ramp = np.arange(grid_hz) / grid_hz
        ends_s = (np.arange(BIN_HZ) + 1) / BIN_HZ
        assert np.allclose(binned(ramp), ends_s - lag_s(grid_hz), atol=0.1 / grid_hz)


def test_audits_find_what_the_truth_finds() -> None:
    moments, audits, _ = run(wave_uv(1.0))
    known = {each.play_at_s: each.error_rad for each in audits}
    assert len(known) > 20
    for moment in moments:
        if moment.play_at_s in known:
            true_rad = np.angle(np.exp(2j * np.pi * moment.play_at_s))
            assert abs(np.degrees(known[moment.play_at_s] - true_rad)) < 40


def test_a_cue_that_was_heard_teaches_nothing() -> None:
    signal_uv = wave_uv(0.8)
    state = track.start(100, tau_s=Seconds(0.0))
    heard: list[track.Audit] = []
    for index in range(len(signal_uv) // 100):
        state, moments, audits = track.step(state, index, signal_uv[index * 100 : (index + 1) * 100])
        heard += audits
        for each in moments:
            state = track.sounded(state, each.play_at_s)
    assert heard
    assert not any(each.teaches for each in heard)
    assert state.errors_rad == ()
    assert state.bias_rad == 0.0


def test_a_phase_that_cannot_be_told_is_refused() -> None:
    state = track.start(100, tau_s=Seconds(0.0))
    scattered = tuple(stream(3, "errors").uniform(-np.pi, np.pi, 40).tolist())
    assert not state.uncertain
    assert track.replace(state, errors_rad=scattered).uncertain
    assert not track.replace(state, errors_rad=tuple(np.asarray(scattered) / 8)).uncertain


def test_the_gate_stays_shut_on_noise_and_opens_on_slow_waves() -> None:
    assert run(pink_uv(100, 120, 20.0))[0] == []
    assert run(wave_uv(0.8, duration_s=120))[0]


def test_nothing_is_learned_right_after_a_decided_moment() -> None:
    moments, _, state = run(wave_uv(0.8, duration_s=150))
    begins_s = 150 - learning.KEPT / BIN_HZ
    for each in moments:
        first = round((each.play_at_s - begins_s) * BIN_HZ)
        if first >= 0:
            assert not state.free[first : first + round(track.FROZEN_S * BIN_HZ)].any()


def test_a_movement_later_in_its_second_changes_no_moment() -> None:
    signal_uv = wave_uv(0.8, duration_s=120)
    last = next(each for each in reversed(run(signal_uv)[0]) if each.decided_s % 1 < 0.7)
    changed_uv = signal_uv.copy()
    changed_uv[round(last.decided_s * 100) + 5 :] += 2000.0 * np.arange(
        len(changed_uv) - round(last.decided_s * 100) - 5
    )
    assert last in run(changed_uv)[0]
