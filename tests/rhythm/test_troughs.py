"""A wave counts only when its last trough was deep enough, as the slow wave itself has it."""

import numpy as np
import pytest

from dreamloom.rhythm import track, troughs
from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.vocabulary.units import FloatArray, Seconds

SECONDS, GRID_HZ = 140, 100


def waves_uv(deep_from_s: float) -> FloatArray:
    """Waves of 0.8 Hz, 30 µV high and 90 µV from some moment on, with a spindle's ripple over all of them."""
    time_s = np.arange(SECONDS * GRID_HZ) / GRID_HZ
    height_uv = np.where(time_s < deep_from_s, 30.0, 90.0)
    ripple_uv = 15.0 * np.sin(2 * np.pi * 13.0 * time_s) + 2.0 * np.sin(2 * np.pi * 5.3 * time_s)
    return np.asarray(height_uv * np.cos(2 * np.pi * 0.8 * time_s) + ripple_uv)


def met_s(signal_uv: FloatArray, below_uv: float | None, *, phase_deg: float = 0.0) -> list[float]:
    target = track.Target(phase_rad=float(np.radians(phase_deg)), trough_below_uv=below_uv)
    state, found = track.start(GRID_HZ, tau_s=Seconds(0.1), target=target), list[float]()
    for index in range(SECONDS):
        own_uv = signal_uv[index * GRID_HZ : (index + 1) * GRID_HZ]
        state, moments, _ = track.step(state, index, own_uv, deep=True)
        found += [each.play_at_s for each in moments]
    return found


@pytest.mark.parametrize("phase_deg", [0.0, 180.0])
def test_only_waves_behind_a_deep_trough_are_met_at_any_phase(phase_deg: float) -> None:
    told = met_s(waves_uv(90.0), -80.0, phase_deg=phase_deg)
    assert len(told) >= 5
    assert min(told) > 90.0


def test_without_a_bound_shallow_waves_are_met_too() -> None:
    assert min(met_s(waves_uv(90.0), None)) < 90.0


@pytest.mark.parametrize("frequency_hz", [0.6, 0.85, 1.2])
def test_a_spindle_on_a_wave_makes_its_trough_no_deeper(frequency_hz: float) -> None:
    time_s = np.arange(4 * BIN_HZ) / BIN_HZ
    wave_uv = 60.0 * np.cos(2 * np.pi * frequency_hz * time_s)
    for end in range(2 * BIN_HZ, 3 * BIN_HZ):
        bins_uv = (wave_uv + 20.0 * np.cos(2 * np.pi * 13.0 * time_s))[end - troughs.REACH : end]
        if (frequency_hz * time_s[end]) % 1.0 > 0.6:  # between a trough and the peak behind it
            assert troughs.trough_uv(bins_uv) == pytest.approx(-60.0, abs=9.0)
