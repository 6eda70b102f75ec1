"""What do weights that were designed, not learned, say of a plain wave?"""

import numpy as np
import pytest

from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.rhythm.kernel import LAGS, applied, designed
from dreamloom.vocabulary.units import Seconds


@pytest.mark.parametrize("ahead_s", [0.0, 0.1, 0.2])
def test_the_phase_of_a_slow_wave_is_told_ahead_to_a_sixteenth(ahead_s: float) -> None:
    times_s, hertz = np.arange(20 * BIN_HZ) / BIN_HZ, 0.85
    wave = np.cos(2 * np.pi * hertz * times_s)
    told = applied(designed(Seconds(ahead_s)), wave[: LAGS - 1], wave[LAGS - 1 :])
    wanted = np.exp(2j * np.pi * hertz * (times_s[LAGS - 1 :] + ahead_s))
    errors_deg = np.degrees(np.angle(told * np.conj(wanted)))
    assert np.abs(errors_deg).max() < 22.5


def test_designed_weights_are_as_many_as_the_others_and_fall_with_age() -> None:
    taps = np.abs(designed(Seconds(0.1)))
    assert taps.shape == (LAGS,)
    assert taps[: LAGS // 3].sum() > 3 * taps[-LAGS // 3 :].sum()
