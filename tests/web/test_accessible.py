"""Can everybody use the pages? Every page in every theme by axe-core, by keys alone, and at twice the size."""

from collections.abc import Iterator
from typing import Any

import pytest

from dreamloom.house.layout import NightFolder
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, ROWS, amiss, browser, night_that_is_over, served
from dreamloom.web.serving import Server
from dreamloom.web.themes import THEMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
TELL_OF_TROUBLE = """() => {
  const view = document.querySelector("dl-night");
  const row = Object.values(view.rows)[0];
  const needs = ["high", "medium", "low", "info"].map((priority) => (
    { key: priority, priority, text: "nothing came from the headband", since_s: 61 }));
  view.rows = { ...view.rows, [row.pod]: { ...row, needs, spoilt: { "EEG Fpz": "flat" } } };
  view.status = "running";
  view.keys = true;
  view.focused = row.pod;
}"""
"""A night that is over has little to show: as if it ran, with all priorities, a closer look and the list of keys."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    return night_that_is_over(tmp_path_factory.mktemp("house"), hours=0.03)


@pytest.fixture(scope="module")
def server(night: NightFolder) -> Iterator[Server]:
    with served(night) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def opened(chromium: Any, server: Server, *, scripts: bool = True, **asked: Any) -> Any:
    context = chromium.new_context(java_script_enabled=scripts, **asked)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(server.link("orchestrator", name="anna"))
    if scripts:
        page.wait_for_selector(ROWS)
    return page


def in_theme(page: Any, theme: str) -> None:
    page.get_by_role("navigation", name="Colours").get_by_role("link", name=theme).click()
    assert page.locator("html").get_attribute("data-theme") == theme


def test_axe_finds_nothing_on_the_night_view_in_any_theme(chromium: Any, server: Server) -> None:
    page = opened(chromium, server)
    for theme in THEMES:
        in_theme(page, theme)
        assert amiss(page) == [], theme
    page.evaluate(TELL_OF_TROUBLE)
    page.wait_for_selector("section.focus form")
    for theme in THEMES:
        in_theme(page, theme)
        assert amiss(page) == [], theme


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_page_without_scripts_nor_on_a_refusal(
    chromium: Any, server: Server, theme: str
) -> None:
    page = opened(chromium, server)
    for path in (
        "/nights/tide",
        "/nights/tide/evening",
        "/nights/tide/handover",
        "/nights/no-such-night",
        "/enter/used-up",
    ):
        page.route("**/night.js", lambda route: route.abort())
        page.goto(f"http://127.0.0.1:{server.port}{path}?theme={theme}")
        assert page.locator("html").get_attribute("data-theme") == theme
        assert amiss(page) == [], path


FOCUSED = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const style = getComputedStyle(at);
  return {
    name: at.innerText.trim().replace(/\\s+/g, " ") || at.id,
    acts: at.matches("a, button, input, summary"),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    covered: top !== at && !at.contains(top),
    small: Math.min(box.width, box.height) < 24,
  };
}"""


def walked(page: Any, *, most: int = 80) -> list[dict[str, Any]]:
    """Every element that Tab comes to, once round."""
    seen: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if page.evaluate("document.activeElement === document.body"):
            return seen
        seen.append(at)
    raise AssertionError("Tab never came round")


def test_everything_is_reached_by_tab_seen_where_it_is_and_not_hidden_under_the_bar(
    chromium: Any, server: Server
) -> None:
    page = opened(chromium, server, viewport={"width": 1280, "height": 500})
    page.evaluate(TELL_OF_TROUBLE)
    page.wait_for_selector("section.focus form")
    seen = walked(page)
    there = page.locator("a:visible, button:visible, input:visible, summary:visible").count()
    assert sum(each["acts"] for each in seen) == there
    assert [each for each in seen if not each["ring"] or each["covered"] or each["small"]] == []
    names = [each["name"] for each in seen]
    assert {"Stop all", "Wake everyone", "Keys", "p1 S01", "Softer", "note"} <= set(names)


def test_keys_alone_choose_a_bed_look_closer_and_can_be_told_not_to_act(chromium: Any, server: Server) -> None:
    page = opened(chromium, server)
    for key in "jf":
        page.keyboard.press(key)
    page.get_by_role("heading", name="p2 S02").wait_for()
    page.keyboard.press("?")
    page.get_by_role("button", name="Let no single key act").press("Enter")
    page.keyboard.press("f")
    page.get_by_role("button", name="p2 S02", expanded=True).press("Enter")
    page.get_by_role("heading", name="p2 S02").wait_for(state="detached")
    page.reload()
    page.wait_for_selector(ROWS)
    page.keyboard.press("f")
    assert page.locator("section.focus").count() == 0


CUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && each.tagName !== "CANVAS")
  .filter((each) => {
    const box = each.getBoundingClientRect();
    const held = getComputedStyle(each).overflow === "hidden" && each.scrollWidth > each.clientWidth + 1;
    return held || box.right > innerWidth + 1 || box.left < -1;
  })
  .map((each) => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [640, 320])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_at_twice_and_four_times_the_size_nothing_is_cut_and_nothing_scrolls_sideways(
    chromium: Any, server: Server, *, width: int, scripts: bool
) -> None:
    page = opened(chromium, server, scripts=scripts, viewport={"width": width, "height": 400})
    if scripts:
        page.evaluate(TELL_OF_TROUBLE)
        page.wait_for_selector("section.focus form")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT) == []


def test_a_choice_of_colours_holds_at_once_is_drawn_and_stays(chromium: Any, server: Server) -> None:
    page = opened(chromium, server)
    ground = "getComputedStyle(document.body).backgroundColor"
    first = "document.querySelector('dl-night').colours.first"
    assert page.locator("html").get_attribute("data-theme") == "night"
    night = (page.evaluate(ground), page.evaluate(first))
    in_theme(page, "ember")
    ember = (page.evaluate(ground), page.evaluate(first))
    assert all(one != other for one, other in zip(night, ember, strict=True))
    page.reload()
    page.wait_for_selector(ROWS)
    assert (page.evaluate(ground), page.evaluate(first)) == ember


@pytest.mark.parametrize(("system", "scheme"), [("light", "light"), ("dark", "dark")])
def test_a_page_that_has_no_colours_of_its_own_takes_those_of_the_system(
    chromium: Any, server: Server, system: str, scheme: str
) -> None:
    page = chromium.new_context(color_scheme=system).new_page()
    page.goto(f"http://127.0.0.1:{server.port}/enter/used-up")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == scheme
    assert amiss(page) == []
