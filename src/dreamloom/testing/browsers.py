"""What do browsers look at in a test? A night that is over, served, and Debian's chromium in front of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from dreamloom.house import making, running
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.testing.nights import EAGER
from dreamloom.web.serving import Served, Server

CHROMIUM = shutil.which("chromium")
PATIENCE_MS = 60_000
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""WCAG 2.2 AA, and what axe counts as good practice beside it."""
FAKE_DEVICES = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""A microphone that beeps once a second, and nobody who has to allow it."""
ROWS = ".beds .row:not(.head)"


def night_that_is_over(folder: Path, *, beds: int = 2, hours: float = 0.05) -> NightFolder:
    """Some minutes of a few beds."""
    made = night_that_waits(folder, beds=beds, hours=hours)
    running.run_night(made, RunOptions(speed_x=None))
    return made


def night_that_waits(folder: Path, *, beds: int = 2, hours: float = 0.05) -> NightFolder:
    """One that has not begun, in a house of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    source = f"sim:typical,start=4.6h,hours={hours}"
    asked = [PodAsked(id=f"p{n}", sleeper=f"S{n:02d}", source=source) for n in range(1, beds + 1)]
    return making.write_night(House(folder), "tide", asked, str(folder / "eager.yaml"), seed=1)


@contextmanager
def served(night: NightFolder) -> Iterator[Server]:
    """Its pages, until the block ends."""
    with serving(Server(night, port=0)) as server:
        yield server


S = TypeVar("S", bound=Served)


@contextmanager
def serving(server: S) -> Iterator[S]:
    """These pages, until the block ends."""
    thread = server.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(20.0)


@contextmanager
def browser(*words: str) -> Iterator[Any]:
    """A browser without anything kept from before, started with these words beside the usual ones."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *words])
        try:
            yield found
        finally:
            found.close()


def amiss(page: Any) -> list[str]:
    """What axe-core finds wrong with the page as it is now: which rule, and at which element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(AXE_TAGS)}})
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]
