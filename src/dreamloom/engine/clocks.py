"""What time is it in the night? The one place that asks the machine: live (or faster), or virtual."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from dreamloom.vocabulary.units import NightTime, Seconds

SHORTEST_SLEEP_S = Seconds(0.1)
"""The boot clock of a machine that never slept is ahead by less: both are read within it. Ours."""


class RealClock:
    """Night time from the boot clock, so that suspend counts and steps of the wall clock do not; speed 1 is live."""

    def __init__(self, *, start_s: NightTime = NightTime(0.0), speed_x: float = 1.0) -> None:
        self._start_s = start_s
        self._speed_x = speed_x
        self._anchor_s = boot_s()

    def now_s(self) -> NightTime:
        return NightTime(self._start_s + (boot_s() - self._anchor_s) * self._speed_x)

    def wait_until(self, time_s: NightTime) -> None:
        left_s = (time_s - self.now_s()) / self._speed_x
        if left_s > 0:
            time.sleep(left_s)


class PacedClock:
    """Night time that goes at the pace it is told at each look, or stands still; for nights without a person in them.

    A look finds at most MOST_S gone since the last one, so that a machine too slow for a pace is not left behind by
    it, and a slower pace holds at once.
    """

    MOST_S = Seconds(1.0)
    """A loop settles as much or more between two looks, so that no backlog grows."""
    REST_S = 0.05
    """How often it is looked at where time stands still, or nearly; wall seconds."""

    def __init__(self, pace_x: Callable[[], float], *, start_s: NightTime = NightTime(0.0)) -> None:
        self._pace_x = pace_x
        self._now_s = start_s
        self._looked_s = boot_s()

    def now_s(self) -> NightTime:
        looked_s = boot_s()
        gone_s = min((looked_s - self._looked_s) * self._pace_x(), self.MOST_S)
        self._now_s, self._looked_s = NightTime(self._now_s + gone_s), looked_s
        return self._now_s

    def wait_until(self, time_s: NightTime) -> None:
        left_s, pace_x = time_s - self.now_s(), self._pace_x()
        if left_s > 0:
            time.sleep(min(left_s / pace_x, self.REST_S) if pace_x > 0 else self.REST_S)


class VirtualClock:
    """Jumps to whatever everybody waits for: a night of eight hours in as long as its decisions take."""

    def __init__(self, *, start_s: NightTime = NightTime(0.0)) -> None:
        self._now_s = start_s

    def now_s(self) -> NightTime:
        return self._now_s

    def wait_until(self, time_s: NightTime) -> None:
        self._now_s = max(self._now_s, time_s)


def boot_s() -> float:
    """Seconds since the machine started, suspend included where the system can say so."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class SleepSense:
    """Notices that the machine slept: the boot clock goes on then, and the clock of waking life stands still.

    Between the readings of two clocks a process may be held up as long as anything, so the difference is known within
    bounds only; what is told is what it has grown by at least.
    """

    def __init__(self, ever_s: Callable[[], float] = boot_s, awake_s: Callable[[], float] = time.monotonic) -> None:
        """ever_s counts sleep, awake_s does not."""
        self._ever_s = ever_s
        self._awake_s = awake_s
        _, self._most_s = self._ahead_s()

    def slept_s(self) -> Seconds:
        """For how long it slept since the last call; 0 when it did not, or so shortly that nobody can say."""
        least_s, most_s = self._ahead_s()
        slept_s = least_s - self._most_s
        if slept_s < SHORTEST_SLEEP_S:
            self._most_s = min(self._most_s, most_s)
            return Seconds(0.0)
        self._most_s = most_s
        return Seconds(slept_s)

    def _ahead_s(self) -> tuple[float, float]:
        """How far the boot clock is ahead of the other, at least and at most."""
        before_s = self._awake_s()
        ever_s = self._ever_s()
        return ever_s - self._awake_s(), ever_s - before_s


def utc_now() -> datetime:
    """The wall clock, for the one HostDescribed of an opening."""
    return datetime.now(UTC)
