"""Who may open what? Every role at every address by every method; an address without a row here is a failure."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from litestar import Litestar
from litestar.exceptions import WebSocketDisconnect
from litestar.routes import HTTPRoute, WebSocketRoute
from litestar.testing import TestClient

from dreamloom.house import demo_desk, pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.house.pod_links import COOKIE as AT_BED
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.web.app import make_app
from dreamloom.web.author_app import make_author_app
from dreamloom.web.desk import Desk
from dreamloom.web.live import CLOSED_UNKNOWN
from dreamloom.web.sign_in import MAY_ASK, MAY_WATCH, ROLES, Role, SignIn, cookie_of

HOST = "night.test:8770"
ANYBODY: frozenset[Role | None] = frozenset({*ROLES, None})
SIGNED_IN: frozenset[Role | None] = frozenset(ROLES)
WATCH, ASK = frozenset[Role | None](MAY_WATCH), frozenset[Role | None](MAY_ASK)
UNBLINDED = frozenset[Role | None]({"orchestrator", "researcher"})
COUNT = frozenset[Role | None]({*MAY_WATCH, "council"})
ARCHITECT = frozenset[Role | None]({"architect"})
OWN = frozenset[Role | None]({"sleeper"})
CLINICIAN = frozenset[Role | None]({"clinician"})
CIRCLE = frozenset[Role | None]({*MAY_ASK, "sleeper"})
A_BED = "whoever comes by a bed's own link"
NIGHT, BED = "/nights/{night}", "/api/nights/{night}/beds/{pod}"
MATRIX: dict[tuple[str, str], frozenset[Role | None] | str] = {
    # who comes in, and what everybody needs for that
    ("GET", "/enter/{token}"): "a link of its own",
    ("POST", "/leave"): ANYBODY,
    ("GET", "/tokens.css"): ANYBODY,
    ("GET", "/words.js"): ANYBODY,
    ("GET", "/static/{file_path}"): ANYBODY,
    ("GET", "/schema"): ANYBODY,
    ("GET", "/schema/openapi.json"): ANYBODY,
    ("GET", "/schema/{path}"): ANYBODY,
    ("GET", "/"): SIGNED_IN,
    ("GET", "/sign-in"): ANYBODY,
    ("POST", "/api/sign-in/options"): ANYBODY,
    ("POST", "/api/sign-in"): "a passkey",
    ("GET", "/join/{token}"): ANYBODY,
    ("POST", "/api/join/{token}/options"): ANYBODY,
    ("POST", "/api/join/{token}"): ANYBODY,
    # a night
    ("GET", NIGHT): WATCH,
    ("GET", f"{NIGHT}/evening"): WATCH,
    ("GET", f"{NIGHT}/handover"): WATCH,
    ("GET", "/api/nights/{night}/handover"): WATCH,
    ("POST", f"{BED}/seen"): ASK,
    ("GET", "/circle/evening"): CIRCLE,
    ("GET", "/circle/morning"): CIRCLE,
    ("POST", "/circle/evening"): CIRCLE,
    ("POST", "/circle/morning"): CIRCLE,
    ("GET", f"{NIGHT}/counts"): COUNT,
    ("GET", "/api/nights/{night}"): WATCH,
    ("GET", "/api/nights/{night}/events"): WATCH,
    ("GET", "/api/nights/{night}/then"): WATCH,
    ("GET", "/api/nights/{night}/evening"): WATCH,
    ("GET", "/api/nights/{night}/counts"): COUNT,
    ("GET", "/api/nights/{night}/score"): UNBLINDED,
    ("GET", f"{NIGHT}/beds/{{pod}}/talk"): ASK,
    ("POST", f"{NIGHT}/beds/{{pod}}/talk"): ASK,
    ("GET", f"{BED}/talk"): ASK,
    ("POST", f"{BED}/talk"): ASK,
    ("GET", f"{BED}/heard"): ASK,
    ("GET", f"{BED}/closer"): WATCH,
    ("GET", f"{BED}/spectrogram"): WATCH,
    ("GET", f"{BED}/samples"): WATCH,
    ("POST", f"{BED}/held"): ASK,
    ("POST", f"{BED}/stage"): ASK,
    ("POST", f"{BED}/marks"): ASK,
    ("POST", f"{BED}/notes"): ASK,
    ("POST", f"{BED}/cues"): ASK,
    # a bed's own page
    ("GET", "/pod"): ANYBODY,
    ("GET", "/pod/join/{token}"): ANYBODY,
    ("GET", "/pod/manifest.webmanifest"): ANYBODY,
    ("GET", "/pod/worker.js"): ANYBODY,
    ("GET", "/api/pod"): A_BED,
    ("GET", "/api/pod/sounds"): A_BED,
    ("GET", "/api/pod/sounds/{sha256}"): A_BED,
    ("POST", "/api/pod/stop"): A_BED,
    ("POST", "/api/pod/heard"): A_BED,
    ("POST", "/api/pod/reports"): A_BED,
    ("POST", "/api/pod/hearing"): A_BED,
    ("POST", "/api/pod/hearing/answers"): A_BED,
    ("GET", "/api/pod/talk"): A_BED,
    ("GET", "/api/pod/speech"): A_BED,
    ("POST", "/api/pod/speech"): A_BED,
    ("GET", "/morning"): A_BED,
    ("GET", "/morning/drawing"): A_BED,
    ("POST", "/morning/{step}"): A_BED,
    ("GET", "/story"): A_BED,
    ("POST", "/story/{step}"): A_BED,
    ("GET", f"{NIGHT}/story"): WATCH,
    ("GET", "/consent"): A_BED,
    **{(method, f"/guide/{moment}"): A_BED for method in ("GET", "POST") for moment in ("evening", "after")},
    ("GET", "/guide/help"): A_BED,
    ("POST", "/consent/withdraw"): A_BED,
    ("POST", "/api/pod/talk"): A_BED,
    # somebody's own outcomes, and a course for its clinician
    ("GET", "/outcomes.css"): ANYBODY,
    ("GET", "/outcomes"): OWN,
    ("GET", "/outcomes/tell/{moment}"): OWN,
    ("POST", "/outcomes/tell/{moment}"): OWN,
    ("POST", "/outcomes/share"): OWN,
    ("GET", "/courses"): WATCH,
    ("GET", "/courses/{course}"): CLINICIAN,
    ("POST", "/courses/{course}/answer"): CLINICIAN,
}
FEED = ("GET", "/api/nights/{night}/demo/told")
DEMO: dict[tuple[str, str], frozenset[Role | None] | str] = {
    ("GET", "/api/nights/{night}/demo"): WATCH,
    FEED: WATCH,
    ("POST", "/api/nights/{night}/demo/pace"): ASK,
    ("POST", "/api/nights/{night}/demo/drills"): ASK,
    ("GET", f"{NIGHT}/morning"): WATCH,
}
"""What a demo has beside all that a night has."""
SOCKETS: dict[str, frozenset[Role | None] | str] = {
    "/live/nights/{night}": WATCH,
    "/pod/live": A_BED,
    "/live/nights/{night}/beds/{pod}/voice": ASK,
    "/pod/voice": A_BED,
}
AUTHORS: dict[tuple[str, str], frozenset[Role | None] | str] = {
    ("GET", "/enter/{token}"): "a link of its own",
    ("POST", "/leave"): ANYBODY,
    ("GET", "/tokens.css"): ANYBODY,
    ("GET", "/words.js"): ANYBODY,
    ("GET", "/charts.css"): ANYBODY,
    ("GET", "/static/{file_path}"): ANYBODY,
    ("GET", "/schema"): ANYBODY,
    ("GET", "/schema/openapi.json"): ANYBODY,
    ("GET", "/schema/{path}"): ANYBODY,
    ("GET", "/"): ARCHITECT,
    ("GET", "/rehearsal"): ARCHITECT,
    **{("POST", f"/{verb}"): ARCHITECT for verb in ("check", "save", "undo", "agree")},
    ("GET", "/api/text"): ARCHITECT,
    ("GET", "/api/rehearsal/told"): ARCHITECT,
    ("GET", "/api/rehearsal"): ARCHITECT,
    **{("POST", f"/api/{verb}"): ARCHITECT for verb in ("look", "save", "undo", "agree", "take-back")},
    ("POST", "/api/rehearsal"): ARCHITECT,
    ("POST", "/api/rehearsal/stop"): ARCHITECT,
}
FILLED = {
    "night": "tide",
    "pod": "p1",
    "token": "used-up",
    "file_path": "night.css",
    "sha256": "0" * 64,
    "step": "told",
    "moment": "evening",
    "course": "quiet",
}
BODIES: dict[str, object] = {
    "held": {"rung": "HOLD"},
    "stage": {"stage": "R"},
    "marks": {"mark": "private"},
    "notes": {"text": "turns over"},
    "cues": {"cue": "chord"},
    "pace": {"what": "pace", "pace_x": 1.0},
    "drills": {"what": "break", "trouble": get_args(demo_desk.Trouble)[0]},
    "seen": {"need": ""},
    "talk": {"text": "Are you all right?"},
    "answers": {"seed": 0, "heard": []},
    "stop": {"id": "0" * 32, "told_utc": "2026-11-22T03:12:09.120Z"},
    "reports": {"id": "0" * 32, "told_utc": "2026-11-22T03:12:09.120Z", "text": "A staircase of water."},
    "look": {"text": "x"},
    "save": {"text": "x", "seen": ""},
    "undo": {"seen": ""},
    "rehearsal": {"text": "x"},
    "agree": {"name": "anna", "sha256": ""},
    "take-back": {"name": "anna"},
    "sign-in": {"ceremony": "", "credential": {}},
    "used-up": {"ceremony": "", "credential": {}},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes(app: Litestar) -> set[tuple[str, str]]:
    """Every method at every address that the app itself has; HEAD and OPTIONS tell nothing that these do not."""
    return {
        (str(method), route.path_format)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods - {"OPTIONS", "HEAD"}
    }


def filled(path: str) -> str:
    for name, value in {**FILLED, "path": "openapi.json"}.items():
        path = path.replace("{" + name + "}", value)
    return path


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    return night_that_is_over(tmp_path_factory.mktemp("house"), hours=0.02)


@pytest.fixture
def client(night: NightFolder) -> Iterator[TestClient[Litestar]]:
    door = SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=["127.0.0.1:8770", HOST]), base_url=f"http://{HOST}") as found:
        found.door = door  # type: ignore[attr-defined]
        yield found


@pytest.fixture
def demo(night: NightFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient[Litestar]]:
    monkeypatch.setattr(demo_desk, "told_of", lambda _: demo_desk.Told(is_over=True))
    door = SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=["127.0.0.1:8770", HOST]), base_url=f"http://{HOST}") as found:
        found.door = door  # type: ignore[attr-defined]
        yield found


@pytest.fixture
def authors(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    door = SignIn(lambda: 0.0)
    from dreamloom.house.dreamscape_files import DreamscapeFile

    desk = Desk(DreamscapeFile(tmp_path / "text.yaml"), start="dreamscape: x\n")
    with TestClient(make_author_app(desk, door, hosts=["127.0.0.1:8770", HOST]), base_url=f"http://{HOST}") as found:
        found.door = door  # type: ignore[attr-defined]
        yield found


def enter(client: TestClient[Litestar], role: Role | None) -> None:
    client.cookies.clear()
    if role is not None:
        door: SignIn = client.door  # type: ignore[attr-defined]
        session = door.enter(door.link(role, name="anna", pod="p1" if role == "sleeper" else None))
        client.cookies.set(cookie_of(8770), str(session))


def asked(client: TestClient[Litestar], method: str, path: str) -> int:
    """The status of an answer to something that could be meant, from a page of ours."""
    where = filled(path)
    body = BODIES.get(where.rpartition("/")[2], {})
    query = "?at_s=60&until_s=60&after=0"
    return client.request(
        method, where + query, json=body if method != "GET" else None, follow_redirects=False
    ).status_code


def test_every_address_has_a_row_and_every_row_an_address(authors, demo) -> None:
    assert routes(demo.app) == {*MATRIX, *DEMO}
    assert routes(authors.app) == set(AUTHORS)


def test_no_night_but_a_demo_has_the_addresses_of_one(client) -> None:
    assert routes(client.app) == set(MATRIX)
    sockets = {route.path_format for route in client.app.routes if isinstance(route, WebSocketRoute)}
    assert sockets == set(SOCKETS)


@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_role_opens_what_its_row_says_and_is_refused_everything_else(client, authors, demo, role) -> None:
    refusal = 401 if role is None else 403
    for pages, matrix in ((client, MATRIX), (authors, AUTHORS), (demo, DEMO)):
        for (method, path), who in matrix.items():
            if (method, path) == FEED and role in who:
                continue  # goes on for as long as somebody listens
            enter(pages, role)
            status = asked(pages, method, path)
            if isinstance(who, str):
                assert status == 401, (method, path, "a session of no role stands for", who)
            elif role in who:
                assert status not in {401, 403, 405}, (method, path)
            else:
                assert status == refusal, (method, path)


@pytest.mark.parametrize("role", [*ROLES, None])
def test_a_socket_is_closed_at_once_to_whom_it_is_not_for(client, role) -> None:
    for path, who in SOCKETS.items():
        enter(client, role)
        with client.websocket_connect(filled(path)) as line:
            if isinstance(who, str) or role not in who:
                with pytest.raises(WebSocketDisconnect) as told:
                    line.receive()
                assert told.value.code == CLOSED_UNKNOWN
            else:
                assert line.receive_json()


@pytest.mark.parametrize("role", ROLES)
def test_a_method_that_an_address_does_not_have_does_nothing(client, role) -> None:
    enter(client, role)
    has: dict[str, set[str]] = {}
    for method, path in MATRIX:
        has.setdefault(path, set()).add(method)
    for path, methods in has.items():
        for method in set(METHODS) - methods:
            assert asked(client, method, path) == 405, (method, path)


def test_a_page_of_somebody_else_changes_nothing_whoever_is_signed_in(client) -> None:
    enter(client, "orchestrator")
    for method, path in MATRIX:
        if method != "GET":
            foreign = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
            assert client.request(method, filled(path), json={}, headers=foreign).status_code == 403, path


def test_a_beds_own_link_opens_that_beds_page_and_nothing_of_the_night(night, client) -> None:
    waiting = night.house.night("tide")
    page = pod_links._keep(waiting, pod_links.PAGES, "p1", pod_links.PAGE_FOR)
    for (method, path), who in MATRIX.items():
        client.cookies.clear()
        client.cookies.set(AT_BED, page)
        if who in {A_BED, OWN}:
            assert asked(client, method, path) not in {401, 403, 405}, (method, path)
        elif path.startswith("/circle/"):
            assert asked(client, method, path) not in {401, 403, 405}, "a bed's page speaks for its bed"
        elif not isinstance(who, str) and None not in who:
            assert asked(client, method, path) == 401, (method, path)
