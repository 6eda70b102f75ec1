"""Has every chart its sentence and its table, on every page? In a real browser, with everything folded open."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.gallery.rehearsal_page import BedShown, rehearsal_page
from dreamloom.house import courses, pod_links, reporting
from dreamloom.house.layout import House, NightFolder
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, ROWS, browser, night_that_is_over, served
from dreamloom.testing.courses import MISSED, NAME, NIGHTS, SLEEPER, a_course, days_ago, tell
from dreamloom.testing.night_story import full_night
from dreamloom.testing.screenshots import settle, visits

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
CHARTS = """() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  const texts = (found) => found.map((each) => each?.textContent ?? "").join(" ");
  const told = (ids) => texts(ids.split(" ").map((id) => document.getElementById(id)));
  const shown = [...document.querySelectorAll("canvas, svg")].filter((each) =>
    each.checkVisibility() && each.closest("[aria-hidden=true]") === null);
  return shown.map((each) => {
    const named = each.getAttribute("aria-labelledby");
    const own = [...each.children].filter((child) => ["title", "desc"].includes(child.tagName));
    const sentence = each.getAttribute("aria-label") ?? (named ? told(named) : texts(own));
    const details = document.getElementById(each.getAttribute("aria-details") ?? "") ?? each.closest("figure");
    const rows = details?.querySelectorAll("table:has(caption):has(th[scope=col]) tbody tr").length ?? 0;
    return { chart: each.outerHTML.slice(0, 140), words: sentence.trim().split(/\\s+/).length, rows };
  });
}"""
UNTOLD = "() => (" + CHARTS + ")().filter((each) => each.words < 3 || each.rows === 0)"
MANY = """() => {
  const view = document.querySelector("dl-night");
  const row = Object.values(view.rows)[0];
  const pods = Array.from({ length: 20 }, (_, n) => `q${n}`);
  view.rows = Object.fromEntries(pods.map((pod) => [pod, { ...row, pod }]));
}"""


def explained(page: Any, where: str) -> int:
    """How many charts there are, each of them told in words and numbers."""
    page.set_default_timeout(PATIENCE_MS)
    try:
        page.wait_for_function(f"({UNTOLD})().length === 0", timeout=10_000)
    except Exception:  # noqa: BLE001 - which ones says more than that it took too long
        assert page.evaluate(UNTOLD) == [], where
    return len(page.evaluate(CHARTS))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def test_every_chart_of_every_page_has_a_sentence_and_a_table(chromium: Any, tmp_path: Path) -> None:
    seen = {}
    for visit in visits(chromium, tmp_path):
        visit.page.goto(visit.address)
        settle(visit)
        seen[visit.name] = explained(visit.page, visit.name)
        if visit.name == "night":
            seen |= of_the_past_and_of_many(visit.page)
        if visit.name == "author":
            seen["rehearsed"] = of_a_rehearsal(visit.page)
    assert {name for name, count in seen.items() if count} == {"night", "past", "overview", "author", "rehearsed"}
    assert seen["night"] == 2 * 2 + 3, "two a bed, and the closer look"
    assert seen["overview"] >= 20


def of_the_past_and_of_many(page: Any) -> dict[str, int]:
    """The same view at a moment that is over, and with more beds than rows."""
    page.locator("#moment").fill("60")
    page.get_by_role("button", name="Back to the end").wait_for()
    past = explained(page, "past")
    page.get_by_role("button", name="Back to the end").click()
    page.evaluate(MANY)
    page.wait_for_selector(".tile")
    return {"past": past, "overview": explained(page, "overview")}


def of_a_rehearsal(page: Any) -> int:
    """The picture of a rehearsal, below the map."""
    page.locator("#of-sleepers").select_option("1")
    page.locator("#of-hours").select_option("1")
    page.locator("#to-rehearsal").click()
    page.locator(".cards svg.wide").first.wait_for()
    return explained(page, "rehearsed")


def test_a_table_holds_what_its_chart_shows(chromium: Any, tmp_path: Path) -> None:
    night = night_that_is_over(tmp_path, hours=0.03)
    with served(night) as server:
        page = chromium.new_context().new_page()
        page.goto(server.link("orchestrator", name="anna"))
        page.wait_for_selector(ROWS)
        page.keyboard.press("f")
        page.wait_for_selector("figcaption")
        assert explained(page, "night") > 0
        strip = page.evaluate("document.querySelector('dl-night').rows.p1.strip")
        shares = page.locator("#shares-table tbody tr")
        assert shares.count() == len(strip) > 2
        signal = page.locator("#signal-table tbody tr td")
        signal.filter(has_text="µV").first.wait_for()
        assert signal.count() == 30
        page.get_by_text("The signal as a table").click()
        page.locator("#signal-table table").wait_for(state="detached")
        page.context.close()


def report_of(folder: Path) -> str:
    """The morning report of a night in which much happened."""
    night: NightFolder = night_that_is_over(folder, hours=0.05)
    return reporting.write_report(night).read_text(encoding="utf-8")


def test_every_chart_of_a_report_and_of_a_rehearsal_page_has_a_sentence_and_a_table(
    chromium: Any, tmp_path: Path
) -> None:
    bed = BedShown("p1", "typical", ["1"], full_night().events())
    rehearsed = rehearsal_page(title="tide", sentence="One night.", head=["cues"], beds=[bed], withheld={})
    for name, text in (("report", report_of(tmp_path)), ("rehearsal", rehearsed)):
        page = chromium.new_context().new_page()
        page.set_content(text)
        assert explained(page, name) >= 2, name
        page.context.close()


def test_every_chart_of_a_course_has_a_sentence_and_a_table(chromium: Any, tmp_path: Path) -> None:
    house = House(tmp_path)
    a_course(house, first=days_ago(NIGHTS))
    course = courses.find_begun(house, NAME).course
    for number in range(1, NIGHTS + 1):
        if number not in MISSED:
            tell(house, course, number)
    with served(house.night("first")) as server:
        page = chromium.new_context().new_page()
        token, _ = pod_links.make(house.night("first"), SLEEPER)
        page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
        page.goto(f"http://127.0.0.1:{server.port}/outcomes")
        assert explained(page, "course") >= 5
        page.context.close()
