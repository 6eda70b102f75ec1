"""Can every page be used at twice the size and by keys alone? Each as somebody sees it who may, in German as well."""

from pathlib import Path
from typing import Any

import pytest

from dreamloom.testing.browsers import CHROMIUM, amiss, browser
from dreamloom.testing.screenshots import OF_ANYBODY, OF_AUTHOR, OF_COUNCIL, OF_SLEEPER, OF_STAFF, settle, visits

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
AT_TWICE = {"width": 640, "height": 400}
"""What a window of 1280 × 800 holds at 200 %."""
ACTS = "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex='0']"
FOCUSED = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const ring = [style, getComputedStyle(at.parentElement ?? at)].some(
    (each) => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 1);
  return { name: at.outerHTML.slice(0, 90), ring, isBody: at === document.body };
}"""


def walked(page: Any, *, most: int = 90) -> list[dict[str, Any]]:
    """Every element that Tab comes to until it leaves the page."""
    seen: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["isBody"] or (seen and at["name"] == seen[-1]["name"]):
            return seen
        seen.append(at)
    raise AssertionError("Tab never left the page")


def there(page: Any) -> int:
    """What can be come to: of radio buttons of one name, one."""
    return int(
        page.evaluate(
            """(acts) => {
              const found = [...document.querySelectorAll(acts)]
                .filter((each) => each.checkVisibility() && !each.disabled);
              const radios = found.filter((each) => each.type === "radio");
              return found.length - radios.length + new Set(radios.map((each) => each.name)).size;
            }""",
            ACTS,
        )
    )


def test_every_page_fits_at_twice_the_size_is_walked_by_tab_and_is_accessible(tmp_path: Path) -> None:
    wide, unseen, wrong, names = [], [], [], []
    with browser() as chromium:
        for visit in visits(chromium, tmp_path):
            visit.page.set_viewport_size(AT_TWICE)
            visit.page.goto(visit.address)
            settle(visit)
            names.append(visit.name)
            if visit.page.evaluate("document.documentElement.scrollWidth") > AT_TWICE["width"]:
                wide.append(visit.name)
            wrong += [f"{visit.name}: {each}" for each in amiss(visit.page)]
            visit.page.evaluate("document.activeElement?.blur()")
            if visit.name == "author":  # Tab indents there; its own test leaves the text by Escape
                continue
            seen = walked(visit.page)
            unseen += [f"{visit.name}: {each['name']}" for each in seen if not each["ring"]]
            if len(seen) < there(visit.page):
                unseen.append(f"{visit.name}: {len(seen)} of {there(visit.page)}")
    assert (wide, unseen, wrong) == ([], [], [])
    assert set(names) == {*OF_STAFF, *OF_COUNCIL, *OF_SLEEPER, *OF_ANYBODY, *OF_AUTHOR}


def test_every_page_fits_in_german_and_is_accessible_there(tmp_path: Path) -> None:
    wide, wrong, spoken = [], [], set()
    with browser() as chromium:
        for visit in visits(chromium, tmp_path):
            visit.page.set_viewport_size(AT_TWICE)
            visit.page.goto(f"{visit.address}?lang=de")
            settle(visit)
            if visit.page.locator("html").get_attribute("lang") == "de":
                spoken.add(visit.name)
            if visit.page.evaluate("document.documentElement.scrollWidth") > AT_TWICE["width"]:
                wide.append(visit.name)
            wrong += [f"{visit.name}: {each}" for each in amiss(visit.page)]
    assert (wide, wrong) == ([], [])
    assert spoken == {*OF_STAFF, *OF_COUNCIL, *OF_SLEEPER, *OF_ANYBODY} - {"evening"}
