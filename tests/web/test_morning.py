"""Can somebody tell their dream on a page: without a script, without a network, once, and before anything names it?"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import mornings, pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.told_reports import guesses, reports
from dreamloom.house.withdrawing import withdrawn_tonight
from dreamloom.testing.browsers import (
    CHROMIUM,
    PATIENCE_MS,
    amiss,
    browser,
    night_that_is_over,
    night_that_waits,
    served,
)
from dreamloom.testing.kept_reports import FULL
from dreamloom.web.serving import Server
from dreamloom.web.themes import THEMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
DREAM = "A staircase of water. Somebody counted backwards & laughed <softly>."
DRAFTS = """async () => {
  const { remembered } = await import("/static/pod_store.js");
  const { draft } = document.querySelector("main").dataset;
  const names = ["report", "more"].map((step) => `dreamloom-draft-${draft}-${step}`);
  return (await Promise.all(names.map(remembered))).filter(Boolean);
}"""
SHOTS = Path("build/screenshots")


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return night_that_is_over(tmp_path / "house", hours=0.03)


@pytest.fixture
def server(night: NightFolder) -> Iterator[Server]:
    with served(night) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def opened(chromium: Any, server: Server, night: NightFolder, who: str, *, scripts: bool = True) -> Any:
    context = chromium.new_context(java_script_enabled=scripts, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    token, _ = pod_links.make(night, who)
    page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
    page.goto(f"http://127.0.0.1:{server.port}/morning")
    return page


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"morning-{name}.png", full_page=True)


def heading(page: Any) -> str:
    return str(page.locator("h1").inner_text())


def press(page: Any, button: str) -> None:
    page.get_by_role("button", name=button).click()


def tell_all(page: Any) -> None:
    """From waking to where it waits for the others."""
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill(DREAM)
    shot(page, "report")
    press(page, "Keep this")
    page.wait_for_selector("[data-step=more]")
    page.get_by_label("Anything else").fill("And snow.")
    press(page, "That is all")
    page.wait_for_selector("[data-step=probes]")
    page.get_by_label("joy").check()
    page.get_by_label("Who was there?").fill("my aunt")
    page.get_by_role("radio", name="3", exact=True).check()
    shot(page, "probes")
    press(page, "Keep this")
    page.wait_for_selector("[data-step=guess]")
    page.get_by_label("I am not sure").check()
    press(page, "Keep this")
    page.wait_for_selector("[data-step=outcome]")
    page.get_by_label("yes", exact=True).check()
    shot(page, "outcome")
    press(page, "Keep this")
    page.wait_for_selector("[data-step=wait], [data-step=share]")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_two_sleepers_tell_lock_and_are_told_together_what_it_was(
    chromium: Any, server: Server, night: NightFolder, *, scripts: bool
) -> None:
    first, second = (opened(chromium, server, night, who, scripts=scripts) for who in ("S01", "S02"))
    tell_all(first)
    assert heading(first) == "Your report is locked"
    assert "cue" not in first.content()
    tell_all(second)
    assert second.get_by_text("What this night was about").is_visible()
    first.reload()
    shot(first, "share")
    first.get_by_label("in a shared story").check()
    press(first, "This is what I want")
    first.wait_for_selector("[data-step=done]")
    assert first.get_by_text("may be used in a shared story").is_visible()
    shot(first, "done")
    told = {each.dreamer: each for each in reports(night.house)}
    assert told["S01"].text == f"{DREAM}\n\nAnd snow."
    assert (told["S01"].scopes, told["S02"].scopes) == (frozenset({"weave"}), frozenset())
    assert guesses(night.house, "tide")["S01"].heard == "unsure"
    first.goto(first.url.split("?")[0] + "?change=1")
    first.get_by_label("in a shared story").uncheck()
    press(first, "This is what I want")
    first.wait_for_selector("[data-step=done]")
    assert {each.dreamer: each.scopes for each in reports(night.house)}["S01"] == frozenset()


def test_a_morning_is_told_in_german_and_its_report_says_so(chromium: Any, server: Server, night: NightFolder) -> None:
    page = opened(chromium, server, night, "S01")
    page.goto(f"http://127.0.0.1:{server.port}/morning?lang=de")
    page.get_by_label("Ich erinnere mich an etwas.").check()
    page.get_by_label("Alles, in der Reihenfolge").fill("Eine Treppe aus Wasser.")
    page.get_by_text("Auf diesem Gerät aufbewahrt").wait_for()
    shot(page, "german")
    press(page, "Behalten")
    page.wait_for_selector("[data-step=more]")
    assert page.locator("html").get_attribute("lang") == "de"
    press(page, "Das ist alles")
    page.wait_for_selector("[data-step=probes]")
    assert {each.language for each in reports(night.house) if each.dreamer == "S01"} == {"de"}
    shot(page, "german-probes")


def test_words_survive_a_reload_and_a_cut_network_and_are_there_once(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night, "S01")
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill(DREAM)
    page.reload()
    page.get_by_text("These are your words from before").wait_for()
    assert page.get_by_label("Everything, in the order it happened").input_value() == DREAM
    page.get_by_label("I remember something.").check()
    page.context.set_offline(True)
    press(page, "Keep this")
    page.get_by_text("Your words are kept here").wait_for()
    assert mornings.of_house(night.house) == {}
    page.context.set_offline(False)
    page.wait_for_selector("[data-step=more]")
    (kept,) = mornings.of_house(night.house).values()
    assert len(kept.pieces) == 1
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('dreamloom-draft'))") == []
    assert page.evaluate(DRAFTS) == []


def test_a_house_that_was_only_started_again_gets_it_without_another_press(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night, "S01")
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill(DREAM)
    page.route("**/morning/report", lambda route: route.abort())
    press(page, "Keep this")
    page.get_by_text("it is sent when it is back").wait_for()
    page.unroute("**/morning/report")
    page.wait_for_selector("[data-step=more]")
    assert len(mornings.of_house(night.house)) == 1


def test_who_comes_to_the_same_device_next_is_not_shown_the_words_of_another(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night, "S01")
    page.get_by_label("Everything, in the order it happened").fill(DREAM)
    page.get_by_text("Kept on this device").wait_for()
    token, _ = pod_links.make(night, "S02")
    page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
    page.goto(f"http://127.0.0.1:{server.port}/morning")
    assert page.get_by_label("Everything, in the order it happened").input_value() == ""
    assert DREAM not in page.content()


def test_a_full_device_loses_no_word(chromium: Any, server: Server, night: NightFolder) -> None:
    page = opened(chromium, server, night, "S01")
    page.evaluate(FULL)
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill(DREAM)
    page.get_by_text("This device is full").wait_for()
    press(page, "Keep this")
    page.wait_for_selector("[data-step=more]")
    assert len(mornings.of_house(night.house)) == 1


def test_what_is_no_answer_comes_back_with_all_that_was_written(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night, "S01", scripts=False)
    page.get_by_label("I remember something.").check()
    press(page, "Keep this")
    assert page.get_by_role("alert").inner_text().startswith("There is nothing in it yet.")
    assert page.get_by_label("I remember something.").is_checked()
    page.get_by_label("Nothing.").check()
    page.get_by_label("Everything, in the order it happened").fill("Only a colour, blue.")
    press(page, "Keep this")
    assert heading(page) == "One more"
    (told,) = reports(night.house)
    assert told.text == "Only a colour, blue."


def test_a_page_of_another_bed_shows_nothing_of_this_one(chromium: Any, server: Server, night: NightFolder) -> None:
    house = night.house
    mornings.tell(house, Dreamer(sleeper="S02", night="tide"), "a" * 32, Piece(number=0, recall="content", text=DREAM))
    page = opened(chromium, server, night, "S01", scripts=False)
    assert heading(page) == "Good morning"
    assert "staircase" not in page.content()
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill("Mine.")
    form = re.sub(r".*name=\"report\" value=\"([0-9a-f]{32})\".*", r"\1", page.content(), flags=re.DOTALL)
    assert form != "a" * 32
    press(page, "Keep this")
    assert len(mornings.of_house(house)["a" * 32].pieces) == 1


def test_axe_finds_nothing_on_any_step_in_any_theme(chromium: Any, server: Server, night: NightFolder) -> None:
    page = opened(chromium, server, night, "S01")

    def look() -> None:
        for theme in THEMES:
            page.get_by_role("navigation", name="Colours").get_by_role("link", name=theme).click()
            assert amiss(page) == [], (theme, heading(page))

    look()
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill(DREAM)
    press(page, "Keep this")
    page.wait_for_selector("[data-step=more]")
    look()
    press(page, "That is all")
    page.wait_for_selector("[data-step=probes]")
    look()
    press(page, "Keep this")
    page.wait_for_selector("[data-step=guess]")
    page.get_by_label("I am not sure").check()
    press(page, "Keep this")
    page.wait_for_selector("[data-step=outcome]")
    look()
    page.get_by_label("yes", exact=True).check()
    press(page, "Keep this")
    page.wait_for_selector("[data-step=wait]")
    look()


def test_consent_is_read_and_taken_back_without_a_script(chromium: Any, tmp_path: Path) -> None:
    waiting = night_that_waits(tmp_path / "waiting")
    with served(waiting) as server:
        page = opened(chromium, server, waiting, "S01", scripts=False)
        page.goto(page.url.replace("/morning", "/consent"))
        assert "You agreed to soft sounds" in page.inner_text("main")
        press(page, "Take it back now: no sound tonight")
        assert page.get_by_text("You took it back.").is_visible()
        assert withdrawn_tonight(waiting.house.pod("p1"), waiting.name, "S01") is not None
        assert withdrawn_tonight(waiting.house.pod("p2"), waiting.name, "S02") is None
        seen = opened(chromium, server, waiting, "S02")
        seen.goto(seen.url.replace("/morning", "/consent"))
        for theme in THEMES:
            seen.get_by_role("navigation", name="Colours").get_by_role("link", name=theme).click()
            assert amiss(seen) == [], theme
