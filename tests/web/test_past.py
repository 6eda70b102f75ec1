"""Does a night's past look as the night did then? By its API, and with a slider in a real browser."""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from litestar.testing import TestClient

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import making, running, stored_spans
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import CuePlayed, StageScored
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, browser, served
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.units import Seconds
from dreamloom.web import looking_back
from dreamloom.web.app import make_app
from dreamloom.web.shown_beds import FRAME
from dreamloom.web.sign_in import SignIn, cookie_of

PORT = 8770
HOST = f"127.0.0.1:{PORT}"
NIGHT = "/api/nights/tide"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    """Fifteen minutes of two beds, over."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=4.6h,hours=0.25") for n in (1, 2)]
    made = making.write_night(House(folder), "tide", beds, str(folder / "eager.yaml"), seed=1)
    running.run_night(made, RunOptions(speed_x=None))
    return made


@pytest.fixture
def client(night: NightFolder) -> Iterator[TestClient]:
    door = SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=[HOST]), base_url=f"http://{HOST}") as found:
        cookie = door.enter(door.link("orchestrator", name="anna"))
        assert cookie is not None
        found.cookies.set(cookie_of(PORT), cookie, domain="127.0.0.1")
        yield found


def told(night: NightFolder, kind: type, until_s: float) -> list[Any]:
    with read_only(night.record) as record:
        return [event for event in record.of_type(kind.__name__) if event.pod == "p1" and event.tick + 1 <= until_s]


@pytest.mark.parametrize("kept_every_s", [600.0, 30.0])
def test_a_moment_of_the_past_tells_what_was_known_then_in_any_order(client, night, monkeypatch, kept_every_s) -> None:
    monkeypatch.setattr(looking_back, "KEPT_EVERY_S", Seconds(kept_every_s))
    for at_s in (870.0, 300.0, 0.0, 600.0, 299.0, 870.0):
        then = client.get(f"{NIGHT}/then", params={"at_s": at_s}).json()
        row = then["rows"].get("p1", {"cues": 0, "strip": []})
        assert row["cues"] == len(told(night, CuePlayed, at_s))
        assert len(row["strip"]) == int(at_s // 30)
        assert then["now_s"] == at_s


def test_a_moment_that_has_not_come_yet_is_the_newest_one(client) -> None:
    now = client.get(NIGHT).json()
    then = client.get(f"{NIGHT}/then", params={"at_s": 99_000.0}).json()
    assert (then["now_s"], then["rows"], then["status"]) == (now["now_s"], now["rows"], "complete")
    assert client.get(f"{NIGHT}/then", params={"at_s": -1.0}).status_code == 400


def test_the_samples_of_a_moment_are_those_that_were_recorded(client, night: NightFolder) -> None:
    told = client.get(f"{NIGHT}/beds/p1/samples", params={"until_s": 300.0}).content
    version, kind, _, channels, rows, hz, first = FRAME.unpack_from(told)
    assert (version, kind, first, rows) == (1, 1, round(270 * hz), round(30 * hz))
    shown = np.frombuffer(told[FRAME.size :], dtype="<i2").reshape(rows, channels)
    later = stored_spans.stored_span(night, "p1", until_s=Seconds(310.0), span_s=Seconds(30.0))
    assert later is not None
    lag = round(10 * hz)
    assert np.array_equal(shown[lag:], later.samples[:-lag])
    assert shown.std() > 10
    assert client.get(f"{NIGHT}/beds/p1/samples", params={"until_s": 50_000.0}).content == b""


def test_a_bed_from_close_by_tells_each_epochs_shares_and_its_spectrum(client, night: NightFolder) -> None:
    closer = client.get(f"{NIGHT}/beds/p1/closer", params={"until_s": 300.0}).json()
    scored = [event for event in told(night, StageScored, 300.0) if event.onset_s % 30 == 0]
    assert [bool(shares) for shares in closer["shares"]] == [bool(event.probabilities) for event in scored]
    assert closer["phase"] is None
    spectrum = client.get(f"{NIGHT}/beds/p1/spectrogram", params={"until_s": 300.0}).json()
    assert len(spectrum["epochs"]) == 10
    slow, fast = spectrum["epochs"][5][2], spectrum["epochs"][5][-1]
    assert slow > fast, "sleep has more power at 1.5 Hz than at 20"


def test_a_bed_that_is_not_there_and_whoever_may_not_watch_are_refused(client) -> None:
    for what in ("closer", "spectrogram", "samples"):
        assert client.get(f"{NIGHT}/beds/p9/{what}", params={"until_s": 30.0}).status_code == 404
    client.cookies.clear()
    for path in ("then?at_s=30", "beds/p1/closer?until_s=30", "beds/p1/samples?until_s=30"):
        assert client.get(f"{NIGHT}/{path}").status_code == 401


def test_a_file_that_is_no_recording_is_left_out(tmp_path: Path, night: NightFolder) -> None:
    shutil.copytree(night.root, tmp_path / "tide")
    copy = NightFolder(tmp_path / "tide")
    (copy.signals / "p1.edf").write_bytes(struct.pack("<q", 0))
    assert stored_spans.stored_span(copy, "p1", until_s=Seconds(60.0), span_s=Seconds(30.0)) is None
    assert stored_spans.spectrogram(copy, "p1", until_s=Seconds(60.0)).epochs == ((), ())


@pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
def test_a_slider_goes_through_a_night_that_is_over(night: NightFolder, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with served(night) as server, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(server.link("orchestrator", name="anna"))
        expect(page.get_by_label("Moment of the night")).to_be_visible()
        page.keyboard.press("f")
        expect(page.locator("figcaption").first).to_contain_text("30 epochs")
        page.get_by_label("Moment of the night").fill("600")
        expect(page.locator(".moments output")).to_have_text("0:10:00")
        expect(page.locator("figcaption").first).to_contain_text("20 epochs")
        drawn = (
            "c => new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer).some(p => p)"
        )
        while not page.locator(".focus canvas.trace").evaluate(drawn):
            page.wait_for_timeout(50)
        page.screenshot(path=tmp_path / "past.png", full_page=True)
        page.get_by_role("button", name="Back to the end").click()
        expect(page.locator(".moments output")).to_have_text("end")
    assert wrong == []
