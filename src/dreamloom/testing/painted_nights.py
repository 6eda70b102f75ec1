"""How soon is what a bed sends seen, and what does it cost? A real server, a real browser, sixteen beds; as JSON."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import numpy as np
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from dreamloom.adapters.live_samples import LiveSamples
from dreamloom.engine.clocks import boot_s, utc_now
from dreamloom.house.layout import NightFolder
from dreamloom.signals.blocks import Block, Channel, StreamInfo
from dreamloom.testing.browsers import PATIENCE_MS, ROWS, browser, night_that_is_over
from dreamloom.testing.hard_knocks import children_of
from dreamloom.vocabulary.units import Hertz, NightTime
from dreamloom.web.serving import Server
from dreamloom.web.shown_beds import FRAME
from dreamloom.web.sign_in import cookie_of

BEDS, HZ, BLOCK_S = 16, 128.0, 0.1
STREAM = StreamInfo("test", (Channel("EEG a", "EEG"), Channel("EOG b", "EOG")), Hertz(HZ), int(HZ))
SETTLED_S = 6.0
"""The window that is drawn is not full then, but every part has been used once."""
SCRIPT_BYTES = """() => performance.getEntriesByType("resource")
  .filter((each) => each.name.endsWith(".js"))
  .reduce((sum, each) => sum + each.decodedBodySize, 0)"""
TELL_WHEN_PAINTED = """() => {
  const view = document.querySelector("dl-night");
  const log = (window.painted = []);
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const ends = Object.fromEntries(Object.entries(view.traces).map(([pod, trace]) => [pod, trace.drawn]));
    log.push([performance.timeOrigin + performance.now(), ends]);
  };
  const drawTraces = view.canvases.drawTraces.bind(view.canvases);
  view.canvases.drawTraces = () => { drawTraces(); channel.port2.postMessage(0); };
}"""
"""A message that is posted while a frame is made is heard when that frame is done."""


class Senders:
    """What beds would write: a block each tenth of a second, each bed at its own moment of it."""

    def __init__(self, night: NightFolder, beds: int) -> None:
        self._beds = {f"p{n}": LiveSamples(night.live(f"p{n}"), STREAM) for n in range(1, beds + 1)}
        self.written: list[tuple[str, int, float]] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(5.0)
        for bed in self._beds.values():
            bed.close()

    def _run(self) -> None:
        rng = np.random.Generator(np.random.Philox(7))
        noise = rng.normal(0.0, 30.0, (int(HZ * 60), len(STREAM.channels)))
        zero_s, turn, ends = boot_s(), 0, dict.fromkeys(self._beds, 0)
        while not self._stopped.is_set():
            for number, (pod, bed) in enumerate(self._beds.items()):
                due_s = zero_s + turn * BLOCK_S + number * BLOCK_S / len(self._beds)
                sleep(max(0.0, due_s - boot_s()))
                first, end = ends[pod], round((turn + 1) * BLOCK_S * HZ)
                rows = noise[np.arange(first, end) % len(noise)]
                bed.show(Block(NightTime(first / HZ), rows, Hertz(HZ), np.zeros(end - first)))
                self.written.append((pod, end, utc_now().timestamp()))
                ends[pod] = end
            turn += 1


@contextmanager
def sent(night: NightFolder, *, beds: int = BEDS) -> Iterator[Senders]:
    """Every bed's samples beside the night, until the block ends."""
    senders = Senders(night, beds)
    senders.start()
    try:
        yield senders
    finally:
        senders.stop()


def cpu_s(pids: Sequence[int]) -> float:
    """Processor seconds of these processes so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def descendants_of(pid: int) -> list[int]:
    """The processes this one started, and those that they did."""
    found = children_of(pid)
    return [*found, *(each for child in found for each in descendants_of(child))]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]


@contextmanager
def served_beside(night: NightFolder, *, links: int) -> Iterator[tuple[int, list[str]]]:
    """A server in a process of its own: its id, and links that open sessions."""
    words = [sys.executable, "-m", "dreamloom.testing.painted_nights", str(night.root), "serve", str(links)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own words
        assert process.stdout is not None
        try:
            yield process.pid, json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(20)


def serve(root: str, links: str) -> None:
    """Tells links, and serves until it is ended."""
    server = Server(NightFolder(Path(root)), port=0)
    sys.stdout.write(json.dumps([server.link("orchestrator", name="anna") for _ in range(int(links))]) + "\n")
    sys.stdout.flush()
    server.run()


def painted(folder: Path, seconds: float) -> dict[str, Any]:
    """One view of sixteen beds.

    Returns:
        p50_ms, p95_ms, most_ms: from a block in hand until the frame that shows it is done. blocks: how many, lost:
        never painted. redraws_a_s: how often all beds are drawn. cpu_ms: of the whole browser, for each bed at each
        redraw. first_paint_ms. scripts_bytes: all that the page loaded. server_cores: with this one view.
    """
    night = night_that_is_over(folder, beds=BEDS, hours=0.02)
    with sent(night) as senders, served_beside(night, links=1) as (server, links), browser() as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(links[0])
        page.wait_for_selector(ROWS, timeout=PATIENCE_MS)
        first_ms = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
        scripts = page.evaluate(SCRIPT_BYTES)
        sleep(SETTLED_S)
        page.evaluate(TELL_WHEN_PAINTED)
        browsers = [pid for pid in descendants_of(os.getpid()) if b"chrom" in _command(pid)]
        began, began_s, used_s, server_s = len(senders.written), boot_s(), cpu_s(browsers), cpu_s([server])
        sleep(seconds)
        wall_s, used_s, server_s = boot_s() - began_s, cpu_s(browsers) - used_s, cpu_s([server]) - server_s
        ended = len(senders.written)
        sleep(1.0)
        log = page.evaluate("window.painted")
    late = list(_late_ms(senders.written[began:ended], log))
    seen = np.array([each for each in late if each is not None])
    redraws = sum(1 for at_ms, _ in log if at_ms / 1000 <= log[0][0] / 1000 + wall_s)
    return {
        **{name: round(float(np.percentile(seen, share)), 1) for name, share in (("p50_ms", 50), ("p95_ms", 95))},
        "most_ms": round(float(seen.max()), 1),
        "blocks": len(late),
        "lost": sum(each is None for each in late),
        "redraws_a_s": round(redraws / wall_s, 1),
        "cpu_ms": round(1000 * used_s / (redraws * BEDS), 2),
        "first_paint_ms": first_ms,
        "scripts_bytes": scripts,
        "server_cores": round(server_s / wall_s, 3),
    }


def _late_ms(
    written: Sequence[tuple[str, int, float]], log: Sequence[tuple[float, dict[str, int]]]
) -> Iterator[float | None]:
    """For each block how long until a frame showed it."""
    at = dict.fromkeys({pod for pod, _, _ in written}, 0)
    for pod, end, wrote_s in written:
        while at[pod] < len(log) and log[at[pod]][1].get(pod, 0) < end:
            at[pod] += 1
        yield log[at[pod]][0] - 1000 * wrote_s if at[pod] < len(log) else None


def watched(folder: Path, viewers: int, seconds: float) -> dict[str, Any]:
    """What many views cost the server, none of which draws.

    Returns:
        cores: of the server. messages_a_s, bytes_a_s: to all views. viewers.
    """
    night = night_that_is_over(folder, beds=BEDS, hours=0.02)
    with sent(night), served_beside(night, links=viewers) as (server, links):
        words = [sys.executable, "-m", "dreamloom.testing.painted_nights", json.dumps(links), "view", str(seconds + 6)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as views:  # noqa: S603 - our own words
            sleep(4.0)
            began_s, used_s = boot_s(), cpu_s([server])
            sleep(seconds)
            cores = (cpu_s([server]) - used_s) / (boot_s() - began_s)
            told, _ = views.communicate(timeout=60)
    return {"cores": round(cores, 4), **json.loads(told)}


def view(links: str, seconds: str) -> None:
    """Opens so many views, and counts what they are sent."""
    sys.stdout.write(json.dumps(asyncio.run(_view_all(json.loads(links), float(seconds)))))


async def _view_all(links: Sequence[str], seconds: float) -> dict[str, Any]:
    async def one(link: str) -> tuple[int, int]:
        port = int(link.split("/")[2].partition(":")[2])
        async with httpx.AsyncClient() as asker:
            cookie = (await asker.get(link)).cookies[cookie_of(port)]
        count = size = 0
        async with _view(port, cookie) as socket:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    async for message in socket:
                        count, size = count + 1, size + len(message)
        return count, size

    counted = await asyncio.gather(*(one(link) for link in links))
    messages, size = (sum(column) for column in zip(*counted, strict=True))
    return {"viewers": len(links), "messages_a_s": round(messages / seconds), "bytes_a_s": round(size / seconds)}


def _view(port: int, cookie: str) -> connect:
    signed_in = {"Cookie": f"{cookie_of(port)}={cookie}"}
    return connect(f"ws://127.0.0.1:{port}/live/nights/tide", additional_headers=signed_in)


async def looked_at(port: int, cookie: str, done: asyncio.Event) -> dict[str, Any]:
    """One view until `done`.

    Returns:
        messages. holes: how often a bed's samples did not go on where they had ended. longest_gap_s: between messages.
        ended: whether the server ended it.
    """
    messages, holes, gap_s, at_s, ended = 0, 0, 0.0, boot_s(), False
    ends: dict[int, int] = {}
    async with _view(port, cookie) as socket:
        while not done.is_set():
            try:
                message = await asyncio.wait_for(socket.recv(), 2.0)
            except (TimeoutError, ConnectionClosed) as error:
                ended = isinstance(error, ConnectionClosed)
                break
            messages, gap_s, at_s = messages + 1, max(gap_s, boot_s() - at_s), boot_s()
            for bed, first, end in frames_of(message) if isinstance(message, bytes) else ():
                holes += ends.get(bed, first) != first
                ends[bed] = end
    return {"messages": messages, "beds": len(ends), "holes": holes, "longest_gap_s": round(gap_s, 3), "ended": ended}


def frames_of(message: bytes) -> Iterator[tuple[int, int, int]]:
    """Bed, first place and the place behind the last, of each frame."""
    at = 0
    while at < len(message):
        _, _, bed, channels, samples, _, first = FRAME.unpack_from(message, at)
        yield bed, first, first + samples
        at += FRAME.size + samples * channels * 2


WORDS: dict[str, Callable[..., Any]] = {
    "painted": lambda folder, seconds: painted(Path(folder), float(seconds)),
    "watched": lambda folder, viewers, seconds: watched(Path(folder), int(viewers), float(seconds)),
    "serve": serve,
    "view": view,
}
if __name__ == "__main__":
    found = WORDS[sys.argv[2]](sys.argv[1], *sys.argv[3:])
    if found is not None:
        sys.stdout.write(json.dumps(found))
