"""Who may ask the author's page for what, and does it write its one file and nothing else?"""

import json
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from dreamloom.dreamscape.nodes import MAX_BYTES
from dreamloom.dreamscape.reader import sha256
from dreamloom.house.dreamscape_files import DreamscapeFile
from dreamloom.testing.nights import EAGER
from dreamloom.web import author_app
from dreamloom.web.author_app import make_author_app
from dreamloom.web.desk import Desk
from dreamloom.web.sign_in import ROLES, SignIn

HOST = "127.0.0.1:8771"
COOKIE = "dreamloom-8771"
SEEN = sha256(EAGER)
TYPO = EAGER.replace("every: 4 s", "every: 4 parsecs")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "tide.yaml"
    found.write_bytes(EAGER.encode())
    return found


@pytest.fixture
def door() -> SignIn:
    return SignIn(lambda: 0.0)


@pytest.fixture
def stranger(path: Path, door: SignIn) -> Iterator[TestClient]:
    desk = Desk(DreamscapeFile(path), start="", name="anna")
    with TestClient(make_author_app(desk, door, hosts=[HOST]), base_url=f"http://{HOST}") as found:
        yield found
    desk.rehearsal.stop()
    desk.rehearsal.wait(20)


@pytest.fixture
def client(stranger: TestClient, door: SignIn) -> TestClient:
    enter(stranger, door, "architect")
    return stranger


def enter(client: TestClient, door: SignIn, role: str) -> None:
    cookie = door.enter(door.link(role, name="anna"))  # type: ignore[arg-type]  # one of the roles
    assert cookie is not None
    client.cookies.set(COOKIE, cookie, domain="127.0.0.1")


READS = ("/", "/api/text", "/api/rehearsal", "/rehearsal")
ASKS: dict[str, dict[str, Any]] = {
    "/api/look": {"text": EAGER},
    "/api/save": {"text": TYPO, "seen": SEEN},
    "/api/undo": {"seen": SEEN},
    "/api/agree": {"name": "anna", "sha256": SEEN},
    "/api/take-back": {"name": "anna"},
    "/api/rehearsal": {"text": EAGER},
    "/api/rehearsal/stop": {},
}
FORMS = ("/check", "/save", "/undo", "/agree")


def beside(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


@pytest.mark.parametrize("role", [*ROLES, None])
def test_whoever_is_no_architect_reads_and_writes_nothing(stranger, door, path, role) -> None:
    if role == "architect":
        return
    if role is not None:
        enter(stranger, door, role)
    denied = {401 if role is None else 403}
    assert {stranger.get(each).status_code for each in READS} == denied
    assert {stranger.post(each, json=body).status_code for each, body in ASKS.items()} == denied
    assert {stranger.post(each, data={"text": TYPO, "seen": SEEN}).status_code for each in FORMS} == denied
    assert path.read_bytes() == EAGER.encode()
    assert beside(path) == ["tide.yaml"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_does_anything(client, method) -> None:
    assert {client.request(method, each).status_code for each in (*READS, *ASKS, *FORMS)} == {405}


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_a_page_of_somebody_else_asks_for_nothing(client, path, headers) -> None:
    assert {client.post(each, json=body, headers=headers).status_code for each, body in ASKS.items()} == {403}
    answers = {client.post(each, data={"text": TYPO, "seen": SEEN}, headers=headers).status_code for each in FORMS}
    assert answers == {403}
    assert path.read_bytes() == EAGER.encode()


def test_a_name_that_is_not_this_machines_is_not_served(client) -> None:
    assert client.get("/api/text", headers={"host": "rebound.example"}).status_code == 403


def test_no_other_file_is_served_or_written(client, path) -> None:
    (path.parent / "other.yaml").write_text("dreamscape: other\n", encoding="utf-8")
    for each in ("/other.yaml", "/static/../author_app.py", "/static/%2e%2e/desk.py", "/api/text/other"):
        assert client.get(each).status_code in {400, 403, 404}
    asked = {"text": TYPO, "seen": SEEN, "file": "other.yaml"}
    assert client.post("/api/save", json=asked).status_code == 400
    client.post("/save", data=asked)
    assert (path.parent / "other.yaml").read_text(encoding="utf-8") == "dreamscape: other\n"


def test_the_page_reads_without_a_script_and_loads_nothing_from_elsewhere(client) -> None:
    page = client.get("/")
    assert EAGER in unescape(page.text)
    assert "Let a test hear cues" in page.text
    assert "not a medical device" in page.text.lower()
    assert "https://" not in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    assert " style=" not in page.text
    assert "<style" not in page.text
    assert "eager" not in page.text[page.text.index("<title>") : page.text.index("</title>")]


def test_a_text_is_looked_at_within_a_moment_and_nothing_is_written(client, path) -> None:
    client.post("/api/look", json={"text": EAGER})
    began_s = time.perf_counter()
    told = client.post("/api/look", json={"text": TYPO}).json()
    assert time.perf_counter() - began_s < 0.25
    assert [(each["severity"], each["line"], each["column"]) for each in told["findings"]] == [("error", 12, 12)]
    assert "parsecs" in told["findings"][0]["text"]
    assert beside(path) == ["tide.yaml"]


@pytest.mark.parametrize("text", ["", "[", "\x00", "# " + "x" * MAX_BYTES])
def test_what_is_no_yaml_or_too_large_is_told_in_the_checkers_own_words(client, text) -> None:
    told = client.post("/api/look", json={"text": text}).json()
    assert [each["code"][:5] for each in told["findings"]] == ["DL-E3"]
    assert told["plays"] == "cannot be played"


def test_what_is_larger_than_any_text_is_not_even_read(client, path) -> None:
    huge = "x" * (author_app.MOST_BODY + 1)
    assert client.post("/api/save", json={"text": huge, "seen": SEEN}).status_code == 413
    assert client.post("/save", data={"text": huge, "seen": SEEN}).status_code == 413
    refused = client.post("/api/save", json={"text": "x" * (MAX_BYTES + 1), "seen": SEEN})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "DL-E594")
    assert path.read_bytes() == EAGER.encode()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"text":1}', b'{"text":"a","more":1}', b"\xff", b'{"text":"\\ud800"}']
)
def test_words_that_cannot_be_meant_are_told_in_the_one_error_shape(client, body) -> None:
    for each in ("/api/look", "/api/rehearsal"):
        answer = client.post(each, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in {200, 400}
        if answer.status_code == 400:
            assert set(answer.json()["error"]) >= {"code", "what", "do"}


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 99, b"text=%ff"])
def test_a_form_of_nobodys_is_refused(client, path, body) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert {client.post(each, content=body, headers=headers).status_code for each in FORMS} == {400}
    assert path.read_bytes() == EAGER.encode()


def test_a_save_writes_what_the_command_line_reads_and_undo_takes_it_back(client, path) -> None:
    told = client.post("/api/save", json={"text": TYPO, "seen": SEEN}).json()
    assert path.read_bytes() == TYPO.encode()
    assert told["seen"] == sha256(TYPO)
    assert told["may_undo"]
    back = client.post("/api/undo", json={"seen": told["seen"]}).json()
    assert back["text"] == EAGER
    assert path.read_bytes() == EAGER.encode()
    assert beside(path) == ["tide.yaml", "tide.yaml.before"]


def test_a_stale_save_shows_both_and_either_can_be_kept(client, path) -> None:
    theirs = EAGER.replace("every: 4 s", "every: 5 s")
    path.write_bytes(theirs.encode())
    refused = client.post("/api/save", json={"text": TYPO, "seen": SEEN})
    told = refused.json()
    assert (refused.status_code, told["error"]["code"]) == (409, "DL-E593")
    assert told["theirs"] == {"text": theirs, "sha256": sha256(theirs)}
    changed = [line for line in told["differences"] if line[0] in "+-"]
    assert changed == ["-    every: 5 s", "+    every: 4 parsecs"]
    assert path.read_bytes() == theirs.encode()
    assert client.post("/api/save", json={"text": TYPO, "seen": sha256(theirs)}).status_code == 200
    assert path.read_bytes() == TYPO.encode()


def test_without_a_script_a_text_is_checked_saved_and_never_lost_when_stale(client, path) -> None:
    typed = TYPO.replace("\n", "\r\n")  # as every form sends it
    checked = client.post("/check", data={"text": typed, "seen": SEEN})
    assert "12:12" in checked.text
    assert "4 parsecs" in checked.text
    assert path.read_bytes() == EAGER.encode()
    saved = client.post("/save", data={"text": typed, "seen": SEEN}, follow_redirects=False)
    assert (saved.status_code, saved.headers["location"]) == (303, "/")
    assert path.read_bytes() == TYPO.encode()
    stale = client.post("/save", data={"text": typed + "# mine", "seen": SEEN})
    assert stale.status_code == 409
    assert "DL-E593" in stale.text
    assert "# mine</textarea>" in stale.text
    assert sha256(TYPO) in stale.text
    assert client.post("/undo", data={"text": typed, "seen": sha256(TYPO)}).status_code == 200
    assert path.read_bytes() == EAGER.encode()


def test_line_ends_stay_those_of_the_file_however_the_text_was_sent(client, path) -> None:
    dos = EAGER.replace("\n", "\r\n")
    path.write_bytes(dos.encode())
    assert client.post("/api/look", json={"text": EAGER}).json()["sha256"] == sha256(dos)
    assert client.post("/api/save", json={"text": EAGER + "# end\n", "seen": sha256(dos)}).status_code == 200
    assert path.read_bytes() == (dos + "# end\r\n").encode()


def test_what_stands_in_a_text_is_never_markup(client) -> None:
    text = EAGER.replace("Let a test", "</textarea><script>alert(1)</script> Let a test")
    page = client.post("/check", data={"text": text, "seen": SEEN}).text
    assert "<script>alert" not in page
    assert "<script>alert" not in client.post("/api/look", json={"text": text}).json()["map"]


def test_a_name_agrees_to_the_saved_text_alone_and_to_no_draft(client, path) -> None:
    agreed = client.post("/api/agree", json={"name": "anna", "sha256": SEEN}).json()["agreed"]
    assert [(each["name"], each["sha256"]) for each in agreed] == [("anna", SEEN)]
    assert "exactly this text" in client.get("/").text
    client.post("/api/save", json={"text": TYPO, "seen": SEEN})
    assert "an older text" in client.get("/").text
    draft = client.post("/api/agree", json={"name": "bo", "sha256": sha256(TYPO)})
    assert (draft.status_code, draft.json()["error"]["code"]) == (409, "DL-E599")
    client.post("/api/undo", json={"seen": sha256(TYPO)})
    other = client.post("/api/agree", json={"name": "bo", "sha256": sha256(TYPO)})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "DL-E596")
    assert client.post("/api/take-back", json={"name": "anna"}).json()["agreed"] == []
    assert client.post("/agree", data={"name": "no name", "sha256": SEEN}).status_code == 409
    assert client.post("/agree", data={"name": "cy", "sha256": SEEN}).status_code == 200
    assert "cy" in (path.parent / "tide.agreed.toml").read_text(encoding="utf-8")


def test_a_night_whose_sleepers_agreed_already_is_pointed_out(client, path) -> None:
    assert "asks them again" not in client.get("/").text
    (path.parent / "consent.toml").write_text("", encoding="utf-8")
    assert client.get("/api/text").json()["of_sleepers"]
    assert "asks them again" in client.get("/").text


@pytest.mark.parametrize("asked", [{"sleepers": 0}, {"sleepers": 999}, {"hours": 0}, {"hours": 1e9}, {"seed": -1}])
def test_no_rehearsal_larger_than_a_page_can_wait_for(client, asked) -> None:
    assert client.post("/api/rehearsal", json={"text": EAGER, **asked}).status_code == 400
    assert client.get("/api/rehearsal").json()["state"] == "none"


def wait(client: TestClient, *states: str) -> Any:
    ends_s = time.monotonic() + 60
    while (far := client.get("/api/rehearsal").json())["state"] not in states and time.monotonic() < ends_s:
        time.sleep(0.1)
    return far


def test_a_rehearsal_runs_one_at_a_time_is_stopped_and_begun_again_and_shows_its_nights(client) -> None:
    asked = {"text": EAGER, "sleepers": 1, "hours": 8.0}
    assert client.get("/rehearsal").status_code == 404
    assert client.post("/api/rehearsal", json=asked).json()["state"] == "running"
    assert client.post("/api/rehearsal", json=asked).status_code == 409
    client.post("/api/rehearsal/stop", json={})
    assert wait(client, "stopped", "done")["state"] == "stopped"
    client.post("/api/rehearsal", json={**asked, "hours": 0.5})
    found = wait(client, "done", "failed")
    assert found["state"] == "done"
    assert found["sha256"] == SEEN
    assert "1 simulated nights of 0.5 h" in found["sentence"]
    assert "<svg" in found["cards"]
    assert " style=" not in found["cards"]
    page = client.get("/rehearsal")
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    assert "Rehearsal of eager" in page.text


def heard(client: TestClient, *, after: str = "") -> list[tuple[str, dict[str, Any]]]:
    """What the feed of a rehearsal says until it ends by itself: of each message its name and what it holds."""
    text = client.get("/api/rehearsal/told", headers={"last-event-id": after} if after else {}).text
    told = []
    for message in text.replace("\r", "").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in message.splitlines())
        told.append((fields.get("event", ""), json.loads(fields["data"])))
    return told


def test_how_far_a_rehearsal_is_is_told_until_it_is_over_and_to_a_page_that_comes_back(client) -> None:
    assert [(name, far["state"]) for name, far in heard(client)] == [("over", "none")]
    client.post("/api/rehearsal", json={"text": EAGER, "sleepers": 1, "hours": 0.5})
    told = heard(client)
    assert [name for name, _ in told] == [*([""] * (len(told) - 1)), "over"]
    assert {far["state"] for _, far in told[:-1]} <= {"running"}
    assert (told[-1][1]["state"], "svg" in told[-1][1]["cards"]) == ("done", True)
    shares = [far["share"] for _, far in told[:-1]]
    assert shares == sorted(shares)
    assert heard(client, after="1") == [told[-1]], "whoever was away learns how it ended"
    client.post("/leave")
    assert client.get("/api/rehearsal/told").status_code == 401


def test_a_rehearsal_of_what_cannot_be_played_says_so(client) -> None:
    client.post("/api/rehearsal", json={"text": TYPO, "sleepers": 1, "hours": 0.1})
    assert "parsecs" in wait(client, "failed", "done")["wrong"]


def test_the_colours_that_somebody_likes_are_remembered(client) -> None:
    assert 'data-theme="day"' in client.get("/").text
    assert 'data-theme="ember"' in client.get("/?theme=ember").text
    assert 'data-theme="ember"' in client.get("/").text
    assert 'data-theme="ember"' in client.get("/", params={"theme": '"><script>'}).text


def test_a_file_that_is_no_text_is_told_and_stays(client, path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    assert client.get("/api/text").json()["error"]["code"] == "DL-E322"
    page = client.get("/", headers={"accept": "text/html"})
    assert page.status_code == 400
    assert "Save it as UTF-8." in page.text
    assert client.post("/api/save", json={"text": EAGER, "seen": SEEN}).status_code == 400
    assert path.read_bytes() == b"\xff\xfe\x00"


def test_the_api_is_described(client) -> None:
    told = client.get("/schema/openapi.json").json()
    assert set(ASKS) <= set(told["paths"])
