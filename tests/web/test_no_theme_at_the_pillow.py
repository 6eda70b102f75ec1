"""Does anything that is served to a sleeper before their report is locked tell what the night was about?"""

import json
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from dreamloom.house import pod_links, running
from dreamloom.house.layout import NightFolder
from dreamloom.house.pod_links import COOKIE as AT_BED
from dreamloom.house.run_options import RunOptions
from dreamloom.testing import live_nights
from dreamloom.testing.unsaid_themes import DREAM, THEMED, WORDS, Read, addresses
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import Role, SignIn, cookie_of

PORT = 8770
HOST = f"127.0.0.1:{PORT}"


@pytest.fixture(scope="module")
def night_and_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[NightFolder, str]:
    """One that cued with all its words, and is over; and what its first bed's page comes in by."""
    made = live_nights.write(
        tmp_path_factory.mktemp("house"), "tide", source="sim:typical,start=1500s,hours=0.04", dreamscape=THEMED
    )
    token, _ = pod_links.make(made, "p1")
    running.run_night(made, RunOptions(speed_x=None))
    return made, str(pod_links.enter(made, token))


@pytest.fixture
def night(night_and_page: tuple[NightFolder, str]) -> NightFolder:
    return night_and_page[0]


@pytest.fixture
def client(night_and_page: tuple[NightFolder, str]) -> Iterator[TestClient[Litestar]]:
    (night, page), door = night_and_page, SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=[HOST]), base_url=f"http://{HOST}") as found:
        found.door, found.page = door, page  # type: ignore[attr-defined]
        yield found


def enter(client: TestClient[Litestar], role: Role) -> None:
    door: SignIn = client.door  # type: ignore[attr-defined]
    session = door.enter(door.link(role, name="anna", pod="p1" if role == "sleeper" else None))
    client.cookies.set(cookie_of(PORT), str(session), domain="127.0.0.1")
    if role == "sleeper":
        client.cookies.set(AT_BED, client.page, domain="127.0.0.1")  # type: ignore[attr-defined]


def told(client: TestClient[Litestar], method: str, path: str) -> str:
    """All that comes back, its head and where it leads to included."""
    accept = {"accept": "text/html, application/json"}
    asked = DREAM if path == "/api/pod/reports" else {key: DREAM[key] for key in ("id", "told_utc")}
    query = "?at_s=60&until_s=60&after=0"
    answer = client.request(
        method, path + query, headers=accept, json=asked if method == "POST" else None, follow_redirects=False
    )
    assert answer.status_code < 500, path
    return f"{answer.url} {dict(answer.headers)} {answer.content.decode('latin-1')}".lower()


def leaks(client: TestClient[Litestar], night: NightFolder) -> dict[str, list[str]]:
    found = {f"{method} {path}": told(client, method, path) for method, path in addresses(night)}
    hits = {name: [word for word in WORDS if word in text] for name, text in found.items()}
    return {name: words for name, words in hits.items() if words}


def test_whoever_runs_the_night_reads_the_words_so_they_could_be_found(client, night) -> None:
    enter(client, "orchestrator")
    assert leaks(client, night) != {}


def test_nothing_that_a_sleeper_may_fetch_from_any_address_holds_a_word_of_the_theme(client, night) -> None:
    enter(client, "sleeper")
    reached = [
        path
        for method, path in addresses(night)
        if method == "GET" and client.get(path, follow_redirects=False).status_code == 200
    ]
    assert {"/pod", "/api/pod", "/api/pod/sounds", "/tokens.css"} <= set(reached)
    assert leaks(client, night) == {}


def test_nothing_that_the_line_to_a_sleepers_page_begins_with_holds_a_word_of_the_theme(client) -> None:
    enter(client, "sleeper")
    with client.websocket_connect("/pod/live") as line:
        line.send_text(json.dumps({"t": "ping", "sent_ms": 1.0}))
        heard = json.dumps([line.receive_json(), line.receive_json()]).lower()
    assert not any(word in heard for word in WORDS)


def test_a_planted_word_is_found_wherever_it_stands_and_counted() -> None:
    read = Read()
    read.take("a page", b"A staircase of water.")
    read.take("a head", b"{'location': '/LightHouse/1'}")
    assert (read.texts, read.octets) == (2, 50)
    assert read.leaks == {"a head": ["lighthouse"]}
