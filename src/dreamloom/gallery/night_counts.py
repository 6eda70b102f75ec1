"""How much happened in a night, and to how many? Numbers without a name, for who decides on rules."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "CueDue": "moments for a cue",
        "ConsentWithdrawn": "sleepers who took their consent back",
        "Held": "times that cues were held",
        "PodIsolated": "times that a bed was set apart",
        "GlitchSeen": "disturbances found",
        "StreamLost": "times that a headband was lost",
        "OutOfBedSeen": "times that somebody got up",
        "AwakeningMade": "awakenings",
        "PolicyAdopted": "rules adopted",
    }
)
"""Nothing that could tell arms apart is among them: it is counted from what the blinded see."""


class Count(Struct, frozen=True):
    """So many of these."""

    what: str
    count: int


class NightCounts(Struct, frozen=True, kw_only=True):
    """One night in numbers; `hours` of it were recorded so far."""

    night: str
    beds: int
    hours: float
    status: str
    counts: tuple[Count, ...]


def night_counts(night: str, events: Iterable[Mapping[str, Any]]) -> NightCounts:
    """Counts events as a role sees them."""
    found: Counter[str] = Counter()
    beds, now_s, status = set(), 0.0, "running"
    for event in events:
        found[event["type"]] += 1
        now_s = max(now_s, float(event.get("tick", 0)) + 1.0)
        if event.get("pod") is not None:
            beds.add(event["pod"])
        if event["type"] == "NightClosed":
            status = str(event.get("status", "complete"))
    return NightCounts(
        night=night,
        beds=len(beds),
        hours=round(now_s / 3600.0, 2),
        status=status,
        counts=tuple(Count(what, found[kind]) for kind, what in COUNTED.items()),
    )
