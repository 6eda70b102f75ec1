"""Is a page in a browser a bed's speaker like every other one? The speakers' contract, on a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from dreamloom.adapters.speaker import ChildSpeaker
from dreamloom.adapters.speaker.page_wire import PAGE
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.house import pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.ports import PlayCommand
from dreamloom.testing import browsers, live_nights, pod_pages
from dreamloom.testing.speaker_contract import CHORD, LONG_TONE, Rig, SpeakerContract, allow, outcomes
from dreamloom.vetoes.bits import Bit
from dreamloom.web.serving import Server

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium"),
]


class PageRig:
    def __init__(self, speaker: ChildSpeaker, page) -> None:
        self.speaker = speaker
        self.page = page

    def now_s(self) -> float:
        return self.speaker.now_s()

    def pass_time(self, duration_s: float, *, beating: bool = True) -> None:
        until_s = self.now_s() + duration_s
        while (now_s := self.now_s()) < until_s:
            if beating:
                self.speaker.beat(now_s)
            self.page.wait_for_timeout(1000 * min(0.1, until_s - now_s))


@contextmanager
def open_page(folder: Path) -> Iterator[PageRig]:
    night = pod_pages.on_pages(live_nights.write(folder, "tonight"))
    at_bed = night.house.pod("p1")
    pod_pages.lay_sounds(at_bed.cues, (CHORD, LONG_TONE))
    server = Server(night, port=0)
    server.start()
    wrong: list[str] = []
    device = DeviceAsked(id="browser:p1", backend=PAGE, channels=1, on=(1,), latency_s=0.0)
    with (
        browsers.browser() as browser,
        pod_pages.armed(browser, night, ["p1"], port=server.port, wrong=wrong) as (page,),
    ):
        speaker = ChildSpeaker(at_bed.bits, folder / "p1.wav", now_s=100.0, device=device)
        rig = PageRig(speaker, page)
        try:
            pod_pages.until(page, pod_pages.IN_LINE)
            rig.pass_time(0.3)
            yield rig
        finally:
            speaker.close()
            server.stop()
    assert wrong == []


class TestPageSpeaker(SpeakerContract):
    late_s: ClassVar[float] = 0.4
    early_s: ClassVar[float] = 0.05

    @contextmanager
    def open_rig(self, folder: Path) -> Iterator[Rig]:
        with open_page(folder) as rig:
            yield rig


def test_a_sound_that_is_not_what_was_agreed_to_never_begins(tmp_path):
    with open_page(tmp_path) as rig:
        allow(rig.speaker)
        spoilt = CHORD.frames.copy()
        spoilt[100] += 0.25
        route = "**/api/pod/sounds/*"
        rig.page.evaluate("document.querySelector('dl-pod').deck.sounds.clear()")
        rig.page.route(route, lambda asked: asked.fulfill(body=spoilt.tobytes()))
        at_s = rig.now_s() + 0.6
        play_and_look(rig, PlayCommand("a", CHORD, 40.0, at_s, at_s + 1.0), status="changed")


def test_a_page_that_is_gone_for_good_leaves_no_cue_without_a_word(tmp_path):
    with open_page(tmp_path) as rig:
        allow(rig.speaker)
        rig.page.context.set_offline(True)
        rig.page.evaluate("document.querySelector('dl-pod').link.socket.close()")
        rig.pass_time(1.0)
        at_s = rig.now_s() + 0.2
        play_and_look(rig, PlayCommand("a", CHORD, 40.0, at_s, at_s + 0.5), status="failed")
        rig.pass_time(1.2)
        assert rig.speaker.page_age_s > 2.0


def test_a_network_that_is_cut_while_a_cue_sounds_is_silence_within_the_dead_mans_time(tmp_path):
    with open_page(tmp_path) as rig:
        allow(rig.speaker)
        at_s = rig.now_s() + 0.2
        rig.speaker.play(PlayCommand("a", LONG_TONE, 60.0, at_s, at_s + 1.0))
        rig.pass_time(0.5)
        assert rig.page.evaluate("document.querySelector('dl-pod').deck.alive.gain.value") == 1.0
        rig.page.evaluate("document.querySelector('dl-pod').link.refused = 'cut'")
        rig.page.evaluate("document.querySelector('dl-pod').link.socket.close()")
        rig.page.evaluate("document.querySelector('dl-pod').deck.tick = () => {}")  # no script helps either
        rig.pass_time(2.6)
        assert rig.page.evaluate("document.querySelector('dl-pod').deck.alive.gain.value") == 0.0


def test_what_a_sleeper_turned_down_is_known_to_the_night(tmp_path):
    with open_page(tmp_path) as rig:
        rig.page.get_by_role("button", name="Quieter").click()
        rig.page.get_by_role("button", name="Quieter").click()
        rig.page.get_by_role("button", name="Pause").click()
        rig.pass_time(1.5)
        age_s, lowered_db, paused = rig.speaker.page()
        assert age_s < 1.5
        assert (lowered_db, paused) == (6.0, True)
        allow(rig.speaker)
        at_s = rig.now_s() + 0.2
        rig.speaker.play(PlayCommand("a", CHORD, 40.0, at_s, at_s + 0.5))
        (outcome,) = outcomes(rig, 1)
        assert (outcome.status, outcome.bits) == ("silenced", ("PAUSED",))


def test_a_bit_that_another_process_sets_reaches_the_page(tmp_path):
    with open_page(tmp_path) as rig:
        allow(rig.speaker)
        rig.speaker.set_bit(Bit.REVOKED, on=True)
        rig.pass_time(0.2)
        assert rig.page.evaluate("document.querySelector('dl-pod').deck.bits") == 1


def test_a_second_page_takes_the_first_ones_place_and_the_first_is_silent_for_good(tmp_path):
    with open_page(tmp_path) as rig:
        allow(rig.speaker)
        night = NightFolder(tmp_path / "house/nights/tonight")
        origin = rig.page.url.removesuffix("/pod")
        token, _ = pod_links.make(night, "p1")
        second = rig.page.context.browser.new_page()
        second.goto(f"{origin}/pod/join/{token}")
        rig.page.get_by_text("Another page is this bed's now").wait_for()
        rig.pass_time(0.5)
        pod_pages.arm(second)
        pod_pages.until(second, pod_pages.IN_LINE)
        at_s = rig.now_s() + 0.4
        play_and_look(rig, PlayCommand("a", CHORD, 40.0, at_s, at_s + 1.0), status="played")
        assert rig.page.evaluate("document.querySelector('dl-pod').deck.alive.gain.value") == 0.0


def play_and_look(rig: PageRig, command: PlayCommand, *, status: str) -> None:
    rig.speaker.play(command)
    (outcome,) = outcomes(rig, 1)
    assert outcome.status == status
