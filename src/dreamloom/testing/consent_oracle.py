"""Was anybody cued outside what stood agreed? Read from exported records and receipts alone; it asks no house, no pod.

What counts is the order in which a house was told. A receipt says what was agreed to, word for word; the house's record
says what came before what; a night's record says what sounded.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dreamloom.record.events import (
    AnyEvent,
    ConsentChanged,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
    IntakeAnswered,
    TeachBackPassed,
)

LONGEST = timedelta(days=30)
HOUR_S = 3600.0


class Opening(NamedTuple):
    """One evening, as its record and whoever was there tell it.

    Attributes:
        night: its name.
        told: how many events the house's record held by then.
        opened: by the clock on the wall.
        sheet: the newest version of the sheet.
        kept_out: whether the sleeper keeps the dreamscape's theme out; they know, and nobody else.
        silenced: a no for this one night was said before it.
        events: of its record; none where it was refused.
    """

    night: str
    told: int
    opened: datetime
    sheet: int
    kept_out: bool
    silenced: bool
    events: Sequence[AnyEvent]


class Agreed(NamedTuple):
    """What one sleeper agreed to, as their receipt says."""

    cues: frozenset[str]
    heard: frozenset[str]
    level_cap_db: float
    cues_per_hour: int
    sheet: str
    ends: datetime | None


class Judged(NamedTuple):
    """What came of one evening: whether cues were agreed to, how many sounded, and every one that should not have."""

    lawful: bool
    played: int
    unlawful: tuple[str, ...]


def agreed_in(receipts: Sequence[bytes]) -> dict[str, Agreed]:
    """By the hash of what was said: what the receipts of a yes hold."""
    found = {}
    for data in receipts:
        said = json.loads(data)["said"]
        if said["change"] == "given":
            content = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            table = tomllib.loads(said["grant"])[said["sleeper"]]
            found[hashlib.sha256(content).hexdigest()] = _read(table)
    return found


def judged(opening: Opening, house: Sequence[AnyEvent], agreed: dict[str, Agreed], *, sleeper: str) -> Judged:
    """One evening, by what the house had been told until then."""
    stands = _standing(opening, [event for event in house[: opening.told] if _is_of(event, sleeper)], agreed)
    sounded = [event for event in opening.events if isinstance(event, CuePlayed)]
    return Judged(stands is not None, len(sounded), tuple(_unlawful(opening, stands, sounded)))


def _read(table: dict[str, Any]) -> Agreed:
    expires = table["expires"]
    return Agreed(
        cues=frozenset(table["cues"]),
        heard=frozenset(table["heard"]),
        level_cap_db=table["level_cap_db"],
        cues_per_hour=table["cues_per_hour"],
        sheet=" ".join(table["sheet"].split()[:2]),
        ends=None if expires == "end of night" else datetime.fromisoformat(expires),
    )


def _is_of(event: AnyEvent, sleeper: str) -> bool:
    return getattr(event, "sleeper", None) == sleeper


def _standing(opening: Opening, told: Sequence[AnyEvent], agreed: dict[str, Agreed]) -> Agreed | None:
    """What is agreed to when the night opens; None where nothing is, or where nobody may be cued."""
    stands: Agreed | None = None
    care, taught = "unanswered", set[str]()
    for event in told:
        match event:
            case ConsentChanged(change="given", about=opening.night):
                stands = agreed[event.content_sha256]
            case ConsentChanged(change="withdrawn", about=""):
                stands = None
            case IntakeAnswered():
                care = event.care
            case TeachBackPassed():
                taught.add(event.sheet)
            case _:
                pass
    if stands is None or care == "unanswered" or stands.sheet not in taught:
        return None
    is_over = stands.ends is not None and not opening.opened < stands.ends <= opening.opened + LONGEST
    is_older = stands.sheet != f"home {opening.sheet}"
    barred = is_over or is_older or opening.kept_out or opening.silenced or stands.cues - stands.heard
    return None if barred else stands


def _unlawful(opening: Opening, stands: Agreed | None, sounded: Sequence[CuePlayed]) -> Iterator[str]:
    due = {event.id: event for event in opening.events if isinstance(event, CueDue)}
    no_s = min((event.onset_s for event in opening.events if isinstance(event, ConsentWithdrawn)), default=float("inf"))
    for place, cue in enumerate(sounded):
        at_s, planned = cue.actual_s, due[cue.cause or ""]
        if stands is None:
            yield f"{cue.cue} at {at_s}: nothing was agreed to"
            continue
        if cue.cue not in stands.cues:
            yield f"{cue.cue} at {at_s} was not agreed to"
        if planned.level_db > stands.level_cap_db:
            yield f"{cue.cue} at {at_s} was {planned.level_db} dB, up to {stands.level_cap_db} were agreed to"
        if at_s > no_s:
            yield f"{cue.cue} at {at_s}, after the no at {no_s}"
        if stands.ends is not None and opening.opened + timedelta(seconds=at_s) > stands.ends:
            yield f"{cue.cue} at {at_s}, after the end at {stands.ends}"
        if sum(at_s - HOUR_S < other.actual_s <= at_s for other in sounded[: place + 1]) > stands.cues_per_hour:
            yield f"{cue.cue} at {at_s} was one more than {stands.cues_per_hour} in an hour"
