"""Are words that a bed's page keeps still there after a reload, without a network, on a full device, after kills?

Debian's chromium on a served night; words count as kept once the house has them, word for word and once.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dreamloom.house import mornings, pod_links, told_reports
from dreamloom.house.layout import NightFolder
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, night_that_is_over, served
from dreamloom.testing.told_mornings import invented
from dreamloom.vocabulary.chance import stream
from dreamloom.web.serving import Server

FULL = """() => {
  Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
}"""
TOLD = "Everything, in the order it happened"
LONGEST_S = 0.5
OPENED_S = 30.0
Way = Callable[[Any], None]


def fill(page: Any, dream: str) -> None:
    """Types a dream and waits until the page says what became of it."""
    page.get_by_label("I remember something.").check()
    page.get_by_label(TOLD).fill(dream)
    page.get_by_text(re.compile("Kept on this device|This device is full")).wait_for()


def reloaded(page: Any) -> None:
    """The page is left and comes back, with the words in it."""
    page.reload()
    page.get_by_text("These are your words from before").wait_for()


def cut_off(page: Any) -> None:
    """Sent without a network, which comes back."""
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("No way to the house").wait_for()
    page.context.set_offline(False)


def in_browser(folder: Path, ways: dict[str, tuple[Way | None, Way | None]]) -> dict[str, int]:
    """By way, 1 where the words came whole and once; a way is what happens before and behind the typing."""
    from playwright.sync_api import sync_playwright

    night, kept = night_that_is_over(folder, beds=len(ways), hours=0.01), dict[str, int]()
    with sync_playwright() as play, served(night) as server:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for number, (name, (before, behind)) in enumerate(ways.items(), 1):
            who = f"S{number:02d}"
            page = browser.new_context().new_page()
            _come(page, server, night, who)
            if before:
                before(page)
            fill(page, invented(who, "tide"))
            if behind:
                behind(page)
            kept[name] = _sent(page, night, who)
        browser.close()
    return kept


WAYS: dict[str, tuple[Way | None, Way | None]] = {
    "untroubled": (None, None),
    "reload": (None, reloaded),
    "offline": (None, cut_off),
    "full": (lambda page: page.evaluate(FULL), None),
    "full and offline": (lambda page: page.evaluate(FULL), cut_off),
}


def killed_browsers(kills: int, seed: int, folder: Path) -> dict[str, int]:
    """Words that a page says are kept on this device, and the browser is killed; opened again, they are sent."""
    from playwright.sync_api import sync_playwright

    night, chance = night_that_is_over(folder, beds=kills, hours=0.01), stream(seed, "browsers")
    kept = 0
    with sync_playwright() as play, served(night) as server:
        for number in range(1, kills + 1):
            who = f"S{number:02d}"
            with _chromium(play, folder / "profile") as page:
                _come(page, server, night, who)
                fill(page, invented(who, "tide"))
                time.sleep(float(chance.uniform(0.0, LONGEST_S)))
            with _chromium(play, folder / "profile") as page:
                _come(page, server, night, who)
                page.get_by_text("These are your words from before").wait_for()
                page.get_by_label("I remember something.").check()
                kept += _sent(page, night, who)
    return {"kills": kills, "kept": kept}


@contextmanager
def _chromium(play: Any, profile: Path) -> Iterator[Any]:
    """A page of a browser on this profile, which is killed at the end as nothing warns it."""
    profile.mkdir(parents=True, exist_ok=True)
    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run"]
    process = subprocess.Popen(  # noqa: S603 - Debian's own browser
        [str(CHROMIUM), *words, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until_s = time.monotonic() + OPENED_S
        while not (place := port_file.read_text().split() if port_file.is_file() else []):
            if time.monotonic() > until_s:
                raise RuntimeError("the browser did not open")
            time.sleep(0.02)
        browser = play.chromium.connect_over_cdp(f"http://127.0.0.1:{place[0]}")
        page = browser.contexts[0].new_page()
        yield page
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for lock in profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)


def _come(page: Any, server: Server, night: NightFolder, who: str) -> None:
    page.set_default_timeout(PATIENCE_MS)
    token, _ = pod_links.make(night, who)
    page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}", wait_until="commit")
    page.goto(f"http://127.0.0.1:{server.port}/morning")


def _sent(page: Any, night: NightFolder, who: str) -> int:
    if page.get_by_label("I remember something.").count() and not page.get_by_text("No way to the house").count():
        page.get_by_label("I remember something.").check()
        page.get_by_role("button", name="Keep this").click()
    page.wait_for_selector("[data-step=more]")
    own = [name for name, each in mornings.of_house(night.house).items() if each.sleeper == who]
    return int(len(own) == 1 and told_reports.text_of(night.house, own[0]) == invented(who, "tide"))


def main(folder: Path, kills: int, seed: int) -> None:
    """FOLDER KILLS SEED."""
    told = {"ways": in_browser(folder / "ways", WAYS), "browsers": killed_browsers(kills, seed, folder / "killed")}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
