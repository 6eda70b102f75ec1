"""Up to which frequency does a recording hold anything? A slow or low-passed one is not what stages are read from."""

import numpy as np
from scipy.signal import welch

from dreamloom.vocabulary.units import FloatArray, Hertz

NEEDED_HZ = Hertz(30.0)
"""Stages are read from 0.4-30 Hz."""
TROUGH = 0.01
"""20 dB below what a fall with 1/f² from 5-10 Hz on leaves: no EEG falls so steeply, filters do. Ours."""


def usable_hz(samples_uv: FloatArray, sfreq_hz: Hertz) -> Hertz:
    """[sample] of one channel to the frequency from which nothing more comes, at most 30 Hz or half the rate.

    The median spectrum decides, so that movements and hum in some minutes change nothing.
    """
    top_hz = min(NEEDED_HZ, sfreq_hz / 2.0)
    per_segment = int(2 * sfreq_hz)
    if len(samples_uv) < 4 * per_segment:
        return Hertz(top_hz)
    freqs_hz, density = welch(samples_uv, fs=sfreq_hz, nperseg=per_segment, average="median")
    band = (freqs_hz >= 5.0) & (freqs_hz <= 10.0)
    level = float(np.median(density[band] * freqs_hz[band] ** 2))
    above = (freqs_hz > 10.0) & (freqs_hz <= top_hz)
    missing = density[above] < TROUGH * level / freqs_hz[above] ** 2
    return Hertz(float(freqs_hz[above][np.argmax(missing)])) if missing.any() and level > 0 else Hertz(top_hz)
