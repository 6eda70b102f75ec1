"""Does a passkey of this house open its pages, and nothing else? Chromium's own authenticator, and answers replayed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import people
from dreamloom.house.layout import NightFolder
from dreamloom.house.people import Person
from dreamloom.record.people_events import PasskeyAdded, PersonInvited, SignedIn
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, amiss, browser, night_that_is_over, serving
from dreamloom.web.serving import Server
from dreamloom.web.sign_in import MOST_TRIES, cookie_of
from dreamloom.web.themes import THEMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
PUBLIC = "night.example.org"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SIGN = """async (asked) => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] };
  const found = await navigator.credentials.get({ publicKey });
  const response = Object.fromEntries(["clientDataJSON", "authenticatorData", "signature", "userHandle"]
    .map((name) => [name, letters(found.response[name])]));
  return { id: found.id, rawId: letters(found.rawId), type: found.type, response };
}"""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    return night_that_is_over(tmp_path_factory.mktemp("house"), hours=0.02)


@pytest.fixture
def server(night: NightFolder) -> Iterator[Server]:
    with serving(Server(night, port=0, also=[PUBLIC])) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of a device that has a sensor for fingers, and somebody's finger on it."""
    context = chromium.new_context()
    found = context.new_page()
    found.set_default_timeout(PATIENCE_MS)
    cdp = context.new_cdp_session(found)
    cdp.send("WebAuthn.enable")
    found.authenticator = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    found.cdp = cdp
    yield found
    context.close()


def at(server: Server, path: str) -> str:
    return f"http://localhost:{server.port}{path}"


def joined(page: Any, server: Server, night: NightFolder, name: str, *, role: str = "orchestrator") -> Person:
    """Somebody who was invited, and made their passkey on this page."""
    token = people.invite(night.house, name, role, by="mara")
    page.goto(at(server, f"/join/{token}"))
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)
    who = people.find(night.house, name)
    assert who is not None
    return who


def sign_out(page: Any, server: Server) -> None:
    page.goto(at(server, "/sign-in"))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()


def asked(server: Server, path: str, words: object = None, *, host: str = "") -> httpx.Response:
    """What a program is told that asks this without any cookie."""
    headers = {"host": host or f"localhost:{server.port}"}
    return httpx.post(f"http://127.0.0.1:{server.port}{path}", json=words, headers=headers)


def caught(page: Any, server: Server) -> dict[str, Any]:
    """What the page sends as it signs in."""
    page.goto(at(server, "/sign-in"))
    with page.expect_request(at(server, "/api/sign-in")) as sent:
        page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    found: dict[str, Any] = json.loads(sent.value.post_data)
    return found


def test_who_is_invited_makes_a_passkey_leaves_and_comes_back_by_it(page, server, night) -> None:
    who = joined(page, server, night, "anna")
    assert page.url == at(server, "/nights/tide")
    sign_out(page, server)
    assert page.goto(at(server, "/nights/tide")).status == 401
    caught(page, server)
    assert page.url == at(server, "/nights/tide")
    cookie = next(each for each in page.context.cookies() if each["name"] == cookie_of(server.port))
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    with read_only(night.house.record) as record:
        words = [event for event in record.events() if getattr(event, "name", "") == "anna"]
    assert [type(word) for word in words] == [PersonInvited, PasskeyAdded, SignedIn, SignedIn]
    assert (who.passkeys[0].rp_id, len(who.passkeys)) == ("localhost", 1)


def test_an_answer_that_was_given_once_opens_nothing_again(page, server, night) -> None:
    joined(page, server, night, "bo", role="researcher")
    sign_out(page, server)
    told = caught(page, server)
    assert asked(server, "/api/sign-in", told).status_code == 401
    fresh = asked(server, "/api/sign-in/options").json()["ceremony"]
    again = asked(server, "/api/sign-in", {**told, "ceremony": fresh})
    assert (again.status_code, "set-cookie" in again.headers) == (401, False)


def test_an_answer_that_was_given_to_another_address_opens_nothing(page, server, night) -> None:
    joined(page, server, night, "cleo")
    with serving(Server(night, port=0)) as other:
        begun = asked(other, "/api/sign-in/options").json()
        page.goto(at(server, "/sign-in"))
        signed = page.evaluate(SIGN, begun["publicKey"])  # by a page at this port, for the challenge of that one
        answer = {"ceremony": begun["ceremony"], "credential": signed}
        assert asked(other, "/api/sign-in", answer).status_code == 401
        begun = asked(server, "/api/sign-in/options").json()
        answer = {"ceremony": begun["ceremony"], "credential": page.evaluate(SIGN, begun["publicKey"])}
        assert asked(server, "/api/sign-in", answer, host=PUBLIC).status_code == 401
        begun = asked(server, "/api/sign-in/options").json()
        answer = {"ceremony": begun["ceremony"], "credential": page.evaluate(SIGN, begun["publicKey"])}
        assert asked(server, "/api/sign-in", answer).status_code == 200, "the same, to whom it was given"


def test_whoever_is_removed_is_out_at_once_and_does_not_come_back(page, server, night) -> None:
    joined(page, server, night, "dora")
    assert page.goto(at(server, "/nights/tide")).status == 200
    people.remove(night.house, "dora", by="mara")
    assert page.goto(at(server, "/nights/tide")).status == 401
    page.goto(at(server, "/sign-in"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("status").get_by_text("This passkey opens nothing here.").wait_for()


def test_an_invitation_that_was_used_or_is_too_old_makes_nothing(page, server, night, monkeypatch) -> None:
    token = people.invite(night.house, "eve", "council", by="mara")
    page.goto(at(server, f"/join/{token}"))
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(at(server, "/nights/tide/counts"))
    assert page.goto(at(server, f"/join/{token}")).status == 404
    assert asked(server, f"/api/join/{token}/options").status_code == 404
    monkeypatch.setattr(people, "INVITED_FOR", -people.INVITED_FOR)
    old = people.invite(night.house, "finn", "council", by="mara")
    assert page.goto(at(server, f"/join/{old}")).status == 404
    assert people.find(night.house, "finn") is None


def test_a_passkey_that_counts_backwards_was_copied_and_opens_nothing(page, server, night) -> None:
    who = joined(page, server, night, "gail")
    ahead = tuple(msgspec.structs.replace(key, signed=10**6) for key in who.passkeys)
    place: Path = night.house.people / f"{who.handle}.json"
    write_durably(place, msgspec.json.encode(msgspec.structs.replace(who, passkeys=ahead)))
    sign_out(page, server)
    page.goto(at(server, "/sign-in"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("status").get_by_text("This passkey opens nothing here.").wait_for()


def test_a_device_that_asks_its_owner_for_nothing_is_not_enough(page, server, night) -> None:
    joined(page, server, night, "hal")
    sign_out(page, server)
    words = {"authenticatorId": page.authenticator, "isUserVerified": False}
    page.cdp.send("WebAuthn.setUserVerified", words)
    page.goto(at(server, "/sign-in"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("status").get_by_text("Nothing was signed.").wait_for()
    begun = asked(server, "/api/sign-in/options").json()
    page.evaluate("() => 0")
    lax = {**begun["publicKey"], "userVerification": "discouraged"}
    answer = {"ceremony": begun["ceremony"], "credential": page.evaluate(SIGN, lax)}
    assert asked(server, "/api/sign-in", answer).status_code == 401


@pytest.mark.parametrize(
    "credential",
    [{}, {"id": "x"}, {"id": "AQID", "response": {"userHandle": "é"}}, {"id": 1, "response": {"userHandle": "AQID"}}],
)
def test_noise_in_the_place_of_an_answer_is_no_passkey(server, credential) -> None:
    fresh = asked(server, "/api/sign-in/options").json()["ceremony"]
    assert asked(server, "/api/sign-in", {"ceremony": fresh, "credential": credential}).status_code == 401


def test_who_brings_nothing_good_too_often_waits_a_minute(server) -> None:
    wrong = {"ceremony": "none", "credential": {}}
    told = [asked(server, "/api/sign-in", wrong).status_code for _ in range(MOST_TRIES + 1)]
    assert told == [401] * MOST_TRIES + [429]
    assert asked(server, "/api/sign-in/options").status_code == 429


def test_at_a_number_the_page_says_at_which_name_it_is_to_be_opened(page, server) -> None:
    page.goto(f"http://127.0.0.1:{server.port}/sign-in")
    page.get_by_role("link", name=f"http://localhost:{server.port}/sign-in").click()
    page.get_by_role("button", name="Sign in with a passkey").wait_for()
    told = asked(server, "/api/sign-in/options", host=f"127.0.0.1:{server.port}")
    assert (told.status_code, told.json()["error"]["code"]) == (409, "DL-E506")


def test_a_page_of_somebody_else_starts_nothing(server) -> None:
    foreign = {"host": f"localhost:{server.port}", "origin": "https://elsewhere.example"}
    for path in ("/api/sign-in/options", "/api/sign-in", "/leave"):
        assert httpx.post(f"http://127.0.0.1:{server.port}{path}", json={}, headers=foreign).status_code == 403


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_pages_of_who_comes_in(page, server, night, theme) -> None:
    token = people.invite(night.house, "ida", "orchestrator", by="mara")
    for path in ("/sign-in", f"/join/{token}", "/join/used-up"):
        page.goto(at(server, f"{path}?theme={theme}"))
        assert page.locator("html").get_attribute("data-theme") == theme
        assert amiss(page) == [], path
    page.goto(server.link("council", name="kim").replace("127.0.0.1", "localhost"))
    for path in ("/sign-in", "/nights/tide/counts"):
        page.goto(at(server, path))
        assert amiss(page) == [], path
