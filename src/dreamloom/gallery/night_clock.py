"""What time was it? Night time as hours since the night opened, and the sleeper's local time where it is known."""

from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

STEPS_S = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600)


class NightClock(NamedTuple):
    """opened_utc is the wall time of night second 0; None where night time was not lived in step with a wall clock."""

    opened_utc: datetime | None = None
    zone: tzinfo | None = None

    def local(self, time_s: float) -> datetime | None:
        """Local wall time at this night time; None when it is not known. Right across a change of clocks."""
        if self.opened_utc is None or self.zone is None:
            return None
        return (self.opened_utc + timedelta(seconds=time_s)).astimezone(self.zone)

    def local_text(self, time_s: float, form: str = "%H:%M") -> str:
        """Such as 02:41; "" when it is not known."""
        local = self.local(time_s)
        return local.strftime(form) if local else ""

    def words(self, time_s: float) -> str:
        """For a sentence: "02:41", or "2:41:07 into the night" where no wall clock ran beside it."""
        return self.local_text(time_s) or f"{night_time(time_s)} into the night"


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
