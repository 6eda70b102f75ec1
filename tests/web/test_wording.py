"""Is every text there in every language, is none left out of the catalogue, and is a page in one language at a time?"""

import ast
import copy
import re
from ast import literal_eval
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from litestar.testing import TestClient

import dreamloom
from dreamloom.gallery import (
    convergence_page,
    handover,
    live_changes,
    live_lanes,
    live_row,
    log_sentences,
    night_counts,
    outcome_charts,
    outcome_page,
    outcome_sentences,
)
from dreamloom.gallery.reasons import IN_WORDS
from dreamloom.gallery.words import SPOILT
from dreamloom.guardian.rules import RULES
from dreamloom.guide import evening as evening_talk
from dreamloom.guide import questions
from dreamloom.house import (
    circles,
    course_account,
    drawings,
    dreams_met,
    gathering,
    morning_steps,
    mornings,
    next_theme,
    outcome_answers,
    outcome_packs,
    pod_hearing,
    pod_links,
    pod_page,
    talks,
)
from dreamloom.house import weaving as woven_stories
from dreamloom.house.layout import NightFolder
from dreamloom.house.pod_links import COOKIE as AT_BED
from dreamloom.jukebox import phone_grades
from dreamloom.outcomes import account, around, one_person, own_voice, packs, trends
from dreamloom.outcomes.courses import Kind
from dreamloom.record.course_events import Shown
from dreamloom.testing.browsers import (
    CHROMIUM,
    PATIENCE_MS,
    ROWS,
    browser,
    night_that_is_over,
    night_that_waits,
    served,
)
from dreamloom.testing.pod_pages import on_pages
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.texts import Number, filled, in_english
from dreamloom.weave import joints, redaction
from dreamloom.weave.chance import design, findings, night_by_night, refusals, target, verdicts
from dreamloom.web import front_door, people_pages, pod_pages, wording
from dreamloom.web.app import make_app
from dreamloom.web.front_door import STATIC
from dreamloom.web.sign_in import ROLES, SignIn, cookie_of
from dreamloom.web.themes import THEMES
from dreamloom.web.wording import ENGLISH, LANGUAGES

TEMPLATES = STATIC.parent / "templates"
CONVERTED = (
    *(STATIC / f"{name}.js" for name in ("asking", "closer", "demo", "feed", "guide", "hypnogram", "night", "passkey")),
    *(STATIC / f"night_{name}.js" for name in ("canvases", "closer", "frame", "keys", "marks", "rows", "tables")),
    *(STATIC / f"{name}.js" for name in ("past", "score", "told", "trace", "words")),
    *sorted(STATIC.glob("pod_*.js")),
    *sorted(STATIC.glob("voice*.js")),
    STATIC / "spoken.js",
    STATIC / "pod.js",
    *(TEMPLATES / name for name in ("base.html", "night.html", "nights.html", "passkey.html", "pod.html")),
    *(
        TEMPLATES / f"{name}.html"
        for name in ("consent", "counts", "course", "courses", "gathering", "guide", "handover")
    ),
    *(TEMPLATES / f"{name}.html" for name in ("morning", "outcomes", "outcomes_tell", "refusal", "story", "talk")),
    STATIC / "morning.js",
    STATIC / "morning_drawing.js",
    STATIC / "talk.js",
    STATIC / "gathering.js",
)
WHETHER_DREAMS_MET = (convergence_page, design, findings, night_by_night, refusals, target, verdicts)
OF_A_STORY = (circles, dreams_met, next_theme, woven_stories, *WHETHER_DREAMS_MET)
OF_PAGES = (log_sentences, outcome_charts, outcome_page, outcome_sentences)
OF_OUTCOMES = (account, around, one_person, *OF_PAGES, own_voice, trends)
OF_HOUSE = (course_account, drawings, gathering, handover, pod_page)
REFUSING = (evening_talk, front_door, morning_steps, mornings, outcome_answers, packs, people_pages, questions, talks)
SAYING = [Path(str(module.__file__)) for module in (*OF_HOUSE, *OF_A_STORY, *OF_OUTCOMES, *REFUSING, phone_grades)]
"""Modules of the house that say their texts in the language that a page asks for."""
SHOWN = {
    *("DL-E639", "DL-E750", "DL-E755", "DL-E756", "DL-E757", "DL-E758", "DL-E759", "DL-E760", "DL-E761", "DL-E762"),
    *("DL-E813", "DL-E814", "DL-E830", "DL-E831", "DL-E832", "DL-E833", "DL-E834"),
    *("DL-E618", "DL-E620", "DL-E621", "DL-E622", "DL-E623", "DL-E624", "DL-E625", "DL-E626", "DL-E627"),
    *("DL-E111", "DL-E508", "DL-E644", "DL-E645", "DL-E646", "DL-E647", "DL-E655"),
    *("DL-E711", "DL-E712", "DL-E718", "DL-E719"),
}
"""Errors that a page shows to whoever sleeps here."""
SAYS = re.compile(r'(?:\b_?say|\bfilled)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
SAID = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
SHAPE = re.compile(r'^  "([^"\n]*\{.*)",$', re.MULTILINE)
OF_NIGHTS = {"Running", "To come", "Over", "planned", "over", "broken off", "cannot be read"}
STATES = {"not begun", "none yet", "recorded", "running", "complete", "interrupted", "failed"}
PHRASES = {"Not Found", "Method Not Allowed", "Request Entity Too Large"}
"""What the server says by itself."""
FILLED_IN = {*OF_NIGHTS, *STATES, *ROLES, "clinician"}
"""What stands in a page by a name of its own."""
OTHERS = [language for language in LANGUAGES if language != ENGLISH]


def said_by_pages() -> set[str]:
    """Every English text that a page says by the catalogue."""
    return set(chain.from_iterable(SAID.findall(path.read_text(encoding="utf-8")) for path in CONVERTED))


def said_for_pages() -> set[str]:
    """What the house says by the catalogue that a page hands to it."""
    texts = chain.from_iterable(SAYS.findall(path.read_text(encoding="utf-8")) for path in SAYING)
    told = {pod_hearing.SETTLED, pod_hearing.UNSETTLED, pod_hearing.UNHEARD}
    lists = (pod_page.SLEEPING.values(), pod_page.MONTHS, gathering.MODES.values(), gathering.AGREEMENTS)
    where = (handover.STAGES.values(), handover.HELD.values(), handover.AWAY, handover.BY_WHOM, (handover.TOOK_BACK,))
    notes = (outcome_sentences.NOT_A_DEVICE, outcome_sentences.BY_ITSELF, log_sentences.NO_DIAGNOSIS)
    shown = (get_args(Shown), notes, told)
    asked = outcome_packs.shipped_packs()
    scores = (
        {score.name for pack in asked for score in pack.score},
        {each.says for pack in asked for each in pack.needs_human},
    )
    outcomes = (outcome_page.TITLES.values(), (outcome_page.KEY,), outcome_sentences.NAMES.values())
    grades = (phone_grades.MAY.values(), (bound.told for bound in phone_grades.BOUNDS), night_counts.COUNTED.values())
    course = (*grades, outcome_charts.MONTHS, get_args(Kind), *outcomes, *scores)
    met = (convergence_page.NAMES.values(), *verdicts.JUDGED.values(), design.DIFFERS.values())
    story = (joints.EVERY, get_args(redaction.Why), (convergence_page.KEY, convergence_page.TWO_WAYS), *met)
    return {
        *(literal_eval(f"({text})") for text in texts),
        *chain.from_iterable((*lists, *where, *shown, *story, *course)),
    }


def told_by_pages_themselves() -> set[str]:
    """What an address refuses without an error of the house."""
    found = {people_pages.USED_UP, people_pages.NOT_HERE, people_pages.TOO_LATE, pod_pages.ASK_AGAIN, *PHRASES}
    for path in STATIC.parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=str(name)), args=[told, *_]) if name.endswith("Exception"):
                    assert not isinstance(told, ast.JoinedStr), path
                    found |= set(as_it_stands(told))
    return found


def given_to_errors() -> Iterator[tuple[str, ast.expr]]:
    """Each part of each error that a page shows, by the error's code."""
    for path in Path(dreamloom.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if any(code in text for code in SHOWN) else ():
            match node:
                case ast.Call(args=[ast.Constant(value=str(code)), *parts], keywords=named) if code in SHOWN:
                    yield from ((code, part) for part in parts)
                    yield from ((code, each.value) for each in named if each.arg in {"why", "still", "do"})


def told_when_it_is_refused() -> set[str]:
    """What errors that a page shows say as it stands; what is filled in first is said by its module."""
    return set(chain.from_iterable(as_it_stands(part) for _, part in given_to_errors())) - {""}


def as_it_stands(part: ast.expr) -> Iterator[str]:
    """The texts of one part of an error, either of two where it hangs on something."""
    match part:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*as_it_stands(one), *as_it_stands(other))


def test_an_error_that_a_page_shows_keeps_apart_what_it_says_and_what_it_names() -> None:
    parts = list(given_to_errors())
    assert {code for code, _ in parts} == SHOWN
    assert [code for code, part in parts if is_glued(part)] == []


def is_glued(part: ast.expr) -> bool:
    """Whether English and what it names are one text already; what is filled in keeps them apart."""
    match part:
        case ast.Call(func=ast.Name("filled") | ast.Attribute(attr="filled"), args=[ast.Constant()]):
            return False
    return any(isinstance(node, ast.JoinedStr) for node in ast.walk(part))


def test_an_error_is_said_in_the_language_of_its_page_and_kept_in_english() -> None:
    what = filled("It has 1 to {most} characters, and this {count}.", most=600, count=Number(1200, ","))
    error = RefusedError("DL-E759", what, do="Say it in a sentence or two.")
    assert error.what == "It has 1 to 600 characters, and this 1,200."
    assert error.said(in_english)[1:] == (error.what, "", "", error.do)
    assert "1.200 Zeichen" in error.said(wording.say("de")).what
    again = copy.copy(error)
    assert again.said(wording.say("de")) == error.said(wording.say("de"))


def test_numbers_are_written_as_a_language_writes_them() -> None:
    t = wording.say("de")
    assert t(Number(0.032, ".3f")) == "0,032"
    assert t(Number(1234.5, ",.1f")) == "1.234,5"
    assert t(Number(0.8, ".0%")) == "80\u00a0%"
    assert t("{level} dB", level=Number(-42.5)) == "-42,5 dB"
    assert in_english("{level} dB", level=Number(-42.5)) == "-42.5 dB"


def asked_in_the_morning() -> set[str]:
    """Every text of the interview."""
    steps = (*morning_steps.ASKED.values(), questions.guess(()), questions.guess(("sea",)))
    fields = tuple(chain.from_iterable(each.fields for each in steps))
    options = chain.from_iterable(each.options for each in fields)
    texts = {text for each in steps for text in (each.heading, each.text, each.button)}
    texts |= {text for each in fields for text in (each.label, *each.ends)} | {each.label for each in options}
    return (texts | {questions.ENOUGH, morning_steps.OUTCOME_HEADING}) - {"", "sea"}


def said_by_the_house() -> set[str]:
    """What rows, needs and lanes say in the record's own words."""
    rules = chain.from_iterable((rule.why, rule.clears) for rule in RULES)
    kinds = chain(get_args(live_row.Lane), get_args(live_row.Priority), THEMES)
    return {*IN_WORDS.values(), *SPOILT.values(), *rules, *kinds}


def test_each_text_is_there_in_each_language_and_no_language_has_more() -> None:
    shapes = set(re.findall(r'"([^"\n]*\{\w+\}[^"\n]*)"', (STATIC / "told.js").read_text(encoding="utf-8")))
    said = said_by_pages() | said_for_pages() | told_when_it_is_refused() | told_by_pages_themselves()
    needed = said | asked_in_the_morning() | said_by_the_house() | shapes
    rooms = (live_row, live_changes, live_lanes)
    source = "".join(Path(each.__file__).read_text(encoding="utf-8") for each in rooms)
    for language in OTHERS:
        table = wording.texts(language)
        assert needed <= set(table), needed - set(table)
        more = {text for text in set(table) - needed - FILLED_IN if text not in source}
        assert not more, more


def test_lines_of_the_house_are_built_alike_for_pages_with_scripts_and_without() -> None:
    script = (STATIC / "told.js").read_text(encoding="utf-8")
    listed = re.search(r"const SHAPES = \[(.*?)\]", script, re.DOTALL)
    assert listed is not None
    assert tuple(re.findall(r'"([^"]+)"', listed[1])) == wording.SHAPES
    tell = wording.tell("de")
    assert tell("N2 to R") == wording.say("de")("{what} to {then}", what="N2", then="R")
    assert tell("anna wrote a note") == "anna " + wording.say("de")("{who} wrote a note").replace("{who} ", "")
    assert tell("what nobody ever said") == "what nobody ever said"


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_names_in_each_language_what_it_names_in_english(language: wording.Language) -> None:
    for text, said in wording.texts(language).items():
        assert said.strip(), text
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", said)), text


@pytest.mark.parametrize("language", OTHERS)
def test_texts_of_a_language_stand_in_order_so_that_each_is_found(language: wording.Language) -> None:
    found = list(wording.texts(language))
    assert found == sorted(found)


@pytest.mark.parametrize("language", OTHERS)
def test_whoever_reads_is_called_alike_on_every_page(language: wording.Language) -> None:
    polite = re.compile(r"\b(Ihnen|Ihrem|Ihren|Ihres)\b|\b(haben|sind|möchten|glauben|bleiben|wissen|lassen) Sie\b")
    texts = wording.texts(language)
    assert [said for said in texts.values() if language == "de" and polite.search(said)] == []


LITERAL = re.compile(r">([^<>{}$`]*[A-Za-zÀ-ÿ]{3,}[^<>{}$`]*)<")
NAMED = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"{$]*[A-Za-z]{3,}[^"{$]*)"')


def test_no_converted_page_says_anything_past_the_catalogue() -> None:
    for path in CONVERTED:
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<code>.*?</code>", "", text)
        marked = "".join(re.findall(r"html`.*?`", text, flags=re.DOTALL)) if path.suffix == ".js" else text
        left = [found.strip() for found in (*LITERAL.findall(marked), *NAMED.findall(text))]
        assert [found for found in left if found not in {"", "Dreamloom"}] == [], path.name


def client_of(night: NightFolder) -> Any:
    door = SignIn(lambda: 0.0)
    client = TestClient(make_app(night, door, hosts=["127.0.0.1:8770"]), base_url="http://127.0.0.1:8770")
    client.cookies.set(cookie_of(8770), door.enter(door.link("orchestrator", name="anna")) or "", domain="127.0.0.1")
    return client


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    return night_that_is_over(tmp_path_factory.mktemp("house"), hours=0.02)


@pytest.mark.parametrize(
    ("prefers", "found"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pt-BR,pt;q=0.9", "en"),
        ("en;q=0.5,de;q=0.7", "de"),
        ("fr, de;q=0.2, en;q=0.1", "de"),
        ("de;q=nonsense, en", "en"),
        ("", "en"),
    ],
)
def test_a_page_is_in_the_language_that_its_browser_prefers_of_those_there_are(night, prefers: str, found: str) -> None:
    with client_of(night) as client:
        page = client.get("/nights/tide", headers={"accept-language": prefers}).text
        assert f'<html lang="{found}"' in page
        words = client.get("/words.js", headers={"accept-language": prefers})
        assert f'language = "{found}"' in words.text
        assert "Accept-Language" in words.headers["vary"]


def test_what_is_chosen_holds_for_the_next_pages_and_nonsense_changes_nothing(night: NightFolder) -> None:
    with client_of(night) as client:
        assert "Niemand braucht jemanden." in client.get("/nights/tide?lang=de").text
        assert '<html lang="de"' in client.get("/nights/tide").text
        assert '<html lang="de"' in client.get("/nights/tide?lang=xx").text
        assert "<h1>Anmelden</h1>" in client.get("/sign-in").text or "angemeldet" in client.get("/sign-in").text
        assert "Nobody needs anybody." in client.get("/nights/tide?lang=en").text


@pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
def test_the_night_view_speaks_german_where_it_is_wanted(night: NightFolder, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with served(night) as server, browser() as chromium:
        page = chromium.new_context(locale="de-DE", viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link("orchestrator", name="anna"))
        page.wait_for_selector(ROWS)
        assert page.locator("html").get_attribute("lang") == "de"
        expect(page.get_by_role("heading", name="Braucht dich (0)")).to_be_visible()
        page.keyboard.press("f")
        expect(page.locator(".focus figcaption").first).to_contain_text("Wie wahrscheinlich jedes Stadium war")
        expect(page.locator(ROWS).first).to_contain_text("Aufzeichnung beendet")
        page.screenshot(path=tmp_path / "german.png", full_page=True)
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", name="Needs you (0)")).to_be_visible()


@pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
def test_the_page_at_the_pillow_speaks_german_also_without_a_network_and_changes_by_a_tap(tmp_path: Path) -> None:
    from playwright.sync_api import expect

    night = on_pages(night_that_waits(tmp_path, beds=1))
    with served(night) as server, browser() as chromium:
        page = chromium.new_context(locale="de-DE", viewport={"width": 390, "height": 844}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"http://127.0.0.1:{server.port}/pod/join/{pod_links.make(night, 'p1')[0]}")
        expect(page.get_by_role("heading", name="Bevor du schläfst")).to_be_visible()
        expect(page.locator(".agreed")).to_contain_text("zugestimmt")
        expect(page.get_by_role("button", name="STOPP")).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "de"
        page.screenshot(path=tmp_path / "german-pod.png", full_page=True)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.context.set_offline(True)
        page.reload()
        expect(page.get_by_role("button", name="STOPP")).to_be_visible()
        page.context.set_offline(False)
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", name="Before you sleep")).to_be_visible()
        expect(page.locator(".agreed")).to_contain_text("You agreed")
        page.goto(f"http://127.0.0.1:{server.port}/pod")
        expect(page.get_by_role("button", name="STOP", exact=False)).to_contain_text("no more sound tonight")


IN_GERMAN = {
    "orchestrator": {
        "/nights/tide/handover": ("Übergabe: tide", "Aufzeichnung beendet", "In night.toml steht niemand"),
        "/nights/tide/beds/p1/talk": ("p1 erreichen", "Noch wurde nichts geschrieben."),
        "/circle/evening": ("Bevor wir schlafen", "2 von uns schlafen heute Nacht hier.", "Für ein Bett ohne Seite"),
        "/circle/morning": ("Guten Morgen", "Was geteilt wird"),
    },
    "sleeper": {
        "/circle/evening": ("Ich bin bereit", "zugestimmt"),
        "/circle/morning": ("Ich bin wieder da",),
        "/outcomes": ("Deine Abende und Morgen", "Diesen Morgen erzählen"),
        "/outcomes/tell/evening": ("Wie geht es dir heute Abend?", "Dieser Abend", "Behalten"),
        "/outcomes/tell/before": ("Wie nah sind dir gerade die, die hier schlafen?",),
        "/consent": ("Dem du zugestimmt hast", "Die Nacht ist vorbei"),
    },
}


@pytest.mark.parametrize("role", ["orchestrator", "sleeper"])
def test_pages_of_an_evening_and_a_morning_are_german_where_it_is_wanted(
    night: NightFolder, role: Literal["orchestrator", "sleeper"]
) -> None:
    door = SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=["127.0.0.1:8770"]), base_url="http://127.0.0.1:8770") as client:
        session = door.enter(door.link(role, name="anna", pod="p1" if role == "sleeper" else None))
        client.cookies.set(cookie_of(8770), session or "", domain="127.0.0.1")
        if role == "sleeper":
            client.cookies.set(AT_BED, pod_links.enter(night, pod_links.make(night, "p1")[0]) or "", domain="127.0.0.1")
        for path, texts in IN_GERMAN[role].items():
            page = client.get(path, headers={"accept": "text/html", "accept-language": "de"}).text
            assert '<html lang="de"' in page, path
            assert [text for text in texts if text not in page] == [], path
            assert '<html lang="en"' in client.get(path, headers={"accept-language": "en"}).text, path
