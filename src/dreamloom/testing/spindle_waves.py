"""A sleeper whose spindles begin at known moments, and a dreamscape that waits for them."""

import numpy as np

from dreamloom.testing.nights import TinyNight
from dreamloom.testing.signals import FakeSource
from dreamloom.testing.slow_waves import CLICKS, deep_night
from dreamloom.vocabulary.units import FloatArray

LAST_S = 1.0
BEGIN_S = tuple(9.0 * number + 0.37 * (number % 5) for number in range(1, 40))
STEADY = ((0.8, 15.0), (1.7, 8.0), (5.3, 5.0), (10.1, 7.0), (13.9, 2.0), (21.3, 6.0))
ON_SPINDLES = CLICKS.replace("of: slow oscillation", "of: spindle").replace("every: 2.5 s", "every: 3 s")


def spindle_waves(onset_s: FloatArray) -> FloatArray:
    """Rhythms that never fall silent, and for a second at each of those moments 13 Hz of 25 µV, swelling and fading."""
    steady_uv = sum(
        height_uv * np.sin(2 * np.pi * hertz * onset_s + number)
        for number, (hertz, height_uv) in enumerate(
            [(0.8, 15.0), (1.7, 8.0), (5.3, 5.0), (10.1, 7.0), (13.9, 2.0), (21.3, 6.0)]
        )
    )
    bursts_uv = np.zeros_like(onset_s)
    for begin_s in BEGIN_S:
        part = np.clip((onset_s - begin_s) / LAST_S, 0.0, 1.0)
        bursts_uv += 25.0 * np.sin(np.pi * part) * np.sin(2 * np.pi * 13.0 * (onset_s - begin_s))
    return np.asarray(steady_uv + bursts_uv)


def spindle_night(seconds: float = 130, *, block_samples: int = 25, **changes: object) -> TinyNight:
    """A night beside that sleeper."""
    source = FakeSource(
        true_hz=100, grid_hz=100, duration_s=seconds, waveforms=(spindle_waves,), block_samples=block_samples
    )
    return deep_night(**{"text": ON_SPINDLES, "source": source, "ahead_s": block_samples / 100, **changes})  # type: ignore[arg-type]  # as there
