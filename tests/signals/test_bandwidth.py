"""A recording that was low-passed, or sampled up from a slow one, holds less than its rate promises, and is told so."""

import numpy as np
import pytest
from scipy.signal import butter, resample_poly, sosfiltfilt

from dreamloom.signals.bandwidth import usable_hz
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, Hertz


def eeg_like(hz: int, seconds: int = 300, *, exponent: float = 2.0) -> FloatArray:
    """Noise whose power falls with 1/f to the exponent, about 20 µV."""
    count = hz * seconds
    freqs = np.fft.rfftfreq(count, 1 / hz)
    spectrum = np.fft.rfft(stream(8, "bandwidth", hz).standard_normal(count))
    shaped = np.fft.irfft(spectrum / np.maximum(freqs, 0.5) ** (exponent / 2), count)
    return np.asarray(20 * shaped / shaped.std())


@pytest.mark.parametrize("hz", [100, 128, 200, 256, 512])
@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 3.0])
def test_a_whole_band_is_found_whole(hz: int, exponent: float) -> None:
    assert usable_hz(eeg_like(hz, exponent=exponent), Hertz(float(hz))) == 30.0


@pytest.mark.parametrize("edge_hz", [15.0, 20.0])
def test_a_low_passed_band_ends_near_its_edge(edge_hz: float) -> None:
    low = sosfiltfilt(butter(8, edge_hz, fs=200, output="sos"), eeg_like(200))
    assert edge_hz <= usable_hz(low, Hertz(200.0)) <= edge_hz + 5


def test_a_slow_recording_sampled_up_is_found_out() -> None:
    assert usable_hz(resample_poly(eeg_like(50), 2, 1), Hertz(100.0)) < 30.0


def test_hum_and_silence_and_shortness_are_no_findings() -> None:
    time_s = np.arange(300 * 200) / 200
    assert usable_hz(eeg_like(200) + 100 * np.sin(2 * np.pi * 50 * time_s), Hertz(200.0)) == 30.0
    assert usable_hz(np.zeros(60_000), Hertz(200.0)) == 30.0
    assert usable_hz(eeg_like(200, 3), Hertz(200.0)) == 30.0
