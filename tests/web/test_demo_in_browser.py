"""Does a newcomer see the demo in a browser: six beds, what fires in the dreamscape, and its end? For real."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
PATIENCE_MS = 120_000
pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium"),
]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Ten minutes of six beds in forty seconds, shown as well."""
    words = [sys.executable, "-m", "dreamloom", "demo", "--house", str(tmp_path), "--minutes", "10", "--within", "40"]
    with subprocess.Popen([*words, "--page"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as found:
        yield found
        found.terminate()


def link_of(demo: "subprocess.Popen[str]") -> str:
    assert demo.stderr is not None
    for line in demo.stderr:
        if (found := re.search(r"http://127\.0\.0\.1:\d+/enter/\S+", line)) is not None:
            return found.group()
    raise AssertionError("no link was told")


def test_the_demo_is_seen_from_its_first_minute_to_its_end(demo: "subprocess.Popen[str]", tmp_path: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    link = link_of(demo)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(PATIENCE_MS)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(link)
        expect(page.locator(".beds .row:not(.head)")).to_have_count(6, timeout=PATIENCE_MS)
        page.get_by_text("What is played tonight").click()
        expect(page.locator(".score li").first).to_have_text("dreamscape: demo")
        page.screenshot(path=tmp_path / "demo.png", full_page=True)
        expect(page.locator(".state")).to_contain_text("The night is over", timeout=PATIENCE_MS)
        expect(page.locator(".bar")).to_contain_text("complete")
        browser.close()
    assert wrong == []
    assert demo.wait(60) == 0
