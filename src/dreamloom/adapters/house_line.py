"""How does a laptop that joined a bed speak with its house? By the same link, cookie and socket as a page.

Times of the house are its boot clock, known here from questions and answers (orchestra/night_clock.py).
"""

import hashlib
import http.client
import json
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import msgspec
import numpy as np
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from dreamloom.adapters.sample_wire import Samples, Sends
from dreamloom.adapters.speaker import page_wire, wire
from dreamloom.jukebox.cues import PcmArray
from dreamloom.orchestra.night_clock import Ping, PodClock, heard
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import NightTime, Seconds

ASK_OFTEN_S, ASK_SELDOM_S = 0.25, 2.0
LEARNING = 12
"""So many exchanges are asked for quickly, as a page does."""
WAIT_S = 5.0
AGAIN_S = 1.0
REFUSED = frozenset({4401, 4409})
Word = page_wire.State | page_wire.Cue | page_wire.Noted | page_wire.End


class Pong(msgspec.Struct, frozen=True, tag="pong", tag_field="t"):
    """When the house took and gave an answer to what was sent then."""

    sent_ms: float
    taken_s: float
    given_s: float


class Known(msgspec.Struct, frozen=True, tag="known", tag_field="t"):
    """What is sent here is known there."""

    name: str


class Waiting(msgspec.Struct, frozen=True, tag="house", tag_field="t"):
    """No night is there yet, or no more."""

    night: str


Heard = Word | Pong | Known | Waiting
_heard: msgspec.json.Decoder[Heard] = msgspec.json.Decoder(Heard)


class HouseLine:
    """One bed's line to the house it belongs to; comes back by itself."""

    def __init__(self, link: str) -> None:
        """Opens the link, which is used up by it.

        Raises:
            StreamError: DL-E291 for a house that does not answer, or a link that is used up.
        """
        self._where = urlsplit(link)
        self._link = link
        self._cookie = ""
        self._cookie = self._entered()
        self._socket: ClientConnection | None = None
        self._clock = PodClock()
        self._words: deque[Known | Waiting | Word] = deque()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._refused = ""
        self._threads = [threading.Thread(target=act, daemon=True) for act in (self._stay, self._ask)]

    @property
    def refused(self) -> str:
        """Why the house does not want this line any more; "" while it does."""
        return self._refused

    def bed(self) -> dict[str, Any]:
        """What the house says of this bed: its name, and to what its sleeper agreed, in one sentence."""
        found: dict[str, Any] = json.loads(self._asked("GET", "/api/pod"))
        return found

    def heard(self) -> None:
        """The sleeper said back what was played here."""
        self._asked("POST", "/api/pod/heard")

    def stop(self, *, name: str, told_utc: str, tonight: str) -> None:
        """The sleeper's no."""
        body = {"id": name, "told_utc": told_utc, "tonight": tonight}
        self._asked("POST", "/api/pod/stop", json.dumps(body).encode())

    def sounds(self) -> list[str]:
        """The names of what may be made ready."""
        found: list[str] = json.loads(self._asked("GET", "/api/pod/sounds"))["sounds"]
        return found

    def sound(self, sha256: str) -> PcmArray | None:
        """The frames of this name; None where what came is another sound, or none."""
        try:
            frames = self._asked("GET", f"/api/pod/sounds/{sha256}")
        except StreamError:
            return None
        if hashlib.sha256(frames).hexdigest() != sha256:
            return None
        return np.frombuffer(frames, dtype="<f4").astype(np.float32)

    def open(self) -> None:
        """Begins to listen, and to learn what time it is there."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Leaves."""
        self._closing.set()
        if self._socket is not None:
            self._socket.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(WAIT_S)

    def words(self) -> list[Known | Waiting | Word]:
        """What came since the last call, oldest first."""
        found = []
        while self._words:
            found.append(self._words.popleft())
        return found

    def say(self, word: Sends | Samples | page_wire.FromPage) -> bool:
        """False where nobody hears it now."""
        socket = self._socket
        if socket is None:
            return False
        try:
            socket.send(msgspec.json.encode(word).decode())
        except (ConnectionClosed, OSError):
            return False
        return True

    def house_s(self, boot_s: float) -> float | None:
        """The house's boot time at this moment of this machine's; None while too little is known."""
        with self._lock:
            return self._clock.night_time(Seconds(boot_s))

    def own_s(self, house_s: float) -> float | None:
        """This machine's boot time at this moment of the house's."""
        now_s = _boot_s()
        there_s = self.house_s(now_s)
        return None if there_s is None else now_s + (house_s - there_s)

    def bound_s(self) -> Seconds | None:
        """How far both may be wrong."""
        with self._lock:
            return self._clock.bound_s(Seconds(_boot_s()))

    def _stay(self) -> None:
        while not self._closing.is_set() and not self._refused:
            try:
                with self._opened() as socket:
                    self._socket = socket
                    for message in socket:
                        self._take(message, Seconds(_boot_s()))
            except ConnectionClosed:
                pass
            except (OSError, InvalidHandshake, TimeoutError):
                pass
            closed, self._socket = self._socket, None
            if closed is not None and closed.close_code in REFUSED:
                self._refused = closed.close_reason or "The house ended this line."
            self._closing.wait(AGAIN_S)

    @contextmanager
    def _opened(self) -> Iterator[ClientConnection]:
        scheme = "wss" if self._where.scheme == "https" else "ws"
        url = f"{scheme}://{self._where.netloc}/pod/live"
        with connect(url, additional_headers={"Cookie": self._cookie}, open_timeout=WAIT_S, compression=None) as socket:
            yield socket

    def _ask(self) -> None:
        asked = 0
        while not self._closing.wait(ASK_OFTEN_S if asked < LEARNING else ASK_SELDOM_S):
            socket = self._socket
            if socket is None:
                continue
            asked += 1
            with suppress(ConnectionClosed, OSError):
                socket.send(json.dumps({"t": "ping", "sent_ms": 1000 * _boot_s()}))

    def _take(self, message: str | bytes, back_s: Seconds) -> None:
        try:
            word = _heard.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if not isinstance(word, Pong):
            self._words.append(word)
            return
        ping = Ping(Seconds(word.sent_ms / 1000), NightTime(word.taken_s), NightTime(word.given_s), back_s)
        with self._lock:
            self._clock = heard(self._clock, ping)

    def _entered(self) -> str:
        with closing(self._connection()) as house:
            try:
                house.request("GET", self._where.path)
                answer = house.getresponse()
            except (OSError, http.client.HTTPException) as error:
                raise self._away(f"{self._where.netloc} does not answer: {error}.") from error
            cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        if not cookie:
            raise self._away("The link is used up, older than an hour, or no link of a bed.")
        return cookie

    def _asked(self, method: str, path: str, body: bytes | None = None) -> bytes:
        with closing(self._connection()) as house:
            headers = {"Cookie": self._cookie, "Accept": "application/json", "Content-Type": "application/json"}
            try:
                house.request(method, path, body=body, headers=headers)
                answer = house.getresponse()
                told = answer.read()
            except (OSError, http.client.HTTPException) as error:
                raise self._away(f"{self._where.netloc} does not answer: {error}.") from error
        if answer.status >= 300:
            raise self._away(f"{path} was answered with {answer.status}.")
        return told

    def _connection(self) -> http.client.HTTPConnection:
        if self._where.scheme == "https":
            return http.client.HTTPSConnection(self._where.netloc, timeout=WAIT_S, context=ssl.create_default_context())
        return http.client.HTTPConnection(self._where.netloc, timeout=WAIT_S)

    def _away(self, why: str) -> StreamError:
        return StreamError(
            "DL-E291",
            "The house was not joined.",
            why=why,
            still="Nothing is sent and nothing sounds here.",
            do="See that dreamloom serve runs there, and ask for a fresh link: dreamloom pod link NIGHT BED --at URL",
        )


def _boot_s() -> float:
    return wire.boot_ns() / 1e9
