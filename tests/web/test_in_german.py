"""Does somebody who reads German find an English sentence on any page that speaks German?"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from litestar.testing import TestClient

from dreamloom.house import (
    circles,
    courses,
    demo_morning,
    demonstrating,
    outcome_sharing,
    pod_links,
    running,
    told_reports,
    weaving,
)
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.phone_graded import KeptGrade
from dreamloom.house.pod_links import COOKIE as AT_BED
from dreamloom.house.run_options import RunOptions
from dreamloom.jukebox import phone_grades
from dreamloom.record.course_events import Shown
from dreamloom.testing.browsers import night_that_is_over, night_that_waits
from dreamloom.testing.courses import CLINICIAN, MISSED, NAME, NIGHTS, SLEEPER, a_course, days_ago, tell
from dreamloom.testing.page_texts import alike, texts_of
from dreamloom.testing.pod_pages import on_pages
from dreamloom.testing.told_mornings import THEME, invented, whole_morning
from dreamloom.web import wording
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import SignIn, cookie_of

HOST = "127.0.0.1:8770"
ALWAYS = ("Dreamloom", "English", "Deutsch")
"""Names that are alike in both."""


class Reader:
    """Reads each page of a night in both languages."""

    def __init__(self, night: NightFolder, client: Any) -> None:
        self.night = night
        self.client = client

    def alike(self, path: str, *, names: Sequence[str] = (), form: dict[str, str] | None = None) -> set[str]:
        """What stands on the page in the same words for both; with a form, on what is answered to it."""
        english, german = (self.page(path, language, form) for language in ("en", "de"))
        assert '<html lang="de"' in german, path
        assert len(texts_of(german)) > 4, german
        return alike(english, german, names=[*ALWAYS, *names])

    def page(self, path: str, language: str, form: dict[str, str] | None = None) -> str:
        """As this reader gets it; with a form, what is answered to it."""
        asks = {"accept": "text/html", "accept-language": language, "origin": f"http://{HOST}"}
        if form is None:
            return str(self.client.get(path, headers=asks).text)
        return str(self.client.post(path, headers=asks, data=form).text)


def reading(
    night: NightFolder,
    *,
    role: Literal["orchestrator", "sleeper", "clinician", "council"],
    bed: str = "",
    name: str = "anna",
) -> Iterator[Reader]:
    door = SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=[HOST]), base_url=f"http://{HOST}") as client:
        session = door.enter(door.link(role, name=name, pod=bed or None))
        client.cookies.set(cookie_of(8770), session or "", domain="127.0.0.1")
        if bed:
            client.cookies.set(AT_BED, pod_links.enter(night, pod_links.make(night, bed)[0]) or "", domain="127.0.0.1")
        yield Reader(night, client)


def told_in(night: NightFolder) -> list[str]:
    """Every dream of the house: what dreamers wrote is theirs, in their language."""
    return [each.text for each in told_reports.reports(night.house)]


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    night = night_that_is_over(tmp_path_factory.mktemp("house"), beds=9, hours=0.01)
    for n in range(1, 10):
        text = invented(f"S{n:02d}", "tide", themes=THEME, mentions=4)
        whole_morning(night, f"S{n:02d}", text=f"{text} On the pier I met Anna Berg in 14 Mill Road.")
    found = weaving.standing(night)
    places = [circles.key(piece) for piece in found.weave.pieces if piece.source is not None]
    circles.say(night, "S02", entry="ab" * 16, manner="bridge", after=places[0], text="And a door of salt.")
    thread, sha256 = next(iter(found.threads.items()))
    for each in found.speakers_in(thread):
        weaving.ratify(night, each, sha256, "yes")
    return night


def test_a_story_is_german_but_for_what_its_dreamers_told(nine: NightFolder) -> None:
    told = [*told_in(nine), "And a door of salt."]
    for reader in reading(nine, role="sleeper", bed="p1"):
        assert "Worum es in dieser Nacht ging" in reader.page("/morning", "de")
        assert "Gewoben aus 9 Berichten" in reader.page("/story", "de")
        assert reader.alike("/story", names=told) == set()
        assert reader.alike("/story?met=yes", names=told) == set()
        wrong = {"manner": "bridge", "after": "nowhere", "entry": "", "text": "x"}
        assert reader.alike("/story/say", names=told, form=wrong) == set()
        assert reader.alike("/story/sign", names=told, form={"thread": "none", "says": "yes"}) == set()
    for reader in reading(nine, role="orchestrator"):
        assert reader.alike("/nights/tide/story?met=yes", names=told) == set()


def test_a_story_of_few_is_german_with_its_figures(tmp_path: Path) -> None:
    night = demonstrating.prepare(House(tmp_path / "house"), length_s=5.0).folder
    running.run_night(night, RunOptions(speed_x=None, until_s=5.0))
    assert demo_morning.tell(night)
    names = [*told_in(night), *(f"{each.name}:" for each in demo_morning.invented().values())]
    for reader in reading(night, role="orchestrator"):
        page = reader.page(f"/nights/{night.name}/story?met=yes", "de")
        assert "Die Träume dieser Nacht gleichen sich nicht mehr als durch Zufall (p = 0," in page
        assert reader.alike(f"/nights/{night.name}/story?met=yes", names=names) == set()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Fourteen nights of a course, two of which were not told; nightmares rose, and cues are held."""
    house = House(tmp_path_factory.mktemp("house"))
    a_course(house, first=days_ago(NIGHTS))
    course = courses.find_begun(house, NAME).course
    for number in range(1, NIGHTS + 1):
        if number not in MISSED:
            tell(house, course, number)
    return house


def test_evenings_and_mornings_are_german_with_their_figures_and_tables(lived: House) -> None:
    outcome_sharing.share(lived, SLEEPER, CLINICIAN, ())
    for reader in reading(lived.night("first"), role="sleeper", bed="p1"):
        page = reader.page("/outcomes", "de")
        assert "Albträume, die weckten: " in page
        assert ", Nacht für Nacht" in page
        assert reader.alike("/outcomes", names=[CLINICIAN, NAME]) == set()
        for moment in ("evening", "morning"):
            assert reader.alike(f"/outcomes/tell/{moment}") == set()


@pytest.mark.parametrize("shown", [(), ("figures", "flags")])
def test_a_course_is_german_for_its_clinician(lived: House, shown: tuple[Shown, ...]) -> None:
    outcome_sharing.share(lived, SLEEPER, CLINICIAN, shown)
    for reader in reading(lived.night("first"), role="clinician", name=courses.signs_in_as(CLINICIAN)):
        assert "Reize sind seit" in reader.page(f"/courses/{NAME}", "de")
        assert reader.alike(f"/courses/{NAME}", names=[CLINICIAN, NAME]) == set()
        assert reader.alike("/courses", names=[CLINICIAN, courses.signs_in_as(CLINICIAN), NAME]) == set()


def test_refusals_are_german_with_why_and_what_to_do(nine: NightFolder) -> None:
    for reader in reading(nine, role="sleeper", bed="p1"):
        for path in ("/nights/tide/story", "/nowhere", "/outcomes/tell/noon", "/nights/tide/beds/p1/talk"):
            assert reader.alike(path) == set(), path
        assert "Das ist nicht für deine Rolle." in reader.page("/nights/tide/story", "de")
        told = reader.page("/api/nights/tide/counts", "de")
        assert json.loads(told)["error"]["what"] == "Das ist nicht für deine Rolle."
        assert "This is not for your role." in reader.page("/api/nights/tide/counts", "en")
    for reader in reading(nine, role="orchestrator"):
        assert reader.alike("/nights/none/story") == set()
        reader.client.cookies.clear()
        assert reader.alike("/nights/tide", names=["dreamloom link"]) == set()
        assert reader.alike("/enter/used-up") == set()


def test_what_a_morning_and_a_circle_do_not_take_is_said_in_german(nine: NightFolder) -> None:
    for reader in reading(nine, role="sleeper", bed="p1"):
        told = [*told_in(nine), "Let a test hear cues within a minute of night."]
        assert reader.alike("/morning/report", names=told, form={"recall": "content", "words": ""}) == set()
        assert reader.alike("/morning/dance", names=told, form={}) == set()
        long = {"word": "shared", "text": "x" * 5000}
        assert "Diese Runde nimmt bis zu" in reader.page("/circle/morning", "de", long)
        assert reader.alike("/circle/morning", names=[*told, "x" * 5000], form=long) == set()
        assert reader.alike("/outcomes/tell/evening", form={"mood_evening": "77"}) == set()


def test_the_guide_speaks_german_to_whoever_reads_it_also_without_being_asked_to(nine: NightFolder) -> None:
    for reader in reading(nine, role="sleeper", bed="p1"):
        for path in ("/guide/evening", "/guide/after", "/guide/help"):
            assert reader.alike(path) == set(), path
        assert reader.alike("/guide/evening", form={"answer": "x" * 500}) == set()


def test_a_night_in_numbers_is_german(nine: NightFolder) -> None:
    for reader in reading(nine, role="council"):
        page = reader.page("/nights/tide/counts", "de")
        assert "9 Betten, 0,0 Stunden aufgezeichnet, zu Ende." in page
        assert reader.alike("/nights/tide/counts") == set()


@pytest.mark.parametrize(("lost", "grade"), [(0.0, "A"), (0.05, "C"), (0.5, "unter C")])
def test_what_a_phone_was_graded_is_told_in_german(lost: float, grade: str) -> None:
    found = phone_grades.Rehearsed(
        cues=60, missed_share=lost, error_ms=4.0, absent_s=110.0 if lost else 1.2, seen_share=0.1, lock_lost_share=0.0,
        battery_per_h=None,
    )  # fmt: skip
    told, english = (phone_grades.told(found, say=wording.say(language)) for language in ("de", "en"))
    assert told.startswith(f"Geprobt: {grade}. ")
    assert set(told.split(". ")) & set(english.split(". ")) == set()
    if lost:
        assert f"{100 * lost:.0f}\u00a0% der Reize kamen nie." in told


def test_the_page_at_the_pillow_is_told_its_grade_in_its_language(tmp_path: Path) -> None:
    night = on_pages(night_that_waits(tmp_path, beds=1))
    found = phone_grades.Rehearsed(
        cues=60, missed_share=0.0, error_ms=4.0, absent_s=1.2, seen_share=0.1, lock_lost_share=0.0, battery_per_h=None
    )
    kept = KeptGrade(sleeper="S01", device="browser", minutes=20.0, found=found)
    night.graded("p1").parent.mkdir(parents=True, exist_ok=True)
    night.graded("p1").write_bytes(msgspec.json.encode(kept))
    for reader in reading(night, role="sleeper", bed="p1"):
        grades = [json.loads(reader.page("/api/pod", language))["grade"] for language in ("de", "en")]
        assert [each.partition(".")[0] for each in grades] == ["Geprobt: A", "Rehearsed: A"]
