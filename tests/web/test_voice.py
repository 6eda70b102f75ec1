"""Does a voice cross the wall only as agreed, told at the bed all the while, and does whatever drops end it at once?"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.cli import across_the_wall
from dreamloom.house.layout import NightFolder
from dreamloom.record.room_events import VoiceBegan, VoiceEnded
from dreamloom.testing import live_nights, pod_pages
from dreamloom.testing.browsers import CHROMIUM, FAKE_DEVICES, amiss, browser, served
from dreamloom.web.serving import Server

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium"), pytest.mark.real_time]
LOUDEST = """() => {
  const { context, own } = document.querySelector('dl-pod').deck;
  const ear = context.createAnalyser();
  own.connect(ear);
  window.loudest = 0;
  window.soundedMs = performance.now();
  const frames = new Float32Array(ear.fftSize);
  setInterval(() => {
    ear.getFloatTimeDomainData(frames);
    window.now = Math.max(...frames.map(Math.abs));
    window.loudest = Math.max(window.loudest, window.now);
    if (window.now > 0) window.soundedMs = performance.now();
  }, 20);
}"""
NOTES_OVER = "() => performance.now() - window.soundedMs > 1000"
COUNTED = """() => {
  const wall = document.querySelector('dl-voice');
  const take = wall.ear.take;
  window.frames = 0;
  wall.ear.take = (frame) => { window.frames += 1; take(frame); };
}"""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NightFolder]:
    """One that runs, with two who are awake and play on pages; the first agreed to voices."""
    made = live_nights.write(tmp_path_factory.mktemp("house"), "tide", source="sim:typical", pods=2)
    pod_pages.on_pages(made)
    text = made.consent_toml.read_text(encoding="utf-8")
    agreed = text.replace('purposes = ["cue"', 'purposes = ["cue", "talk", "listen"', 1)
    made.consent_toml.write_text(agreed.replace("\npurposes", "\nawake_level_cap_db = 75.0\npurposes", 1))
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
    with browser(*FAKE_DEVICES) as found:
        yield found


@pytest.fixture
def staff(chromium: Any, server: Server) -> Iterator[Callable[..., Any]]:
    contexts: list[Any] = []

    def opened(pod: str = "p1", *, role: Any = "orchestrator", **asked: Any) -> Any:
        contexts.append(chromium.new_context(permissions=["microphone"], **asked))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        page.goto(server.link(role, name="anna"))
        page.goto(f"http://127.0.0.1:{server.port}/nights/tide/beds/{pod}/talk")
        page.get_by_role("button", name="Talk to this bed").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def bed(chromium: Any, server: Server, night: NightFolder) -> Iterator[Any]:
    wrong: list[str] = []
    with pod_pages.page_of(chromium, night, "p1", port=server.port, wrong=wrong) as page:
        page.context.grant_permissions(["microphone"])
        pod_pages.count_notes(page)
        page.get_by_text("Whoever is awake may talk to you here. Whoever is awake may hear this room").first.wait_for()
        if page.get_by_role("button", name="Leave it out tonight").count():
            page.get_by_role("button", name="Leave it out tonight").click()
        page.get_by_role("button", name="Allow the microphone").click()
        page.get_by_text("Allowed. Nobody hears anything now.").wait_for()
        pod_pages.lie_down(page)
        pod_pages.until(page, f"({pod_pages.IN_LINE})()")
        yield page
    assert wrong == []


def told(night: NightFolder, kind: type, after: int = 0) -> list[Any]:
    return [event for event in live_nights.events_of(night) if isinstance(event, kind)][after:]


def awaited(page: Any, night: NightFolder, kind: type, count: int) -> Any:
    for _ in range(300):
        if len(found := told(night, kind)) >= count:
            return found[count - 1]
        page.wait_for_timeout(100)
    raise TimeoutError(kind.__name__)


def test_who_did_not_agree_is_neither_talked_to_nor_listened_to(staff, night) -> None:
    page = staff("p2")
    for name in ("Talk to this bed", "Listen to this room"):
        page.get_by_role("button", name=name).click()
        page.get_by_text("Not everybody in the room agreed to this. Go there.").wait_for()
        page.reload()
    assert told(night, VoiceBegan) == []


def test_a_voice_is_heard_while_it_is_held_told_at_the_bed_and_ended_there(staff, bed, night, tmp_path) -> None:
    page, count = staff(), len(told(night, VoiceBegan))
    bed.evaluate(LOUDEST)
    pod_pages.until(bed, NOTES_OVER)  # those of the sound check, answered before the last one ended
    bed.evaluate("window.loudest = 0")
    page.locator("input[name=although]").check()
    page.get_by_role("button", name="Talk to this bed").click()
    hold = page.get_by_role("button", name="Hold to talk")
    hold.wait_for()
    assert len(told(night, VoiceBegan)) == count + 1, "the record knew before anybody was heard"
    bed.get_by_text("anna speaks to you.").wait_for()
    page.wait_for_timeout(1500)
    assert bed.evaluate("window.loudest") == 0, "nobody is heard who does not hold it"
    box = hold.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.get_by_role("button", name="You are heard").wait_for()
    pod_pages.until(bed, "() => window.loudest > 0")
    assert bed.evaluate("window.loudest") <= bed.evaluate("document.querySelector('dl-pod').voice.told.loudest")
    page.screenshot(path=tmp_path / "talks.png", full_page=True)
    bed.screenshot(path=tmp_path / "heard.png")
    assert amiss(page) == []
    assert amiss(bed) == []
    bed.get_by_role("button", name="End it").click()
    page.get_by_text("Ended at the bed.").wait_for()
    page.mouse.up()
    assert bed.get_by_text("anna speaks to you.").count() == 0
    ended = awaited(page, night, VoiceEnded, count + 1)
    assert (ended.by, ended.way, ended.why, ended.pod) == ("anna", "talk", "SLEEPER", "p1")
    assert 1.0 < ended.lasted_s < 120.0
    bed.evaluate("window.loudest = 0")
    bed.wait_for_timeout(1500)
    assert bed.evaluate("window.loudest") == 0


def test_a_room_is_heard_while_its_page_says_so_and_a_line_that_drops_ends_it(staff, bed, night, tmp_path) -> None:
    page, count = staff(), len(told(night, VoiceEnded))
    page.get_by_role("button", name="Listen to this room").click()
    page.get_by_text("You hear this room. Its page says so.").wait_for()
    page.evaluate(COUNTED)
    pod_pages.until(page, "() => window.frames > 20")
    bed.get_by_text("anna hears this room now.").wait_for()
    bed.screenshot(path=tmp_path / "listened.png")
    box, stop = bed.locator(".voice.on").bounding_box(), bed.locator("button.stop").bounding_box()
    assert box["y"] + box["height"] <= stop["y"], "STOP is never covered"
    bed.evaluate("document.querySelector('dl-pod').link.lose()")
    page.get_by_text("The line dropped: nobody is heard any more.").wait_for()
    assert bed.get_by_text("anna hears this room now.").count() == 0
    assert awaited(page, night, VoiceEnded, count + 1).why == "LOST"


def test_a_listener_who_goes_away_leaves_nobody_listening(staff, bed, night) -> None:
    page, count = staff(), len(told(night, VoiceEnded))
    page.get_by_role("button", name="Listen to this room").click()
    bed.get_by_text("anna hears this room now.").wait_for()
    page.get_by_text("You hear this room").wait_for()
    page.context.close()
    pod_pages.until(bed, "() => document.querySelector('dl-pod').voice.told === null")
    assert awaited(bed, night, VoiceEnded, count + 1).why in {"LOST", "CLOSED"}


def test_a_person_at_a_terminal_ends_it(staff, bed, night, capsys) -> None:
    page = staff()
    page.get_by_role("button", name="Listen to this room").click()
    page.get_by_text("You hear this room").wait_for()
    across_the_wall.hush(str(night.root), "S01", by="bo", as_json=False)
    page.get_by_text("Ended.").wait_for()
    pod_pages.until(bed, "() => document.querySelector('dl-pod').voice.told === null")
    across_the_wall.show(str(night.root), "p1", as_json=False)
    assert "anna heard the room for" in capsys.readouterr().err


def test_the_page_for_staff_speaks_german_where_it_is_wanted(staff) -> None:
    page = staff("p2")
    page.goto(page.url + "?lang=de")
    page.get_by_role("button", name="In diesen Raum hören").click()
    page.get_by_text("Nicht alle im Raum haben dem zugestimmt. Geh hin.").wait_for()


def test_stop_ends_it_and_holds_for_the_rest_of_the_night(staff, bed) -> None:
    page = staff()
    page.get_by_role("button", name="Listen to this room").click()
    page.get_by_text("You hear this room").wait_for()
    bed.get_by_role("button", name="STOP").click()
    page.get_by_text("Ended at the bed.").wait_for()
    bed.get_by_text("The house knows. Nothing more will sound.").wait_for()
    page.get_by_role("button", name="Listen to this room").click()
    page.get_by_text("Somebody in the room said no to everything tonight. Go there.").wait_for()


def test_what_is_written_about_voices_is_read_on_both_sides(staff, tmp_path: Path) -> None:
    page = staff()
    page.get_by_text("anna could be heard here").first.wait_for()
    page.get_by_text("anna heard this room").first.wait_for()
    page.screenshot(path=tmp_path / "told.png", full_page=True)
