"""May a bed's page ask for its own bed alone, does a no hold, and is a dream kept once, sealed, before its receipt?"""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import TestClient

from dreamloom.adapters.keys import FolderVault
from dreamloom.dreamscape import reader
from dreamloom.house import by_hand, intercom, left_behind, pod_links, proxies, told_dreams, withdrawing
from dreamloom.house.export_mine import export_mine
from dreamloom.house.layout import NightFolder
from dreamloom.house.pod_links import COOKIE
from dreamloom.testing import live_nights, pod_pages
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import RecordError, UsageError
from dreamloom.web import pod_live
from dreamloom.web.app import make_app
from dreamloom.web.pace import LINES_S, MOST_LINES, Pace
from dreamloom.web.pod_files import SHELL
from dreamloom.web.sign_in import SignIn

HOST = "127.0.0.1:8770"
DREAM = {"id": "0" * 31 + "1", "told_utc": "2026-11-22T03:12:09.120Z", "text": "A staircase of water, and a bell."}
STOP = {"id": "0" * 31 + "2", "told_utc": "2026-11-22T03:12:09.120Z"}


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return pod_pages.on_pages(live_nights.write(tmp_path, "tide", pods=2))


@pytest.fixture
def client(night: NightFolder) -> Iterator[TestClient]:
    with TestClient(make_app(night, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as found:
        yield found


def join(client: TestClient, night: NightFolder, pod: str = "p1") -> None:
    token, _ = pod_links.make(night, pod)
    answer = client.get(f"/pod/join/{token}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pod")


def test_a_link_opens_one_page_once_and_what_it_opened_lasts(client, night, monkeypatch) -> None:
    token, pod = pod_links.make(night, "S01")
    assert pod == "p1"
    assert client.get(f"/pod/join/{token}", follow_redirects=False).status_code == 303
    assert client.get("/api/pod").json()["pod"] == "p1"
    with TestClient(make_app(night, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as served_again:
        assert not served_again.get(f"/pod/join/{token}", follow_redirects=False).cookies
        name = pod_links.cookie_of(night)
        served_again.cookies.set(name, client.cookies[name], domain="127.0.0.1")
        assert served_again.get("/api/pod").status_code == 200
    later = pod_links.utc_now() + pod_links.PAGE_FOR
    monkeypatch.setattr(pod_links, "utc_now", lambda: later)
    assert client.get("/api/pod").status_code == 401


def test_no_link_lies_beside_a_night_in_words_that_open_anything(client, night) -> None:
    token, _ = pod_links.make(night, "p1")
    join(client, night)
    kept = [path for path in (night.root / "browsers").rglob("*") if path.is_file()]
    assert sorted(path.parent.name for path in kept) == ["browsers", "links", "pages"]
    for path in kept:
        assert token not in path.read_text() + path.name
        assert client.cookies[pod_links.cookie_of(night)] not in path.read_text() + path.name


def test_a_phone_in_two_nights_of_one_machine_is_each_ones_bed(client, night, tmp_path) -> None:
    other = pod_pages.on_pages(live_nights.write(tmp_path / "elsewhere", "tide", pods=2))
    join(client, night, "p1")
    with TestClient(make_app(other, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as beside:
        beside.cookies.update(client.cookies)
        assert beside.get("/api/pod").status_code == 401
        join(beside, other, "p2")
        client.cookies.update(beside.cookies)
        assert (client.get("/api/pod").json()["pod"], beside.get("/api/pod").json()["pod"]) == ("p1", "p2")


def test_a_page_that_was_opened_under_the_plain_name_stays_open(client, night) -> None:
    client.cookies.set(COOKIE, str(pod_links.enter(night, pod_links.make(night, "p2")[0])), domain="127.0.0.1")
    found = client.get("/api/pod").json()
    assert found["pod"] == "p2"
    assert (found["words"],) == pod_links.pages(night)["p2"]


def test_a_bed_writes_no_faster_than_anybody_reads_and_may_say_stop_at_any_time(client, night, monkeypatch) -> None:
    at_s = [0.0]
    monkeypatch.setattr(intercom, "is_running", lambda _: True)
    client.app.state.pace_of_lines = Pace(lambda: at_s[0])
    join(client, night)

    def line() -> int:
        return client.post("/api/pod/talk", json={"text": "Is somebody there?"}).status_code

    assert [line() for _ in range(MOST_LINES + 2)] == [202] * MOST_LINES + [429, 429]
    assert len(list((night.root / by_hand.FOLDER).glob("*.json"))) == MOST_LINES
    assert client.post("/api/pod/stop", json=STOP).status_code == 200
    at_s[0] = LINES_S
    assert line() == 202
    join(client, night, "p2")
    assert line() == 202


def test_a_revoked_bed_has_no_page(client, night) -> None:
    join(client, night)
    night.house.pod("p1").root.mkdir(parents=True, exist_ok=True)
    night.house.pod("p1").revoked.touch()
    assert client.get("/api/pod").status_code == 401


@pytest.mark.parametrize("path", ["/api/pod", "/api/pod/sounds", f"/api/pod/sounds/{'0' * 64}"])
def test_nobody_without_a_page_reads_anything(client, path) -> None:
    assert client.get(path).status_code == 401


@pytest.mark.parametrize(
    ("path", "body"), [("/api/pod/stop", STOP), ("/api/pod/reports", DREAM), ("/api/pod/heard", None)]
)
def test_nobody_without_a_page_says_anything_and_no_page_of_somebody_else_does(client, night, path, body) -> None:
    assert client.post(path, json=body).status_code == 401
    join(client, night)
    foreign = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    assert client.post(path, json=body, headers=foreign).status_code == 403


def test_a_beds_page_sees_no_night_and_an_orchestrator_no_bed(client, night) -> None:
    join(client, night)
    for path in ("/nights/tide", "/api/nights/tide", "/api/nights/tide/events"):
        assert client.get(path).status_code == 401
    assert client.post("/api/nights/tide/beds/p1/held", json={"rung": "NONE"}).status_code == 401


def test_a_page_is_told_of_its_own_bed_alone(client, night) -> None:
    pod_pages.lay_sounds(night.house.pod("p2").cues, (pod_pages_sound(),))
    join(client, night, "p1")
    assert client.get("/api/pod/sounds").json() == {"sounds": []}
    assert client.get(f"/api/pod/sounds/{pod_pages_sound().sha256}").status_code == 404
    client.post("/api/pod/stop", json=STOP)
    assert withdrawing.withdrawn_tonight(night.house.pod("p2"), "tide", "S02") is None


def pod_pages_sound():
    from dreamloom.testing.speaker_contract import CHORD

    return CHORD


def test_a_sound_that_was_altered_on_the_disk_is_not_handed_out(client, night) -> None:
    sound = pod_pages_sound()
    pod_pages.lay_sounds(night.house.pod("p1").cues, (sound,))
    join(client, night)
    assert client.get(f"/api/pod/sounds/{sound.sha256}").content == sound.frames.tobytes()
    (night.house.pod("p1").cues / sound.sha256).write_bytes(b"\0" * 8)
    assert client.get(f"/api/pod/sounds/{sound.sha256}").status_code == 404
    assert client.get("/api/pod/sounds/..%2f..%2fpod.key").status_code == 404


def test_a_stop_is_a_withdrawal_by_the_way_of_every_other_one(client, night) -> None:
    from dreamloom.adapters.speaker.bits_file import BitsFile

    join(client, night)
    at_bed = night.house.pod("p1")
    at_bed.root.mkdir(parents=True, exist_ok=True)
    bits = BitsFile(at_bed.bits)
    bits.clear(Bit.REVOKED)
    assert client.post("/api/pod/stop", json=STOP).json() == {"id": STOP["id"], "withdrawn": True}
    assert bits.read()[Bit.REVOKED] == 1
    said = withdrawing.withdrawn_tonight(at_bed, "tide", "S01")
    assert said is not None
    assert (said.sleeper, said.channel) == ("S01", "pod page")
    assert client.get("/api/pod").json()["withdrawn"] is True
    assert client.post("/api/pod/stop", json=STOP).status_code == 200


def test_a_dream_told_twice_is_kept_once_sealed_and_never_another_in_its_place(client, night) -> None:
    join(client, night)
    receipts = [client.post("/api/pod/reports", json=DREAM).json() for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert receipts[0]["id"] == DREAM["id"]
    (path,) = told_dreams.told_at(night, "p1")
    found, text = told_dreams.read(night, path)
    assert (text, found.sleeper, found.told_utc) == (DREAM["text"], "S01", DREAM["told_utc"])
    kept = b"".join(each.read_bytes() for each in night.house.root.rglob("*") if each.is_file())
    assert b"staircase" not in kept
    other = client.post("/api/pod/reports", json={**DREAM, "text": "Something else."})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "DL-E583")
    assert told_dreams.read(night, path)[1] == DREAM["text"]


def test_a_dream_goes_home_with_its_dreamer_and_with_nobody_else(client, night, tmp_path) -> None:
    join(client, night)
    client.post("/api/pod/reports", json=DREAM)
    export_mine(night.house, "S01", tmp_path / "mine")
    (line,) = (tmp_path / "mine/nights/tide/dreams.jsonl").read_text().splitlines()
    assert json.loads(line)["dream"] == DREAM["text"]
    export_mine(night.house, "S02", tmp_path / "others")
    assert not list((tmp_path / "others").rglob("dreams.jsonl"))


def test_what_was_told_in_another_night_is_refused_and_what_was_told_tonight_is_not(client, night) -> None:
    join(client, night)
    tonight = client.get("/api/pod").json()["tonight"]
    for path, body in (("/api/pod/reports", DREAM), ("/api/pod/stop", STOP)):
        other = client.post(path, json={**body, "tonight": "0123456789abcdef"})
        assert (other.status_code, other.json()["error"]["code"]) == (409, "DL-E584")
        assert withdrawing.withdrawn_tonight(night.house.pod("p1"), "tide", "S01") is None
        assert client.post(path, json={**body, "tonight": tonight}).status_code == 200


def test_an_erasure_takes_the_dream_along(client, night) -> None:
    join(client, night)
    client.post("/api/pod/reports", json=DREAM)
    (path,) = told_dreams.told_at(night, "p1")
    left = left_behind.left_in(night, "S01")
    assert left is not None
    assert left.files[left_behind.DREAMS] == (path,)
    FolderVault(night.house.keys).destroy("S01")
    with pytest.raises(RecordError) as gone:
        told_dreams.read(night, path)
    assert gone.value.code == "DL-E406"


@pytest.mark.parametrize(
    "body",
    [
        {**DREAM, "text": " "},
        {**DREAM, "text": "x" * 12_001},
        {**DREAM, "id": "../../x"},
        {**DREAM, "told_utc": "yesterday"},
        {**DREAM, "more": 1},
    ],
)
def test_what_is_no_dream_is_refused_and_nothing_is_kept(client, night, body) -> None:
    join(client, night)
    assert client.post("/api/pod/reports", json=body).status_code == 400
    assert not (night.root / told_dreams.FOLDER).exists()


def test_notes_that_were_counted_confirm_this_page_as_the_beds_output(client, night) -> None:
    join(client, night)
    assert client.post("/api/pod/heard").status_code == 204
    kept = json.loads(night.confirmed("p1").read_bytes())
    assert kept == {"sleeper": "S01", "device": "browser:p1", "how": "notes"}


def test_nothing_that_a_page_is_served_tells_the_theme(client, night) -> None:
    pod_pages.lay_sounds(night.house.pod("p1").cues, (pod_pages_sound(),))
    join(client, night)
    text = (night.root / "dreamscape.yaml").read_text()
    asked = reader.read(text, file="dreamscape.yaml")
    themes = {asked.name, *asked.cues, *asked.tags, "tide", *re.findall(r"[a-z]{6,}", asked.intent.casefold())}
    paths = [*SHELL, "/pod/worker.js", "/api/pod", "/api/pod/sounds"]
    answers = [client.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    for path, answer in zip(paths, answers, strict=True):
        if "vendor" in path or "static" in path or path.endswith(".css"):
            continue
        words = set(re.findall(r"[a-z]+", (answer.text + path + str(answer.headers)).casefold()))
        assert not themes & words, path


def test_the_sentence_of_consent_names_terms_and_no_cue(client, night) -> None:
    join(client, night)
    found = client.get("/api/pod").json()
    assert found["agreed"] == (
        "You agreed to soft sounds in the first minutes of sleep, light sleep, deep sleep or dreaming sleep, at most "
        "45 dB(A) and 500 an hour, until the end of the night; you can take it back here at any moment."
    )
    assert found["plays_here"] is True


def closed(client: TestClient, *said: str, **asked: object) -> WebSocketDisconnect:
    with client.websocket_connect("/pod/live", **asked) as line:  # type: ignore[arg-type]
        for word in said:
            line.send_text(word)
        return left_by(line)


def left_by(line: Any) -> WebSocketDisconnect:
    """How the house ends it, after whatever it said before."""
    while True:
        try:
            line.receive()
        except WebSocketDisconnect as left:
            return left


def test_a_line_is_for_pages_of_ours_with_a_bed(client, night) -> None:
    assert closed(client).code == pod_live.CLOSED_UNKNOWN
    join(client, night)
    assert closed(client, headers={"origin": "https://elsewhere.example"}).code == pod_live.CLOSED_UNKNOWN


@pytest.mark.parametrize(
    "word", ["", "[]", "{}", '{"t":"play"}', '{"t":"alive"}', '{"t":"ping","sent_ms":"x"}', "x" * 5000]
)
def test_what_is_no_word_of_a_page_ends_its_line_with_a_reason(client, night, word) -> None:
    join(client, night)
    told = closed(client, word)
    assert told.code == pod_live.CLOSED_WRONG
    assert told.detail


def test_a_page_is_told_the_time_and_that_no_night_is_there(client, night) -> None:
    join(client, night)
    with client.websocket_connect("/pod/live") as line:
        assert line.receive_json() == {"t": "house", "night": "away"}
        line.send_text('{"t":"ping","sent_ms":12.5}')
        answer = next(word for word in iter(line.receive_json, None) if word["t"] == "pong")
    assert answer["sent_ms"] == 12.5
    assert 0.0 <= answer["given_s"] - answer["taken_s"] < 1.0


def test_a_proxy_is_configured_for_a_public_name_and_never_a_certificate_of_our_own() -> None:
    for kind in proxies.KINDS:
        text = proxies.config(kind, name="night.example.org", port=8770)
        assert "night.example.org" in text
        assert "127.0.0.1:8770" in text
    with pytest.raises(UsageError, match="apache"):
        proxies.config("apache", name="night.example.org", port=8770)


def test_the_words_of_the_line_are_read_as_they_were_written() -> None:
    from dreamloom.adapters.speaker import page_wire

    became = page_wire.Became("p1.0.7", "played", 12.5, 1.0, cut=False, bits=())
    assert page_wire.from_page(msgspec.json.encode(became)) == became
    assert page_wire.from_page(b"x" * 5000) is None
    assert page_wire.from_page(b'{"t":"became"}') is None


def test_many_who_ask_at_once_how_tonight_is_called_hear_one_name(tmp_path) -> None:
    folder = NightFolder(tmp_path / "nights" / "tide")
    with ThreadPoolExecutor(16) as pool:
        names = set(pool.map(lambda _: pod_links.tonight(folder), range(64)))
    assert len(names) == 1
    assert len(names.pop()) == 16
    assert [path.name for path in (folder.root / "browsers").iterdir()] == ["tonight"]
