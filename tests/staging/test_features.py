"""The features are the ones the published trees were grown on: held to antropy's and YASA's own numbers."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.staging.context import Context, remember
from dreamloom.staging.features import NAMES, WINDOW_SAMPLES, montage_features, window_features
from dreamloom.staging.prepare import prepared
from dreamloom.staging.track import feature_names
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

GOLDEN = json.loads((Path(__file__).parent / "golden_features.json").read_text())
"""Computed once by antropy 0.2.3 and yasa 0.8.1 from the sines of `sines`."""


def sines(amplitudes_uv: list[float], which: int) -> FloatArray:
    """Seven slowly gliding sines: a window that anybody can make again."""
    time_s = np.arange(WINDOW_SAMPLES) / 100
    freqs_hz = np.array([0.7, 2.3, 5.9, 10.1, 13.7, 21.3, 27.9])[:, None]
    phases = np.arange(7)[:, None] * which
    waves = np.sin(2 * np.pi * freqs_hz * time_s * (1 + 0.002 * which * time_s / 30) + phases)
    return (np.array(amplitudes_uv)[:, None] * waves).sum(axis=0)


def noise(seconds: int, channels: int, *, hz: int = 100) -> FloatArray:
    """[sample, channel] of falling-spectrum noise, about 30 µV."""
    rng = stream(11, "features")
    white = rng.standard_normal((seconds * hz, channels))
    slow = np.cumsum(white, axis=0)
    return (slow - slow.mean(axis=0)) * 0.4 + white * 8


@pytest.mark.parametrize(("which", "name"), list(enumerate(GOLDEN, start=1)))
def test_features_equal_those_of_the_field(which: int, name: str) -> None:
    window = sines(GOLDEN[name]["amplitudes_uv"], which)[np.newaxis]
    ours = dict(zip(NAMES["eeg"], window_features(window, "eeg")[0], strict=True))
    assert ours == pytest.approx(GOLDEN[name]["features"], rel=1e-6)


def test_a_window_alone_and_in_a_batch_has_the_same_bytes() -> None:
    windows = np.ascontiguousarray(noise(150, 1)[:, 0].reshape(5, WINDOW_SAMPLES))
    batch = window_features(windows, "eeg")
    alone = np.concatenate([window_features(windows[k : k + 1], "eeg") for k in range(5)])
    assert batch.tobytes() == alone.tobytes()


def test_channels_together_have_the_features_of_each_alone() -> None:
    signal = np.ascontiguousarray(noise(30, 3).T)
    kinds = ("eeg", "eog", "emg")
    alone = np.concatenate([window_features(signal[k : k + 1], kind)[0] for k, kind in enumerate(kinds)])
    assert montage_features(signal, kinds).tobytes() == alone.tobytes()


@given(level_uv=st.floats(-1e4, 1e4), step_uv=st.sampled_from([0.0, 0.1, 500.0]), at=st.integers(1, WINDOW_SAMPLES - 1))
@settings(max_examples=25, deadline=None)
def test_no_window_gives_nan(level_uv: float, step_uv: float, at: int) -> None:
    window = np.full((1, WINDOW_SAMPLES), level_uv)
    window[:, at:] += step_uv
    assert np.isfinite(window_features(window, "eeg")).all()


@pytest.mark.parametrize("grid_hz", [100, 128, 200, 250, 255, 256, 512, 1000])
def test_the_band_passes_and_the_rest_does_not_whatever_the_grid(grid_hz: int) -> None:
    time_s = np.arange(35 * grid_hz) / grid_hz
    gains = {}
    for freq_hz in (0.05, 0.5, 1.0, 10.0, 25.0, 29.0, 39.0, 45.0):
        out = prepared(np.sin(2 * np.pi * freq_hz * time_s)[:, None], grid_hz)[0]
        assert out.shape == (3500,)
        gains[freq_hz] = np.std(out[600:2900]) * np.sqrt(2)
    assert gains[0.05] < 0.05
    assert max(gains[39.0], gains[45.0]) < 0.01
    assert [gains[hz] for hz in (1.0, 10.0, 25.0, 29.0)] == pytest.approx([1.0] * 4, abs=0.03)


def test_what_lies_above_the_new_rate_does_not_fold_back_into_the_band() -> None:
    for freq_hz in (72.0, 80.0, 95.0, 110.0):
        folded = prepared(np.sin(2 * np.pi * freq_hz * np.arange(35 * 256) / 256)[:, None], 256)[0]
        assert np.abs(folded[600:2900]).max() < 0.02, freq_hz


def test_the_filter_does_not_delay() -> None:
    time_s = np.arange(35 * 256) / 256
    out = prepared(np.sin(2 * np.pi * 5.0 * time_s)[:, None], 256)[0]
    np.testing.assert_allclose(out[600:2900], np.sin(2 * np.pi * 5.0 * np.arange(3500) / 100)[600:2900], atol=0.01)


def test_context_smooths_over_the_past_and_scales_by_it() -> None:
    context = Context.empty(1)
    values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0]
    for epoch, value in enumerate(values):
        context, table = remember(context, np.array([value]), epoch=epoch)
    weights = np.arange(8, 0, -1) / 8
    long = [np.average(values[max(0, k - 7) : k + 1][::-1], weights=weights[: min(k, 7) + 1]) for k in range(10)]
    short = [np.mean(values[max(0, k - 3) : k + 1]) for k in range(10)]
    for column, means in ((1, long), (2, short)):
        low, middle, high = np.quantile(np.float32(means).astype(float), [0.05, 0.5, 0.95])
        assert table[column, 0] == pytest.approx((means[-1] - middle) / (high - low), rel=1e-5)
    assert table[0, 0] == 3.0


def test_epochs_that_were_not_scored_leave_no_trace() -> None:
    context, _ = remember(Context.empty(1), np.array([2.0]), epoch=0)
    context, _ = remember(context, np.array([4.0]), epoch=3)
    assert context.ranked[:, 1].tolist() == [2.0, 3.0]
    context, _ = remember(context, np.array([7.0]), epoch=20)
    assert context.ranked[-1].tolist() == [7.0, 7.0]
    assert [number for number, _ in context.recent] == [20]


@given(rows=st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_ranks_stay_sorted(rows: list[float]) -> None:
    context = Context.empty(1)
    for epoch, value in enumerate(rows):
        context, table = remember(context, np.array([value]), epoch=8 * epoch)
        assert np.isfinite(table).all()
    np.testing.assert_array_equal(context.ranked[:, 0], np.sort(np.float32(rows)))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_features_of_a_whole_recording_equal_yasas() -> None:
    import mne
    import yasa
    from mne.filter import filter_data

    samples_uv = noise(600, 3)
    kinds = ("eeg", "eog", "emg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw = mne.io.RawArray(samples_uv.T * 1e-6, mne.create_info(list(kinds), 100, list(kinds)), verbose="error")
        scorer = yasa.SleepStaging(raw, "eeg", eog_name="eog", emg_name="emg")
        theirs = scorer.get_features()
        filtered = filter_data(scorer.data, 100, 0.4, 30, verbose="error")
    assert set(theirs.columns) == set(feature_names("eeg+eog+emg"))
    for row, kind in enumerate(kinds):
        ours = window_features(filtered[row].reshape(-1, WINDOW_SAMPLES), kind)
        expected = theirs[[f"{kind}_{name}" for name in NAMES[kind]]].to_numpy(dtype=float)
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)
    # Away from both ends our filter is theirs.
    np.testing.assert_allclose(prepared(samples_uv, 100)[:, 900:-900], filtered[:, 900:-900], atol=1e-9)
