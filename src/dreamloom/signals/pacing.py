"""When was each sample taken, where a device only tells when a bunch of them came? Lays bunches on one even pace.

Bunches come late, never early: a bunch that comes earlier than expected corrects the pace at once, a late one slowly.
"""

import math
from typing import NamedTuple

from dreamloom.vocabulary.units import Hertz, NightTime, Seconds

DRIFT_S = Seconds(20.0)
"""Time constant of following a device whose clock is slower than it says. Ours."""
SLEW = 0.02
"""The pace is corrected by at most this share of a period a sample: a device may be 2 % off. Ours."""
STEP = 0.25
"""And by at most this share of a period at once: half a period would look like a loss or a repeat. Ours."""
BREAK_S = Seconds(0.2)
"""A bunch after a silence that does not fit within this was not late: samples are missing before it. Ours."""


class Pace(NamedTuple):
    """Where the next sample is expected; NaN before the first bunch."""

    sfreq_hz: Hertz
    next_onset_s: float = math.nan


def place(pace: Pace, samples: int, newest_s: NightTime, *, after_silence: bool = False) -> tuple[Pace, NightTime]:
    """The onset of the first of these samples.

    Args:
        pace: what the bunch before left.
        samples: how many there are, at least 1.
        newest_s: night time at which the newest of them was in hand.
        after_silence: nothing had come for so long that this bunch may follow a loss; then it holds all that was kept
            back on the way, up to now.
    """
    expected_s = pace.next_onset_s
    by_stamp_s = newest_s - (samples - 1) / pace.sfreq_hz
    if math.isnan(expected_s) or (after_silence and abs(by_stamp_s - expected_s) > BREAK_S):
        onset_s = by_stamp_s if math.isnan(expected_s) else max(by_stamp_s, expected_s)
    else:
        onset_s = expected_s + _correction_s(pace, samples, by_stamp_s - expected_s)
    return pace._replace(next_onset_s=onset_s + samples / pace.sfreq_hz), NightTime(onset_s)


def skip(pace: Pace, samples: int) -> Pace:
    """The pace after so many samples that were counted by the device and never came."""
    return pace._replace(next_onset_s=pace.next_onset_s + samples / pace.sfreq_hz)


def _correction_s(pace: Pace, samples: int, off_s: float) -> float:
    most_s = min(SLEW * samples, STEP) / pace.sfreq_hz
    share = 1.0 if off_s < 0 else 1.0 - math.exp(-samples / pace.sfreq_hz / DRIFT_S)
    return max(-most_s, min(most_s, off_s * share))
