"""Does an author come from a typo to a rehearsal, by hand and by keys alone, and is no text lost? In a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house.beginning_to_write import first_text
from dreamloom.house.dreamscape_files import DreamscapeFile
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, amiss, browser
from dreamloom.web.author_app import make_author_app
from dreamloom.web.desk import Desk
from dreamloom.web.serving import Served
from dreamloom.web.themes import THEMES

TEXT = first_text("tide")
LINE = next(number for number, line in enumerate(TEXT.split("\n"), 1) if "every: 30 s" in line)
VERSION = next(line for line in TEXT.split("\n") if line.startswith("version"))
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
TOLD_ANYWAY = ("409 (Conflict)", "401 (Unauthorized)", "ERR_FAILED")
"""What a browser says of its own accord where a save is refused, or a test cuts the page off."""
SELECT = """(area, words) => {
  const from = area.value.indexOf(words);
  area.focus();
  area.setSelectionRange(from, from + words.length);
}"""
UNNAMED = """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, progress, a")]
  .filter(each => !(each.labels?.length || each.textContent.trim() || each.getAttribute("aria-label")))
  .map(each => each.outerHTML)"""
IDS_TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}"""
FOCUSED = "() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
SEEN_FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at.id === "text" ? at.parentElement : at);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
TOLD_AFTER_MS = """() => new Promise(done => {
  const area = document.getElementById("text");
  area.addEventListener("input", () => {
    const began = performance.now();
    const watch = new MutationObserver(() => {
      if (!document.querySelector(".found .error")) return;
      watch.disconnect();
      done(performance.now() - began);
    });
    watch.observe(document.getElementById("findings"), { childList: true, subtree: true });
  }, { once: true });
  document.execCommand("insertText", false, "every: 30 sheep");
})"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tide.yaml"
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture
def server(file: Path) -> Iterator[Served]:
    desk = Desk(DreamscapeFile(file), start="dreamscape: tide\nversion: 1\n", name="anna")
    served = Served(lambda door, hosts: make_author_app(desk, door, hosts=hosts), port=0)
    thread = served.start()
    yield served
    desk.rehearsal.stop()
    served.stop()
    thread.join(20.0)


@pytest.fixture
def page(chromium: Any, server: Served, tmp_path: Path) -> Iterator[Any]:
    wrong: list[str] = []
    found = chromium.new_page(viewport={"width": 1280, "height": 800})
    found.set_default_timeout(PATIENCE_MS)
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    found.goto(server.link("architect", name="anna"))
    found.wait_for_selector(".scripted .found, .scripted #findings p")
    yield found
    found.screenshot(path=tmp_path / "author.png", full_page=True)
    found.close()
    assert [each for each in wrong if not any(told in each for told in TOLD_ANYWAY)] == []


def choose(page: Any, words: str) -> None:
    page.locator("#text").evaluate(SELECT, words)


def test_the_guide_asks_beside_the_text_and_no_more_once_it_is_answered(page: Any, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    asked = "Where does this come from"
    expect(page.locator("#questions")).to_contain_text(asked)
    choose(page, "version: 1")
    page.keyboard.type("version: 1\nsource: a thought of my own")
    expect(page.locator("#questions")).not_to_contain_text(asked)
    page.screenshot(path=tmp_path / "asked.png", full_page=True)
    assert amiss(page) == []


def test_from_a_typo_to_a_rehearsal(page: Any, file: Path, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#standing")).to_contain_text("saved Nothing amiss. It can be played.")
    choose(page, "every: 30 s")
    assert page.evaluate(TOLD_AFTER_MS) < 1000.0
    expect(page.locator(".found .error")).to_contain_text(f"{LINE}:12")
    expect(page.locator(".found .error")).to_contain_text("sheep")
    expect(page.locator(f".lines .error[data-line='{LINE}']")).to_have_count(1)
    expect(page.locator("#standing")).to_contain_text("not saved 1 error. It cannot be played.")
    page.screenshot(path=tmp_path / "typo.png")

    page.locator(".found .error .goto").click()
    assert page.locator("#text").evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd)").startswith("30 sheep")
    page.keyboard.type("40 s")
    expect(page.locator("#findings")).to_contain_text("Nothing amiss.")
    expect(page.locator("#sentences")).to_contain_text("every 40 s")
    expect(page.locator("#map svg")).to_contain_text("every 40 s")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("saved")
    assert file.read_bytes().decode() == TEXT.replace("every: 30 s", "every: 40 s")

    page.locator("#of-sleepers").select_option("1")
    page.locator("#of-hours").select_option("1")
    page.locator("#to-rehearsal").click()
    expect(page.locator("progress")).to_be_visible()
    expect(page.locator("#rehearsed")).to_contain_text("1 simulated nights of 1 h", timeout=PATIENCE_MS)
    expect(page.locator(".cards svg.wide").first).to_be_visible()
    page.locator("#agree-to").click()
    expect(page.locator("#agreed")).to_contain_text("anna: exactly this text")
    page.screenshot(path=tmp_path / "rehearsed.png", full_page=True)
    assert amiss(page) == []

    choose(page, "every: 40 s")
    page.keyboard.type("every: 50 s")
    expect(page.locator("#rehearsed")).to_contain_text("Of an earlier text.")
    expect(page.locator("#agreed")).to_contain_text("anna: an older text")
    page.locator("#undo").click()
    expect(page.locator("#told")).to_contain_text("lies there again")
    assert file.read_bytes() == TEXT.encode()
    assert page.locator("#text").input_value() == TEXT


def test_a_rehearsal_is_stopped_at_a_press(page: Any) -> None:
    from playwright.sync_api import expect

    page.locator("#rehearse").click()
    page.locator("#stop").click()
    expect(page.locator("#rehearsed")).to_contain_text("Stopped")
    expect(page.locator("#rehearse")).to_be_enabled()


def test_a_rehearsal_goes_on_being_told_after_its_line_was_cut(page: Any) -> None:
    from playwright.sync_api import expect

    cut = []

    def once(route: Any) -> None:
        if len(cut) < 2:
            cut.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/api/rehearsal/told", once)
    page.locator("#of-sleepers").select_option("1")
    page.locator("#of-hours").select_option("1")
    page.locator("#rehearse").click()
    expect(page.locator("#rehearsed")).to_contain_text("tries again")
    expect(page.locator("#rehearsed")).to_contain_text("1 simulated nights of 1 h", timeout=PATIENCE_MS)
    assert len(cut) == 2


@pytest.mark.parametrize("kept", ["theirs", "mine"])
def test_what_somebody_else_saved_meanwhile_is_shown_and_either_text_is_kept(page: Any, file: Path, kept: str) -> None:
    from playwright.sync_api import expect

    theirs = TEXT.replace("cap: 45 dBA", "cap: 40 dBA")
    file.write_bytes(theirs.encode())
    choose(page, VERSION)
    page.keyboard.type("version: 99")
    page.locator("#save").click()
    expect(page.locator("#differences")).to_contain_text("+version: 99")
    expect(page.locator("#differences")).to_contain_text("cap: 40 dBA")
    expect(page.locator("#told")).to_contain_text("somebody else")
    assert file.read_bytes() == theirs.encode()
    mine = page.locator("#text").input_value()
    if kept == "mine":
        page.locator("#keep-mine").click()
        expect(page.locator("#conflict")).to_be_hidden()
        assert file.read_bytes() == mine.encode()
    else:
        page.locator("#load-theirs").click()
        expect(page.locator("#conflict")).to_be_hidden()
        assert page.locator("#text").input_value() == theirs
        page.keyboard.press("Control+z")
        assert page.locator("#text").input_value() == mine


@pytest.mark.parametrize("by", ["the program's end", "the session's end"])
def test_a_page_that_lost_its_desk_keeps_the_text_and_hands_it_out(page: Any, by: str) -> None:
    from playwright.sync_api import expect

    if by == "the session's end":
        page.context.clear_cookies()
    else:
        page.route("**/api/**", lambda route: route.abort())
    choose(page, VERSION)
    page.keyboard.type("version: 77")
    page.keyboard.press("Control+s")
    told = "Open a fresh link" if by == "the session's end" else "cannot reach dreamloom"
    expect(page.locator("#told")).to_contain_text(told)
    with page.expect_download() as handed:
        page.locator("#copy").click()
    assert handed.value.suggested_filename == "tide.yaml"
    assert Path(handed.value.path()).read_bytes() == TEXT.replace(VERSION, "version: 77").encode()


def test_keys_alone_write_indent_leave_and_reach_everything(page: Any) -> None:
    area = page.locator("#text")
    choose(page, VERSION)
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert f"\n  {VERSION}\n" in area.input_value()
    page.keyboard.press("Shift+Tab")
    assert area.input_value() == TEXT
    choose(page, f"{VERSION}\nintent")
    page.keyboard.press("Tab")
    assert f"\n  {VERSION}\n  intent" in area.input_value()
    page.keyboard.press("Control+z")
    assert area.input_value() == TEXT
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) != "text"
    reached = set()
    for _ in range(40):
        assert page.evaluate(FOCUSED) == "BODY" or page.evaluate(SEEN_FOCUS), page.evaluate(FOCUSED)
        reached.add(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
    assert reached >= {"save", "to-rehearsal", "of-sleepers", "of-hours", "rehearse", "name", "agree-to"}


def test_a_new_line_begins_where_the_last_one_did_and_f8_goes_from_finding_to_finding(page: Any) -> None:
    from playwright.sync_api import expect

    choose(page, "    play: chime")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("sheep: 1")
    expect(page.locator(".found .error")).to_have_count(1)
    assert "\n    play: chime\n    sheep: 1\n" in page.locator("#text").input_value()
    page.locator("#name").focus()
    page.keyboard.press("F8")
    assert page.evaluate(FOCUSED) == "text"
    assert page.locator("#text").evaluate("a => a.value.slice(a.selectionStart, a.selectionStart + 5)") == "sheep"


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_any_theme_and_nothing_scrolls_sideways(page: Any, file: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.locator("#agree-to").click()
    page.wait_for_selector("#agreed li")
    file.write_bytes(TEXT.replace("cap: 45 dBA", "cap: 40 dBA").encode())
    choose(page, "every: 30 s")
    page.keyboard.type("every: 30 sheep")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#conflict:not([hidden])")
    page.wait_for_selector(".found .error")
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate(IDS_TWICE) == []
    for theme in THEMES:
        page.get_by_role("navigation", name="Colours").get_by_role("link", name=theme).click()
        assert page.locator("html").get_attribute("data-theme") == theme
        assert amiss(page) == [], theme
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_without_a_script_the_form_checks_and_saves(chromium: Any, server: Served, file: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.link("architect", name="anna"))
    assert page.locator("#to-rehearsal").is_hidden()
    assert page.locator("#text").input_value() == TEXT
    page.locator("#text").fill(TEXT.replace("every: 30 s", "every: 30 sheep"))
    page.get_by_role("button", name="Check").click()
    assert "sheep" in page.locator("#findings").inner_text()
    page.locator("#text").fill(TEXT.replace("every: 30 s", "every: 35 s"))
    page.get_by_role("button", name="Save", exact=True).click()
    assert file.read_bytes() == TEXT.replace("every: 30 s", "every: 35 s").encode()
    page.get_by_role("button", name="Undo last save").click()
    assert file.read_bytes() == TEXT.encode()
    page.get_by_role("button", name="I agree").click()
    assert "anna: exactly this text" in page.locator("#agreed").inner_text()
    context.close()
