"""What is a rule of the guardian, and which signs can be read off a bed's events?"""

import math
from typing import Literal, NamedTuple

from dreamloom.record.events import Rung
from dreamloom.vocabulary.units import Seconds

TONIGHT = Seconds(math.inf)
"""A calm so long that the rule never clears before the night is over."""


class Sign(NamedTuple):
    """Something that can be read off a bed's events.

    Attributes:
        reads: seconds since it began, -1 while it is not so; how often within the window; or a value as told.
        window_s: for what is counted.
    """

    reads: Literal["lasts", "count", "value"]
    window_s: Seconds = Seconds(0.0)


class Rule(NamedTuple):
    """One thing that may be amiss at a bed.

    Attributes:
        id: its name, in records and on the command line.
        sign: what is read.
        rung: how far the guardian goes while it is raised.
        raises_at, clears_at: raised by a reading of so much or more, cleared by one of so much or less.
        calm_s: for so long the reading must have kept to that.
        affects: whom: this bed alone, every bed of the house, or both beds that are too alike.
        raises, clears: the two, in words.
        why: what is wrong and what is done about it, as the sleeper is told.
    """

    id: str
    sign: str
    rung: Rung
    raises_at: float
    clears_at: float
    calm_s: Seconds
    affects: Literal["this bed", "every bed", "both beds"]
    raises: str
    clears: str
    why: str


MINUTE, TEN_MINUTES, HALF_HOUR = Seconds(60.0), Seconds(600.0), Seconds(1800.0)

SIGNS: dict[str, Sign] = {
    "no data": Sign("lasts"),
    "no clock bound": Sign("lasts"),
    "no output": Sign("lasts"),
    "battery low": Sign("lasts"),
    "memory high": Sign("lasts"),
    "disk low": Sign("lasts"),
    "memory short": Sign("lasts"),
    "late": Sign("count", TEN_MINUTES),
    "gaps": Sign("count", Seconds(300.0)),
    "clock steps": Sign("count", MINUTE),
    "claims": Sign("count", TEN_MINUTES),
    "bad commands": Sign("count", TEN_MINUTES),
    "jumps": Sign("count", HALF_HOUR),
    "nightmares": Sign("count", HALF_HOUR),
    "awakenings by cues": Sign("count", HALF_HOUR),
    "speaker gaps": Sign("count", HALF_HOUR),
    "sound gaps": Sign("count", TEN_MINUTES),
    "slept": Sign("count", MINUTE),
    "house late": Sign("count", Seconds(120.0)),
    "guide": Sign("count", HALF_HOUR),
    "apart": Sign("value"),
    "restless": Sign("value"),
    "likeness": Sign("value"),
    "level": Sign("value"),
    "dose": Sign("value"),
}
