"""Can somebody talk with the guide on a page: without a script, in their own words, and only while they are awake?"""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.guide.drift import golden_sha256
from dreamloom.guide.turns import Turn
from dreamloom.house import mornings, pod_links, talks
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.talks import Talker
from dreamloom.record.guide_events import EveningTalkHeld, ModelChecked, ModelChose, ReflectionKept
from dreamloom.testing import live_nights
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, amiss, browser, night_that_is_over, served
from dreamloom.testing.obeying_model import ObeyingModel
from dreamloom.testing.obeying_model import served as answering
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.web.serving import Server
from dreamloom.web.themes import THEMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
DREAM = "I was on a ferry with my aunt. The deck was made of paper. Somebody counted backwards & laughed <softly>."
MORE_THAN_THREADS = 34
"""As many as no event loop has threads of its own."""
SHOTS = Path("build/screenshots")
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}


def test_talks_that_wait_for_a_model_hold_no_thread_that_a_stop_needs(
    after: tuple[NightFolder, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    night, server = after
    go_on, begun = threading.Event(), threading.Event()

    def thinking(*_: object) -> None:
        begun.set()
        go_on.wait(60.0)
        raise RefusedError("DL-E000", "Nothing comes of it.")

    monkeypatch.setattr(talks, "next_turn", thinking)
    monkeypatch.setattr(talks, "evening_so_far", thinking)
    cookies = {pod_links.cookie_of(night): pod_links._keep(night, pod_links.PAGES, "p1", pod_links.PAGE_FOR)}
    own = f"http://127.0.0.1:{server.port}"
    client = httpx.Client(base_url=own, cookies=cookies, headers={"Origin": own}, timeout=60.0)
    with client, ThreadPoolExecutor(MORE_THAN_THREADS) as many:
        asked = [many.submit(client.get, f"/guide/{('evening', 'after')[each % 2]}") for each in range(33)]
        try:
            assert begun.wait(30.0)
            stop = {"id": "a" * 32, "told_utc": "2026-06-01T01:00:00Z"}
            said = many.submit(client.post, "/api/pod/stop", json=stop)
            assert said.result(30.0).json()["withdrawn"] is True
            assert not any(each.done() for each in asked)
        finally:
            go_on.set()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture
def before(tmp_path: Path) -> Iterator[tuple[NightFolder, Server]]:
    """A night that nobody opened yet."""
    night = live_nights.write(tmp_path / "house", "tide", source="sim:typical,start=1500s,hours=0.04")
    with served(night) as server:
        yield night, server


@pytest.fixture
def after(tmp_path: Path) -> Iterator[tuple[NightFolder, Server]]:
    night = night_that_is_over(tmp_path / "house", hours=0.03)
    with served(night) as server:
        yield night, server


def opened(chromium: Any, server: Server, night: NightFolder, path: str, *, size: str = "narrow") -> Any:
    width, height = SIZES[size]
    context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    token, _ = pod_links.make(night, "p1")
    page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
    page.goto(f"http://127.0.0.1:{server.port}{path}")
    return page


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"guide-{name}.png", full_page=True)


def heading(page: Any) -> str:
    return str(page.locator("h1").inner_text())


def press(page: Any, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def say(page: Any, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    press(page, "Go on")


def told(night: NightFolder, kind: type[Any]) -> list[Any]:
    if not night.house.record.is_file():
        return []
    with read_only(night.house.record) as record:
        return [event for event in record.events() if isinstance(event, kind)]


def test_an_evening_without_a_script_ends_in_the_sleepers_own_sentence(
    chromium: Any, before: tuple[NightFolder, Server]
) -> None:
    night, server = before
    page = opened(chromium, server, night, "/guide/evening")
    assert "I am a program, not a person." in page.inner_text("main")
    shot(page, "evening-wish")
    say(page, 'I want to dream of the "old" orchard & <its> well')
    say(page, "")
    say(page, "a ladder")
    assert 'Tonight I would like to dream of the "old" orchard & <its> well.' in heading(page)
    shot(page, "evening-phrase")
    press(page, "Yes")
    press(page, "Yes")
    say(page, "a bus that flew")
    say(page, "its wings")
    assert '"its wings"' in heading(page)
    shot(page, "evening-rehearse")
    press(page, "Done")
    press(page, "Done")
    press(page, "Done")
    assert heading(page) == "Are you ready for the night?"
    press(page, "Yes")
    assert heading(page) == "Good night."
    page.reload()
    assert heading(page) == "Good night."
    shot(page, "evening-end")
    (held,) = told(night, EveningTalkHeld)
    assert (held.sleeper, held.practice, held.asked_for) == ("S01", "rehearsed", "nobody")
    assert held.intention is not None
    assert b"orchard" not in night.house.record.read_bytes()


def test_a_model_puts_turns_between_the_steps_and_the_evening_ends_in_their_own_words(
    chromium: Any, before: tuple[NightFolder, Server]
) -> None:
    night, server = before
    model = ObeyingModel()
    with answering(model) as url:
        let_in(night, url)
        page = opened(chromium, server, night, "/guide/evening")
        model.fixed = '{"action":"ask","question":"draws_you","about":"its well"}'
        say(page, "an orchard and its well")
        assert heading(page) == 'What draws you to "its well"?'
        shot(page, "evening-model-asks")
        model.fixed = '{"action":"propose_incubation_phrase","words":"its well"}'
        say(page, "the cold of it")
        assert '"Tonight I would like to dream of its well."' in heading(page)
        shot(page, "evening-model-proposes")
        model.fixed = '{"action":"offer_human"}'
        press(page, "Yes")
        assert page.locator(".card").count() == 1
        shot(page, "evening-model-offers")
        model.fixed = '{"action":"play_cue"}'
        press(page, "Go on")
        assert heading(page) == "Picture being there, as if you had just come in. What do you see first?"
        say(page, "")
        press(page, "No")
        press(page, "Done")
        press(page, "Yes")
    assert heading(page) == "Good night."
    assert page.inner_text("blockquote") == "Tonight I would like to dream of its well."
    assert [each.action for each in told(night, ModelChose)] == ["ask", "propose_incubation_phrase", "offer_human"]
    assert model.calls == 3, "three turns are the most of an evening"


def test_an_answer_that_is_too_long_loses_nothing_that_was_asked_between_the_steps(
    chromium: Any, before: tuple[NightFolder, Server]
) -> None:
    night, server = before
    page = opened(chromium, server, night, "/guide/evening")
    asked = Turn(action="ask", question="draws_you", text="What draws you to it?", answer="its cold")
    kept = msgspec.json.encode(asked).decode()
    form = [("answer", "a well"), ("between", kept), ("answer", "x" * 401)]
    answer = page.request.post(
        page.url,
        data=urlencode(form),
        headers={"Origin": page.url.partition("/guide")[0], "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 400
    assert "DL-E711" in answer.text()
    assert "What do you see first?" in answer.text(), "what draws them was answered"
    assert "its cold" in answer.text()


def let_in(night: NightFolder, url: str) -> None:
    night.house.guide.parent.mkdir(parents=True, exist_ok=True)
    night.house.guide.write_text(f'[language_model]\nurl = "{url}"\nmodel = "m"\n')
    passed = ModelChecked(
        onset_s=0.0, model="m", golden_sha256=golden_sha256(), agreed=1.0, need=1.0, distance=0.0, actions={},
        refused={}, verdict="passed",
    )  # fmt: skip
    append_to_house(night.house, passed)


def test_whoever_would_rather_talk_to_somebody_sees_where(chromium: Any, before: tuple[NightFolder, Server]) -> None:
    night, server = before
    page = opened(chromium, server, night, "/guide/evening")
    say(page, "")
    press(page, "No")
    press(page, "Done")
    press(page, "I would like to talk to someone")
    shot(page, "evening-help")
    assert "call the local emergency number" in page.inner_text(".card")
    assert not re.search(r"\d", page.inner_text(".card"))
    assert told(night, EveningTalkHeld)[0].asked_for == "a person"


def test_an_answer_that_is_too_long_is_told_and_nothing_is_lost(
    chromium: Any, before: tuple[NightFolder, Server]
) -> None:
    night, server = before
    page = opened(chromium, server, night, "/guide/evening")
    say(page, "the sea")
    origin = page.url.partition("/guide")[0]
    answer = page.request.post(page.url, form={"answer": "x" * 401}, headers={"Origin": origin})
    assert answer.status == 400
    assert "DL-E711" in answer.text()


def test_a_dream_is_talked_over_once_it_is_locked_in_its_own_words(
    chromium: Any, after: tuple[NightFolder, Server]
) -> None:
    night, server = after
    page = opened(chromium, server, night, "/guide/after")
    assert "no report to talk about yet" in page.inner_text("main")
    dreamer = Dreamer(sleeper="S01", night=night.name)
    mornings.tell(night.house, dreamer, "a" * 32, Piece(number=0, recall="content", text=DREAM))
    mornings.lock(night.house, "a" * 32)
    page.goto(f"http://127.0.0.1:{server.port}/guide/after")
    assert "I am a program, not a person" in page.inner_text("main")
    quoted = re.search(r'"(.+)"', heading(page))
    assert quoted is not None
    assert quoted[1] in DREAM
    shot(page, "after")
    for answer in ("the sea, and a lamp", "warm", "", ""):
        say(page, answer)
    assert heading(page) == "Thank you. That is all from me."
    page.reload()
    assert heading(page) == "Thank you. That is all from me."
    shot(page, "after-end")
    (kept,) = told(night, ReflectionKept)
    assert kept.answers == 2
    assert b"a lamp" not in night.house.record.read_bytes()


def test_what_was_said_in_another_talk_is_kept_beside_the_first(after: tuple[NightFolder, Server]) -> None:
    night, _ = after
    talker = Talker(folder=night, pod="p1", sleeper="S01")
    turns = [Turn(action="ask", question="place", text="Where was it?", answer="by the sea")]
    key, other = talks.new_key(), talks.new_key()
    for each in (key, key, other, "", "no key"):
        assert talks.keep_reflection(talker, turns, key=each) == 1
    talks.keep_reflection(talker, [*turns, turns[0]], key=key)
    kept = told(night, ReflectionKept)
    assert [each.answers for each in kept] == [1, 1, 1, 1, 2]
    assert key not in {each.cause for each in kept}


def test_words_of_a_dark_dream_alarm_nobody(chromium: Any, after: tuple[NightFolder, Server]) -> None:
    night, server = after
    dark = "He killed me with a knife and I died in my blood. I wanted to die. Then my own funeral."
    dreamer = Dreamer(sleeper="S01", night=night.name)
    mornings.tell(night.house, dreamer, "b" * 32, Piece(number=0, recall="content", text=dark))
    mornings.lock(night.house, "b" * 32)
    page = opened(chromium, server, night, "/guide/after")
    for _ in range(4):
        assert page.locator(".card").count() == 0
        say(page, "")
    assert heading(page) == "Thank you. That is all from me."


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_in_any_theme(chromium: Any, before: tuple[NightFolder, Server], size: str) -> None:
    night, server = before
    plain = opened(chromium, server, night, "/guide/help", size=size)
    page = chromium.new_context(storage_state=plain.context.storage_state(), viewport=plain.viewport_size).new_page()
    page.set_default_timeout(PATIENCE_MS)
    for theme in THEMES:
        for path in ("/guide/evening?", "/guide/help?", "/guide/evening?lang=de&"):
            page.goto(f"http://127.0.0.1:{server.port}{path}theme={theme}")
            assert amiss(page) == [], (theme, path)
            shot(page, f"{path.strip('/?&').replace('/', '-').replace('?', '-')}-{theme}-{size}")
        page.get_by_role("textbox").fill("ein Garten")
        press(page, "Weiter")
        assert amiss(page) == [], theme
        shot(page, f"answered-{theme}-{size}")


def test_axe_finds_nothing_in_what_a_model_puts_between_the_steps(
    chromium: Any, before: tuple[NightFolder, Server]
) -> None:
    night, server = before
    plain = opened(chromium, server, night, "/guide/help", size="wide")
    page = chromium.new_context(storage_state=plain.context.storage_state(), viewport=plain.viewport_size).new_page()
    page.set_default_timeout(PATIENCE_MS)
    model = ObeyingModel()
    with answering(model) as url:
        let_in(night, url)
        for theme in THEMES:
            page.goto(f"http://127.0.0.1:{server.port}/guide/evening?theme={theme}")
            page.get_by_role("textbox").fill("an orchard and its well")
            for name, button, reply in (
                ("proposes", "Go on", '{"action":"propose_incubation_phrase","words":"its well"}'),
                ("says", "No", '{"action":"reflect","quote":"its well"}'),
                ("offers", "Go on", '{"action":"offer_human"}'),
            ):
                model.fixed = reply
                press(page, button)
                assert amiss(page) == [], (theme, name)
                shot(page, f"evening-model-{name}-{theme}-wide")
    assert model.calls == 3 * len(THEMES)


def test_nobody_else_comes_in(before: tuple[NightFolder, Server], chromium: Any) -> None:
    _, server = before
    page = chromium.new_context().new_page()
    for path in ("/guide/evening", "/guide/after", "/guide/help"):
        found = page.goto(f"http://127.0.0.1:{server.port}{path}")
        assert found.status == 401
