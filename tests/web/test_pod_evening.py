"""Does a sleeper find on their page what they just hear, by the house's own rule, and do levels follow it?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from dreamloom.house import hearing, pod_hearing, pod_links
from dreamloom.house.evening import Check, evening
from dreamloom.house.layout import NightFolder
from dreamloom.house.pod_page import bed_at
from dreamloom.jukebox.levels import gain
from dreamloom.record.events import ThresholdMeasured
from dreamloom.testing import browsers, live_nights, pod_pages, timed_pages
from dreamloom.vocabulary.units import Decibels, NightTime
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import SignIn

HOST = "127.0.0.1:8770"
DEVICE = "browser:p1"
EAR_DBFS = -66.0


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return pod_pages.on_pages(live_nights.write(tmp_path, "tonight", pods=2))


@pytest.fixture
def client(night: NightFolder) -> Iterator[TestClient]:
    with TestClient(make_app(night, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as found:
        token, _ = pod_links.make(night, "p1")
        found.get(f"/pod/join/{token}", follow_redirects=False)
        yield found


def just_heard() -> float:
    return gain(Decibels(EAR_DBFS), full_scale_db=Decibels(0.0), loudness_db=pod_hearing.presented().loudness_db)


def answered(client: TestClient, ear: Any) -> tuple[dict[str, Any], list[bool]]:
    """A whole round with this ear, which is told a gain and says whether it heard."""
    moment, said = client.post("/api/pod/hearing").json(), []
    while not moment["over"]:
        said.append(ear(moment["gain"]))
        moment = client.post("/api/pod/hearing/answers", json={"seed": moment["seed"], "heard": said}).json()
    return moment, said


def somebody_lies_there(night: NightFolder) -> None:
    text = night.night_toml.read_text(encoding="utf-8")
    night.night_toml.write_text(text.replace(live_nights.SLEEPER, "lsl:headband"), encoding="utf-8")


def check_of(night: NightFolder, what: str) -> Check:
    return next(check for check in evening(night).beds[0].checks if check.what == what)


def test_answers_from_a_page_find_the_threshold_that_its_ear_has(client, night) -> None:
    moment, said = answered(client, lambda loud: loud >= just_heard())
    assert moment["found"]
    kept = hearing.kept_for(night, bed_at(night, "p1"), DEVICE)
    assert kept is not None
    assert kept.dbfs == pytest.approx(EAR_DBFS, abs=2.0)
    assert kept.trials == len(said)
    assert kept.false == 0
    told = hearing.measured(night, bed_at(night, "p1"), DEVICE, NightTime(0.0))
    assert told is not None
    assert (told.threshold_db, told.scale) == (30.0, "own threshold")
    assert told.full_scale_db == pytest.approx(30.0 - kept.dbfs)


def test_the_sound_of_a_moment_is_served_by_its_content(client) -> None:
    moment = client.post("/api/pod/hearing").json()
    assert client.get(f"/api/pod/sounds/{moment['sound']}").content == pod_hearing.presented().frames.tobytes()


@pytest.mark.parametrize(
    ("ear", "why"), [(lambda _: True, "did not agree"), (lambda _: False, "Even the loudest was not heard")]
)
def test_answers_that_say_nothing_keep_nothing_and_are_told(client, night, ear, why) -> None:
    moment, _ = answered(client, ear)
    assert not moment["found"]
    assert why in moment["told"]
    assert hearing.kept_for(night, bed_at(night, "p1"), DEVICE) is None


@pytest.mark.parametrize("body", [{"seed": -1, "heard": []}, {"seed": 1, "heard": [True] * 81}, {"seed": 1}])
def test_what_is_no_round_is_refused(client, body) -> None:
    assert client.post("/api/pod/hearing/answers", json=body).status_code == 400


def test_a_night_that_has_begun_keeps_its_levels(client, night, monkeypatch) -> None:
    assert client.get("/api/pod").json()["may_listen"] is True
    begun = pod_hearing.glance(night)._replace(opened=object())
    monkeypatch.setattr(pod_hearing, "glance", lambda _: begun)
    answer = client.post("/api/pod/hearing")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "DL-E585")


def test_a_bed_with_another_speaker_is_not_asked_on_its_page(tmp_path) -> None:
    night = live_nights.write(tmp_path, "tonight")
    with TestClient(make_app(night, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as client:
        token, _ = pod_links.make(night, "p1")
        client.get(f"/pod/join/{token}", follow_redirects=False)
        assert client.get("/api/pod").json()["may_listen"] is False
        assert client.post("/api/pod/hearing").json()["error"]["code"] == "DL-E177"


def test_a_page_and_the_evening_check_show_the_same_words(client, night) -> None:
    somebody_lies_there(night)
    words = client.get("/api/pod").json()["words"]
    assert len(words.split()) == 3
    assert words in check_of(night, "output").told
    token, _ = pod_links.make(night, "p2")
    other = pod_links.enter(night, token)
    assert other is not None
    assert pod_links.words_of(other) != words


def test_what_was_done_on_the_page_stands_in_the_evening_check(client, night) -> None:
    somebody_lies_there(night)
    assert check_of(night, "output").state == "silent"
    assert check_of(night, "hearing").state == "to do"
    client.post("/api/pod/heard")
    answered(client, lambda loud: loud >= just_heard())
    assert check_of(night, "output").state == "ready"
    assert check_of(night, "hearing").state == "ready"


QUICK = """(loudest) => {
  const page = document.querySelector('dl-pod');
  const later = window.setTimeout.bind(window);
  window.setTimeout = (act) => later(act, 0);
  window.played = [];
  page.deck.graph.playOnce = async (sound, loud) => { window.played.push(loud); };
}"""


@pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")
def test_a_sleeper_answers_on_the_page_reads_the_consent_back_and_the_night_counts_from_it(night) -> None:
    wrong: list[str] = []
    with (
        browsers.served(night) as server,
        browsers.browser() as browser,
        pod_pages.page_of(browser, night, "p1", port=server.port, wrong=wrong) as page,
    ):
        pod_pages.count_notes(page)
        page.evaluate(timed_pages.LISTEN)
        pod_pages.until(page, "document.querySelector('dl-pod').deck.context.currentTime - window.heard.lastS > 0.8")
        assert browsers.amiss(page) == []
        last_note_s = page.evaluate("window.heard.lastS")
        page.get_by_role("button", name="Begin", exact=True).click()
        page.get_by_text("Did you hear a sound?").wait_for()
        assert page.evaluate("window.heard.lastS") > last_note_s
        assert browsers.amiss(page) == []
        page.evaluate(QUICK)
        page.get_by_role("button", name="Yes", exact=True).click()
        for _ in range(90):
            pod_pages.until(page, "['answer', 'over'].includes(document.querySelector('dl-pod').evening.asks)")
            if page.evaluate("document.querySelector('dl-pod').evening.asks") == "over":
                break
            heard = page.evaluate("window.played.at(-1)") >= just_heard()
            page.get_by_role("button", name="Yes" if heard else "No", exact=True).click()
        page.get_by_text("Found. What sounds tonight is counted from there.").wait_for()
        assert browsers.amiss(page) == []
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("You agreed to soft sounds").wait_for()
        assert browsers.amiss(page) == []
        pod_pages.lie_down(page)
        process = live_nights.start(night)
        with live_nights.cared_for(process):
            live_nights.wait_for(lambda: bool(measured(night)), process)
            live_nights.end(process)
    assert wrong == []
    (found,) = measured(night)
    assert (found.pod, found.device, found.scale) == ("p1", DEVICE, "own threshold")
    assert found.dbfs == pytest.approx(EAR_DBFS, abs=2.0)


def measured(night: NightFolder) -> list[ThresholdMeasured]:
    return [event for event in live_nights.events_of(night) if isinstance(event, ThresholdMeasured)]
