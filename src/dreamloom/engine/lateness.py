"""Does the night keep up with its own time? Told while seconds are decided late, and go on being."""

import math

from dreamloom.record.events import GlitchSeen
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

LATE_S = Seconds(10.0)
"""Behind the end of a second that is not settled yet; no bed is waited for longer than 2 s. Ours."""
FOR_S = Seconds(3.0)
"""So long on end: a machine that slept, or a night that begins, has caught up by then. Ours."""
AGAIN_S = Seconds(10.0)


class Lateness:
    """Looks at how far behind the clock the night is decided."""

    def __init__(self) -> None:
        self._since_s: NightTime | None = None
        self._next_s = NightTime(-math.inf)

    def look(self, now_s: NightTime, tick: int) -> list[GlitchSeen]:
        """What the record should hold of it: that the night is late, now and then while it is.

        Args:
            now_s: night time on its clock.
            tick: the oldest second that is not settled.
        """
        if now_s - (tick + 1.0) <= LATE_S:
            self._since_s = None
            return []
        self._since_s = now_s if self._since_s is None else self._since_s
        if now_s - self._since_s < FOR_S or now_s < self._next_s:
            return []
        self._next_s = NightTime(now_s + AGAIN_S)
        return [GlitchSeen(onset_s=to_microsecond(now_s), glitch="NIGHT_LATE")]
