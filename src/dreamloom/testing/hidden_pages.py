"""How does a test put a page out of sight? Chromium's own protocol: Playwright feigns that all are in front."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from dreamloom.testing.browsers import CHROMIUM

STARTS_S = 120.0


class Tab:
    """One page, spoken to directly."""

    def __init__(self, line: ClientConnection, port: int) -> None:
        self._line = line
        self._port = port
        self._asked = 0

    def call(self, method: str, **more: object) -> Any:
        """What the browser answers; events in between are passed over."""
        self._asked += 1
        self._line.send(json.dumps({"id": self._asked, "method": method, "params": more}))
        while True:
            told = json.loads(self._line.recv(timeout=30.0))
            if told.get("id") == self._asked:
                return told.get("result", told)

    def evaluate(self, expression: str) -> Any:
        """The value of this expression, as if a tap had asked for it."""
        found = self.call(
            "Runtime.evaluate", expression=expression, userGesture=True, awaitPromise=True, returnByValue=True
        )
        return found["result"].get("value")

    def until(self, expression: str) -> None:
        """Returns once this is true there; raises TimeoutError when it does not become so."""
        give_up_s = time.monotonic() + STARTS_S
        while not self.evaluate(expression):
            if time.monotonic() > give_up_s:
                raise TimeoutError(expression)
            time.sleep(0.1)

    def hide(self) -> None:
        """Another tab is brought before it."""
        other = _asked_of(self._port, "/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/json/activate/{other['id']}"):
            time.sleep(1.0)


@contextmanager
def tab(folder: Path) -> Iterator[Tab]:
    """A browser of its own, ended on leaving."""
    words = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
    ]
    with subprocess.Popen(  # noqa: S603 - the browser of this machine, on a folder we made
        [str(CHROMIUM), *words, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            port = _port(folder / "DevToolsActivePort")
            page = next(each for each in _asked_of(port, "/json") if each["type"] == "page")
            with connect(page["webSocketDebuggerUrl"], max_size=None) as line:
                yield Tab(line, port)
        finally:
            process.terminate()


def _port(path: Path) -> int:
    give_up_s = time.monotonic() + STARTS_S
    while time.monotonic() < give_up_s:
        if path.is_file() and (lines := path.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.1)
    raise TimeoutError("the browser did not start")


def _asked_of(port: int, path: str, *, method: str = "GET") -> Any:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with urllib.request.urlopen(asked, timeout=10.0) as answer:  # noqa: S310
        return json.load(answer)
