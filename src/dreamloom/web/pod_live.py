"""How do cues reach a bed's page, and its answers the night? One socket a page; this process only passes lines on.

It also says what time it is in the house, since whoever plays at a moment must know the moment.
"""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from dreamloom.adapters.sample_wire import Samples, Sends
from dreamloom.adapters.speaker import page_wire
from dreamloom.engine.clocks import boot_s
from dreamloom.house import joined_streams, pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.web import voice_desk
from dreamloom.web.pod_samples import SamplesLine
from dreamloom.web.voice_desk import VoiceDesk

KNOCK_EVERY_S = 0.5
LONGEST_WORD = page_wire.LONGEST_WORD
CLOSED_UNKNOWN, CLOSED_WRONG, CLOSED_REPLACED = 4401, 4400, 4409
Page = WebSocket[Any, Any, State]


class Ping(msgspec.Struct, frozen=True, tag="ping", tag_field="t", forbid_unknown_fields=True):
    """What time is it there? sent_ms is the asker's own clock."""

    sent_ms: float


class Pong(msgspec.Struct, frozen=True, tag="pong", tag_field="t"):
    """Asked then, taken and answered then."""

    sent_ms: float
    taken_s: float
    given_s: float


class Known(msgspec.Struct, frozen=True, tag="known", tag_field="t"):
    """What this device is going to send is known; a night may begin with it."""

    name: str


class House(msgspec.Struct, frozen=True, tag="house", tag_field="t"):
    """Whether the night is there."""

    night: str


class Enough(msgspec.Struct, frozen=True, tag="enough", tag_field="t", forbid_unknown_fields=True):
    """Somebody at this bed wants whoever is heard in the room, or hears it, to end."""


Word = Enough | Ping | page_wire.Alive | page_wire.Became | Sends | Samples
_words: msgspec.json.Decoder[Word] = msgspec.json.Decoder(Word)


@websocket("/pod/live")
async def pod_live(socket: Page) -> None:
    """The line of one page, until either side goes."""
    folder: NightFolder = socket.app.state.watched.folder
    pod = await asyncio.to_thread(_bed_of, socket, folder)
    await socket.accept()
    if pod is None:
        await socket.close(code=CLOSED_UNKNOWN, reason="Ask for a fresh link.")
        return
    with suppress(WebSocketDisconnect, RuntimeError):
        await _Line(socket, folder, pod).run()


def _bed_of(socket: Page, folder: NightFolder) -> str | None:
    host, origin = socket.headers.get("host", ""), socket.headers.get("origin")
    if host not in socket.app.state.hosts:
        return None
    if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
        return None
    return pod_links.bed_for(folder, socket.cookies)


class _Line:
    """One page and, behind it, the speaker process of its bed, which comes and goes with the night."""

    def __init__(self, socket: Page, folder: NightFolder, pod: str) -> None:
        self._socket = socket
        self._folder = folder
        self._pod = pod
        self._at_bed = folder.house.pod(pod)
        self._samples = SamplesLine(self._at_bed)
        self._voices: VoiceDesk = socket.app.state.voices
        self._to_bed: asyncio.StreamWriter | None = None

    async def run(self) -> None:
        """Both ways at once; whichever ends ends the other."""
        self._voices.arrived(self._pod, self._say)
        ways = [asyncio.create_task(self._from_page()), asyncio.create_task(self._from_bed())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._voices.left(self._pod, self._say)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await self._samples.close()
            if self._to_bed is not None:
                self._to_bed.close()

    async def _from_page(self) -> None:
        while True:
            said = await self._socket.receive_data(mode="text")
            taken_s = boot_s()
            word = _read(said)
            if word is None:
                await self._socket.close(code=CLOSED_WRONG, reason="not a word of a page")
                return
            await self._hear(word, taken_s)

    async def _hear(self, word: Word, taken_s: float) -> None:
        match word:
            case Ping():
                await self._say(Pong(word.sent_ms, taken_s, boot_s()))
            case Enough():
                self._voices.enough(self._pod)
            case Samples():
                self._samples.pass_on(word)
            case Sends():
                await asyncio.to_thread(joined_streams.keep, self._folder, self._pod, word)
                await self._say(Known(word.name))
            case _ if self._to_bed is not None:
                self._to_bed.write(msgspec.json.encode(word) + b"\n")

    async def _from_bed(self) -> None:
        while True:
            door = await asyncio.to_thread(page_wire.door_of, self._at_bed.root)
            if door is not None:
                with suppress(OSError):
                    if await self._stand_inside(door):
                        return
            self._to_bed = None
            await self._say(House(night="away"))
            await asyncio.sleep(KNOCK_EVERY_S)

    async def _stand_inside(self, door: page_wire.Door) -> bool:
        """Passes on what the bed says until it goes; True when another page has taken this one's place."""
        reader, writer = await asyncio.open_connection(page_wire.LOOPBACK, door.port, limit=2**20)
        try:
            writer.write(door.secret.encode() + b"\n")
            self._to_bed = writer
            while line := await reader.readline():
                if line == page_wire.to_page(page_wire.End("replaced")):
                    await self._socket.close(code=CLOSED_REPLACED, reason="Another page is this bed's now.")
                    return True
                await self._socket.send_data(line.decode(), mode="text")
        finally:
            writer.close()
        return False

    async def _say(self, word: Pong | House | Known | voice_desk.Word) -> None:
        await self._socket.send_data(msgspec.json.encode(word).decode(), mode="text")


def _read(said: str | bytes) -> Word | None:
    if len(said) > LONGEST_WORD:
        return None
    try:
        return _words.decode(said)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
