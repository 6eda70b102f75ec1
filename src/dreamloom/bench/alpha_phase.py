"""How well is the phase of alpha known before a sound could meet it? Measured on the waking of the bundled recording.

The best weighted sum of the last second is given every advantage: weights from the same person's same minutes, every
other ten seconds of them, and a truth without drift. What it cannot tell, no causal rule of that kind can tell better.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from dreamloom.adapters.hypnograms import read_hypnogram
from dreamloom.house.recorded_seconds import recorded_seconds
from dreamloom.rhythm.bins import BIN_HZ, binned
from dreamloom.rhythm.kernel import ComplexArray
from dreamloom.rhythm.learning import truth
from dreamloom.statistics.circular import sd_rad
from dreamloom.vocabulary.units import BoolArray, FloatArray, Seconds

BAND_HZ = (8.0, 12.0)
LAGS = BIN_HZ
TURN_S = 10
"""Seconds that teach and seconds that are told, in turn."""
RIDGE = 1e-3
WILD_UV = 150.0
STRONGEST = 0.8


class AlphaPhase(NamedTuple):
    """Errors of the phase foretold so long ahead, in degrees; `strong` is the strongest fifth of the moments."""

    ahead_s: float
    sd_deg: float
    bias_deg: float
    strong_sd_deg: float
    waking_s: float


def of_recording(path: Path, hypnogram: Path, ahead_s: Seconds) -> AlphaPhase:
    """The first EEG channel of a recording, where an expert says W."""
    recorded = recorded_seconds(path, channels=None)
    place = next(i for i, each in enumerate(recorded.stream.channels) if each.kind == "EEG")
    seconds = [each.samples_uv[:, place] for each in recorded.seconds]
    awake = np.zeros(len(seconds) * BIN_HZ, dtype=np.bool_)
    for stretch in read_hypnogram(hypnogram, duration_s=float(len(seconds))):
        awake[int(stretch.onset_s * BIN_HZ) : int((stretch.onset_s + stretch.duration_s) * BIN_HZ)] = (
            stretch.stage == "W"
        )
    return foretold(binned(np.array(seconds)).ravel(), awake, ahead_s)


def foretold(samples_uv: FloatArray, awake: BoolArray, ahead_s: Seconds) -> AlphaPhase:
    """Both are [n] at BIN_HZ; weights are learned from one half of the waking and tried on the other, in turn."""
    wave = truth(samples_uv, BIN_HZ, BAND_HZ)
    steady = np.asarray(sosfilt(butter(1, 1.0, "high", fs=BIN_HZ, output="sos"), samples_uv))
    calm = np.convolve(np.abs(steady) >= WILD_UV, np.ones(2 * BIN_HZ + 1), "same") < 1
    ahead = round(ahead_s * BIN_HZ)
    at = np.flatnonzero(awake & calm)
    at = at[(at > LAGS) & (at < len(samples_uv) - 4 * BIN_HZ - ahead)]
    turn = at // (TURN_S * BIN_HZ) % 2
    errors, strengths = [], []
    for tried in (0, 1):
        weights = _learned(steady, at[turn != tried], wave[at[turn != tried] + ahead])
        told = _past(steady, at[turn == tried]) @ weights
        errors.append(np.angle(wave[at[turn == tried] + ahead] * np.conj(told)))
        strengths.append(np.abs(told))
    error_rad, strength = np.concatenate(errors), np.concatenate(strengths)
    strong = error_rad[strength >= np.quantile(strength, STRONGEST)]
    return AlphaPhase(
        ahead_s=float(ahead_s),
        sd_deg=round(float(np.degrees(sd_rad(error_rad))), 1),
        bias_deg=round(float(np.degrees(np.angle(np.exp(1j * error_rad).mean()))), 1),
        strong_sd_deg=round(float(np.degrees(sd_rad(strong))), 1),
        waking_s=round(len(at) / BIN_HZ, 1),
    )


def _past(steady: FloatArray, at: npt.NDArray[np.int64]) -> FloatArray:
    return np.stack([steady[at - lag] for lag in range(LAGS)], axis=1)


def _learned(steady: FloatArray, at: npt.NDArray[np.int64], wanted: ComplexArray) -> ComplexArray:
    past = _past(steady, at)
    gram = past.T @ past
    return np.asarray(np.linalg.solve(gram + RIDGE * np.trace(gram) / LAGS * np.eye(LAGS), past.T @ wanted))
