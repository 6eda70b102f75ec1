"""What did a clock on the wall show at this night second? Minute by minute, whatever the clocks did that night.

Nothing is computed from offsets here: the wall is looked at once a minute, as a person would, so that what a house
found by arithmetic is judged by another way.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dreamloom.dreamscape.gate import LocalTime

MINUTE = timedelta(minutes=1)
LONGEST_NIGHT = timedelta(hours=16)
"""A time that comes later was yesterday's."""


class Wall:
    """The wall of one bedroom, in a night that opened at this moment."""

    def __init__(self, opened_utc: datetime, zone: str) -> None:
        self._opened = opened_utc.astimezone(UTC)
        self._zone = ZoneInfo(zone)
        self._windows: dict[LocalTime, list[tuple[float, float]]] = {}

    def ends_s(self, expires: str) -> float | None:
        """Night second at which a consent ends that says "03:00", a moment, or "end of night" (None)."""
        if expires == "end of night":
            return None
        if len(expires) <= 8:
            return self._next(time.fromisoformat(expires))
        return (datetime.fromisoformat(expires) - self._opened).total_seconds()

    def shows(self, asked: LocalTime, now_s: float) -> bool:
        """Whether the wall shows a time between these two."""
        if asked not in self._windows:
            self._windows[asked] = list(self._stretches(asked))
        return any(from_s <= now_s < until_s for from_s, until_s in self._windows[asked])

    def _next(self, written: time) -> float:
        """The first minute behind the opening that shows this time, or by which it was jumped over."""
        at = self._opened.replace(second=0, microsecond=0)
        while True:
            before, at = at.astimezone(self._zone), at + MINUTE
            here = at.astimezone(self._zone)
            wall_jump = here.replace(tzinfo=None) - before.replace(tzinfo=None)
            jumped = wall_jump > MINUTE and before.replace(tzinfo=None) < _on(written, before, here) < here.replace(
                tzinfo=None
            )
            if here.time() == written or jumped:
                return (at - self._opened).total_seconds()

    def _stretches(self, asked: LocalTime) -> Iterator[tuple[float, float]]:
        from_, until = time.fromisoformat(asked.from_), asked.until and time.fromisoformat(asked.until)
        today = self._opened.astimezone(self._zone).date()
        days = [today + timedelta(days=shift) for shift in range(-1, 3)]
        latest_s = LONGEST_NIGHT.total_seconds()
        if not until:
            first_s = next(at_s for at_s in (self._first(day, from_) for day in days) if at_s > 0.0)
            yield (first_s if first_s <= latest_s else 0.0, float("inf"))
            return
        for day in days:
            from_s = self._first(day, from_)
            until_s = self._first(day + timedelta(days=1) if until <= from_ else day, until)
            if from_s <= latest_s and until_s > from_s:
                yield (from_s, until_s)

    def _first(self, day: date, written: time) -> float:
        """The first minute of that day at which the wall shows this time, or a later one for want of it."""
        at = datetime.combine(day, written, UTC) - timedelta(hours=16)
        while True:
            here = at.astimezone(self._zone)
            if (here.date(), here.time()) >= (day, written):
                return (at - self._opened).total_seconds()
            at += MINUTE


def _on(written: time, before: datetime, after: datetime) -> datetime:
    """That time on the wall on whichever day lies between."""
    same = datetime.combine(before.date(), written)
    return same if same > before.replace(tzinfo=None) else datetime.combine(after.date(), written)
