"""How does a night look while it runs? A row a bed, what needs somebody, what happened: folded from what a role sees.

The fold takes events as the projection of a role leaves them (record/projections.py), so that nothing reaches a view
that its onlooker may not see. It decides nothing.
"""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from dreamloom.gallery.live_changes import FOLDS
from dreamloom.gallery.live_lanes import said
from dreamloom.gallery.live_row import Fields, Row, Said, status_of

MOST_SAID = 400
"""Lines that are kept; older ones stand in the record. Ours."""


class NightNow(Struct, frozen=True, kw_only=True):
    """A night as one role sees it now.

    Attributes:
        seen: events of the record, whether shown or not.
        staff: who can be called, in this order.
        unattended: nobody is awake beside the beds.
    """

    rows: Mapping[str, Row] = field(default_factory=dict)
    now_s: float = 0.0
    seen: int = 0
    status: str = "running"
    said: tuple[Said, ...] = ()
    staff: tuple[str, ...] = ()
    unattended: bool = False


def fold(night: NightNow, event: Fields) -> NightNow:
    """The night after one more event that this role sees."""
    pod = event.get("pod")
    night = replace(night, now_s=max(night.now_s, float(event.get("tick", 0)) + 1.0))
    if event["type"] == "NightOpened":
        return replace(night, rows={**{seat["pod"]: _of_seat(seat) for seat in event.get("roster", ())}, **night.rows})
    if event["type"] == "NightClosed":
        return replace(night, status=str(event.get("status", "complete")))
    if event["type"] == "StaffOnDuty":
        return replace(night, staff=tuple(event["names"]), unattended=event["they_are"] == "REACHABLE")
    if pod is None:
        return night
    row = night.rows.get(pod) or Row(pod=pod)
    change = FOLDS.get(event["type"])
    changed = row if change is None else change(row, event)
    lines = tuple(said(event, pod, row, changed))
    rows = night.rows if changed is night.rows.get(pod) else {**night.rows, pod: changed}
    return replace(night, rows=rows, said=(*night.said, *lines)[-MOST_SAID:])


def _of_seat(seat: Fields) -> Row:
    return Row(pod=str(seat["pod"]), sleeper=str(seat.get("sleeper", "")))


def with_statuses(night: NightNow) -> NightNow:
    """Every row with what holds for its bed now; a row that says so already stays the same object."""
    told = ((name, row, status_of(row, night.now_s)) for name, row in night.rows.items())
    changed = {name: replace(row, status=status) for name, row, status in told if row.status != status}
    return replace(night, rows={**night.rows, **changed}) if changed else night
