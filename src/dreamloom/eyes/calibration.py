"""How does this person look left and right? Five signals made awake tell size, pace and which electrode is which."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dreamloom.eyes import saccades
from dreamloom.eyes.leads import Leads, leads
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import STRICT, Limits, Sweep, latest
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import to_four_places

ASKED = 5
"""Left-right-left-right, five times."""
LEAST_SEEN = 3
"""So many of them must have been seen. Ours: a median of fewer says little."""
ASLEEP_SHARE = 0.5
"""A sweep asleep is at least this share of one awake: lids are shut, and who dreams looks less far. Ours."""
FLOOR_UV = 100.0
"""Never less than this, whoever the person: sweeps of phasic REM are as large. Ours."""
PACE_SHARE = (0.5, 2.0)
AWAKE = STRICT._replace(least_uv=80.0, most_strays=3, before_s=0.4)
"""What is asked of the five: who was just told to look knows when, so less is asked of the rest around them."""


class Calibration(NamedTuple):
    """Of one person with one set of electrodes, on one evening.

    Attributes:
        size_uv: median whole sweep, right less left electrode.
        pace_s: median time from one turn to the next.
        side: -1 when the agreed look to the left showed as one; 1 when it showed as one to the right, because the
            electrodes are exchanged or both inverted. Signals are then looked for as they will show.
        seen: how many of the five were recognised.
    """

    size_uv: float
    pace_s: float
    side: int
    seen: int

    @property
    def exchanged(self) -> bool:
        """Left and right electrodes stand for each other."""
        return self.side > 0


def calibrate(channels: Sequence[Channel], seconds: Iterable[GridSecond], *, grid_hz: int) -> Calibration:
    """Reads the minute in which somebody awake was asked for left-right-left-right, five times.

    Raises:
        StreamError: DL-E246 when no channel shows the eyes, DL-E247 when fewer than three could be recognised, DL-E249
            when they could with one lead the other way round.
    """
    chosen = leads(channels)
    if chosen is None:
        raise StreamError(
            "DL-E246",
            "No channel shows the eyes, so they cannot be calibrated.",
            why=f"The channels are {', '.join(repr(c.label) for c in channels) or 'none'}.",
            do="Add an EOG channel, or two EEG channels at the corners of the forehead such as AF7 and AF8.",
        )
    kept = list(seconds)
    found = _seen(saccades.start(chosen, grid_hz), kept)
    if len(found) < LEAST_SEEN and len(_seen(saccades.start(chosen, grid_hz), _reversed(chosen, kept))) >= LEAST_SEEN:
        raise StreamError(
            "DL-E249",
            "One of the two leads of the eyes is the wrong way round.",
            why=f"With {channels[chosen.right or 0].label!r} turned over, {LEAST_SEEN} or more signals are recognised.",
            do="Exchange the two wires of one of them, and calibrate again.",
        )
    if len(found) < LEAST_SEEN:
        raise StreamError(
            "DL-E247",
            f"Only {len(found)} of {ASKED} signals could be recognised; {LEAST_SEEN} are needed.",
            why="Between two whole looks gaze must rest, and it must rest before the first and after the last.",
            do="Look fully left, right, left, right, and back to the middle, once a second; rest three seconds; again.",
        )
    return Calibration(
        size_uv=to_four_places(float(np.median([sweep.size_uv for sweep in found]))),
        pace_s=to_four_places(float(np.median([sweep.pace_s for sweep in found]))),
        side=1 if sum(sweep.side for sweep in found) > 0 else -1,
        seen=len(found),
    )


def limits(calibration: Calibration) -> Limits:
    """What is asked of this person's signals asleep."""
    low_s, high_s = (share * calibration.pace_s for share in PACE_SHARE)
    return STRICT._replace(
        least_uv=max(FLOOR_UV, ASLEEP_SHARE * calibration.size_uv),
        pace_s=(max(STRICT.pace_s[0], low_s), max(STRICT.pace_s[1], high_s)),
        side=calibration.side,
    )


def _reversed(chosen: Leads, seconds: Sequence[GridSecond]) -> list[GridSecond]:
    """With the right lead the other way round; nothing where one derivation holds both."""
    if chosen.right is None or not seconds:
        return []
    signs = np.ones(seconds[0].samples_uv.shape[1])
    signs[chosen.right] = -1.0
    return [replace(second, samples_uv=second.samples_uv * signs) for second in seconds]


def _seen(state: saccades.SaccadeState, seconds: Iterable[GridSecond]) -> list[Sweep]:
    found: list[Sweep] = []
    recent: list[Saccade] = []
    for second in seconds:
        state, new = saccades.step(state, second)
        recent = [saccade for saccade in recent if saccade.at_s >= second.index - 12] + new
        sweep = latest(recent, second.index + 1.0, AWAKE)
        if sweep is not None and sweep.pairs == 2 and (not found or sweep.onset_s >= found[-1].end_s):
            found.append(sweep)
    return found
