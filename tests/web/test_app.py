"""Who may ask a night's pages for what, and is everybody else refused?"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import TestClient

from dreamloom.house import by_hand, making, running
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.testing.nights import EAGER
from dreamloom.web import live
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import ROLES, SignIn, cookie_of

PORT = 8770
HOST = f"127.0.0.1:{PORT}"
OWN = {"host": HOST}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    """Three minutes of two beds, over."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=4.6h,hours=0.05") for n in (1, 2)]
    made = making.write_night(House(folder), "tide", beds, str(folder / "eager.yaml"), seed=1)
    running.run_night(made, RunOptions(speed_x=None))
    return made


@pytest.fixture
def door() -> SignIn:
    return SignIn(lambda: 0.0)


@pytest.fixture
def client(night: NightFolder, door: SignIn) -> Iterator[TestClient]:
    with TestClient(make_app(night, door, hosts=[HOST]), base_url=f"http://{HOST}") as found:
        yield found


def enter(client: TestClient, door: SignIn, role: str = "orchestrator") -> None:
    pod = "p1" if role == "sleeper" else None
    cookie = door.enter(door.link(role, name="anna", pod=pod))  # type: ignore[arg-type]  # one of the roles
    assert cookie is not None
    client.cookies.set(cookie_of(PORT), cookie, domain="127.0.0.1")


def test_what_came_by_https_is_never_sent_without(night: NightFolder, door: SignIn) -> None:
    with TestClient(make_app(night, door, hosts=[HOST]), base_url=f"https://{HOST}") as client:
        path = f"/enter/{door.link('orchestrator', name='anna')}"
        cookie = client.get(path, headers=OWN, follow_redirects=False).headers["set-cookie"]
    assert "secure" in cookie.lower()


READS = ("/nights/tide", "/api/nights/tide", "/api/nights/tide/events")
ASKS = {
    "/api/nights/tide/beds/p1/held": {"rung": "HOLD"},
    "/api/nights/tide/beds/p1/stage": {"stage": "R"},
    "/api/nights/tide/beds/p1/notes": {"text": "turns over"},
    "/api/nights/tide/beds/p1/cues": {"cue": "chord"},
}
OVER = 409
"""A night that is over refuses every word; whoever may not ask does not even learn that."""


@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_role_reads_and_asks_what_is_for_it_and_nothing_else(client, door, role) -> None:
    if role is not None:
        enter(client, door, role)
    denied = 401 if role is None else 403
    reads = 200 if role in {"orchestrator", "blinded", "researcher", "clinician"} else denied
    asks = OVER if role in {"orchestrator", "blinded"} else denied
    assert {client.get(path).status_code for path in READS} == {reads}
    assert {client.post(path, json=body).status_code for path, body in ASKS.items()} == {asks}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_does_anything(client, door, method) -> None:
    enter(client, door)
    assert {client.request(method, path).status_code for path in (*READS, *ASKS)} == {405}


def test_a_link_leads_to_the_night_once(client, door) -> None:
    path = f"/enter/{door.link('orchestrator', name='anna')}"
    first = client.get(path, follow_redirects=False)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/").url.path == "/nights/tide"
    client.cookies.clear()
    again = client.get(path, headers={"accept": "text/html"})
    assert again.status_code == 401
    assert "dreamloom serve NIGHT" in again.text


def test_the_page_reads_without_a_script_and_loads_nothing_from_elsewhere(client, door) -> None:
    enter(client, door)
    page = client.get("/nights/tide")
    assert "<td>S01</td>" in page.text
    assert "not a medical device" in page.text
    assert "http://" not in page.text.replace(f"http://{HOST}", "")
    assert "https://" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"


def test_colours_are_those_asked_for_now_else_those_chosen_before_else_night(client, door) -> None:
    enter(client, door)

    def shown(query: str = "") -> tuple[bool, ...]:
        text = client.get(f"/nights/tide{query}").text
        return tuple(f'data-theme="{theme}"' in text for theme in ("night", "ember", "day"))

    assert shown() == (True, False, False)
    assert shown("?theme=day") == (False, False, True)
    assert shown() == (False, False, True)
    assert shown("?theme=ember") == (False, True, False)
    assert shown("?theme=%22%3E%3Cscript%3E") == (False, True, False)


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_a_page_of_somebody_else_asks_for_nothing(client, door, headers) -> None:
    enter(client, door)
    for path, body in ASKS.items():
        assert client.post(path, json=body, headers=headers).status_code == 403


def test_a_name_that_is_not_this_machines_is_not_served(client, door) -> None:
    enter(client, door)
    assert client.get("/api/nights/tide", headers={"host": "rebound.example"}).status_code == 403


def test_no_other_night_and_no_file_beside_the_static_ones_is_served(client, door) -> None:
    enter(client, door)
    assert client.get("/api/nights/other").status_code == 404
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/nights/..%2f..%2fhouse"):
        assert client.get(path).status_code in {400, 403, 404}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"rung":"NIGHT"}', b'{"rung":"HOLD","more":1}', b'{"rung":null}', b"\xff"]
)
def test_words_that_cannot_be_meant_are_told_in_the_one_error_shape(client, door, body) -> None:
    enter(client, door)
    answer = client.post("/api/nights/tide/beds/p1/held", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert set(answer.json()["error"]) >= {"code", "what", "do"}


def test_a_night_that_is_over_says_so_in_words(client, door) -> None:
    enter(client, door)
    told = client.post("/api/nights/tide/beds/p1/held", json={"rung": "HOLD"}).json()["error"]
    assert told["code"] == "DL-E515"


def test_what_is_asked_for_lies_beside_a_night_that_runs(tmp_path: Path, door: SignIn) -> None:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,hours=0.05") for n in (1, 2)]
    made = making.write_night(House(tmp_path), "tide", beds, str(tmp_path / "eager.yaml"), seed=1)
    with TestClient(make_app(made, door, hosts=[HOST]), base_url=f"http://{HOST}") as client:
        enter(client, door)
        assert client.post("/api/nights/tide/beds/all/held", json={"rung": "ISOLATE"}).json() == {"beds": ["p1", "p2"]}
        assert client.post("/api/nights/tide/beds/p2/marks", json={"mark": "out-of-bed"}).json() == {"beds": ["p2"]}
        assert client.post("/api/nights/tide/beds/p2/marks", json={"mark": "gone"}).status_code == 400
        assert client.post("/api/nights/tide/beds/p2/notes", json={"text": " "}).json()["error"]["code"] == "DL-E132"
        assert client.post("/api/nights/tide/beds/p9/held", json={"rung": "HOLD"}).status_code == 400
        unknown = client.post("/api/nights/tide/beds/p1/cues", json={"cue": "gong"}).json()["error"]
        assert (unknown["code"], "chord" in unknown["why"]) == ("DL-E120", True)
    left = [json.loads(path.read_bytes()) for path in sorted((made.root / by_hand.FOLDER).glob("*.json"))]
    assert [(word["what"], word["pod"], word["by"], word.get("rung") or word.get("mark")) for word in left] == [
        ("step", "p1", "anna", "ISOLATE"),
        ("step", "p2", "anna", "ISOLATE"),
        ("mark", "p2", "anna", "out-of-bed"),
    ]


def test_a_night_that_has_not_begun_is_shown_as_if_its_arms_were_sealed_until_it_says(tmp_path, door: SignIn) -> None:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.02")]
    made = making.write_night(House(tmp_path), "tide", beds, str(tmp_path / "eager.yaml"), seed=1)
    with TestClient(make_app(made, door, hosts=[HOST]), base_url=f"http://{HOST}") as client:
        enter(client, door)
        before = client.get("/nights/tide")
        running.run_night(made, RunOptions(speed_x=None))
        after = client.get("/nights/tide")
    assert (before.status_code, after.status_code) == (200, 200)
    assert "arms are sealed" in before.text
    assert "arms are sealed" not in after.text


def test_a_view_is_told_every_event_once_from_the_place_it_names(client, door) -> None:
    enter(client, door)
    with client.websocket_connect("/live/nights/tide") as view:
        news = view.receive_json()
    places = [event["seq"] for event in news["events"]]
    assert places == sorted({*places})
    assert sorted(news["rows"]) == news["beds"] == ["p1", "p2"]
    assert news["status"] == "complete"
    with client.websocket_connect(f"/live/nights/tide?after={news['seen'] - 3}") as view:
        again = view.receive_json()
    assert [event["seq"] for event in again["events"]] == [place for place in places if place >= news["seen"] - 3]


def closed(client: TestClient, path: str, **asked: object) -> WebSocketDisconnect:
    """How a view is sent away."""
    with client.websocket_connect(path, **asked) as view, pytest.raises(WebSocketDisconnect) as told:  # type: ignore[arg-type]
        view.receive()
    return told.value


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1e9", "after=" + "9" * 40])
def test_a_view_that_names_no_place_is_closed_with_a_reason(client, door, query) -> None:
    enter(client, door)
    told = closed(client, f"/live/nights/tide?{query}")
    assert told.code == live.CLOSED_WRONG
    assert told.detail


@pytest.mark.parametrize(("after", "status"), [(0, 200), (10**6, 200), (-1, 400), (2**53, 400), (2**64, 400)])
def test_events_are_told_from_a_place_that_there_can_be(client, door, after, status) -> None:
    enter(client, door)
    assert client.get(f"/api/nights/tide/events?after={after}").status_code == status


@pytest.mark.parametrize("word", ["{}", b"\x00" * 100], ids=["letters", "numbers"])
def test_a_view_that_says_anything_is_closed_with_a_reason(client, door, word) -> None:
    enter(client, door)
    with client.websocket_connect("/live/nights/tide") as view:
        view.receive_json()
        (view.send_text if isinstance(word, str) else view.send_bytes)(word)
        with pytest.raises(WebSocketDisconnect) as told:
            view.receive()
    assert (told.value.code, told.value.detail) == (live.CLOSED_WRONG, "A view only listens.")


def test_a_view_ends_with_its_session(client, door) -> None:
    enter(client, door)
    with client.websocket_connect("/live/nights/tide") as view:
        view.receive_json()
        door.leave(client.cookies[cookie_of(PORT)])
        with pytest.raises(WebSocketDisconnect) as told:
            view.receive()
    assert told.value.code == live.CLOSED_UNKNOWN


def test_more_views_than_anybody_looks_at_are_refused(client, door, monkeypatch) -> None:
    enter(client, door)
    monkeypatch.setattr(live, "MOST_VIEWS", 1)
    with client.websocket_connect("/live/nights/tide") as view:
        view.receive_json()
        assert closed(client, "/live/nights/tide").code == live.CLOSED_MANY
    while client.app.state.live.views > 0:
        time.sleep(0.01)


def test_nobody_without_a_session_and_no_page_of_somebody_else_is_told_anything(client, door) -> None:
    assert closed(client, "/live/nights/tide").code == live.CLOSED_UNKNOWN
    enter(client, door)
    elsewhere = closed(client, "/live/nights/tide", headers={"origin": "https://elsewhere.example"})
    assert elsewhere.code == live.CLOSED_UNKNOWN


def test_the_api_is_described_and_no_page_of_the_description_loads_from_elsewhere(client) -> None:
    told = client.get("/schema/openapi.json").json()
    assert "/api/nights/{night}/beds/{pod}/held" in told["paths"]
    assert client.get("/schema/swagger").status_code == 404
