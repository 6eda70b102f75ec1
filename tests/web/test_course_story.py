"""Fourteen nights of one simulated sleeper: two are missed, nightmares rise, cues are held, the clinician answers.

By the words that people type and the pages that they open; the course's own nights run, each as short as can be.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dreamloom.cli.app import app
from dreamloom.house import courses, pod_links
from dreamloom.house.layout import House
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, amiss, browser, served
from dreamloom.testing.courses import (
    BASELINE,
    CLINICIAN,
    MISSED,
    NAME,
    NIGHTS,
    SLEEPER,
    a_course,
    answers,
    days_ago,
    evening_of,
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.setenv("DREAMLOOM_HOUSE", str(tmp_path / "house"))

    def run(*words: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


def sleep(typed: Typed, number: int) -> dict[str, Any]:
    """The night that is due, made and run to its end."""
    code, out, said = typed("course", "tonight", NAME, "--on", evening_of(number), "--run", "--speed", "max", "--json")
    assert code == 0, said
    found: dict[str, Any] = json.loads(out)
    return {**found, "said": said}


def wake(typed: Typed, number: int) -> dict[str, Any]:
    """Its morning, told."""
    words = [f"{item}={number_}" for item, number_ in answers(number).items()]
    code, out, said = typed("outcomes", "tell", SLEEPER, *words, "--on", evening_of(number + 1), "--json")
    assert code == 0, said
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_course_of_fourteen_nights_from_its_first_evening_to_its_summary(typed: Typed, tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    a_course(house, first=days_ago(NIGHTS))
    made_early = json.loads(typed("course", "tonight", NAME, "--on", evening_of(13), "--json")[1])["folder"]
    held: list[str] = []
    last = 0
    for number in range(1, NIGHTS - 1):
        if number in MISSED:
            continue
        assert "No cue of this sleeper" not in sleep(typed, number)["said"]
        held, last = wake(typed, number)["held"], number
        assert bool(held) == (number == 12), number
    assert (last, held) == (12, [evening_of(13)])

    # the night that was made before the hold does not begin with cues
    code, _, said = typed("run", made_early, "--speed", "max")
    assert code == 5
    assert "DL-E667" in said
    assert "nightmare" not in said.casefold()
    code, _, said = typed("course", "answer", NAME, "--by", "somebody", "--because", "it is fine", "--go-on")
    assert (code, "DL-E665" in said) == (5, True)

    # unattended, it is recorded in silence
    silent = sleep(typed, 13)
    assert "Dr Moss has to answer" in silent["said"]
    assert silent["cues_played"] == 0
    wake(typed, 13)

    the_clinician_answers(house)

    assert "No cue of this sleeper" not in sleep(typed, NIGHTS)["said"]
    wake(typed, NIGHTS)
    code, out, said = typed("course", "summary", NAME, "--out", tmp_path / "summary.html", "--json")
    assert code == 0
    shown = json.loads(typed("outcomes", "show", SLEEPER, "--json")[1])
    assert shown["values"]["nightmares"] == [
        None if number in MISSED else answers(number)["nightmares"] for number in range(1, NIGHTS + 1)
    ]
    the_summary_is_honest(json.loads(out), (tmp_path / "summary.html").read_text())


def the_clinician_answers(house: House) -> None:
    """On the page, signed in by their own name, without having been shown any figure."""
    night = house.night("first")
    with served(night) as server, browser() as chromium:
        page = chromium.new_context().new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link("clinician", name=CLINICIAN))
        page.goto(f"http://127.0.0.1:{server.port}/courses/{NAME}")
        assert amiss(page) == []
        assert page.locator("figure").count() == 0
        page.get_by_label("Why").fill("We spoke; the sound stays as it is.")
        page.get_by_role("button", name="Cues go on").click()
        page.get_by_text("Dr Moss answered, and cues went on").wait_for()
        bed = chromium.new_context().new_page()
        token, _ = pod_links.make(night, SLEEPER)
        bed.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
        bed.goto(f"http://127.0.0.1:{server.port}/outcomes")
        assert bed.get_by_role("heading", name="Your cues are paused").count() == 0
        assert bed.locator("figure").count() == 5
        assert amiss(bed) == []


def the_summary_is_honest(summary: dict[str, Any], page: str) -> None:
    """What was missed is said, nothing is made of too little, and no healing is claimed."""
    lines = " ".join(summary["sentences"])
    assert "12 of 14 nights that were due ran; 12 of 14 mornings told" in lines
    assert "per reported night" in lines
    assert "1 of 8 mornings not told" in lines
    assert "1 of 6 mornings not told" in lines
    assert "7 mornings were told before, and 8 are needed" in lines
    assert "comes by itself" in lines
    assert "Dr Moss answered, and cues went on" in lines
    assert lines.endswith("Not a medical device: it keeps a schedule and a record, and treats nothing.")
    assert not re.search(r"\b(improv|heal|cure|better|effective|works)", lines.casefold())
    assert "We spoke" not in page
    assert "<script" not in page
    told = {night["number"]: night["answers"] for night in summary["nights"]}
    assert [number for number, each in told.items() if each is None] == list(MISSED)
    assert summary["measures"]["nightmares"]["since"]["total"] == sum(
        answers(number)["nightmares"] for number in range(BASELINE + 1, NIGHTS + 1) if number not in MISSED
    )


def test_the_course_of_the_story_is_the_one_that_its_file_says(tmp_path: Path) -> None:
    house = House(tmp_path)
    a_course(house, first=days_ago(NIGHTS))
    course = courses.find_begun(house, NAME).course
    assert sum(stretch.nights for stretch in course.stretch) == NIGHTS
    assert course.hold == (type(course.hold))(nightmares=2, nights=3)
