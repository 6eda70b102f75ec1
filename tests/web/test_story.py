"""Can four sleepers go from waking to a story they ratified, and nine find their threads, on pages without scripts?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import (
    circles,
    demo_morning,
    demonstrating,
    machine_voice,
    next_theme,
    pod_links,
    running,
    story,
    weaving,
)
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.run_options import RunOptions
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, amiss, browser, night_that_is_over, served
from dreamloom.testing.told_mornings import THEME, invented, whole_morning
from dreamloom.testing.wording_model import worded_by
from dreamloom.web.serving import Server
from dreamloom.web.themes import THEMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
DREAMS = {
    "S01": "I stood on a pier of glass. The water under it was warm and slow.",
    "S02": "My aunt sold clocks that ran on rain. I wanted to buy one and had only a bicycle.",
    "S03": "There was a lift that went sideways through a library. Everybody in it whispered prices.",
    "S04": "A fox explained the timetable to me, very politely. Then the platform began to float.",
}
SHOTS = Path("build/screenshots")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def opened(chromium: Any, server: Server, night: NightFolder, who: str, *, path: str, scripts: bool = False) -> Any:
    page = chromium.new_context(java_script_enabled=scripts, viewport={"width": 900, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    token, _ = pod_links.make(night, who)
    page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
    page.goto(f"http://127.0.0.1:{server.port}{path}")
    return page


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"story-{name}.png", full_page=True)


def press(page: Any, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def tell(page: Any, text: str) -> None:
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill(text)
    press(page, "Keep this")
    press(page, "That is all")
    press(page, "Keep this")  # nothing to the probes
    page.get_by_role("radio", name="no", exact=True).check()
    press(page, "Keep this")
    page.get_by_label("yes", exact=True).check()
    press(page, "Keep this")


def test_four_sleepers_go_from_waking_to_a_collage_they_ratified(chromium: Any, tmp_path: Path) -> None:
    night = night_that_is_over(tmp_path / "house", beds=4, hours=0.02)
    with served(night) as server:
        found = {f"S{n:02d}": opened(chromium, server, night, f"S{n:02d}", path="/morning") for n in range(1, 5)}
        for who, page in found.items():
            tell(page, DREAMS[who])
        for page in found.values():
            page.goto(page.url.split("/morning")[0] + "/morning")
            page.get_by_label("in a shared story").check()
            press(page, "This is what I want")
        for number, (who, page) in enumerate(found.items(), 1):
            page.get_by_role("link", name="The story of this night").click()
            assert page.locator("h1").inner_text() == "The story of a night"
            if number <= 2:
                page.get_by_label(DREAMS[who].partition(".")[0]).check()
                page.get_by_label("Under which name").fill(f"Heron {number}")
                press(page, "Keep this")
            assert "S0" not in page.inner_text("main"), who
        for number, page in enumerate(list(found.values())[:2], 1):
            page.reload()
            assert page.get_by_text("Heron 1:").is_visible()
            shot(page, f"few-{number}")
            page.get_by_label("Yes, it may be shown").check()
            press(page, "Say so")
        assert page.get_by_text("Ratified: it may be shown.").is_visible()
        public = weaving.standing(night).public
        assert "Heron 2: My aunt sold clocks that ran on rain." in public.text
        assert "bicycle" not in public.text
        press(page, "Leave this story")
        assert "Heron 2" not in weaving.standing(night).weave.text


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    night = night_that_is_over(tmp_path_factory.mktemp("house"), beds=9, hours=0.01)
    for n in range(1, 10):
        whole_morning(night, f"S{n:02d}", text=invented(f"S{n:02d}", "tide", themes=THEME, mentions=4))
    return night


def test_whether_the_dreams_met_is_shown_as_figures_with_their_sentences(chromium: Any, tmp_path: Path) -> None:
    night = demonstrating.prepare(House(tmp_path / "house"), length_s=5.0).folder
    running.run_night(night, RunOptions(speed_x=None, until_s=5.0))
    assert demo_morning.tell(night)
    with served(night) as server:
        page = chromium.new_context(viewport={"width": 900, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link("orchestrator", name="anna"))
        page.goto(f"http://127.0.0.1:{server.port}/nights/{night.name}/story")
        page.get_by_role("link", name="Ask the tests.").click()
        figure = page.locator("figure", has_text="Any likeness")
        assert figure.locator("svg.wide").is_visible()
        assert "more alike than chance" in figure.locator("figcaption").inner_text()
        shot(page, "met")
        figure.locator("summary").click()
        assert figure.get_by_role("row", name="Statistic").is_visible()
        page.set_viewport_size({"width": 390, "height": 844})
        assert figure.locator("svg.narrow").is_visible()
        shot(page, "met-narrow")
        assert amiss(page) == []


def test_dreamers_bridge_answer_and_take_back(chromium: Any, nine: NightFolder) -> None:
    with served(nine) as server:
        early = opened(chromium, server, nine, "S01", path="/story")
        assert early.url.endswith("/morning")  # nobody reads it who was not told yet what the night was about
        first, second = (opened(chromium, server, nine, who, path="/morning") for who in ("S01", "S02"))
        for each in (first, second):
            each.get_by_role("link", name="The story of this night").click()
        open_before = first.locator("details", has_text="build a bridge").count()
        assert open_before > 0
        shot(first, "nine")
        bridge = first.locator("details", has_text="build a bridge").first
        bridge.locator("summary").click()
        bridge.get_by_role("textbox").fill("And the same light was on the other shore.")
        bridge.get_by_role("button").click()
        assert first.locator("details", has_text="build a bridge").count() == open_before - 1
        second.reload()
        assert second.get_by_text("And the same light was on the other shore.").is_visible()
        assert second.get_by_role("button", name="Take it back").count() == 0
        second.locator("details", has_text="Answer").first.locator("summary").click()
        second.get_by_label("Your answer").first.fill("It was green.")
        press(second, "Say it")
        assert second.get_by_text("It was green.").is_visible()
        first.reload()
        first.get_by_role("button", name="Take it back").first.click()
        second.reload()
        assert second.get_by_text("other shore").count() == 0


def test_a_machine_is_named_beside_the_dreamers_words_and_taken_out_by_one_of_them(
    chromium: Any, nine: NightFolder
) -> None:
    with worded_by(nine.house), served(nine) as server:
        machine_voice.join(nine, by="anna")
        page = opened(chromium, server, nine, "S05", path="/morning", scripts=True)
        page.get_by_role("link", name="The story of this night").click()
        worded = page.locator(".machine-says")
        worded.first.wait_for()
        own = page.locator("blockquote").count()
        assert 0 < worded.count() < own
        assert all(text.startswith("machine: words") for text in worded.all_inner_texts())
        for theme in THEMES:
            page.get_by_role("navigation", name="Colours").get_by_role("link", name=theme).click()
            assert amiss(page) == [], theme
            shot(page, f"machine-{theme}")
        staff = chromium.new_context().new_page()
        staff.goto(server.link("orchestrator", name="anna"))
        staff.goto(f"http://127.0.0.1:{server.port}/nights/tide/story")
        assert staff.locator(".machine-says").count() == 0
        assert "machine" not in staff.inner_text("main")
        press(page, "Take the machine out")
        page.get_by_text("A machine takes part").wait_for(state="detached")
        assert page.locator("blockquote").count() == own
        assert worded.count() == 0


def test_a_ratified_thread_is_signed_on_the_page_and_the_signature_taken_back(chromium: Any, nine: NightFolder) -> None:
    found = weaving.standing(nine)
    thread, sha256 = next(iter(found.threads.items()))
    who = sorted(found.speakers_in(thread))
    for each in who:
        weaving.ratify(nine, each, sha256, "yes")
    with served(nine) as server:
        page = opened(chromium, server, nine, who[0], path="/morning")
        page.get_by_role("link", name="The story of this night").click()
        press(page, f"Sign as a theme of a next night: thread {thread}")
        page.get_by_text("You signed that this thread").wait_for()
        shot(page, "signed")
        assert next_theme.signed(nine, weaving.standing(nine), thread).by == {who[0]}
        press(page, f"Take my signature back from thread {thread}")
        page.get_by_role("button", name=f"Sign as a theme of a next night: thread {thread}").wait_for()
        assert next_theme.signed(nine, weaving.standing(nine), thread).by == frozenset()
    for each in who:
        weaving.ratify(nine, each, sha256, "no")


def test_axe_finds_nothing_in_any_theme_and_staff_see_nobody(chromium: Any, nine: NightFolder) -> None:
    with served(nine) as server:
        page = opened(chromium, server, nine, "S03", path="/morning", scripts=True)
        page.get_by_role("link", name="The story of this night").click()
        for theme in THEMES:
            page.get_by_role("navigation", name="Colours").get_by_role("link", name=theme).click()
            assert amiss(page) == [], theme
            shot(page, f"nine-{theme}")
        staff = chromium.new_context().new_page()
        staff.goto(server.link("orchestrator", name="anna"))
        staff.goto(f"http://127.0.0.1:{server.port}/nights/tide/story")
        assert amiss(staff) == []
        assert staff.get_by_role("button").count() == 0
        assert "S0" not in staff.inner_text("main")


def test_staff_read_what_is_ratified_and_nothing_of_the_circle(nine: NightFolder) -> None:
    found = weaving.standing(nine)
    (bridged, *_) = [piece for piece in found.weave.pieces if piece.source is not None]
    thread = bridged.thread
    circles.say(nine, "S01", entry="ab" * 16, manner="bridge", after=circles.key(bridged), text="a door of salt")
    try:
        assert "a door of salt" in str(story.story(nine, "S01").lines)
        staff = story.story(nine)
        assert [line.text for line in staff.lines if line.place] == []
        assert staff.threads == ()
        for who in found.speakers_in(thread):
            weaving.ratify(nine, who, found.threads[thread], "yes")
        staff = story.story(nine)
        assert {line.thread for line in staff.lines if line.place} == {thread}
        assert [each.id for each in staff.threads] == [thread]
        assert "a door of salt" not in str(staff)
    finally:
        circles.leave(nine, "S01")
