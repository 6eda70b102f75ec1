"""Does a phone at a bed play what its night decides, fall silent with the network cut, and lose no dream?"""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import pod_links, told_dreams, withdrawing
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import ConsentWithdrawn, CuePlayed, OutputBound
from dreamloom.testing import browsers, live_nights, pod_pages
from dreamloom.testing.timed_pages import LISTEN, SOUNDS_NOW, apart_ms, errors_of, stopped_within_s
from dreamloom.web.serving import Server

pytestmark = pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")
CUES = 4
MOST_ERROR_S, MOST_APART_S, MOST_STOP_S = 0.050, 0.020, 0.050
WAIT_S = 100.0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[NightFolder, Server]]:
    night = pod_pages.on_pages(live_nights.write(tmp_path, "tonight", pods=2, dreamscape=live_nights.LONG_CUES))
    server = Server(night, port=0)
    thread = server.start()
    yield night, server
    server.stop()
    thread.join(20.0)


def told(night: NightFolder, kind: type, pod: str = "") -> list[Any]:
    found = [event for event in live_nights.events_of(night) if isinstance(event, kind)]
    return [event for event in found if not pod or event.pod == pod]


@pytest.mark.real_time
def test_a_page_plays_its_night_stops_with_the_network_cut_and_loses_no_dream(served, tmp_path) -> None:
    night, server = served
    wrong: list[str] = []
    process = live_nights.start(night)
    with (
        live_nights.cared_for(process),
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1", "p2"], port=server.port, wrong=wrong) as (page, other),
    ):
        page.evaluate(LISTEN)
        pumped(page, lambda: all(len(told(night, CuePlayed, pod)) >= CUES for pod in ("p1", "p2")), process)
        assert_in_time(night)
        pod_pages.until(page, SOUNDS_NOW)
        page.context.set_offline(True)
        page.evaluate("document.querySelector('dl-pod').link.lose()")
        page.screenshot(path=tmp_path / "night.png")
        stop_s = stopped_within_s(page)
        print(f"STOP to the last frame that is not zero: {1000 * stop_s:.1f} ms")
        assert stop_s <= MOST_STOP_S
        assert told(night, ConsentWithdrawn) == []
        tell_offline(page)
        page.context.set_offline(False)
        page.get_by_text("received").wait_for()
        assert [told_dreams.read(night, path)[1] for path in told_dreams.told_at(night, "p1")] == [
            "A bell under water."
        ]
        pumped(page, lambda: bool(told(night, ConsentWithdrawn)), process)
        assert [(no.sleeper, no.channel) for no in told(night, ConsentWithdrawn)] == [("S01", "pod page")]
        played = len(told(night, CuePlayed, "p2"))
        pumped(other, lambda: len(told(night, CuePlayed, "p2")) > played, process)
        live_nights.end(process)
    assert wrong == []
    assert [bound.device for bound in told(night, OutputBound)] == ["browser:p1", "browser:p2"]
    last_s = told(night, ConsentWithdrawn)[0].onset_s
    assert all(cue.actual_s < last_s for cue in told(night, CuePlayed, "p1"))


def pumped(page: Any, until: Callable[[], bool], process: Any) -> None:
    """Waits for it while the browser goes on."""
    for _ in range(int(WAIT_S / 0.25)):
        if until():
            return
        assert process.poll() is None
        page.wait_for_timeout(250)
    pytest.fail("it did not come so far")


def assert_in_time(night: NightFolder) -> None:
    """By the page's own word, on its audio clock: every cue near its time, and both pages near each other."""
    events = live_nights.events_of(night)
    assert {cue.verified for cue in told(night, CuePlayed)} == {"callback clock"}
    errors, pairs = errors_of(events), apart_ms(events)
    print(f"{len(errors['errors_ms'])} cues, error at most {max(errors['errors_ms'])} ms; apart {max(pairs)} ms")
    assert max(errors["errors_ms"]) < 1000 * MOST_ERROR_S
    assert len(pairs) >= CUES - 1
    assert max(pairs) < 1000 * MOST_APART_S
    assert errors["failed"] == 0


def tell_offline(page: Any) -> None:
    page.get_by_role("button", name="Tell a dream").click()
    page.get_by_label("Your dream").fill("A bell under water.")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("on this phone, not sent yet").wait_for()


def test_a_dream_and_a_stop_outlive_a_reload_without_a_network(served) -> None:
    night, server = served
    wrong: list[str] = []
    with (
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1"], port=server.port, wrong=wrong) as (page,),
    ):
        pod_pages.until(page, "navigator.serviceWorker.controller !== null")
        page.context.set_offline(True)
        tell_offline(page)
        page.get_by_role("button", name="Back").click()
        page.locator(".stop").click()
        page.get_by_text("The house is told when it can be reached").wait_for()
        page.wait_for_timeout(200)
        page.reload()
        page.get_by_text("The house is told when it can be reached").wait_for()
        assert told_dreams.told_at(night, "p1") == []
        page.get_by_role("button", name="Tell a dream").click()
        page.get_by_text("on this phone, not sent yet").wait_for()
        page.context.set_offline(False)
        page.get_by_text("received").wait_for()
        page.get_by_role("button", name="Back").click()
        page.get_by_text("The house knows").wait_for()
        assert len(told_dreams.told_at(night, "p1")) == 1
        assert page.evaluate(UNSENT) == 0
    assert wrong == []


UNSENT = """() => new Promise((resolve) => {
  indexedDB.open('pod').onsuccess = ({ target }) => {
    const count = target.result.transaction('unsent').objectStore('unsent').count();
    count.onsuccess = () => resolve(count.result);
  };
})"""


def test_what_was_kept_for_one_night_is_not_said_in_the_next(served) -> None:
    night, server = served
    wrong: list[str] = []
    with (
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1"], port=server.port, wrong=wrong) as (page,),
    ):
        page.context.set_offline(True)
        tell_offline(page)
        page.locator(".stop").click()
        page.wait_for_timeout(300)
        (night.root / "browsers/tonight").write_text("an0ther0n1ght000")
        page.context.set_offline(False)
        token, _ = pod_links.make(night, "p1")
        page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
        page.get_by_role("button", name="Play the notes").wait_for()
        page.evaluate("document.querySelector('dl-pod').send()")
        assert page.evaluate(UNSENT) == 2
        assert told_dreams.told_at(night, "p1") == []
        assert withdrawing.withdrawn_tonight(night.house.pod("p1"), night.name, "S01") is None
    assert wrong == []


def test_nothing_is_forgotten_before_the_receipt_and_a_lost_receipt_tells_nothing_twice(served) -> None:
    night, server = served
    wrong: list[str] = []
    with (
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1"], port=server.port, wrong=wrong) as (page,),
    ):
        page.route("**/api/pod/reports", lambda asked: (asked.fetch(), asked.abort()))  # taken, and its receipt lost
        page.get_by_role("button", name="Tell a dream").click()
        page.get_by_label("Your dream").fill("Twice told.")
        page.get_by_role("button", name="Keep it").click()
        page.get_by_text("on this phone, not sent yet").wait_for()
        page.wait_for_timeout(500)
        assert page.evaluate(UNSENT) == 1
        assert len(told_dreams.told_at(night, "p1")) == 1
        page.unroute("**/api/pod/reports")
        page.evaluate("document.querySelector('dl-pod').soon()")
        page.get_by_text("received").wait_for()
        assert page.evaluate(UNSENT) == 0
        assert len(told_dreams.told_at(night, "p1")) == 1
    assert wrong == []


def test_pause_silences_at_once_going_on_takes_two_taps_and_help_is_quiet(served) -> None:
    night, server = served
    wrong: list[str] = []
    with (
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1"], port=server.port, wrong=wrong) as (page,),
    ):
        level = "document.querySelector('dl-pod').deck.own.gain.value"
        page.get_by_role("button", name="Pause").click()
        page.wait_for_timeout(100)
        assert page.evaluate(level) == 0.0
        page.get_by_role("button", name="Go on").click()
        page.wait_for_timeout(100)
        assert page.evaluate(level) == 0.0
        page.get_by_role("button", name="Tap once more to go on").click()
        page.wait_for_timeout(100)
        assert page.evaluate(level) == 1.0
        page.get_by_role("button", name="Quieter").click()
        page.wait_for_timeout(100)
        assert page.evaluate(level) == pytest.approx(10 ** (-3 / 20), abs=1e-3)
        page.get_by_role("button", name="Help").click()
        page.wait_for_timeout(100)
        assert page.evaluate(level) == 0.0
        assert page.locator(".stop").is_visible()
        page.get_by_role("button", name="I am all right").click()
        page.wait_for_timeout(100)
        assert page.evaluate(level) == pytest.approx(10 ** (-3 / 20), abs=1e-3)
    assert wrong == []


def test_stop_is_a_third_of_every_screen_and_no_page_tells_a_theme(served) -> None:
    night, server = served
    wrong: list[str] = []
    with (
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1"], port=server.port, wrong=wrong) as (page,),
    ):
        for width, height in ((390, 844), (360, 640), (1280, 800), (844, 390)):
            page.set_viewport_size({"width": width, "height": height})
            box = page.locator(".stop").bounding_box()
            assert box["height"] * box["width"] >= 0.3 * width * height, (width, height)
            assert 0 <= box["y"] < box["y"] + box["height"] <= height, (width, height)
        assert page.title() == "Dreamloom"
        assert page.url.endswith("/pod")
    assert wrong == []


def test_a_page_beside_another_speaker_stops_it_and_says_when_it_cannot(tmp_path) -> None:
    night = live_nights.write(tmp_path, "tonight")
    with browsers.served(night) as server, browsers.browser() as browser:
        wrong: list[str] = []
        with pod_pages.page_of(browser, night, "p1", port=server.port, wrong=wrong) as page:
            page.get_by_role("button", name="Begin the night").click()
            page.get_by_text("another speaker. STOP here stops it").wait_for()
            assert page.get_by_role("button", name="Quieter").count() == 0
            page.context.set_offline(True)
            page.evaluate("document.querySelector('dl-pod').link.lose()")
            page.get_by_text("STOP cannot reach your speaker now").wait_for()
            page.locator(".stop").click()
            page.get_by_text("Switch the speaker off by hand").wait_for()
            page.context.set_offline(False)
            page.get_by_text("The house knows").wait_for()
        assert withdrawing.withdrawn_tonight(night.house.pod("p1"), night.name, "S01") is not None
    assert wrong == []


def test_over_plain_http_nothing_can_be_checked_so_nothing_sounds_and_stop_works_all_the_same(tmp_path) -> None:
    from playwright.sync_api import sync_playwright

    night = pod_pages.on_pages(live_nights.write(tmp_path, "tonight"))
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    server = Server(night, port=port, also=[f"phone.test:{port}"])
    thread = server.start()
    with sync_playwright() as play:
        words = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP phone.test 127.0.0.1"]
        browser = play.chromium.launch(executable_path=browsers.CHROMIUM, args=words)
        page = browser.new_page(viewport=pod_pages.PHONE)
        token, _ = pod_links.make(night, "p1")
        page.goto(f"http://phone.test:{port}/pod/join/{token}")
        page.get_by_text("This address is not secure").wait_for()
        assert page.evaluate("window.isSecureContext") is False
        pod_pages.arm(page)
        page.evaluate("document.querySelector('dl-pod').deck.fetch('0'.repeat(64))")
        assert page.evaluate("document.querySelector('dl-pod').deck.sounds.size") == 0
        page.locator(".stop").click()
        page.get_by_text("The house knows").wait_for()
        browser.close()
    server.stop()
    thread.join(20.0)
    assert withdrawing.withdrawn_tonight(night.house.pod("p1"), night.name, "S01") is not None


def test_axe_finds_nothing_on_any_view_of_the_page(served) -> None:
    night, server = served
    wrong: list[str] = []
    with (
        browsers.browser() as browser,
        pod_pages.page_of(browser, night, "p1", port=server.port, wrong=wrong) as page,
    ):
        page.get_by_role("button", name="Play the notes").wait_for()
        views = {"check": browsers.amiss(page)}
        pod_pages.arm(page)
        views["night"] = browsers.amiss(page)
        for name, button, back in (("tell", "Tell a dream", "Back"), ("help", "Help", "I am all right")):
            page.get_by_role("button", name=button).click()
            views[name] = browsers.amiss(page)
            page.get_by_role("button", name=back).click()
        page.locator(".stop").click()
        views["stopped"] = browsers.amiss(page)
    assert {name: found for name, found in views.items() if found} == {}
    assert wrong == []


def test_a_page_whose_link_is_used_up_says_so_and_keeps_silent(served) -> None:
    _, server = served
    with browsers.browser() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/pod/join/used-up")
        page.get_by_text("This link is used up").wait_for()
        assert browsers.amiss(page) == []
        assert page.locator(".stop").count() == 0
