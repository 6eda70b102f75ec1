"""Does a bed hear from its phone whether somebody stirs, and never a stage; and does the page say where it cannot?"""

from pathlib import Path
from typing import Any

import edfio
import numpy as np
import pytest

from dreamloom.adapters.joined import JoinedSource
from dreamloom.engine.clocks import RealClock
from dreamloom.house.joined_streams import of_phone
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import ArousalSeen, StageScored, StreamDescribed
from dreamloom.signals.blocks import Block
from dreamloom.testing import browsers, live_nights, pod_pages
from dreamloom.vocabulary.units import NightTime

pytestmark = pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")
STILL = """() => {
  window.shaking = 0;
  setInterval(() => {
    const shaken = window.shaking * (Math.random() - 0.5);
    dispatchEvent(new DeviceMotionEvent('devicemotion', {
      accelerationIncludingGravity: { x: shaken, y: 0, z: 9.80665 + shaken }, interval: 16,
    }));
  }, 16);
}"""
"""A phone that lies flat, as its sensor tells it."""
DENIES = "DeviceMotionEvent.requestPermission = async () => { window.asked = true; return 'denied'; };"
ELSE = "    else: {pod: phone, when: {after_lights_off: 20 s, for: 3 h, because: ours}, label: unstaged}\n"
UNSTAGED = live_nights.TIRELESS.replace("    play: chord\n", f"{ELSE}    play: chord\n")


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return pod_pages.on_pages(live_nights.write(tmp_path, "tonight", source="phone:movement", dreamscape=UNSTAGED))


def test_movement_reaches_the_bed_in_thousandths_of_a_g_ten_times_a_second(night) -> None:
    clock, wrong = RealClock(), list[str]()
    source = JoinedSource(of_phone(), night.house.pod("p1").root, now_s=clock.now_s)
    blocks: list[Block] = []
    with (
        browsers.served(night) as server,
        browsers.browser() as browser,
        pod_pages.page_of(browser, night, "p1", port=server.port, wrong=wrong) as page,
    ):
        page.evaluate(STILL)
        pod_pages.arm(page)
        for _ in range(100):
            blocks += source.read(NightTime(1e9))
            if sum(len(block.samples) for block in blocks) >= 30:
                break
            page.wait_for_timeout(100)
        now_s = clock.now_s()
        assert page.get_by_text("feels no movement").count() == 0
    source.close()
    rows = np.concatenate([block.samples for block in blocks])
    assert len(rows) >= 30
    assert np.nanmedian(rows, axis=0) == pytest.approx([0.0, 0.0, 1000.0], abs=1.0)
    assert np.isnan(rows).mean() < 0.2
    assert blocks[0].sfreq_hz == 10.0
    assert 0.0 <= now_s - (blocks[-1].onset_s + 0.5) < 1.5
    assert wrong == []


def test_a_phone_that_denies_says_so_and_the_night_has_a_page_all_the_same(night) -> None:
    said(night, DENIES, "This phone does not tell how it moves. Allow motion for this page")


def test_a_phone_that_feels_nothing_says_so(night) -> None:
    said(night, "", "This phone feels no movement now. Nothing that waits for it sounds.")


def said(night: NightFolder, before: str, words: str) -> None:
    with browsers.served(night) as server, browsers.browser() as browser:
        context = browser.new_context(viewport=pod_pages.PHONE)
        context.add_init_script(before)
        page = entered(context, night, server.port)
        pod_pages.arm(page)
        page.get_by_text(words).wait_for()
        assert browsers.amiss(page) == []


def test_a_bed_with_another_signal_never_asks_how_its_phone_moves(tmp_path) -> None:
    other = pod_pages.on_pages(live_nights.write(tmp_path, "tonight"))
    with browsers.served(other) as server, browsers.browser() as browser:
        context = browser.new_context(viewport=pod_pages.PHONE)
        context.add_init_script(DENIES)
        page = entered(context, other, server.port)
        pod_pages.arm(page)
        assert page.evaluate("window.asked ?? false") is False
        assert page.get_by_text("how it moves").count() == 0


def entered(context: Any, night: NightFolder, port: int) -> Any:
    from dreamloom.house import pod_links

    page = context.new_page()
    page.set_default_timeout(pod_pages.PATIENCE_MS)
    page.goto(f"http://127.0.0.1:{port}/pod/join/{pod_links.make(night, 'p1')[0]}")
    return page


@pytest.mark.real_time
@pytest.mark.waits
@pytest.mark.timeout(200)
def test_a_live_night_stores_movement_and_tells_stirring_and_no_stage(night) -> None:
    wrong: list[str] = []
    with (
        browsers.served(night) as server,
        browsers.browser() as browser,
        pod_pages.page_of(browser, night, "p1", port=server.port, wrong=wrong) as page,
    ):
        page.evaluate(STILL)
        pod_pages.arm(page)
        process = live_nights.start(night)
        with live_nights.cared_for(process):
            pumped(page, lambda: live_nights.newest_settled(night) >= 40)
            page.evaluate("() => { window.shaking = 8; }")
            pumped(page, lambda: bool(told(night, ArousalSeen)))
            live_nights.end(process)
    assert wrong == []
    (described,) = told(night, StreamDescribed)
    assert (described.source, described.grid_hz) == ("phone:movement", 10)
    assert {scored.stage for scored in told(night, StageScored)} <= {"UNSCORED"}
    stored = edfio.read_edf(next(night.signals.glob("p1*.edf")))
    assert [signal.label for signal in stored.signals] == ["Accel X", "Accel Y", "Accel Z"]
    assert np.median(stored.signals[2].data) == pytest.approx(1000.0, abs=1.0)


def test_what_waits_for_a_stage_is_refused_at_such_a_bed_with_its_reason(tmp_path) -> None:
    staged = pod_pages.on_pages(live_nights.write(tmp_path, "tonight", source="phone:movement"))
    process = live_nights.start(staged)
    with live_nights.cared_for(process):
        assert process.wait(60) == 5
    said = (staged.root / "said.txt").read_text()
    assert "DL-E534 Bed p1 cannot support the gate of parts[0]" in said
    assert "a phone has no EEG" in said


def told(night: NightFolder, kind: type) -> list[Any]:
    return [event for event in live_nights.events_of(night) if isinstance(event, kind)]


def pumped(page: Any, until: Any) -> None:
    for _ in range(400):
        if until():
            return
        page.wait_for_timeout(250)
    pytest.fail("it did not come so far")
