"""Is a dream told by voice kept on the device through everything, written down on request, corrected, and then told?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import mornings, pod_links, speech, told_dreams, told_reports
from dreamloom.house.layout import NightFolder
from dreamloom.testing import pod_pages
from dreamloom.testing.browsers import CHROMIUM, FAKE_DEVICES, amiss, browser, night_that_is_over, served
from dreamloom.testing.spoken_words import lay_ear
from dreamloom.web.serving import Server

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
LISTED = ".spoken-list li"


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NightFolder:
    found = night_that_is_over(tmp_path / "house", hours=0.02)
    lay_ear(tmp_path, found.house, monkeypatch)
    return found


@pytest.fixture
def server(night: NightFolder) -> Iterator[Server]:
    with served(night) as found:
        yield found


@pytest.fixture
def page(night: NightFolder, server: Server) -> Iterator[Any]:
    token, _ = pod_links.make(night, "p1")
    with browser(*FAKE_DEVICES) as chromium:
        context = chromium.new_context(viewport=pod_pages.PHONE, permissions=["microphone"], accept_downloads=True)
        found = context.new_page()
        found.set_default_timeout(30_000)
        found.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
        found.goto(f"http://127.0.0.1:{server.port}/morning")
        found.get_by_role("button", name="Tell it by voice").wait_for()
        yield found


def speak(page: Any, seconds: int) -> None:
    page.get_by_role("button", name="Tell it by voice").click()
    page.get_by_role("button", name=f"Stop recording, 0:0{seconds}").click()
    page.locator(LISTED).first.wait_for()


def test_it_is_written_down_corrected_and_told_and_the_sound_never_leaves_a_trace(page, night, tmp_path) -> None:
    speak(page, 2)
    assert amiss(page) == []
    page.screenshot(path=tmp_path / "spoken.png", full_page=True)
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("Written down. Put it in, read it, and correct it.").wait_for()
    page.get_by_role("button", name="Put it in").click()
    words = page.get_by_label("Everything, in the order it happened")
    assert words.input_value().startswith("a bell under water")
    assert page.get_by_label("I remember something.").is_checked()
    assert mornings.of_house(night.house) == {}, "what nobody read is no report"
    words.fill("A whale under water.")
    page.screenshot(path=tmp_path / "corrected.png", full_page=True)
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("Is there anything else?").wait_for()
    (morning,) = mornings.of_house(night.house).values()
    assert not morning.is_locked
    assert told_reports.text_of(night.house, morning.report) == "A whale under water."
    mornings.lock(night.house, morning.report)
    (report,) = told_reports.reports(night.house)
    assert report.protocol.endswith(", spoken, vosk 0 small-en")
    page.locator(LISTED).first.wait_for()
    assert page.locator(LISTED).count() == 1, "the sound stays until whoever spoke deletes it"


def test_it_comes_back_after_a_reload_is_heard_again_kept_as_a_file_and_deleted(page) -> None:
    speak(page, 2)
    page.reload()
    page.get_by_text("0:02").or_(page.get_by_text("0:03")).first.wait_for()
    page.get_by_role("button", name="Listen", exact=True).click()
    page.get_by_role("button", name="Stop listening").wait_for()
    page.get_by_role("button", name="Listen", exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Keep as a file").click()
    assert download.value.suggested_filename.startswith("recording-")
    assert Path(download.value.path()).read_bytes()[:4] == b"\x1aE\xdf\xa3", "a file that other programs read"
    page.get_by_role("button", name="Delete").click()
    assert page.locator(LISTED).count() == 1
    page.get_by_role("button", name="Its words were not told. Press again to delete").click()
    page.locator(LISTED).wait_for(state="detached")
    page.reload()
    page.get_by_role("button", name="Tell it by voice").wait_for()
    assert page.locator(LISTED).count() == 0


def test_a_page_that_is_closed_while_somebody_speaks_loses_a_second_at_most(page) -> None:
    page.get_by_role("button", name="Tell it by voice").click()
    page.get_by_role("button", name="Stop recording, 0:03").wait_for()
    other = page.context.new_page()
    page.close(run_before_unload=False)
    other.goto(page.url)
    row = other.locator(LISTED).first
    row.wait_for()
    seconds = int(row.inner_text().split("0:0")[-1][0])
    assert seconds >= 2


def test_without_a_network_it_waits_and_is_written_down_once_there_is_one(page) -> None:
    speak(page, 1)
    page.context.set_offline(True)
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("The house cannot be reached. It is written down once it can").wait_for()
    page.get_by_role("button", name="Waits to be written down").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Put it in").wait_for()


def test_a_house_that_cannot_write_it_down_says_so_and_takes_what_is_typed(page, night, monkeypatch) -> None:
    monkeypatch.setattr(speech, "can", lambda *_: False)
    page.reload()
    page.get_by_text("This house cannot write it down: listen to it, and type.").wait_for()
    speak(page, 1)
    assert page.get_by_role("button", name="Write it down").count() == 0
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill("Typed.")
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("Is there anything else?").wait_for()
    (morning,) = mornings.of_house(night.house).values()
    mornings.lock(night.house, morning.report)
    assert told_reports.reports(night.house)[0].protocol == "interview 1"


def test_at_the_pillow_it_is_spoken_corrected_and_kept_as_a_dream_told_at_night(page, night, server, tmp_path) -> None:
    page.goto(f"http://127.0.0.1:{server.port}/pod")
    page.get_by_role("button", name="Tell a dream").click()
    speak(page, 2)
    page.screenshot(path=tmp_path / "pillow.png")
    assert amiss(page) == []
    box, stop = page.locator(".spoken").bounding_box(), page.locator("button.stop").bounding_box()
    assert stop["y"] > 500 > box["y"]
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("button", name="Put it in").click()
    page.get_by_label("Your dream").fill("A whale.")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("received").wait_for()
    assert [text for _, text in told_dreams.told_of(night, "S01")] == ["A whale."]


def test_the_house_refuses_what_is_no_sound_or_too_much_of_it(page) -> None:
    told = page.evaluate(
        "async () => { const answer = await fetch('/api/pod/speech', { method: 'POST', body: 'RIFF' });"
        " return [answer.status, (await answer.json()).error.code]; }"
    )
    assert told == [400, "DL-E778"]
    sent = f"{{ method: 'POST', body: new Uint8Array({speech.MOST_BYTES + 1}) }}"
    much = page.evaluate(f"async () => (await fetch('/api/pod/speech', {sent})).status")
    assert much == 413
