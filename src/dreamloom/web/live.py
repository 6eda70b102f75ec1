"""How does a view stay up to date? One socket: events and rows as JSON with their places, samples as plain numbers.

Events are never dropped: a view says from which place of the record on it wants them, after any pause. Samples are: a
view that falls behind is sent what it draws and goes on from there.
"""

import asyncio
import struct
from contextlib import suppress
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from dreamloom.adapters.live_samples import LiveView
from dreamloom.gallery.live_rows import NightNow
from dreamloom.web.sign_in import COOKIE, MAY_WATCH, Session
from dreamloom.web.watching import Watched

SAMPLES_EVERY_S = 0.1
EVENTS_EVERY_TURNS = 5
"""Rows and events twice a second: they come once a second. Ours."""
MOST_S = 30.0
"""What a view is sent at most of one bed at once: as much as it draws. A night may run faster than time."""
FRAME = struct.Struct("<BBHHHfQ")
"""Version, kind (1: samples), number of the bed in the order of `beds`, channels, samples of each, Hz, grid index."""
SAMPLES, VERSION = 1, 1
View = WebSocket[Any, Any, State]
CLOSED_UNKNOWN, CLOSED_WRONG = 4401, 4400


@websocket("/live/nights/{night:str}")
async def live(socket: View, night: str) -> None:
    """What a view of this night is sent, until it goes away."""
    watched: Watched = socket.app.state.watched
    session = _session(socket)
    await socket.accept()
    if session is None or night != watched.folder.name:
        await socket.close(code=CLOSED_UNKNOWN, reason="Open a fresh link.")
        return
    after = _after(socket)
    if after is None:
        await socket.close(code=CLOSED_WRONG, reason="after is a whole number, 0 or more")
        return
    with suppress(WebSocketDisconnect, RuntimeError):
        await _Feed(socket, watched, session, after).run()


def _session(socket: View) -> Session | None:
    """Who looks, from a page of ours; nobody otherwise."""
    host, origin = socket.headers.get("host"), socket.headers.get("origin")
    if host not in socket.app.state.hosts or (
        origin is not None and origin not in {f"http://{host}", f"https://{host}"}
    ):
        return None
    session: Session | None = socket.app.state.door.session(socket.cookies.get(COOKIE))
    return session if session is not None and session.role in MAY_WATCH else None


def _after(socket: View) -> int | None:
    told = str(socket.query_params.get("after", "0"))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None


class _Feed:
    def __init__(self, socket: View, watched: Watched, session: Session, after: int) -> None:
        self._socket, self._watched, self._session, self._after = socket, watched, session, after
        self._views: dict[str, LiveView] = {}
        self._next: dict[str, int] = {}
        self._beds: list[str] = []
        self._told: dict[str, Any] = {}

    async def run(self) -> None:
        """Turns until the view is gone; whatever it says is read and dropped, so that its going is noticed."""
        listening = asyncio.create_task(self._listen())
        try:
            turn = 0
            while not listening.done():
                if turn % EVENTS_EVERY_TURNS == 0:
                    await self._tell_events()
                await self._send_samples()
                turn += 1
                await asyncio.sleep(SAMPLES_EVERY_S)
        finally:
            listening.cancel()

    async def _listen(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await self._socket.receive_data(mode="text")

    async def _tell_events(self) -> None:
        news = await asyncio.to_thread(self._watched.news, self._session, self._after)
        now = await asyncio.to_thread(self._watched.now, self._session)
        self._after = news.seen
        rows = self._changed(now)
        if not rows and not news.events and self._told:
            return
        self._told = dict(now.rows)
        words = {
            "beds": self._beds,
            "now_s": now.now_s,
            "status": now.status,
            "seen": news.seen,
            "rows": rows,
            "events": [{"seq": place, **event} for place, event in news.events],
            "said": now.said[-60:],
        }
        await self._socket.send_data(msgspec.json.encode(words).decode(), mode="text")

    def _changed(self, now: NightNow) -> dict[str, Any]:
        self._beds = sorted(now.rows)
        return {name: row for name, row in now.rows.items() if self._told.get(name) is not row}

    async def _send_samples(self) -> None:
        for number, pod in enumerate(self._beds):
            view = self._views.get(pod) or self._watched.shown_by(pod)
            if view is None:
                continue
            self._views[pod] = view
            newest = view.since(self._next.get(pod, 0))
            most = int(MOST_S * newest.sfreq_hz)
            samples = newest.samples[-most:]
            if len(samples) == 0:
                continue
            index = newest.first + len(newest.samples) - len(samples)
            self._next[pod] = index + len(samples)
            head = FRAME.pack(VERSION, SAMPLES, number, view.channels, len(samples), newest.sfreq_hz, index)
            await self._socket.send_data(head + samples.tobytes(), mode="binary")
