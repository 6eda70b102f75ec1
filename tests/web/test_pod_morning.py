"""Where does a bed's page lead in the morning? To the own report first, and only then to what others told."""

from pathlib import Path
from typing import Any

import pytest

from dreamloom.house.layout import NightFolder
from dreamloom.testing.browsers import CHROMIUM, amiss, browser, night_that_is_over, night_that_waits, served
from dreamloom.testing.pod_pages import on_pages, page_of
from dreamloom.testing.told_mornings import whole_morning

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
TOLD = ["/story", "/outcomes"]


def ways_of(page: Any) -> list[str]:
    found: list[str] = page.locator(".ways a").evaluate_all("(all) => all.map((each) => each.getAttribute('href'))")
    return found


def test_before_a_night_is_over_a_page_leads_nowhere(tmp_path: Path) -> None:
    night, wrong = on_pages(night_that_waits(tmp_path, beds=1)), list[str]()
    with (
        served(night) as server,
        browser() as chromium,
        page_of(chromium, night, "p1", port=server.port, wrong=wrong) as page,
    ):
        page.get_by_role("button", name="Play the notes").wait_for()
        page.evaluate("document.querySelector('dl-pod').evening.begin()")
        page.get_by_role("button", name="Tell a dream").wait_for()
        assert ways_of(page) == []
    assert wrong == []


def test_in_the_morning_a_page_leads_to_the_own_report_and_behind_its_lock_to_the_story(tmp_path: Path) -> None:
    night, wrong = on_pages(night_that_is_over(tmp_path, beds=2, hours=0.02)), list[str]()
    with (
        served(night) as server,
        browser() as chromium,
        page_of(chromium, night, "p1", port=server.port, wrong=wrong) as page,
    ):
        page.get_by_role("link", name="Your morning").wait_for()
        assert ways_of(page) == ["/morning"]
        tell_all(night)
        page.reload()
        page.get_by_role("link", name="The story of the night").wait_for()
        assert ways_of(page) == ["/morning", *TOLD]
        assert amiss(page) == []
        page.screenshot(path=tmp_path / "morning.png", full_page=True)
        for path in TOLD:
            assert page.goto(f"http://127.0.0.1:{server.port}{path}").status == 200
    assert wrong == []


def tell_all(night: NightFolder) -> None:
    for who in ("S01", "S02"):
        whole_morning(night, who, text="I stood on a pier of glass.")
