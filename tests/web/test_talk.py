"""Do a bed and whoever is awake reach each other in writing? Pages on both sides of a night that runs."""

from collections.abc import Iterator
from typing import Any

import pytest

from dreamloom.house import pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.record.room_events import IntercomUsed
from dreamloom.testing import live_nights
from dreamloom.testing.browsers import CHROMIUM, amiss, browser, served
from dreamloom.web.serving import Server
from dreamloom.web.themes import THEMES

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium"),
    pytest.mark.real_time,
    pytest.mark.waits,
]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NightFolder]:
    """One that runs, with a sleeper who is awake."""
    made = live_nights.write(tmp_path_factory.mktemp("house"), "tide", source="sim:typical")
    process = live_nights.start(made)
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(made, 5, process, within_s=60.0)
        yield made
        live_nights.end(process)


@pytest.fixture(scope="module")
def server(night: NightFolder) -> Iterator[Server]:
    with served(night) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def opened(chromium: Any, address: str, *, scripts: bool = True, **asked: Any) -> Any:
    page = chromium.new_context(java_script_enabled=scripts, **asked).new_page()
    page.set_default_timeout(20_000)
    page.goto(address)
    return page


def staff(chromium: Any, server: Server, **asked: Any) -> Any:
    page = opened(chromium, server.link("orchestrator", name="anna"), **asked)
    page.goto(f"http://127.0.0.1:{server.port}/nights/tide/beds/p1/talk")
    return page


def bed(chromium: Any, server: Server, night: NightFolder, **asked: Any) -> Any:
    token, _ = pod_links.make(night, "p1")
    page = opened(chromium, f"http://127.0.0.1:{server.port}/pod/join/{token}", **asked)
    page.get_by_role("button", name="Begin the night").click()
    return page


def test_words_go_both_ways_and_every_use_is_an_event(chromium, server, night) -> None:
    there, here = bed(chromium, server, night), staff(chromium, server)
    here.get_by_label("Your words").fill("Are you all right?")
    here.get_by_role("button", name="Send").click()
    there.get_by_role("button", name="Somebody wrote").click()
    there.get_by_text("Are you all right?").wait_for()
    there.get_by_label("Your words").fill("Yes. <b>Water</b>, please.")
    there.get_by_role("button", name="Send").click()
    here.get_by_text("Yes. <b>Water</b>, please.").wait_for()
    here.goto(f"http://127.0.0.1:{server.port}/nights/tide")
    here.get_by_text("wrote to whoever is awake: read it, and answer").first.wait_for()
    assert there.get_by_role("button", name="STOP").is_visible()
    told = [event for event in live_nights.events_of(night) if isinstance(event, IntercomUsed)]
    uses = [(event.by, event.toward, event.way) for event in told]
    assert uses == [("anna", "bed", "typed"), ("S01", "house", "typed")]


def test_the_staffs_side_works_without_a_script(chromium, server) -> None:
    page = staff(chromium, server, scripts=False)
    page.get_by_label("Your words").fill("The door is open.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("It lies beside the night").wait_for()
    for _ in range(50):
        page.goto(f"http://127.0.0.1:{server.port}/nights/tide/beds/p1/talk")
        if page.get_by_text("The door is open.").count():
            break
        page.wait_for_timeout(200)
    assert page.get_by_text("The door is open.").count() == 1


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_either_side(chromium, server, night, theme) -> None:
    page = staff(chromium, server)
    page.goto(f"http://127.0.0.1:{server.port}/nights/tide/beds/p1/talk?theme={theme}")
    assert amiss(page) == []
    there = bed(chromium, server, night)
    there.locator("dl-talk button").click()
    there.get_by_label("Your words").wait_for()
    assert amiss(there) == []


def test_stop_is_never_covered(chromium, server, night) -> None:
    there = bed(chromium, server, night, viewport={"width": 390, "height": 844})
    there.locator("dl-talk button").click()
    there.get_by_label("Your words").fill("Yes.")
    box, stop = there.locator(".across").bounding_box(), there.locator("button.stop").bounding_box()
    assert box["y"] + box["height"] <= stop["y"], "STOP is never covered"
