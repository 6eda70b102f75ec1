"""How does a view stay up to date? One socket: events and rows as JSON with their places, samples as plain numbers.

Events are never dropped: a view says from which place of the record on it wants them, after any pause. Samples are: a
view that falls behind is sent the newest second and goes on from there. A view itself says nothing, ever.
"""

import asyncio
from contextlib import suppress
from typing import Any

from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from dreamloom.engine.clocks import boot_s
from dreamloom.web.shown_beds import BEATS_A_S, ShownBeds
from dreamloom.web.sign_in import MAY_WATCH, Session
from dreamloom.web.told_rows import Told, ToldRows

EVENTS_EVERY_BEATS = 5
"""Rows and events twice a second: they come once a second. Ours."""
MOST_VIEWS = 64
"""Far more than people who watch one night; what is above it is somebody's mistake. Ours."""
View = WebSocket[Any, Any, State]
CLOSED_WRONG, CLOSED_UNKNOWN, CLOSED_MANY = 4400, 4401, 4429


class Live:
    """What all views of one night share."""

    def __init__(self, told: ToldRows, shown: ShownBeds) -> None:
        self.told, self.shown = told, shown
        self.views = 0


@websocket("/live/nights/{night:str}")
async def live(socket: View, night: str) -> None:
    """What a view of this night is sent, until it goes away."""
    shared: Live = socket.app.state.live
    session, after = _session(socket), _after(socket)
    await socket.accept()
    with suppress(WebSocketDisconnect, RuntimeError):
        if session is None or night != socket.app.state.watched.folder.name:
            await socket.close(code=CLOSED_UNKNOWN, reason="Open a fresh link.")
        elif after is None:
            await socket.close(code=CLOSED_WRONG, reason="after is a whole number, 0 or more")
        elif shared.views >= MOST_VIEWS:
            await socket.close(code=CLOSED_MANY, reason=f"{MOST_VIEWS} views are open; close one.")
        else:
            await _counted(socket, shared, session, after)


async def _counted(socket: View, shared: Live, session: Session, after: int) -> None:
    shared.views += 1
    try:
        await _Feed(socket, shared, session, after).run()
    finally:
        shared.views -= 1


def _session(socket: View) -> Session | None:
    """Who looks, from a page of ours; nobody otherwise."""
    host, origin = socket.headers.get("host"), socket.headers.get("origin")
    if host not in socket.app.state.hosts or (
        origin is not None and origin not in {f"http://{host}", f"https://{host}"}
    ):
        return None
    session: Session | None = socket.app.state.door.session(socket.cookies.get(socket.app.state.cookie))
    return session if session is not None and session.role in MAY_WATCH else None


def _after(socket: View) -> int | None:
    told = str(socket.query_params.get("after", "0"))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None


class _Feed:
    def __init__(self, socket: View, shared: Live, session: Session, after: int) -> None:
        self._socket, self._told, self._shown = socket, shared.told, shared.shown
        self._session, self._after = session, after
        self._before: Told | None = None
        self._beat: int | None = None

    async def run(self) -> None:
        """Sends at every beat until the view is gone, says a word, or has no session any more."""
        listening = asyncio.create_task(self._listen())
        try:
            turn = 0
            while not listening.done():
                if turn % EVENTS_EVERY_BEATS == 0:
                    if _session(self._socket) is None:
                        await self._socket.close(code=CLOSED_UNKNOWN, reason="Open a fresh link.")
                        return
                    await self._tell_events()
                await self._send_samples()
                turn += 1
                await asyncio.wait({listening}, timeout=_to_next_beat_s())
        finally:
            listening.cancel()

    async def _listen(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.receive_data(mode="text")
            await self._socket.close(code=CLOSED_WRONG, reason="A view only listens.")

    async def _tell_events(self) -> None:
        told = await self._told.newest(self._session)
        self._shown.know(told.rows)
        words = await self._told.words(told, after=self._after, before=self._before, beds=self._shown.beds)
        self._before, self._after = told, max(told.seen, self._after)
        if words is not None:
            await self._socket.send_data(words, mode="text")

    async def _send_samples(self) -> None:
        beat = _beat()
        self._shown.look(beat)
        frames = self._shown.at_first() if self._beat is None else self._shown.since(self._beat)
        if frames:
            self._beat = beat
            await self._socket.send_data(frames, mode="binary")


def _beat() -> int:
    return int(boot_s() * BEATS_A_S)


def _to_next_beat_s() -> float:
    """All views wake together, so that one look serves them all."""
    now_s = boot_s()
    return (int(now_s * BEATS_A_S) + 1) / BEATS_A_S - now_s + 0.001
