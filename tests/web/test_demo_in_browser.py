"""Does a newcomer see the demo in a browser: what to watch, what breaks, its end, its morning page? For real."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, ROWS, amiss, browser

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.waits,
    pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium"),
]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Five minutes of six beds in ten seconds, shown as well."""
    words = [sys.executable, "-m", "dreamloom", "demo", "--house", str(tmp_path), "--minutes", "5", "--within", "10"]
    with subprocess.Popen([*words, "--page"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as found:
        yield found
        found.terminate()


def link_of(demo: "subprocess.Popen[str]") -> str:
    assert demo.stderr is not None
    for line in demo.stderr:
        if (found := re.search(r"http://127\.0\.0\.1:\d+/enter/\S+", line)) is not None:
            return found.group()
    raise AssertionError("no link was told")


def test_the_demo_is_seen_broken_hurried_and_read_in_the_morning(demo: "subprocess.Popen[str]", tmp_path: Path) -> None:
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE_MS)
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(PATIENCE_MS)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(link_of(demo))
        expect(page.locator(ROWS)).to_have_count(6, timeout=PATIENCE_MS)
        expect(page.locator(".guide > p")).to_contain_text("Six beds", timeout=PATIENCE_MS)
        break_and_read_why(page)
        go_slower_faster_and_still(page)
        page.screenshot(path=tmp_path / "demo.png", full_page=True)
        assert amiss(page) == []
        the_line_of_the_guide_lights_up(page)
        expect(page.locator(".bar")).to_contain_text("complete", timeout=PATIENCE_MS)
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Read the morning page").click()
        expect(opened.value.get_by_role("heading", name="At a glance")).to_be_visible()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Read the story they wove").click()
        expect(opened.value.locator("blockquote", has_text="Heron")).not_to_have_count(0)
        opened.value.screenshot(path=tmp_path / "story.png", full_page=True)
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Did their dreams meet?").click()
        expect(opened.value.locator("section", has=opened.value.locator("#met"))).to_contain_text("chance")
    assert wrong == []
    assert demo.wait(60) == 0


def break_and_read_why(page: Any) -> None:
    """A band is unplugged: the guardian isolates its bed, and the page says by which rule and why."""
    from playwright.sync_api import expect

    page.get_by_role("button", name="Unplug S02").click()
    expect(page.locator(".pace output")).to_have_text("8 times as fast as a night")
    told = page.get_by_role("log", name="What the record says of it")
    expect(told).to_contain_text("sends nothing any more", timeout=PATIENCE_MS)
    expect(told).to_contain_text("by the rule no-data, tells the sleeper: “Your band has sent nothing")
    expect(told).to_contain_text("by itself from here on")


def go_slower_faster_and_still(page: Any) -> None:
    """By a button, by single keys, and by the slider's own keys."""
    from playwright.sync_api import expect

    pace = page.locator(".pace output")
    page.get_by_role("button", name="Slower").click()
    expect(pace).to_have_text("5 times as fast as a night")
    page.keyboard.press("+")
    expect(pace).to_have_text("10 times as fast as a night")
    page.keyboard.press("p")
    expect(pace).to_have_text("stands still")
    page.wait_for_timeout(700)
    before = page.locator(".bar time").inner_text()
    page.wait_for_timeout(1200)
    assert page.locator(".bar time").inner_text() == before
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Speed").press("End")
    expect(pace).to_have_text("120 times as fast as a night")


def the_line_of_the_guide_lights_up(page: Any) -> None:
    """A sentence that names a line shows the line; whoever wants no guide has none, also after the next opening."""
    from playwright.sync_api import expect

    page.evaluate("document.querySelector('dl-score').lasting = 60000")
    page.evaluate(
        """() => {
          const demo = document.querySelector('dl-demo');
          demo.guide.saidMs = -Infinity;
          demo.hear({rows: {}, events: [{type: 'RelayOffered', relay: 0, pod: 'p5', onset_s: 1}]}, demo.score);
        }"""
    )
    expect(page.locator(".guide > p")).to_contain_text("each has named the other")
    line = re.search(r"line (\d+)", page.locator(".guide > p").inner_text())
    assert line is not None
    expect(page.locator(f".score li:nth-child({line[1]})")).to_have_class("fired")
    page.get_by_role("button", name="No guide").click()
    expect(page.locator(".guide > p")).to_be_hidden()
    page.get_by_role("button", name="Guide me").click()
    expect(page.locator(".guide > p")).to_be_visible()
