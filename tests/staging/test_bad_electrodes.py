"""A spoilt electrode on real sleep: turned round or humming it is staged as before, dead or clipping not at all."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from dreamloom.adapters.trees import TreeStager
from dreamloom.house import recordings
from dreamloom.house.recorded_seconds import recorded_seconds
from dreamloom.signals.blocks import GridSecond
from dreamloom.staging import track
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import FloatArray

FROM, TO = 4100, 4500
"""Night seconds: N2, and the beginning of REM."""
SPOILT_FROM = 4300
HUM_UV = 200 * np.sin(2 * np.pi * 48 * np.arange(100) / 100)[:, np.newaxis]
"""Mains at 48 Hz, as 50 Hz would show at this rate but for its folding."""


@cache
def seconds() -> list[GridSecond]:
    return [second for second in recorded_seconds(recordings.bundled()).seconds if FROM <= second.index < TO]


def staged(spoil: Callable[[FloatArray, int], FloatArray]) -> list[Stage]:
    recorded = recorded_seconds(recordings.bundled())
    state = track.start(recorded.stream.channels, recorded.stream.grid_hz, TreeStager("eeg").probabilities)
    told: list[Stage] = []
    for second in seconds():
        digital = np.round(np.clip(spoil(second.samples_uv, second.index), -3276.8, 3276.7) * 10).astype(np.int16)
        state, estimates = track.step(state, replace(second, digital=digital, samples_uv=digital / 10.0))
        told += [estimate.stage for estimate in estimates]
    return told


@pytest.mark.parametrize("spoil", [lambda uv, _: -uv, lambda uv, _: uv + HUM_UV], ids=["turned round", "hum"])
def test_polarity_and_hum_change_little(spoil: Callable[[FloatArray, int], FloatArray]) -> None:
    plain, spoilt = staged(lambda uv, _: uv), staged(spoil)
    assert np.mean([one is other for one, other in zip(plain, spoilt, strict=True)]) >= 0.9


@pytest.mark.parametrize("gain", [0.0, 40.0], ids=["dead", "clipping"])
def test_a_dead_or_clipping_electrode_is_unscored_half_a_minute_later(gain: float) -> None:
    told = staged(lambda uv, index: uv * gain if index >= SPOILT_FROM else uv)
    assert set(told[(SPOILT_FROM + 30 - FROM) // 5 :]) == {Stage.UNSCORED}
