"""What becomes of a view that says nonsense? Bytes no browser sends, at a real server, while others look; as JSON."""

import asyncio
import base64
import json
import os
import struct
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from dreamloom.testing.browsers import night_that_is_over, served
from dreamloom.testing.painted_nights import BEDS, looked_at, sent
from dreamloom.web.serving import Server
from dreamloom.web.sign_in import cookie_of

Rng = np.random.Generator
AT_ONCE = 16
PATIENCE_S = 20.0
ENOUGH = 200_000
"""Bytes that are read of one answer; a view that is let in is sent about 130 kB at first."""
MASK = b"\x37\xfa\x21\x3d"


def _frame(first: int, body: bytes, *, masked: bool = True, length: int | None = None) -> bytes:
    """RFC 6455, section 5.2, as wrong as asked for."""
    size = len(body) if length is None else length
    bit = 0x80 if masked else 0
    short = bytes([first, bit | min(size, 126 if size < 65_536 else 127)])
    head = short if size < 126 else short + (struct.pack(">H", size) if size < 65_536 else struct.pack(">Q", size))
    mixed = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(body)) if masked else body
    return head + (MASK if masked else b"") + mixed


FRAMES: Mapping[str, Callable[[Rng], bytes]] = {
    "a word": lambda rng: _frame(0x81, b'{"rung":"WAKE"}' * int(rng.integers(1, 9))),
    "numbers": lambda rng: _frame(0x82, rng.bytes(int(rng.integers(0, 400)))),
    "too long": lambda rng: _frame(0x81, b"x" * int(rng.integers(4097, 9000))),
    "said to be endless": lambda rng: _frame(0x82, rng.bytes(10), length=int(rng.integers(2**31, 2**62))),
    "no known kind": lambda rng: _frame(0x80 | int(rng.choice([3, 4, 7, 11, 15])), b"?"),
    "reserved bits": lambda rng: _frame(0x81 | int(rng.choice([0x10, 0x20, 0x40])), b"?"),
    "not masked": lambda rng: _frame(0x81, rng.bytes(5).hex().encode(), masked=False),
    "no letters": lambda _: _frame(0x81, b"\xff\xfe\xc0"),
    "goes on with nothing": lambda _: _frame(0x80, b"more"),
    "a ping in pieces": lambda _: _frame(0x09, b"half"),
    "a ping too long": lambda _: _frame(0x89, b"x" * 126),
    "an end of one byte": lambda _: _frame(0x88, b"\x03"),
    "an end for no reason there is": lambda rng: _frame(0x88, struct.pack(">H", int(rng.choice([0, 999, 1005, 1016])))),
    "noise": lambda rng: b"\x8f" + rng.bytes(int(rng.integers(8, 300))),
}
OPENINGS: Mapping[str, Callable[[Rng, dict[str, str]], bytes]] = {
    "noise instead of a request": lambda rng, _: b"\x16" + rng.bytes(int(rng.integers(20, 300))) + b"\r\n\r\n",
    "no key": lambda _, asked: _request({**asked, "Sec-WebSocket-Key": ""}),
    "an old version": lambda _, asked: _request({**asked, "Sec-WebSocket-Version": "8"}),
    "a place before the first": lambda rng, asked: _request(asked, query=f"after=-{rng.integers(1, 99)}"),
    "no place": lambda rng, asked: _request(asked, query=f"after=%{rng.bytes(2).hex()}x"),
    "a place beyond all numbers": lambda _, asked: _request(asked, query="after=" + "9" * 300),
    "another night": lambda rng, asked: _request(asked, path=f"/live/nights/{rng.bytes(4).hex()}"),
    "no such address": lambda rng, asked: _request(asked, path=f"/live/{rng.bytes(4).hex()}"),
    "somebody else's page": lambda _, asked: _request({**asked, "Origin": "https://elsewhere.example"}),
    "another name": lambda _, asked: _request({**asked, "Host": "rebound.example"}),
    "nobody": lambda rng, asked: _request({**asked, "Cookie": f"{asked['Cookie'][:16]}{rng.bytes(9).hex()}"}),
    "a head without end": lambda _, asked: _request({**asked, "X-More": "x" * 80_000}),
}


def _request(asked: Mapping[str, str], *, path: str = "/live/nights/tide", query: str = "after=0") -> bytes:
    lines = [f"GET {path}?{query} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items()), "", ""]
    return "\r\n".join(lines).encode()


def _asked(server: Server, cookie: str) -> dict[str, str]:
    return {
        "Host": f"127.0.0.1:{server.port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
        "Cookie": f"{cookie_of(server.port)}={cookie}",
    }


async def _one(server: Server, first: bytes, then: bytes) -> str:
    """Sends it; tells by which word the line was ended: a status of HTTP, or the code of a closing frame."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    with suppress(ConnectionError):
        writer.write(first)
        if then:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(then)
        await writer.drain()
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _ended_by(reader, opened=bool(then))
    except TimeoutError:
        return "left open"
    finally:
        writer.close()


async def _ended_by(reader: asyncio.StreamReader, *, opened: bool) -> str:
    """Reads an answer and, where a line was opened, its frames, to the one that closes it."""
    told = "silence"
    with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        if not opened:
            head = await reader.readuntil(b"\r\n\r\n")
            told = f"HTTP {head.split()[1].decode()}"
            opened = told == "HTTP 101"
        while opened:
            first, size = await reader.readexactly(2)
            if size >= 126:
                size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
            body = await reader.readexactly(size)
            if first & 0x0F == 8:
                return f"closed {int.from_bytes(body[:2], 'big')}" if len(body) >= 2 else "closed, no code"
        await reader.read(ENOUGH)
    return told


async def nonsense(server: Server, cookie: str, count: int, *, seed: int = 7) -> dict[str, Counter[str]]:
    """So many connections that say one thing no view says, of every kind alike; how each kind was ended."""
    rng = np.random.Generator(np.random.Philox(seed))
    kinds = [*((name, None) for name in FRAMES), *((name, OPENINGS[name]) for name in OPENINGS)]
    told: dict[str, Counter[str]] = {name: Counter() for name, _ in kinds}
    gate = asyncio.Semaphore(AT_ONCE)

    async def say(name: str, first: bytes, then: bytes) -> None:
        async with gate:
            told[name][await _one(server, first, then)] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            name, opening = kinds[number % len(kinds)]
            asked = _asked(server, cookie)
            first, then = (_request(asked), FRAMES[name](rng)) if opening is None else (opening(rng, asked), b"")
            group.create_task(say(name, first, then))
    return told


def disturb(folder: Path, count: int, *, beds: int = BEDS) -> dict[str, Any]:
    """Nonsense while somebody looks at beds.

    Returns:
        said: how many connections. ended: how often each way. unanswered: those left open or ended without a word.
        kinds: how each kind was ended. looking: what the view that says nothing was sent meanwhile (looked_at).
    """
    night = night_that_is_over(folder, beds=beds, hours=0.02)
    with sent(night, beds=beds), served(night) as server:
        cookies = [str(server.door.enter(server.door.link("orchestrator", name=name))) for name in ("anna", "ben")]
        told, looking = asyncio.run(_both(server, cookies, count))
    ended = sum(told.values(), Counter())
    unanswered = sum(times for how, times in ended.items() if not how.startswith(("HTTP 4", "closed 1", "closed 4")))
    return {
        "said": ended.total(),
        "ended": dict(ended),
        "unanswered": unanswered,
        "kinds": {name: dict(how) for name, how in told.items()},
        "looking": looking,
    }


async def _both(server: Server, cookies: list[str], count: int) -> tuple[dict[str, Counter[str]], dict[str, Any]]:
    done = asyncio.Event()
    looking = asyncio.create_task(looked_at(server.port, cookies[0], done))
    await asyncio.sleep(1.0)
    told = await nonsense(server, cookies[1], count)
    await asyncio.sleep(0.5)
    done.set()
    return told, await looking


if __name__ == "__main__":
    sys.stdout.write(json.dumps(disturb(Path(sys.argv[1]), int(sys.argv[2]))))
