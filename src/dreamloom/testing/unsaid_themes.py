"""Is a sleeper told what their night is about before they told their dream? Everything that reaches them, word by word.

A night whose dreamscape is full of planted words runs live. Its sleeper's page and every address there is are asked
before it, through it and after it; so are the names of files at the bed. As JSON.
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from litestar.routes import HTTPRoute
from msgspec import Struct, field
from websockets.sync.client import connect
from websockets.typing import Origin

from dreamloom.house import pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.house.pod_links import COOKIE as AT_BED
from dreamloom.testing import browsers, live_nights, pod_pages, told_mornings
from dreamloom.web import front_door
from dreamloom.web.app import make_app
from dreamloom.web.serving import Server
from dreamloom.web.sign_in import SignIn, cookie_of

WORDS = ("lighthouse", "foghorn", "seagull", "harbour", "herring")
THEMED = (
    live_nights.TIRELESS.replace("dreamscape: eager", "dreamscape: lighthouse")
    .replace("  chord:", "  foghorn:")
    .replace("play: chord", "play: foghorn")
    .replace("cue: chord", "cue: foghorn")
    .replace("Let a test hear cues within a minute of night.", "Seagulls over a harbour.")
    .replace("because: ours", 'because: "ours, of the herring"')
)
"""In its name, its cues, its intent and its reasons."""
FILLED = {"night": "tonight", "pod": "p1", "token": "used-up", "moment": "morning", "step": "say", "course": "quiet"}
DREAM = {"id": "0" * 31 + "1", "told_utc": "2026-11-22T03:12:09.120Z", "text": "A staircase of water."}
ASKED = "?at_s=60&until_s=60&after=0"
LINE_S = 0.5


class Read(Struct):
    """What was read so far, and where a planted word stood."""

    texts: int = 0
    octets: int = 0
    leaks: dict[str, list[str]] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)

    def take(self, name: str, content: bytes) -> None:
        """One text, with all that came around it."""
        self.texts += 1
        self.octets += len(content)
        low = content.decode("latin-1").lower()
        if words := [word for word in WORDS if word in low]:
            self.leaks[name] = words


def addresses(night: NightFolder) -> list[tuple[str, str]]:
    """Every method at every address that there is, and every file that pages load."""
    sounds = [path.name for path in night.house.pod("p1").cues.glob("*")]
    filled = {**FILLED, "night": night.name, "file_path": "pod.css", "sha256": sounds[0] if sounds else "0" * 64}
    found = []
    for route in make_app(night, SignIn(lambda: 0.0), hosts=["127.0.0.1:8770"]).routes:
        if isinstance(route, HTTPRoute) and route.path != "/leave":
            path = route.path_format.replace("{path}", "openapi.json")
            for name, value in filled.items():
                path = path.replace("{" + name + "}", value)
            found += [(method, path) for method in sorted(route.methods - {"OPTIONS", "HEAD"})]
    files = [path.relative_to(front_door.STATIC) for path in front_door.STATIC.rglob("*") if path.is_file()]
    return [*found, *(("GET", f"/static/{path.as_posix()}") for path in files)]


def read_all(client: httpx.Client, asked: Sequence[tuple[str, str]], into: Read, *, when: str) -> None:
    """Everything that these addresses answer: where it lies and leads to, its head, its body; in both languages."""
    for method, path in asked:
        sent = DREAM if path == "/api/pod/reports" else {name: DREAM[name] for name in ("id", "told_utc")}
        for language in ("en", "de") if method == "GET" and not path.startswith("/static/") else ("en",):
            headers = {"Accept": "text/html, application/json", "Accept-Language": language}
            answer = client.request(method, path + ASKED, headers=headers, json=sent if method == "POST" else None)
            if answer.status_code >= 500:
                raise RuntimeError(f"{path} answered {answer.status_code}")
            if answer.status_code == 200:
                into.reached.add(path)
            into.take(f"{when}: {method} {path}", f"{answer.url} {answer.headers}".encode() + answer.content)


def read_names(night: NightFolder, into: Read) -> None:
    """What the files at a bed are called, of which any may be seen on a phone's or a laptop's disk."""
    at_bed = night.house.pod("p1").root
    into.take("names of files", "\n".join(str(path.relative_to(at_bed)) for path in at_bed.rglob("*")).encode())
    into.take("name of the night", f"{night.name} {night.root.name}".encode())


def listened(port: int, cookie: str, into: Read, *, seconds: float) -> int:
    """All that the line to the page says for so long; how many cues were among it."""
    alive = {"t": "alive", "armed": True, "lowered_db": 0, "paused": False}
    until_s, cues = time.monotonic() + seconds, 0
    with connect(
        f"ws://127.0.0.1:{port}/pod/live",
        additional_headers={"Cookie": f"{AT_BED}={cookie}"},
        origin=Origin(f"http://127.0.0.1:{port}"),
    ) as line:
        beat_s = 0.0
        while (now_s := time.monotonic()) < until_s:
            if now_s - beat_s > LINE_S:
                beat_s = now_s
                line.send(json.dumps(alive))
                line.send(json.dumps({"t": "ping", "sent_ms": 1000 * now_s}))
            try:
                said = line.recv(timeout=LINE_S)
            except TimeoutError:
                continue
            into.take("the line to the page", said.encode() if isinstance(said, str) else said)
            cues += '"t":"cue"' in str(said)
    return cues


def unsaid(folder: Path, seconds: float) -> dict[str, Any]:
    """Before, through and after such a night, at the bed of its sleeper; then the same once they told, and for staff.

    Returns:
        texts, octets: how much was read. reached: how many addresses the sleeper could read. cues: how many the line
        said. leaks: where a planted word stood, and which. to_staff: how many addresses told the words to whoever runs
        the night. after_lock: whether the sleeper was told after their report was locked.
    """
    night = pod_pages.on_pages(live_nights.write(folder / "n", "tonight", dreamscape=THEMED))
    read = Read()
    with browsers.served(night) as server:
        cookie = str(pod_links.enter(night, pod_links.make(night, "p1")[0]))
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", cookies={AT_BED: cookie}, timeout=60.0) as client:
            gets = [(method, path) for method, path in addresses(night) if method == "GET"]
            read_all(client, gets, read, when="before the night")
            process = live_nights.start(night)
            with live_nights.cared_for(process):
                cues = listened(server.port, cookie, read, seconds=seconds)
                read_all(client, gets, read, when="in the night")
                live_nights.end(process)
            read_all(client, addresses(night), read, when="after the night")
            read_names(night, read)
            staff = _to_staff(server, gets)
            told_mornings.whole_morning(night, "S01", text="A staircase of water.")
            after = client.get("/morning").text.lower()
    return {
        "texts": read.texts,
        "octets": read.octets,
        "reached": len(read.reached),
        "cues": cues,
        "leaks": read.leaks,
        "to_staff": staff,
        "after_lock": any(word in after for word in WORDS),
    }


def _to_staff(server: Server, gets: Sequence[tuple[str, str]]) -> int:
    """The same reading finds them where they may stand."""
    read = Read()
    token = server.door.enter(server.door.link("orchestrator", name="anna"))
    cookies: Mapping[str, str] = {cookie_of(server.port): str(token)}
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", cookies=dict(cookies), timeout=60.0) as client:
        read_all(client, gets, read, when="staff")
    return len(read.leaks)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(unsaid(Path(sys.argv[1]), float(sys.argv[2]))))
