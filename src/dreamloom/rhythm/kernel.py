"""What is the rhythm doing now, and in a moment? One complex weighted sum over the last 3 s; methods differ in weights.

The real part of z is the rhythm itself, its angle the phase: 0 at the positive peak, growing with time. What is said
anywhere in this product of how exactly each method meets a phase was measured here, by `dreamloom bench phase` on the
recording that comes with it; no figure of a paper stands beside ours, for none was measured on the same sleep.
"""

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_discrete_are, solve_toeplitz

from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.vocabulary.units import FloatArray, Hertz, Seconds

ComplexArray = npt.NDArray[np.complex128]

LAGS = 150
"""3 s: more than one period of the slowest wave looked for (0.5 Hz), as endpoint methods need. Ours."""
CENTRE_HZ = Hertz(0.85)
"""Where slow oscillations are most common in the adult (0.7-1 Hz; Massimini et al., J Neurosci 24, 2004)."""
STEADINESS = 0.98
"""Per bin: an oscillator that forgets within 1 s, about a period, as slow oscillations come singly or in few."""
DRIFT = 0.99
DESIGN_STEP_HZ = 0.02
"""Finer than the band is wide by far; a period of 50 s is longer than any lag. Ours."""
FLAT_BELOW_HZ = 0.3
"""Amplifiers and skin let nothing slower through that could be told from drift (AASM records EEG from 0.3 Hz on)."""
BUMP, BUMP_WIDTH = 3.0, 0.35
"""Slow oscillations over the falling spectrum at their usual frequency, and how widely they vary, in octaves' natural
logarithm: 0.6 to 1.2 Hz within a standard deviation (Massimini et al. 2004). The height is ours."""
DESIGN_NOISE = 0.01
"""What else a bin holds, relative to its variance: it keeps the sum from trusting differences too fine to hear."""
NOISES = (10.0, 2.0, 25.0)
"""Relative variances a bin: of the oscillator, of the drift, of all else. Only their ratios count. Ours."""


def applied(taps: ComplexArray, past: FloatArray, bins: FloatArray) -> ComplexArray:
    """Z at the end of every bin; the same bits however the bins are cut.

    Args:
        taps: [..., LAGS], the newest bin's weight first.
        past: [..., LAGS - 1], the bins before.
        bins: [..., n].
    """
    signal = np.concatenate([past, bins], axis=-1)
    values = np.empty(bins.shape, dtype=np.complex128)
    # One dot product of a fixed length for each bin, in an order that neither the cut nor anybody beside changes.
    for place in np.ndindex(bins.shape[:-1]):
        oldest_first = taps[place][::-1]
        values[place].real = np.correlate(signal[place], oldest_first.real, "valid")
        values[place].imag = np.correlate(signal[place], oldest_first.imag, "valid")
    return values


def oscillator(ahead_s: Seconds, *, centre_hz: Hertz = CENTRE_HZ) -> ComplexArray:
    """Weights of a settled Kalman filter: a noisy oscillator, a drift and white noise; moved on to ahead_s later.

    Its gain settles within seconds whatever the sleeper, so the filter is a fixed sum like every other
    (Matsuda and Komaki, Neural Computation 29, 2017, for the oscillator as a state space).
    """
    turn = STEADINESS * np.exp(2j * np.pi * centre_hz / BIN_HZ)
    step = np.array([[turn.real, -turn.imag, 0.0], [turn.imag, turn.real, 0.0], [0.0, 0.0, DRIFT]])
    seen = np.array([[1.0, 0.0, 1.0]])
    spread = np.diag([NOISES[0], NOISES[0], NOISES[1]])
    expected = solve_discrete_are(step.T, seen.T, spread, [[NOISES[2]]])
    gain = expected @ seen.T / (seen @ expected @ seen.T + NOISES[2])
    forward = (np.eye(3) - gain @ seen) @ step
    state, taps = gain[:, 0], np.zeros(LAGS, dtype=np.complex128)
    for lag in range(LAGS):
        taps[lag] = state[0] + 1j * state[1]
        state = forward @ state
    return np.asarray(taps * np.exp(2j * np.pi * centre_hz * ahead_s))


def endpoint_hilbert(
    ahead_s: Seconds, *, band_hz: tuple[float, float] = (0.5, 2.0), order: int = 1, window_s: float = 2.0
) -> ComplexArray:
    """Weights of the endpoint-corrected Hilbert transform (Schreglmann et al., Nat Commun 12:363, 2021).

    Fourier transform, one-sided band-pass with a causal filter's response, back, last sample: all linear, so the whole
    of it is one weighted sum. Its phase is moved on by the band's usual frequency.
    """
    from scipy.signal import butter, freqz

    size = round(window_s * BIN_HZ)
    lines = np.fft.fftfreq(size, 1 / BIN_HZ)
    _, response = freqz(*butter(order, band_hz, "bandpass", fs=BIN_HZ), worN=np.abs(lines), fs=BIN_HZ)
    response = response * np.where(lines > 0, 2.0, np.where(lines == 0, 1.0, 0.0))
    last = np.exp(2j * np.pi * np.fft.fftfreq(size) * (size - 1))
    oldest_first = np.fft.fft(np.eye(size), axis=1) @ (response * last) / size
    taps = np.zeros(LAGS, dtype=np.complex128)
    taps[:size] = oldest_first[::-1]
    return np.asarray(taps * np.exp(2j * np.pi * CENTRE_HZ * ahead_s))


def designed(ahead_s: Seconds, *, band_hz: tuple[float, float] = (0.5, 2.0)) -> ComplexArray:
    """Weights designed from what is known of deep sleep in general, before anybody is heard: least mean squares.

    The best weighted sum (Wiener, 1949) for the analytic signal of the band, ahead_s later, were the EEG a bump of slow
    oscillations on a spectrum that falls with the square of frequency. Nothing of it is learned from a sleeper.

    Args:
        ahead_s: from the centre of the newest bin to the moment that is asked about.
        band_hz: whose phase is told.
    """
    hertz = np.arange(DESIGN_STEP_HZ, BIN_HZ / 2, DESIGN_STEP_HZ)
    bump = BUMP * np.exp(-0.5 * (np.log(hertz / CENTRE_HZ) / BUMP_WIDTH) ** 2)
    power = bump + 1.0 / (FLAT_BELOW_HZ**2 + hertz**2)
    lags_s = np.arange(LAGS) / BIN_HZ
    own = np.cos(2 * np.pi * np.outer(lags_s, hertz)) @ power
    in_band = np.where((hertz >= band_hz[0]) & (hertz <= band_hz[1]), power, 0.0)
    wanted = np.exp(2j * np.pi * np.outer(lags_s + ahead_s, hertz)) @ in_band
    own[0] *= 1.0 + DESIGN_NOISE
    return np.asarray(solve_toeplitz(own, wanted))
