"""How does a verb that turns a night show it in a browser? By a process of its own, which the night never waits for.

It ends with the verb, however that ends: its standard input is a pipe that nobody else holds open.
"""

import os
import subprocess
import sys
import time
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from typing import Self

import msgspec

from dreamloom.cli.output import say
from dreamloom.house.layout import NightFolder

ENDS_WITHIN_S = 5.0
LAST_LOOK_S = 2.0
"""So long a page may still hear how the night ended: it looks twice a second. Ours."""


class PagesBeside:
    """`dreamloom serve` of one night, from entering to leaving; without a link where it could not be begun."""

    def __init__(self, folder: NightFolder, *, by: str) -> None:
        """Begins nothing yet."""
        self._folder = folder
        self._by = by
        self._served: subprocess.Popen[bytes] | None = None
        self.link = ""

    def __enter__(self) -> Self:
        """Begins it and waits for its link: a second or two."""
        words = [sys.executable, "-m", "dreamloom", "serve", str(self._folder.root)]
        with suppress(OSError):
            self._served = subprocess.Popen(  # noqa: S603 - this program itself
                [*words, "--by", self._by, "--port", "0", "--json", "--beside"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        if self._served is not None and self._served.stdout is not None:
            self.link = _link_in(self._served.stdout.readline())
        return self

    @property
    def is_served(self) -> bool:
        """Whether somebody could look now."""
        return self._served is not None and self._served.poll() is None

    def __exit__(self, *_: object) -> None:
        if self._served is None:
            return
        if self._served.poll() is None:
            time.sleep(LAST_LOOK_S)
        self._served.terminate()
        try:
            self._served.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._served.kill()
            self._served.wait()
        for pipe in (self._served.stdin, self._served.stdout):
            if pipe is not None:
                pipe.close()


def _link_in(line: bytes) -> str:
    try:
        return str(msgspec.json.decode(line, type=dict[str, object]).get("link", ""))
    except msgspec.MsgspecError:
        return ""


def show(pages: PagesBeside) -> None:
    """In a browser of this machine, or as an address to open in one; the night goes on without either."""
    if not pages.link:
        say("It cannot be shown in a browser here: dreamloom serve, later, says why.")
    elif not _opened(pages.link, os.environ):
        say(f"To see it in a browser, open this once, within ten minutes, on this machine: {pages.link}")


def _opened(link: str, environment: Mapping[str, str]) -> bool:
    """Opens the link where this machine has a desktop with a browser; tells whether it did."""
    has_desktop = sys.platform in {"darwin", "win32"} or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(environment))
    with suppress(webbrowser.Error):
        return has_desktop and webbrowser.open(link)
    return False
