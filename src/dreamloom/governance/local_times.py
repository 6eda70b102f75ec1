"""When is 03:00 tonight? A time on a bedroom's wall as one moment, also in the night in which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple

LONGEST_NIGHT = timedelta(hours=16)
"""A time on the wall that comes later than this is yesterday's, not this night's. Ours."""
LAST = datetime.max.replace(tzinfo=UTC)
"""No night reaches it."""
_SECOND = timedelta(seconds=1)


class Moment(NamedTuple):
    """One moment, in the zone it was written for.

    Attributes:
        at: with its offset from UTC, so that it stays this moment whatever the clocks do.
        found: ONCE: that time comes once that night. TWICE: it comes twice, and this is the first still to come.
            LEFT_OUT: clocks jump over it, and this is the moment they jump.
    """

    at: datetime
    found: Literal["ONCE", "TWICE", "LEFT_OUT"]


def first_after(written: time, moment: datetime, zone: tzinfo) -> Moment:
    """The first moment behind this one at which a clock on the wall shows the time that is written.

    Where that can be read in two ways, the earlier one counts: what is agreed until then ends sooner, never later
    (RFC 5545 section 3.3.5 takes a time that comes twice in the same way).
    """
    day = moment.astimezone(zone).date()
    told = [_on(day + timedelta(days=later), written, zone) for later in range(3)]
    first = min(found.at for day in told for found in day if found.at > moment)
    return next(Moment(found.at.astimezone(zone), found.found) for day in told for found in day if found.at == first)


def _on(day: date, written: time, zone: tzinfo) -> list[Moment]:
    """Every moment of this day at which the wall shows this time, in UTC; if none, when the clocks jump over it."""
    local = datetime.combine(day, written)
    read = sorted({local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})
    shown = [at for at in read if at.astimezone(zone).replace(tzinfo=None) == local]
    if not shown:
        return [Moment(_change_between(read[0], read[-1], zone), "LEFT_OUT")]
    return [Moment(at, "TWICE" if len(shown) > 1 else "ONCE") for at in shown]


def change_within(from_utc: datetime, to_utc: datetime, zone: tzinfo) -> datetime | None:
    """The moment in this stretch from which on the zone's clocks are set otherwise, in UTC; None if they are not.

    Of two changes that undo each other within the stretch none is seen; no zone has had such a night.
    """
    if from_utc.astimezone(zone).utcoffset() == to_utc.astimezone(zone).utcoffset():
        return None
    return _change_between(from_utc.astimezone(UTC), to_utc.astimezone(UTC), zone)


def _change_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Halves the stretch until the change of the offset is found to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


class Window(NamedTuple):
    """From this moment on and before that one."""

    from_at: datetime
    until_at: datetime


def windows(from_: time, until: time | None, opened: datetime, zone: tzinfo) -> tuple[Window, ...]:
    """When a wall shows a time between these two in the night that opens now; without `until`, from that time on.

    Found once, whatever the clocks do later: of a time that comes twice the first counts, one that is left out is the
    moment of the jump. A beginning more than LONGEST_NIGHT away was yesterday's, so that a night without `until` that
    opens behind it is in it from its first second.
    """
    today, latest = opened.astimezone(zone).date(), opened + LONGEST_NIGHT
    begun = [(day, _on(day, from_, zone)[0].at) for day in (today + timedelta(days=d) for d in range(-1, 3))]
    if until is None:
        first = next(at for _, at in begun if at > opened)
        return (Window(first if first <= latest else opened.astimezone(UTC), LAST),)
    later = timedelta(days=until <= from_)
    found = (Window(at, _on(day + later, until, zone)[0].at) for day, at in begun)
    return tuple(each for each in found if each.from_at <= latest and each.until_at > max(opened, each.from_at))
