"""Does the page say in plain words what could end its night: the screen, the battery, its place in front?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.testing import browsers, live_nights, pod_pages

pytestmark = pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")
PHONE = """
window.battery = Object.assign(new EventTarget(), { charging: true, level: 0.9 });
navigator.getBattery = async () => window.battery;
window.lock = Object.assign(new EventTarget(), { released: false });
window.mayLock = true;
const request = async () => { if (!window.mayLock) throw new Error('denied'); return window.lock; };
Object.defineProperty(navigator, 'wakeLock', { value: { request } });
"""
"""A phone whose battery and screen a test holds in its hand."""
STANDING = "document.querySelector('dl-pod').link.told.standing()"


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return pod_pages.on_pages(live_nights.write(tmp_path, "tonight"))


@contextmanager
def phone(night: NightFolder) -> Iterator[Any]:
    with browsers.served(night) as server, browsers.browser() as browser:
        context = browser.new_context(viewport=pod_pages.PHONE)
        context.add_init_script(PHONE)
        page = context.new_page()
        page.set_default_timeout(pod_pages.PATIENCE_MS)
        page.goto(f"http://127.0.0.1:{server.port}/pod/join/{pod_links.make(night, 'p1')[0]}")
        page.get_by_role("button", name="Play the notes").wait_for()
        yield page


def warned(page: Any) -> list[str]:
    page.wait_for_timeout(150)
    return [line.strip() for line in page.locator(".warnings li").all_inner_texts()]


def test_a_phone_on_its_charger_with_its_screen_kept_on_is_warned_of_nothing(night) -> None:
    with phone(night) as page:
        pod_pages.arm(page)
        assert warned(page) == []
        assert page.evaluate(STANDING) == {
            "armed": True, "lowered_db": 0, "paused": False,
            "hidden": False, "awake": True, "battery": 0.9, "charging": True,
        }  # fmt: skip


def test_a_phone_off_its_charger_is_told_so_and_more_when_it_runs_low(night) -> None:
    with phone(night) as page:
        page.evaluate("battery.charging = false; battery.dispatchEvent(new Event('chargingchange')); 0")
        assert warned(page) == ["Plug the phone in."]
        page.evaluate("battery.level = 0.15; battery.dispatchEvent(new Event('levelchange')); 0")
        assert warned(page) == ["The battery is low. Plug the phone in."]
        assert browsers.amiss(page) == []
        page.evaluate("battery.charging = true; battery.dispatchEvent(new Event('chargingchange')); 0")
        assert warned(page) == []


def test_a_screen_that_may_lock_is_told_whether_it_was_refused_or_taken_away(night) -> None:
    words = ["The screen may lock, and sound with it. Set it to stay on."]
    with phone(night) as page:
        page.evaluate("window.mayLock = false; 0")
        pod_pages.arm(page)
        assert warned(page) == words
        page.evaluate("window.mayLock = true; document.querySelector('dl-pod').guards.keepAwake()")
        assert warned(page) == []
        page.evaluate("lock.released = true; lock.dispatchEvent(new Event('release')); 0")
        assert warned(page) == words
        assert page.evaluate(STANDING)["awake"] is False


def test_a_page_that_was_hidden_says_so_when_it_is_seen_again(night) -> None:
    hide = "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    with phone(night) as page:
        pod_pages.arm(page)
        page.evaluate(f"{hide} document.dispatchEvent(new Event('visibilitychange')); }}", arg=True)
        assert page.evaluate(STANDING)["hidden"] is True
        page.evaluate(f"{hide} document.dispatchEvent(new Event('visibilitychange')); }}", arg=False)
        assert warned(page) == ["The page was hidden. Keep it in front."]


def test_every_line_of_the_help_card_is_short_and_nothing_on_it_asks_to_decide(night) -> None:
    with phone(night) as page:
        pod_pages.arm(page)
        page.get_by_role("button", name="Help").click()
        lines = page.locator(".calm p").all_inner_texts()
        assert lines
        assert page.locator(".calm button").count() == 1
        assert not any(len(sentence.split()) > 9 for line in lines for sentence in line.split("."))
        assert not any("!" in line or "fail" in line for line in lines)
