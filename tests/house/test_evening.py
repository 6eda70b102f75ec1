"""Does the evening say of every bed what is there, what is missing, and by which words it is done?"""

import json
from pathlib import Path

import pytest
from litestar.testing import TestClient

from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.cli import evenings
from dreamloom.house import consenting, hearing, making, pod_page, speakers, word_check
from dreamloom.house.evening import BedTonight, evening
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked, SpeakerAsked
from dreamloom.jukebox.staircase import Threshold
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import Decibels
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import SignIn, cookie_of

DEVICE = "pulse:usb-Left_pillow"
FOUND = DeviceAsked(id=DEVICE, backend="pulse", channels=2, on=(1,), latency_s=0.0)
SLEEPER = PodAsked(id="p1", sleeper="S01", source="lsl:Muse", speaker=SpeakerAsked(device="Left"))
SIMULATED = PodAsked(id="p2", sleeper="S02", source="sim:typical", shares_room_with=("p1",))


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NightFolder:
    """Two beds; what night.toml calls Left is one output of this machine."""
    monkeypatch.setattr(speakers, "_output", lambda pod, *_: FOUND if pod.speaker.device == "Left" else None)
    return making.write_night(House(tmp_path), "tide", [SLEEPER, SIMULATED], "two_way_lrlr", seed=1)


def states(bed: BedTonight) -> dict[str, str]:
    return {check.what: check.state for check in bed.checks}


def test_a_bed_where_somebody_lies_says_what_is_missing_and_how_it_is_done(night: NightFolder) -> None:
    bed, simulated = evening(night).beds
    assert not bed.is_ready
    found = states(bed)
    assert (found["asked before"], found["output"], found["eyes"]) == ("silent", "silent", "to do")
    todo = {check.what: check.do for check in bed.checks if check.do}
    assert todo["asked before"] == "dreamloom consent intake S01"
    assert todo["output"] == "dreamloom calibrate word tide p1"
    assert todo["eyes"] == "dreamloom calibrate eyes tide p1"
    assert simulated.is_ready
    assert "p1 hears what sounds here" in next(check.told for check in simulated.checks if check.what == "room")


def test_what_was_done_is_ready(night: NightFolder) -> None:
    word_check.keep(night, SLEEPER, DEVICE, "typed")
    found = Threshold(dbfs=Decibels(-40.0), spread_db=Decibels(2.0), trials=24, silent=4, false=0)
    hearing.keep(night, SLEEPER, DEVICE, found, volume_db=None)
    assert {**states(evening(night).beds[0])}.items() >= {"output": "ready", "hearing": "ready"}.items()


def test_a_page_is_ready_once_its_notes_were_counted(tmp_path: Path) -> None:
    bed = PodAsked(id="p1", sleeper="S01", source="lsl:Muse", speaker=SpeakerAsked(device="browser"))
    night = making.write_night(House(tmp_path), "tide", [bed], "two_way_lrlr", seed=1)
    before = next(check for check in evening(night).beds[0].checks if check.what == "output")
    assert (before.state, before.do) == ("silent", "dreamloom pod link tide p1")
    pod_page.heard(night, "p1")
    assert states(evening(night).beds[0])["output"] == "ready"


def test_an_output_that_is_not_there_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> DeviceAsked:
        raise StreamError("DL-E211", "No output is called Left.", do="See: dreamloom doctor speakers")

    monkeypatch.setattr(speakers, "_output", missing)
    night = making.write_night(House(tmp_path), "tide", [SLEEPER], "two_way_lrlr", seed=1)
    found = next(check for check in evening(night).beds[0].checks if check.what == "output")
    assert (found.state, found.do) == ("to do", "See: dreamloom doctor speakers")


def test_a_withdrawn_consent_is_said_and_nothing_undoes_it_here(night: NightFolder) -> None:
    consenting.withdraw_everywhere(night.house, "S01", channel="test")
    agreed = next(check for check in evening(night).beds[0].checks if check.what == "agreed")
    assert (agreed.state, agreed.do) == ("silent", "")


def test_a_file_that_is_no_calibration_is_told_with_its_remedy_and_hides_no_other_check(night: NightFolder) -> None:
    path = night.eyes("p1")
    path.parent.mkdir()
    path.write_text("no json", encoding="utf-8")
    found = {check.what: check for check in evening(night).beds[0].checks}
    assert found["eyes"].state == "to do"
    assert found["eyes"].do
    assert "room" in found


def test_the_verb_and_the_page_tell_the_same(night: NightFolder, capsys: pytest.CaptureFixture[str]) -> None:
    evenings.show(str(night.root), as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["ready"] is False
    door = SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=["127.0.0.1:1"]), base_url="http://127.0.0.1:1") as client:
        assert client.get("/nights/tide/evening").status_code == 401
        cookie = door.enter(door.link("orchestrator", name="anna"))
        assert cookie is not None
        client.cookies.set(cookie_of(1), cookie, domain="127.0.0.1")
        assert client.get("/api/nights/tide/evening").json()["beds"] == told["beds"]
        page = client.get("/nights/tide/evening").text
    assert "dreamloom calibrate word tide p1" in page
    assert "1 of 2 beds are ready" in page
    assert "signed" in page
