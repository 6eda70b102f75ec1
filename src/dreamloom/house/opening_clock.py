"""By which clock does an opening of a night go, and where does it stand?"""

import math
from datetime import datetime

from dreamloom.engine.clocks import PacedClock, RealClock, VirtualClock
from dreamloom.house.resuming import Past
from dreamloom.house.run_options import RunOptions
from dreamloom.ports import Clock
from dreamloom.vocabulary.units import NightTime


def clock_of(past: Past, utc: datetime, options: RunOptions) -> tuple[Clock, int, NightTime]:
    """The night's clock, struck now; the first tick of this opening, and the first moment it keeps samples of.

    Speakers take their time from this clock. A night that goes on may begin in the middle of a second, and never before
    what it has recorded, however far the wall clock was set back meanwhile.
    """
    speed_x = options.speed_x
    if speed_x is None:
        first_s = NightTime(float(past.first_tick))
        return VirtualClock(start_s=first_s), past.first_tick, first_s
    gone_s = NightTime(max(past.gone_s(utc, speed_x), float(past.first_tick)))
    first_tick = max(past.first_tick, math.floor(gone_s))
    paced = None if options.pace_x is None or speed_x == 1.0 else PacedClock(options.pace_x, start_s=gone_s)
    clock = paced or RealClock(start_s=gone_s, speed_x=speed_x)
    return clock, first_tick, NightTime(max(float(first_tick), gone_s))
