"""Are outcomes shown to whom they belong, and to nobody else? In a browser without scripts, axe clean, on paper too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.house import courses, cueing_holds, outcome_answers, outcome_sharing, pod_links
from dreamloom.house.layout import House
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, amiss, browser, served
from dreamloom.testing.courses import CLINICIAN, MISSED, NAME, NIGHTS, SLEEPER, a_course, days_ago, tell
from dreamloom.web.serving import Server
from dreamloom.web.themes import THEMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
WHY = "We spoke on the phone."
WEEKLY = """
id = "weekly"
version = 1
language = "en"
title = "A week <now>"
licence = "by leave of its authors"
source = "Somebody, 2026"
may_redistribute = false
item = [{ name = "one", when = "once", low = 0, high = 3, ask = "How heavy was it?" }]
score = [{ name = "total", how = "sum", items = ["one"] }]
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Fourteen nights of which twelve were told; nightmares rose, and cues are held."""
    house = House(tmp_path_factory.mktemp("house"))
    a_course(house, first=days_ago(NIGHTS))
    course = courses.find_begun(house, NAME).course
    for number in range(1, NIGHTS + 1):
        if number not in MISSED:
            tell(house, course, number)
    return house


@pytest.fixture(scope="module")
def server(lived: House) -> Iterator[Server]:
    with served(lived.night("first")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def page_of(chromium: Any, **asked: Any) -> Any:
    page = chromium.new_context(java_script_enabled=asked.pop("scripts", False), **asked).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def at_bed(chromium: Any, server: Server, house: House, **asked: Any) -> Any:
    page = page_of(chromium, **asked)
    token, _ = pod_links.make(house.night("first"), SLEEPER)
    page.goto(f"{at(server)}/pod/join/{token}")
    return page


def clinician(chromium: Any, server: Server, name: str = "Dr-Moss", **asked: Any) -> Any:
    page = page_of(chromium, **asked)
    page.goto(server.link("clinician", name=name))
    return page


def at(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def test_a_sleeper_sees_their_own_nights_as_figures_with_sentence_and_table(
    chromium: Any, server: Server, lived: House
) -> None:
    page = at_bed(chromium, server, lived)
    page.goto(f"{at(server)}/outcomes")
    assert page.title() == "Evenings and mornings"
    assert page.locator("figure").count() == 5
    assert page.locator("figure figcaption").first.inner_text().endswith("2 nights not told.")
    assert page.get_by_role("img", name="Nightmares that woke").count() >= 1
    page.get_by_text("The numbers behind it").first.click()
    rows = page.locator("figure").first.get_by_role("table").last.locator("tbody tr")
    assert rows.count() == NIGHTS
    assert [n for n in range(NIGHTS) if rows.nth(n).locator("td").last.inner_text() == "not told"] == [2, 9]
    assert page.get_by_role("heading", name="Your cues are paused").is_visible()
    assert "Not a medical device" in page.locator("footer").inner_text()


def test_nobody_else_sees_them(chromium: Any, server: Server, lived: House) -> None:
    stranger = page_of(chromium)
    assert stranger.goto(f"{at(server)}/outcomes").status == 401
    assert stranger.goto(f"{at(server)}/courses/{NAME}").status == 401
    for role in ("orchestrator", "researcher", "blinded", "council", "clinician"):
        page = page_of(chromium)
        page.goto(server.link(role, name="anna"))
        assert page.goto(f"{at(server)}/outcomes").status == 403, role
        assert page.goto(f"{at(server)}/courses/{NAME}").status == (404 if role == "clinician" else 403), role
        assert "nightmare" not in page.content()
    bed = at_bed(chromium, server, lived)
    assert bed.goto(f"{at(server)}/courses/{NAME}").status == 401
    owner = page_of(chromium)
    owner.goto(server.link("sleeper", name="p1", pod="p1"))
    assert owner.goto(f"{at(server)}/outcomes").status == 200


def test_a_morning_is_told_without_a_script_and_counts(chromium: Any, server: Server, lived: House) -> None:
    page = at_bed(chromium, server, lived, viewport={"width": 390, "height": 844})
    page.goto(f"{at(server)}/outcomes/tell/evening")
    page.get_by_role("group", name="How do you feel this evening?").get_by_label("7", exact=True).check(force=True)
    page.get_by_role("button", name="Keep this").click()
    assert page.url.endswith("/outcomes")
    found = [each for each in outcome_answers.given(lived, SLEEPER) if each.moment == "evening"]
    assert [each.answers for each in found] == [{"mood_evening": 7}]
    page.goto(f"{at(server)}/outcomes/tell/evening")
    assert page.get_by_role("group", name="told before: 7").count() == 1
    page.goto(f"{at(server)}/outcomes/tell/rehearsal")
    page.get_by_label("For how many minutes").fill("12")
    page.get_by_role("button", name="Keep this").click()
    assert any(each.pack_id == "rehearsal" for each in outcome_answers.given(lived, SLEEPER))


def test_an_instrument_of_the_course_is_asked_on_a_page_of_its_own_and_no_other_is(
    chromium: Any, tmp_path: Path
) -> None:
    house = House(tmp_path)
    house.packs.mkdir(parents=True)
    (house.packs / "weekly.toml").write_text(WEEKLY)
    (house.packs / "unasked.toml").write_text(WEEKLY.replace('"weekly"', '"unasked"'))
    a_course(house, first=days_ago(3), packs='"nightly", "weekly"')
    with served(house.night("first")) as server:
        page = at_bed(chromium, server, house, viewport={"width": 390, "height": 844})
        page.goto(f"{at(server)}/outcomes")
        page.get_by_role("link", name="A week <now>").click()
        assert page.locator("h1").inner_text() == "A week <now>"
        assert "by leave of its authors" in page.inner_text("main")
        page.get_by_role("group", name="How heavy was it?").get_by_label("3", exact=True).check(force=True)
        page.get_by_role("button", name="Keep this").click()
        assert "A week <now>, total: 3 on" in page.inner_text("#said + ul")
        assert page.get_by_role("region", name="A week <now>").get_by_role("row").count() == 2
        assert page.goto(f"{at(server)}/outcomes/tell/unasked").status == 400
        assert [each.moment for each in outcome_answers.given(house, SLEEPER)] == ["once"]


def test_whoever_would_like_to_talk_reads_who_knows_it(chromium: Any, tmp_path: Path) -> None:
    house = House(tmp_path)
    a_course(house, first=days_ago(3))
    with served(house.night("first")) as server:
        page = at_bed(chromium, server, house)
        page.goto(f"{at(server)}/outcomes/tell/morning")
        page.get_by_label("I would like to talk to somebody").check(force=True)
        page.get_by_role("button", name="Keep this").click()
        assert "Nobody was told" in page.inner_text("#wish + p")
        outcome_sharing.share(house, SLEEPER, "Ada Host", {"flags"})
        page.reload()
        assert page.inner_text("#wish + p").startswith("Ada Host sees that, and nobody else.")
        page.goto(f"{at(server)}/outcomes/tell/morning")
        page.get_by_role("group", name="Are you all right to start the day?").get_by_label("yes").check(force=True)
        page.get_by_role("button", name="Keep this").click()
        assert page.locator("#wish").count() == 0


def test_whoever_was_named_finds_who_waits_for_them(chromium: Any, server: Server, lived: House) -> None:
    outcome_sharing.share(lived, SLEEPER, "Ada Host", {"flags"})
    host = page_of(chromium)
    host.goto(server.link("orchestrator", name="Ada-Host"))
    host.goto(f"{at(server)}/courses")
    assert host.locator("#wishes + ul li").first.inner_text().endswith(f"{SLEEPER} would like to talk to somebody")
    assert NAME not in host.content()
    outcome_sharing.share(lived, SLEEPER, "Ada Host", set())
    host.reload()
    assert "Nobody has told you so." in host.inner_text("main")
    doctor = clinician(chromium, server)
    assert doctor.url.endswith("/courses")
    assert "Cues are held since" in doctor.inner_text("main")
    doctor.get_by_role("link", name=NAME).click()
    assert doctor.url.endswith(f"/courses/{NAME}")
    other = clinician(chromium, server, "anna")
    assert "None was begun with you." in other.inner_text("main")


PAGES = ("/outcomes", "/outcomes/tell/morning", "/courses", f"/courses/{NAME}")


def test_nothing_scrolls_sideways_on_a_phone_or_at_four_times_the_size(
    chromium: Any, server: Server, lived: House
) -> None:
    outcome_sharing.share(lived, SLEEPER, CLINICIAN, {"figures"})
    for width in (1280, 390, 320):
        size = {"width": width, "height": 800}
        bed = at_bed(chromium, server, lived, scripts=True, viewport=size)
        doctor = clinician(chromium, server, scripts=True, viewport=size)
        for path in PAGES:
            page = doctor if path.startswith("/courses") else bed
            page.goto(f"{at(server)}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(chromium: Any, server: Server, lived: House, theme: str) -> None:
    outcome_sharing.share(lived, SLEEPER, CLINICIAN, {"figures"})
    bed = at_bed(chromium, server, lived, scripts=True)
    doctor = clinician(chromium, server, scripts=True)
    for path in PAGES:
        page = doctor if path.startswith("/courses") else bed
        page.goto(f"{at(server)}{path}?theme={theme}")
        assert amiss(page) == [], path


def test_a_clinician_sees_figures_by_consent_alone_and_answers_on_the_page(
    chromium: Any, server: Server, lived: House
) -> None:
    outcome_sharing.share(lived, SLEEPER, CLINICIAN, set())
    page = clinician(chromium, server)
    page.goto(f"{at(server)}/courses/{NAME}")
    assert page.locator("figure").count() == 0
    assert "does not share their figures" in page.content()
    assert "per reported night" not in page.content()
    assert "wants you to know" not in page.content()
    bed = at_bed(chromium, server, lived)
    bed.goto(f"{at(server)}/outcomes")
    bed.get_by_label("sees these figures").check()
    bed.get_by_label("is told when I would like to talk").check()
    bed.get_by_role("button", name="Keep this").click()
    page.reload()
    assert page.locator("figure").count() == 5
    assert page.get_by_text("would like to talk to somebody").count() == 2
    assert "1.20 nightmares per reported night" in page.content()
    assert page.get_by_role("heading", name="Cues are held since").is_visible()
    page.get_by_label("Why").fill(WHY)
    page.get_by_role("button", name="Cues go on").click()
    page.get_by_role("heading", name="Cues are held since").wait_for(state="detached")
    assert "Dr Moss answered, and cues went on" in page.content()
    assert cueing_holds.held(lived, SLEEPER) is None
    assert not [path for path in Path(lived.root).rglob("*") if path.is_file() and WHY.encode() in path.read_bytes()]


def test_the_page_is_one_sheet_of_paper(chromium: Any, server: Server, lived: House) -> None:
    outcome_sharing.share(lived, SLEEPER, CLINICIAN, {"figures", "flags"})
    page = clinician(chromium, server)
    page.goto(f"{at(server)}/courses/{NAME}")
    assert "wants you to know" in page.content()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1
