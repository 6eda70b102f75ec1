"""Does the night view show a night that runs, and does it do what is pressed? In a real browser."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import boot_s
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.record.events import CommandGiven, NoteMade, OperatorStaged, OperatorStepped
from dreamloom.testing.nights import EAGER
from dreamloom.web.serving import Server

CHROMIUM = shutil.which("chromium")
PATIENCE_MS = 60_000
ROWS = ".beds .row:not(.head)"
pytestmark = [
    pytest.mark.real_time,
    pytest.mark.waits,
    pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium"),
]
DRAWN = "canvas => new Uint32Array(canvas.getContext('2d').getImageData(0, 0, 480, 40).data.buffer).some(p => p !== 0)"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NightFolder]:
    """Two beds, until nobody looks any more."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=4.6h,hours=0.5") for n in (1, 2)]
    made = making.write_night(House(folder), "tide", beds, str(folder / "eager.yaml"), seed=1)
    words = [sys.executable, "-m", "dreamloom", "run", str(made.root), "--speed", "4"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as night:
        ends_s = boot_s() + PATIENCE_MS / 1000
        while not made.record.exists() and boot_s() < ends_s:
            time.sleep(0.1)
        yield made
        night.send_signal(signal.SIGINT)


@pytest.fixture
def page(night: NightFolder, tmp_path: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    server = Server(night, port=0)
    thread = server.start()
    wrong: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = browser.new_page(viewport={"width": 1440, "height": 900})
        found.set_default_timeout(PATIENCE_MS)
        found.on("pageerror", lambda error: wrong.append(str(error)))
        found.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        found.goto(server.link("orchestrator", name="anna"))
        found.wait_for_selector(ROWS)
        yield found
        found.screenshot(path=tmp_path / "night.png")
        browser.close()
    server.stop()
    thread.join(20.0)
    assert wrong == []


def told(night: NightFolder, kind: type) -> list[Any]:
    with read_only(night.record) as record:
        return list(record.of_type(kind.__name__))


def test_a_night_that_runs_is_seen_held_and_let_go_and_a_note_is_sealed(night: NightFolder, page: Any) -> None:
    from playwright.sync_api import expect

    rows = page.locator(ROWS)
    expect(rows).to_have_count(2)
    while not rows.first.locator("canvas.trace").evaluate(DRAWN):
        page.wait_for_timeout(100)
    page.get_by_text("What is played tonight").click()
    expect(page.locator(".score li").nth(1)).to_have_text("dreamscape: eager")
    page.evaluate("document.querySelector('dl-score').lasting = 60000")
    page.evaluate("document.querySelector('dl-score').hear([{type: 'CueDue', part: 0, pod: 'p2'}])")
    expect(page.locator(".score li.fired")).to_have_text("  - for: each sleeper ◀ p2")
    page.keyboard.press("h")
    expect(rows.first).to_contain_text("held: no cue", timeout=PATIENCE_MS)
    page.keyboard.press("l")
    expect(rows.first).not_to_contain_text("held: no cue", timeout=PATIENCE_MS)
    page.keyboard.press("v")
    expect(rows.first).to_contain_text("private", timeout=PATIENCE_MS)
    page.keyboard.press("f")
    marks = page.get_by_role("group", name="What holds at this bed")
    marks.get_by_role("button", name="Among others").click()
    expect(rows.first).not_to_contain_text("private", timeout=PATIENCE_MS)
    marks.get_by_role("button", name="Out of bed").click()
    last = rows.first.get_by_role("cell").last
    expect(last).to_have_text("out of bed", timeout=PATIENCE_MS)
    marks.get_by_role("button", name="Back in bed").click()
    expect(last).not_to_have_text("out of bed", timeout=PATIENCE_MS)
    marks.get_by_role("button", name="Lights on").click()
    expect(rows.first).to_contain_text("lights on", timeout=PATIENCE_MS)
    marks.get_by_role("button", name="Lights off").click()
    expect(rows.first).not_to_contain_text("lights on", timeout=PATIENCE_MS)
    page.locator("#note").fill("turns over, nothing for others to read")
    page.get_by_role("button", name="Write down").click()
    expect(page.locator("[aria-label=people]")).to_contain_text("anna wrote a note", timeout=PATIENCE_MS)
    assert [(event.pod, event.by, event.rung) for event in told(night, OperatorStepped)] == [
        ("p1", "anna", "HOLD"),
        ("p1", "anna", "NONE"),
    ]
    assert [event.by for event in told(night, NoteMade)] == ["anna"]
    assert "nothing for others" not in page.content()
    call_stages_and_ask_for_a_cue(night, page)


def call_stages_and_ask_for_a_cue(night: NightFolder, page: Any) -> None:
    """From close by: the stage that a person sees, softer, and a cue now or never, each in the record under a name."""
    from playwright.sync_api import expect

    focus = page.locator("section.focus")
    focus.get_by_role("group", name="Stage that you see").get_by_role("button", name="N2").click()
    expect(page.locator("[aria-label=people]")).to_contain_text("anna sees N2", timeout=PATIENCE_MS)
    focus.get_by_role("group", name="Cue now").get_by_role("button").first.click()
    expect(page.locator("[aria-label=people]")).to_contain_text("anna asked for chord", timeout=PATIENCE_MS)
    focus.get_by_role("button", name="Softer").click()
    expect(page.locator(ROWS).first).to_contain_text("softer", timeout=PATIENCE_MS)
    focus.get_by_role("button", name="Let go").click()
    expect(page.locator(ROWS).first).not_to_contain_text("softer", timeout=PATIENCE_MS)
    assert [event.stage for event in told(night, OperatorStaged)] == ["N2"]
    given = [event for event in told(night, CommandGiven) if event.by == "anna"]
    assert [(event.pod, event.cue) for event in given] == [("p1", "chord")]


def test_every_bed_fades_by_a_button_or_a_key_and_is_let_go_again(night: NightFolder, page: Any) -> None:
    from playwright.sync_api import expect

    before = len(told(night, OperatorStepped))
    page.get_by_role("button", name="Fade all").click()
    for number in range(2):
        expect(page.locator(ROWS).nth(number)).to_contain_text("faded: no cue", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Let all go").click()
    expect(page.locator(ROWS).first).not_to_contain_text("faded", timeout=PATIENCE_MS)
    page.keyboard.press("q")
    expect(page.locator(ROWS).first).to_contain_text("faded: no cue", timeout=PATIENCE_MS)
    rungs = [event.rung for event in told(night, OperatorStepped)[before:] if event.pod == "p1"]
    assert rungs == ["FADE", "NONE", "FADE"]


def test_waking_everyone_is_pressed_twice_and_stop_once(night: NightFolder, page: Any) -> None:
    from playwright.sync_api import expect

    before = len(told(night, OperatorStepped))
    page.get_by_role("button", name="Wake everyone").click()
    expect(page.get_by_role("button", name="Press again to wake everyone")).to_be_visible()
    page.get_by_role("button", name="Stop all").click()
    for number in range(2):
        expect(page.locator(ROWS).nth(number)).to_contain_text("no sound", timeout=PATIENCE_MS)
    asked = told(night, OperatorStepped)[before:]
    assert sorted((event.pod, event.rung) for event in asked) == [("p1", "ISOLATE"), ("p2", "ISOLATE")]


def test_a_view_that_lost_the_night_comes_back_by_itself(page: Any) -> None:
    from playwright.sync_api import expect

    page.evaluate("document.querySelector('dl-night').feed.socket.close()")
    expect(page.locator(".state")).to_contain_text("the night goes on", timeout=PATIENCE_MS)
    expect(page.locator(".state")).to_have_text("", timeout=PATIENCE_MS)
