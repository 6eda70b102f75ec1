"""A stager for Dreamloom in thirty lines: the more slow waves, the deeper. An example to start from, no good stager."""

import numpy as np

SLOW_HZ, FAST_HZ = (0.5, 4.0), (15.0, 30.0)


class SlowWaves:
    name = "slow-waves"
    version = "0.1"
    licence = "CC0-1.0"
    min_channels = ("EEG",)
    warmup_s = 30.0
    context_s = 30.0

    def classify(self, signals_uv, kinds, sfreq_hz):
        eeg = signals_uv[kinds.index("EEG")][-30 * sfreq_hz :]
        power = np.abs(np.fft.rfft((eeg - eeg.mean()) * np.hanning(len(eeg)))) ** 2
        lines_hz = np.fft.rfftfreq(len(eeg), 1 / sfreq_hz)
        depth = np.log10(_within(power, lines_hz, SLOW_HZ) / _within(power, lines_hz, FAST_HZ))
        # W N1 N2 N3 R: how near this depth is to that of each stage
        likely = np.exp(-((depth - np.array([0.5, 1.0, 1.7, 2.5, 1.1])) ** 2))
        return likely / likely.sum()


def _within(power, lines_hz, band_hz):
    return power[(lines_hz >= band_hz[0]) & (lines_hz < band_hz[1])].sum() + 1e-12
