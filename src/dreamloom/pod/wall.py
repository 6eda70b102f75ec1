"""When does this sleeper's wall show the times that an author wrote? Stretches of night time, found once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, tzinfo
from typing import NamedTuple

from dreamloom.dreamscape.findings import gates_of
from dreamloom.dreamscape.gate import LocalTime
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.governance.local_times import LAST, LONGEST_NIGHT, first_after, windows
from dreamloom.vocabulary.units import NightTime, to_microsecond


class Stretch(NamedTuple):
    """From this night second on and before that one; until_s is inf where nothing ends it."""

    from_s: NightTime
    until_s: NightTime


def on_the_wall(dreamscape: Dreamscape, opened_utc: datetime, zone: tzinfo) -> Mapping[LocalTime, Sequence[Stretch]]:
    """Every clause on the clock as night seconds, for a night that opened then, on a wall in this zone.

    In a night in which clocks change a stretch ends at one moment, found here and never again.
    """
    asked = {gate.local_time for _, gate in gates_of(dreamscape) if gate.local_time is not None}
    return {each: _stretches(each, opened_utc, zone) for each in asked}


def _stretches(asked: LocalTime, opened_utc: datetime, zone: tzinfo) -> tuple[Stretch, ...]:
    until = None if asked.until is None else time.fromisoformat(asked.until)
    found = windows(time.fromisoformat(asked.from_), until, opened_utc, zone)
    return tuple(Stretch(night_s(one.from_at, opened_utc), night_s(one.until_at, opened_utc)) for one in found)


def wake_times(dreamscape: Dreamscape, own_latest: str, opened_utc: datetime, zone: tzinfo) -> Mapping[int, NightTime]:
    """The latest time of each morning's awakening as night seconds, by its index in the dreamscape.

    The sleeper's own latest time holds in the place of the author's. One that has passed when the night opens is no
    time of this night.
    """
    asked = {
        index: own_latest or each.latest or ""
        for index, each in enumerate(dreamscape.awakenings)
        if each.kind == "morning"
    }
    found = {index: first_after(time.fromisoformat(at), opened_utc, zone).at for index, at in asked.items() if at}
    return {index: night_s(at, opened_utc) for index, at in found.items() if at - opened_utc <= LONGEST_NIGHT}


def night_s(at: datetime, opened_utc: datetime) -> NightTime:
    """This moment in seconds since the night opened; inf where it is none."""
    return NightTime(float("inf")) if at == LAST else to_microsecond((at - opened_utc).total_seconds())


def is_within(stretches: Sequence[Stretch], now_s: NightTime) -> bool:
    """True in one of them."""
    return any(each.from_s <= now_s < each.until_s for each in stretches)
