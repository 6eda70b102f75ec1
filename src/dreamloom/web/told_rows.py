"""What is every view of one role told? Read, folded and written as JSON once for all that are as far."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dreamloom.engine.clocks import boot_s
from dreamloom.gallery.live_row import Row, Said
from dreamloom.web.sign_in import NightRole, Session
from dreamloom.web.watching import Watched

FRESH_S = 0.4
"""A look that is younger serves every view; they ask twice a second. Ours."""
MOST_SAID = 60
MOST_KEPT = 4000
"""Events that are kept for views that are nearly as far; those further behind are read for. Ours."""
Key = tuple[NightRole, str | None]
Events = Sequence[tuple[int, dict[str, Any]]]


class Told(Struct, frozen=True, kw_only=True):
    """A night as one role sees it, at one look.

    Attributes:
        version: counts looks that found something.
        first: from which place of the record on `events` are all that the role sees.
        seen: the place from which to look on.
    """

    key: Key
    version: int
    at_s: float
    rows: dict[str, Row]
    now_s: float
    status: str
    said: Sequence[Said]
    staff: Sequence[str]
    unattended: bool
    first: int
    seen: int
    events: Events


class ToldRows:
    """One night, told to any number of views."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._newest: dict[Key, Told] = {}
        self._looking: dict[Key, asyncio.Task[Told]] = {}
        self._written: dict[Key, tuple[tuple[int, int, int], str | None]] = {}

    async def newest(self, session: Session) -> Told:
        """The night as it stands; views that ask at once are answered by one look."""
        key = (self._watched.role_of(session), session.pod)
        told = self._newest.get(key)
        if told is not None and boot_s() - told.at_s < FRESH_S:
            return told
        looking = self._looking.get(key)
        if looking is None or looking.done():
            looking = self._looking[key] = asyncio.create_task(asyncio.to_thread(self._look, session, key))
        found = await asyncio.shield(looking)
        self._newest[key] = found
        return found

    async def words(self, told: Told, *, after: int, before: Told | None, beds: Sequence[str]) -> str | None:
        """What a view has not been told yet that is told `before` and is so far; None where there is nothing."""
        asked = (told.version, after, -1 if before is None else before.version)
        found = self._written.get(told.key)
        if found is None or found[0] != asked:
            events = told.events if after >= told.first else await self._read(told, after)
            fresh = [event for event in events if event[0] >= after]
            found = self._written[told.key] = (asked, _words(told, fresh, before=before, beds=beds))
        return found[1]

    async def _read(self, told: Told, after: int) -> Events:
        return await asyncio.to_thread(self._watched.news_between, *told.key, after, told.seen)

    def _look(self, session: Session, key: Key) -> Told:
        before = self._newest.get(key)
        now = self._watched.now(session)
        if before is not None and now.seen == before.seen and now.rows == before.rows:
            return replace(before, at_s=boot_s())
        found = self._watched.news_between(*key, 0 if before is None else before.seen, now.seen)
        events = [*(() if before is None else before.events), *found][-MOST_KEPT:]
        return Told(
            key=key,
            version=0 if before is None else before.version + 1,
            at_s=boot_s(),
            rows=dict(now.rows),
            now_s=now.now_s,
            status=now.status,
            said=now.said[-MOST_SAID:],
            staff=now.staff,
            unattended=now.unattended,
            first=events[0][0] if len(events) == MOST_KEPT else 0,
            seen=now.seen,
            events=events,
        )


def _words(told: Told, events: Events, *, before: Told | None, beds: Sequence[str]) -> str | None:
    known = {} if before is None else before.rows
    changed = {pod: row for pod, row in told.rows.items() if known.get(pod) is not row}
    if before is not None and not changed and not events:
        return None
    words = {
        "beds": beds,
        "role": told.key[0],
        "now_s": told.now_s,
        "status": told.status,
        "seen": told.seen,
        "rows": changed,
        "events": [{"seq": place, **event} for place, event in events],
        "said": told.said,
        "staff": told.staff,
        "unattended": told.unattended,
    }
    return msgspec.json.encode(words).decode()
