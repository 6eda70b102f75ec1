"""How does a voice cross the wall? By two sockets: that of whoever is awake, and that of the bed's page.

The rules are looked at twice a second; whatever fails, drops or cannot be told ends it.
"""

import asyncio
from asyncio import to_thread
from contextlib import suppress
from typing import Any, cast

import msgspec
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from dreamloom.house import pod_links, voices
from dreamloom.house.voices import Use
from dreamloom.record.room_events import Aloud, EndOfVoice
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web.sign_in import MAY_ASK, Session
from dreamloom.web.voice_desk import Crossing, Outbox, Over, VoiceDesk, Word
from dreamloom.web.watching import Watched

LOOK_EVERY_S = 0.5
JUDGED_WITHIN_S = 5.0
"""Rules that cannot be judged for so long forbid. Ours."""
READY_WITHIN_S = 8.0
"""A page asks its browser for a microphone in this time, or it is none. Ours."""
CLOSED_UNKNOWN, CLOSED_WRONG, CLOSED_REFUSED, CLOSED_OVER = 4401, 4400, 4403, 4410
BY_SLEEPER = 4411
"""With which a page goes whose sleeper had enough."""
Line = WebSocket[Any, Any, State]


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="t", forbid_unknown_fields=True):
    """The page's microphone is open, or its sound."""


class Cannot(msgspec.Struct, frozen=True, tag="cannot", tag_field="t", forbid_unknown_fields=True):
    """The page has neither."""


class Enough(msgspec.Struct, frozen=True, tag="enough", tag_field="t", forbid_unknown_fields=True):
    """Whoever says it wants it to end."""


_said: msgspec.json.Decoder[Ready | Cannot | Enough] = msgspec.json.Decoder(Ready | Cannot | Enough)


@websocket("/live/nights/{night:str}/beds/{pod:str}/voice")
async def across(socket: Line, night: str, pod: str) -> None:
    """Whoever is awake talks to this bed, or listens to its room, until something ends it."""
    session, watched = _session(socket), cast("Watched", socket.app.state.watched)
    way, although = socket.query_params.get("way"), socket.query_params.get("although") == "asleep"
    await socket.accept()
    with suppress(WebSocketDisconnect, RuntimeError):
        if session is None or night != watched.folder.name:
            await socket.close(code=CLOSED_UNKNOWN, reason="Open a fresh link.")
        elif way not in {"talk", "listen"} or pod not in watched.now_as("blinded").rows:
            await socket.send_data(msgspec.json.encode({"t": "wrong"}).decode(), mode="text")
            await socket.close(code=CLOSED_WRONG, reason="way is talk or listen, at a bed of this night")
        else:
            await _Across(socket, watched, session).run(pod, cast("Aloud", way), although=although)


@websocket("/pod/voice")
async def at_bed(socket: Line) -> None:
    """The bed's page takes part in the use that goes on here."""
    desk: VoiceDesk = socket.app.state.voices
    folder = socket.app.state.watched.folder
    pod = await to_thread(pod_links.bed_for, folder, socket.cookies) if _is_ours(socket) else None
    crossing = desk.at(pod) if pod is not None else None
    await socket.accept()
    with suppress(WebSocketDisconnect, RuntimeError):
        if crossing is None or socket.query_params.get("use") != crossing.use.use:
            await socket.close(code=CLOSED_UNKNOWN, reason="Nobody is heard here now.")
            return
        await _together(_from_page(socket, crossing), _down(socket, crossing.to_page), _end_of(crossing))
        await socket.close(code=CLOSED_OVER, reason="over")


class _Across:
    """One use, as whoever opened it sees it."""

    def __init__(self, socket: Line, watched: Watched, session: Session) -> None:
        self._socket, self._watched, self._session = socket, watched, session
        self._folder = watched.folder
        self._desk: VoiceDesk = socket.app.state.voices

    async def run(self, pod: str, way: Aloud, *, although: bool) -> None:
        """Asks, begins, passes on, and writes down that it ended."""
        beds = (pod, *await to_thread(voices.room_of, self._folder, pod))
        try:
            self._desk.reserve(beds)
        except DreamloomError as error:
            await self._refuse(error)
            return
        try:
            await self._reserved(pod, way, although=although)
        except DreamloomError as error:
            await self._refuse(error)
        finally:
            self._desk.give_back(beds)

    async def _reserved(self, pod: str, way: Aloud, *, although: bool) -> None:
        use = await to_thread(self._ask, pod, way, although)
        crossing = await self._desk.begin(use)
        why: EndOfVoice = "LOST"
        noted = False
        try:
            await to_thread(voices.begin, self._folder, use)
            noted = True
            why = await self._let_through(crossing)
        finally:
            crossing.end(why)
            await asyncio.shield(self._over(crossing, why, noted=noted))

    async def _over(self, crossing: Crossing, why: EndOfVoice, *, noted: bool) -> None:
        await self._desk.over(crossing.use, why)
        if noted:
            await to_thread(voices.end, self._folder, crossing.use, why, lasted_s=crossing.lasted_s)
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.send_data(msgspec.json.encode(Over(why)).decode(), mode="text")
            await self._socket.close(code=CLOSED_OVER, reason="over")

    def _ask(self, pod: str, way: Aloud, although: bool) -> Use:  # noqa: FBT001 - from a thread, in order
        now = self._watched.now_as("blinded")
        is_blinded = self._watched.role_of(self._session) == "blinded"
        return voices.ask(
            self._folder, pod, way, by=self._session.name, now=now, although=although, is_blinded=is_blinded
        )

    async def _let_through(self, crossing: Crossing) -> EndOfVoice:
        """The reason for which it ended; nothing passes before both sides are there."""
        heard = asyncio.create_task(_from_staff(self._socket, crossing))
        try:
            await _together(_once(crossing.ready), _end_of(crossing), within_s=READY_WITHIN_S)
            if not crossing.ready.is_set() or crossing.ended.done():
                crossing.end("NOT_READY")
                return crossing.ended.result()
            crossing.open()
            to_staff = _down(self._socket, crossing.to_staff)
            await _together(to_staff, self._watch(crossing), _stand(crossing), _end_of(crossing))
            crossing.end("LOST")
            return crossing.ended.result()
        finally:
            heard.cancel()

    async def _watch(self, crossing: Crossing) -> None:
        while not crossing.ended.done():
            why = await self._judged(crossing.use)
            if why is None and crossing.left_s <= 0.0:
                why = "TIME"
            if why is not None:
                crossing.end(why)
                return
            await asyncio.sleep(LOOK_EVERY_S)

    async def _judged(self, use: Use) -> EndOfVoice | None:
        try:
            return await asyncio.wait_for(to_thread(self._ends, use), JUDGED_WITHIN_S)
        except (DreamloomError, OSError, TimeoutError):
            return "LOST"

    def _ends(self, use: Use) -> EndOfVoice | None:
        if self._session_over():
            return "LOST"
        return voices.ends(self._folder, use, self._watched.now_as("blinded"))

    def _session_over(self) -> bool:
        return _session(self._socket) is None

    async def _refuse(self, error: DreamloomError) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            told = {"t": "refused", **error.as_dict()}
            await self._socket.send_data(msgspec.json.encode(told).decode(), mode="text")
            await self._socket.close(code=CLOSED_REFUSED, reason=error.code)


async def _from_staff(socket: Line, crossing: Crossing) -> None:
    async for said in _heard(socket):
        if isinstance(said, bytes):
            crossing.from_staff(said)
        elif isinstance(said, Enough):
            crossing.end("CLOSED")
        else:
            break
    crossing.end("LOST")


async def _from_page(socket: Line, crossing: Crossing) -> None:
    async for said in _heard(socket):
        match said:
            case bytes():
                crossing.from_page(said)
            case Ready():
                crossing.ready.set()
            case Cannot():
                crossing.end("NOT_READY")
            case Enough():
                crossing.end("SLEEPER")
            case _:
                break
    crossing.end("LOST")


async def _heard(socket: Line) -> Any:
    """Frames and words of this side, None for what is neither; ends when it goes."""
    while True:
        message = cast("dict[str, Any]", await socket.receive())
        if message["type"] == "websocket.disconnect":
            if message.get("code") == BY_SLEEPER:
                yield Enough()
            return
        frame, text = message.get("bytes"), message.get("text")
        if frame is not None:
            yield frame
            continue
        try:
            yield _said.decode(text or "")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield None


async def _down(socket: Line, outbox: Outbox) -> None:
    while True:
        what: Word | bytes = await outbox.next()
        if isinstance(what, bytes):
            await socket.send_data(what, mode="binary")
        else:
            await socket.send_data(msgspec.json.encode(what).decode(), mode="text")


async def _stand(crossing: Crossing) -> None:
    while True:
        crossing.stands()
        await asyncio.sleep(LOOK_EVERY_S)


async def _end_of(crossing: Crossing) -> None:
    await asyncio.wait([crossing.ended])


async def _once(event: asyncio.Event) -> None:
    await event.wait()


async def _together(*ways: Any, within_s: float | None = None) -> None:
    """Until the first of them ends, or for so long; none is left behind."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _is_ours(socket: Line) -> bool:
    host, origin = socket.headers.get("host", ""), socket.headers.get("origin")
    return host in socket.app.state.hosts and (origin is None or origin in {f"http://{host}", f"https://{host}"})


def _session(socket: Line) -> Session | None:
    if not _is_ours(socket):
        return None
    found: Session | None = socket.app.state.door.session(socket.cookies.get(socket.app.state.cookie))
    return found if found is not None and found.role in MAY_ASK else None
