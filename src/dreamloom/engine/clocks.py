"""What time is it in the night? The one place that asks the machine: live (or faster), or virtual."""

import time
from datetime import UTC, datetime

from dreamloom.vocabulary.units import NightTime


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


def utc_now() -> datetime:
    """The wall clock, for the one HostDescribed of an opening."""
    return datetime.now(UTC)
