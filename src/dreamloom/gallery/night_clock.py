"""What time was it? Night time as hours since the night opened, and the sleeper's local time where it is known."""

from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from dreamloom.governance.local_times import change_within

STEPS_S = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600)


class NightClock(NamedTuple):
    """Local times of one night.

    Attributes:
        opened_utc: wall time of night second 0; None where night time was not lived in step with a wall clock.
        zone: whose clocks hung on the walls.
        changed_s: night time at which they were set otherwise; from the first to the last, every local time of such a
            night names its offset (02:30 CEST), for it may come twice.
    """

    opened_utc: datetime | None = None
    zone: tzinfo | None = None
    changed_s: float | None = None

    def local(self, time_s: float) -> datetime | None:
        """Local wall time at this night time; None when it is not known. Right across a change of clocks."""
        if self.opened_utc is None or self.zone is None:
            return None
        return (self.opened_utc + timedelta(seconds=time_s)).astimezone(self.zone)

    def local_text(self, time_s: float, form: str = "%H:%M") -> str:
        """Such as 02:41; "" when it is not known."""
        local = self.local(time_s)
        named = form if self.changed_s is None else f"{form} %Z"
        return local.strftime(named) if local else ""

    def change_text(self) -> str:
        """How the clocks changed, such as "clocks went from 03:00 CEST to 02:00 CET"; "" when they did not."""
        if self.changed_s is None or (after := self.local(self.changed_s)) is None or (old := self.local(0.0)) is None:
            return ""
        before = after.astimezone(timezone(old.utcoffset() or timedelta(), old.tzname() or ""))
        return f"clocks went from {before:%H:%M %Z} to {after:%H:%M %Z}"

    def words(self, time_s: float) -> str:
        """For a sentence: "02:41", or "2:41:07 into the night" where no wall clock ran beside it."""
        return self.local_text(time_s) or f"{night_time(time_s)} into the night"


def night_clock(opened_utc: datetime, zone: tzinfo | None, *, ends_s: float) -> NightClock:
    """The clock of a night that was lived at its own speed until ends_s."""
    if zone is None:
        return NightClock(opened_utc)
    change = change_within(opened_utc, opened_utc + timedelta(seconds=ends_s), zone)
    return NightClock(opened_utc, zone, None if change is None else (change - opened_utc).total_seconds())


def night_time(time_s: float) -> str:
    """Hours, minutes and seconds since the night opened: 2:41:07."""
    whole = round(time_s)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def duration(span_s: float) -> str:
    """For a sentence: 6 h 12 min, 12 min, 45 s."""
    if span_s < 60:
        return f"{round(span_s)} s"
    minutes = round(span_s / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def ticks(from_s: float, to_s: float, most: int) -> list[tuple[float, str]]:
    """At most so many round moments of night time, each with its label: 3 h, or 0:20 on a short axis."""
    step = next((step for step in STEPS_S if (to_s - from_s) / step <= most), STEPS_S[-1])
    first = int(-(-from_s // step)) * step
    moments = range(first, int(to_s) + 1, step)
    return [
        (float(at), f"{at // 3600} h" if step % 3600 == 0 else f"{at // 3600}:{at // 60 % 60:02d}") for at in moments
    ]
