"""What do a bed's speaker process and the page at its pillow say to each other? Lines of JSON, times on the boot clock.

Between them stands the process that serves pages and passes lines on. It finds the speaker by a door beside the bed: a
port of this machine and a secret, in a file that this user alone can read.
"""

import hmac
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

PAGE = "page"
"""The backend of an output that is a page in somebody's browser."""
DOOR = "page.door"
LOOPBACK = "127.0.0.1"
SECRET_BYTES = 32
LONGEST_WORD = 4096
"""Bytes of a line; a page that says more at once says nothing. Ours."""


class Door(msgspec.Struct, frozen=True):
    """Where a speaker process listens, and what whoever knocks has to say first."""

    port: int
    secret: str


class State(msgspec.Struct, frozen=True, tag="state", tag_field="t"):
    """What holds now: the mask of bits that are on, until when the bed's engine is fresh, and the loudest gain."""

    bits: int
    until_s: float
    ceiling: float


class Cue(msgspec.Struct, frozen=True, tag="cue", tag_field="t"):
    """One cue: heeds is the mask of bits that silence it, fade_s its way out on an arousal."""

    cue_id: str
    sha256: str
    frames: int
    gain: float
    at_s: float
    expires_s: float
    heeds: int
    fade_s: float | None


class Noted(msgspec.Struct, frozen=True, tag="noted", tag_field="t"):
    """What became of this cue was heard of; the page may forget it."""

    cue_id: str


class End(msgspec.Struct, frozen=True, tag="end", tag_field="t"):
    """The night lets this bed go, or another page has taken its place."""

    why: Literal["closed", "replaced"]


class Alive(msgspec.Struct, frozen=True, tag="alive", tag_field="t", forbid_unknown_fields=True):
    """The page is there; armed once its sound was unlocked by a tap, and how far its sleeper turned it down.

    Attributes:
        hidden: behind another app, or locked. awake: a lock keeps the screen on.
        battery: how full, 0 to 1; None where the phone does not tell. charging: the same.
    """

    armed: bool
    lowered_db: float = 0.0
    paused: bool = False
    hidden: bool = False
    awake: bool = False
    battery: float | None = None
    charging: bool | None = None


class Became(msgspec.Struct, frozen=True, tag="became", tag_field="t", forbid_unknown_fields=True):
    """What became of one cue on the page's audio clock."""

    cue_id: str
    status: Literal["played", "expired", "silenced", "failed", "changed"]
    actual_s: float | None
    heard_s: float
    cut: bool
    bits: tuple[str, ...]


ToPage = State | Cue | Noted | End
FromPage = Alive | Became
_from_page: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)


def to_page(word: ToPage) -> bytes:
    """One line."""
    return msgspec.json.encode(word) + b"\n"


def from_page(line: bytes) -> FromPage | None:
    """The word on this line, None if it is none."""
    if len(line) > LONGEST_WORD:
        return None
    try:
        return _from_page.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def door_of(pod_folder: Path, name: str = DOOR) -> Door | None:
    """Where this bed's speaker listens, or what else has a door there; None while none does."""
    try:
        return msgspec.json.decode((pod_folder / name).read_bytes(), type=Door)
    except (OSError, msgspec.DecodeError):
        return None


class Threshold:
    """The inside of a door: who knocks is let in with the secret, and the newest one stands in the place of any other.

    Nothing here ever waits.
    """

    def __init__(self, path: Path) -> None:
        """Opens the door at path, in place of an older one."""
        self._path = path
        self._secret = secrets.token_hex(SECRET_BYTES)
        self._listening = socket.create_server((LOOPBACK, 0))
        self._listening.settimeout(0.0)
        self._knocking: list[_Visitor] = []
        self._inside: _Visitor | None = None
        door = Door(port=self._listening.getsockname()[1], secret=self._secret)
        draft = path.with_name(f"{path.name}.draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(door))
        draft.replace(path)

    @property
    def is_visited(self) -> bool:
        return self._inside is not None

    def look(self) -> tuple[list[bytes], bool]:
        """Lines that came since the last look, and whether somebody new stands inside."""
        with suppress(BlockingIOError, OSError):
            self._knocking.append(_Visitor(self._listening.accept()[0]))
        came = [self._let_in(visitor) for visitor in list(self._knocking)]
        return ([] if self._inside is None else self._heard(self._inside)), any(came)

    def say(self, line: bytes) -> None:
        """To whoever stands inside; one who does not listen is let go."""
        if self._inside is not None and not self._inside.say(line):
            self._leave(self._inside)

    def close(self) -> None:
        """Nobody can knock any more."""
        self._path.unlink(missing_ok=True)
        for visitor in (*self._knocking, *([self._inside] if self._inside else [])):
            visitor.close()
        self._listening.close()

    def _let_in(self, visitor: "_Visitor") -> bool:
        lines = visitor.lines(at_most=1)
        if visitor.is_gone or (lines and not hmac.compare_digest(lines[0], self._secret.encode())):
            visitor.close()
            self._knocking.remove(visitor)
            return False
        if not lines:
            return False
        self._knocking.remove(visitor)
        if self._inside is not None:
            self._inside.say(to_page(End("replaced")))
            self._inside.close()
        self._inside = visitor
        return True

    def _heard(self, visitor: "_Visitor") -> list[bytes]:
        lines = visitor.lines()
        if visitor.is_gone:
            self._leave(visitor)
        return lines

    def _leave(self, visitor: "_Visitor") -> None:
        visitor.close()
        self._inside = None


class _Visitor:
    """One connection that never blocks."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(0.0)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._heard = b""
        self._unsaid = b""
        self.is_gone = False

    def lines(self, at_most: int | None = None) -> list[bytes]:
        self._receive()
        found: list[bytes] = []
        while b"\n" in self._heard and (at_most is None or len(found) < at_most):
            line, _, self._heard = self._heard.partition(b"\n")
            found.append(line)
        if len(self._heard) > 64 * LONGEST_WORD:
            self.is_gone = True
        return found

    def say(self, line: bytes) -> bool:
        """False once it is gone, or so far behind that nothing said to it would be in time."""
        self._unsaid += line
        try:
            self._unsaid = self._unsaid[self._connection.send(self._unsaid) :]
        except BlockingIOError:
            pass
        except OSError:
            return False
        return len(self._unsaid) < 64 * LONGEST_WORD

    def close(self) -> None:
        self._connection.close()

    def _receive(self) -> None:
        try:
            while chunk := self._connection.recv(2**16):
                self._heard += chunk
        except BlockingIOError:
            return
        except OSError:
            pass
        self.is_gone = True
