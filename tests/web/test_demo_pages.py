"""Do the pages of a demo ask and tell what is a demo's, and those of any other night nothing of it?"""

from http.client import HTTPConnection
from pathlib import Path

import pytest
from litestar.testing import TestClient

from dreamloom.house import demo_desk, demonstrating
from dreamloom.house.demo_desk import DemoDesk
from dreamloom.house.layout import House, NightFolder
from dreamloom.testing.browsers import night_that_is_over, served
from dreamloom.vocabulary.units import NightTime
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import NightRole, SignIn, cookie_of

HOST = "127.0.0.1:8770"
ASKED = {"pace": {"pace_x": 2.0}, "drills": {"trouble": "unplug"}}


def client_of(folder: NightFolder, role: NightRole = "orchestrator") -> TestClient:  # type: ignore[type-arg]
    door = SignIn(lambda: 0.0)
    client = TestClient(make_app(folder, door, hosts=[HOST]), base_url=f"http://{HOST}")
    cookie = door.enter(door.link(role, name="demo"))
    assert cookie is not None
    client.cookies.set(cookie_of(8770), cookie, domain="127.0.0.1")
    return client


@pytest.fixture
def desk(tmp_path: Path) -> DemoDesk:
    return DemoDesk(demonstrating.prepare(House(tmp_path), length_s=600.0).folder, pace_x=30.0)


def night_of(desk: DemoDesk) -> NightFolder:
    return desk._folder


def test_a_real_night_has_none_of_these_addresses(tmp_path: Path) -> None:
    with client_of(night_that_is_over(tmp_path, beds=1, hours=0.01)) as client:
        for what, words in ASKED.items():
            assert client.post(f"/api/nights/tide/demo/{what}", json=words).status_code == 404
        for address in ("/api/nights/tide/demo", "/api/nights/tide/demo/told", "/nights/tide/morning"):
            assert client.get(address).status_code == 404
        assert "&#34;demo&#34;:false" in client.get("/nights/tide").text


def test_what_is_asked_of_a_demo_is_done_and_told(desk: DemoDesk) -> None:
    night = night_of(desk).name
    with client_of(night_of(desk)) as client:
        for what, words in ASKED.items():
            assert client.post(f"/api/nights/{night}/demo/{what}", json=words).status_code == 202
        desk.lead("p2", None)  # type: ignore[arg-type]
        desk(NightTime(70.2))
        told = client.get(f"/api/nights/{night}/demo").json()
        assert told["pace_x"] == 2.0
        assert [(each["trouble"], each["beds"], each["from_s"]) for each in told["tried"]] == [("unplug", ["p2"], 71.0)]
        assert desk.looked_s_ago() is not None


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("pace", {"pace_x": 121.0}),
        ("pace", {"pace_x": -1.0}),
        ("pace", {"pace_x": 1.0, "by": "me"}),
        ("drills", {"trouble": "lid"}),
        ("drills", {}),
    ],
)
def test_what_no_demo_does_is_refused(desk: DemoDesk, what: str, words: dict[str, object]) -> None:
    with client_of(night_of(desk)) as client:
        assert client.post(f"/api/nights/{night_of(desk).name}/demo/{what}", json=words).status_code == 400


def test_whoever_only_watches_asks_nothing_and_a_sleeper_sees_nothing(desk: DemoDesk) -> None:
    with client_of(night_of(desk), "researcher") as client:
        assert client.get(f"/api/nights/{night_of(desk).name}/demo").status_code == 200
        for what, words in ASKED.items():
            assert client.post(f"/api/nights/{night_of(desk).name}/demo/{what}", json=words).status_code == 403
    with client_of(night_of(desk), "sleeper") as client:
        assert client.get(f"/api/nights/{night_of(desk).name}/demo").status_code == 403


def test_a_page_that_comes_back_is_told_what_it_has_not_heard(desk: DemoDesk) -> None:
    desk.ends()
    with served(night_of(desk)) as server:
        cookie = server.door.enter(server.link("orchestrator", name="demo").rpartition("/")[2])
        for heard in ("", "1", "nonsense"):
            told = HTTPConnection("127.0.0.1", server.port, timeout=10.0)
            told.request(
                "GET",
                f"/api/nights/{night_of(desk).name}/demo/told",
                headers={"cookie": f"{cookie_of(server.port)}={cookie}", "last-event-id": heard},
            )
            answer = told.getresponse()
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.readline().strip() == b"id: 2"
            assert b'"is_over":true' in answer.readline()
            told.close()


def test_the_morning_page_is_there_once_it_is_written_and_loads_nothing(desk: DemoDesk) -> None:
    night = night_of(desk)
    with client_of(night) as client:
        assert client.get(f"/nights/{night.name}/morning").status_code == 404
        night.report.mkdir()
        (night.report / "index.html").write_text("<!doctype html><title>Morning</title>", encoding="utf-8")
        found = client.get(f"/nights/{night.name}/morning")
        assert found.status_code == 200
        assert "script" not in found.headers["content-security-policy"]


def test_a_demo_that_was_never_looked_at_says_so(desk: DemoDesk) -> None:
    assert desk.looked_s_ago() is None
    demo_desk.look(night_of(desk))
    assert (desk.looked_s_ago() or 1.0) < 5.0
