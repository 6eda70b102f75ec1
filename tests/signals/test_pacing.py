"""Do bunches of samples become an even stream? With jitter, bursts, silences and clocks that are off."""

import numpy as np
import pytest

from dreamloom.signals import pacing
from dreamloom.signals.grid import LOSS_PERIODS, REPEAT_PERIODS
from dreamloom.signals.pacing import Pace, place, skip
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import Hertz, NightTime

RATE_HZ = Hertz(250.0)


def paced(true_hz: float, *, minutes: float = 5.0, jitter_s: float = 0.02, bunch: int = 12) -> np.ndarray:
    """Onsets of each bunch, and when its first sample was truly taken: [n, 2]."""
    chance = stream(7, "pacing", str(true_hz))
    pace, rows = Pace(RATE_HZ), []
    for first in range(0, int(minutes * 60 * true_hz), bunch):
        newest_s = (first + bunch - 1) / true_hz
        pace, onset_s = place(pace, bunch, NightTime(newest_s + 0.01 + chance.exponential(jitter_s)))
        rows.append((onset_s, first / true_hz))
    return np.array(rows)


@pytest.mark.parametrize("true_hz", [249.5, 250.0, 250.5])
def test_no_correction_ever_looks_like_a_loss_or_a_repeat(true_hz: float) -> None:
    onsets_s = paced(true_hz)[:, 0]
    steps = (np.diff(onsets_s) - 12 / RATE_HZ) * RATE_HZ + 1.0
    assert steps.max() < LOSS_PERIODS
    assert steps.min() > REPEAT_PERIODS


@pytest.mark.parametrize("true_hz", [249.5, 250.0, 250.5])
def test_a_clock_that_is_off_is_followed(true_hz: float) -> None:
    onset_s, true_s = paced(true_hz).T
    behind_s = (onset_s - true_s)[len(onset_s) // 5 :]
    assert abs(behind_s).max() < 0.08
    assert np.ptp(behind_s) < 0.03


def test_an_even_pace_is_smoother_than_the_stamps() -> None:
    onset_s, true_s = paced(250.0, jitter_s=0.05).T
    assert np.std((onset_s - true_s)[1000:]) < 0.005


def test_a_burst_that_lost_nothing_goes_on_where_it_was() -> None:
    pace, _ = place(Pace(RATE_HZ), 25, NightTime(1.0))
    expected_s = pace.next_onset_s
    _, onset_s = place(pace, 750, NightTime(4.05), after_silence=True)
    assert onset_s == pytest.approx(expected_s, abs=0.01)


def test_what_is_missing_behind_a_silence_becomes_a_gap() -> None:
    pace, _ = place(Pace(RATE_HZ), 25, NightTime(1.0))
    _, onset_s = place(pace, 25, NightTime(11.0), after_silence=True)
    assert onset_s == pytest.approx(11.0 - 24 / RATE_HZ)


def test_time_never_runs_back_behind_a_silence() -> None:
    pace, _ = place(Pace(RATE_HZ), 25, NightTime(1.0))
    _, onset_s = place(pace, 2000, NightTime(1.5), after_silence=True)
    assert onset_s == pace.next_onset_s


def test_counted_losses_move_the_pace() -> None:
    pace, _ = place(Pace(RATE_HZ), 25, NightTime(1.0))
    assert skip(pace, 5).next_onset_s == pytest.approx(pace.next_onset_s + 5 / RATE_HZ)
    assert pacing.STEP < LOSS_PERIODS - 1
