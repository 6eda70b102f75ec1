"""Windows, filters and integration weights are those that scipy designs, without the price of importing it."""

import numpy as np
import pytest
from scipy.fft import rfft
from scipy.integrate import simpson
from scipy.signal import firwin, get_window

from dreamloom.staging import features, prepare
from dreamloom.vocabulary.chance import stream


def test_the_window_of_a_spectrum_is_scipys() -> None:
    np.testing.assert_allclose(features._taper(), get_window("hamming", features.WELCH_SAMPLES), atol=1e-15)


@pytest.mark.parametrize("band_hz", [*features.BANDS_HZ.values(), features.BAND_HZ])
def test_a_bands_weights_are_simpsons_as_scipy_has_them(band_hz: tuple[float, float]) -> None:
    freqs = np.arange(251) * 0.2
    density = stream(1, "a spectrum").random(251)
    inside = (freqs >= band_hz[0]) & (freqs <= band_hz[1])
    weights = features._simpson_weights(freqs, *band_hz)
    assert weights @ density == pytest.approx(simpson(density[inside], dx=0.2), rel=1e-12)


@pytest.mark.parametrize(("taps", "edge_hz"), [(825, 0.2), (45, 33.75)])
def test_a_low_pass_is_firwins(taps: int, edge_hz: float) -> None:
    np.testing.assert_allclose(prepare._low_pass(taps, edge_hz), firwin(taps, edge_hz, fs=100), atol=1e-15)


def test_the_response_has_no_delay() -> None:
    shape = np.zeros(4500)
    shape[:825] = -firwin(825, 0.2, fs=100)
    shape[390:435] += firwin(45, 33.75, fs=100)
    np.testing.assert_allclose(np.abs(prepare._response(4500)), np.abs(rfft(shape)), atol=1e-12)
