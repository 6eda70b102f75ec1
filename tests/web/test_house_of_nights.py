"""Are all nights of a house found on one page, each opening as if it were served alone, to the same people?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from dreamloom.adapters.one_writer import WriterLock
from dreamloom.house import making, nights_here, running
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, ROWS, amiss, browser, serving
from dreamloom.testing.nights import EAGER
from dreamloom.web.house_app import HouseApp
from dreamloom.web.serving import HouseServer
from dreamloom.web.sign_in import ROLES, SignIn, cookie_of
from dreamloom.web.themes import THEMES

HOST = "127.0.0.1:8770"
STATES = [("ebb", "running", 2), ("moon", "planned", 1), ("tide", "over", 2)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A night that is over, one that runs (somebody writes its record), one to come; and what is no night."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    found = House(folder)
    for name, beds in (("tide", 2), ("ebb", 2), ("moon", 1)):
        asked = [
            PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=4.6h,hours=0.02") for n in range(beds)
        ]
        made = making.write_night(found, name, asked, str(folder / "eager.yaml"), seed=1)
        if name != "moon":
            running.run_night(made, RunOptions(speed_x=None))
    (folder / "nights" / "not a night").mkdir()
    (folder / "nights" / "empty").mkdir()
    lock = WriterLock(found.night("ebb").record)
    yield found
    lock.release()


@pytest.fixture
def door() -> SignIn:
    return SignIn(lambda: 0.0)


@pytest.fixture
def client(house: House, door: SignIn) -> Iterator[TestClient]:
    with TestClient(HouseApp(house, door, hosts=[HOST]), base_url=f"http://{HOST}") as found:
        yield found


def enter(client: TestClient, door: SignIn, role: Any) -> None:
    cookie = door.enter(door.link(role, name="anna", pod="p0" if role == "sleeper" else None), from_="")
    client.cookies.set(cookie_of(8770), cookie or "")


def test_nights_are_listed_by_what_they_are(house: House) -> None:
    assert [(night.name, night.state, night.beds) for night in nights_here.nights_of(house)] == STATES
    assert nights_here.current(house) == "ebb"
    assert nights_here.find_house(str(house.root)) == house
    assert nights_here.find_house(str(house.night("tide").root)) is None


def test_a_night_that_broke_off_and_one_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    asked = [PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.02")]
    house = House(tmp_path)
    made = making.write_night(house, "torn", asked, str(tmp_path / "eager.yaml"), seed=1)
    made.record.write_bytes(b"no record at all" * 100)
    assert [(night.name, night.state) for night in nights_here.nights_of(house)] == [("torn", "cannot be read")]
    assert nights_here.nights_of(House(tmp_path / "nowhere")) == []


def test_each_night_opens_under_its_own_address_with_what_it_has(client: TestClient, door: SignIn) -> None:
    enter(client, door, "orchestrator")
    assert client.get("/", follow_redirects=False).headers["location"] == "/nights"
    assert [(each["name"], each["state"], each["beds"]) for each in client.get("/api/nights").json()] == STATES
    for name, beds in (("tide", 2), ("ebb", 2)):
        assert len(client.get(f"/api/nights/{name}").json()["rows"]) == beds
        with client.websocket_connect(f"/live/nights/{name}") as line:
            assert line.receive_json()["beds"] == [f"p{n}" for n in range(beds)]
    assert client.get("/nights/moon").status_code == 200
    for nowhere in (
        "/nights/nowhere",
        "/api/nights/nowhere",
        "/nights/%2E%2E",
        "/nights/not%20a%20night",
        "/nights/empty",
    ):
        assert client.get(nowhere).status_code == 404, nowhere
    told = client.post("/api/nights/tide/beds/p0/held", json={"rung": "HOLD"})
    assert told.json()["error"]["code"] == "DL-E515", "what is over takes no words"


@pytest.mark.parametrize("role", [*ROLES, None])
def test_who_may_see_a_list_of_nights_and_who_may_not(client: TestClient, door: SignIn, role: Any) -> None:
    if role is not None:
        enter(client, door, role)
    lists = role in {"orchestrator", "blinded", "researcher", "clinician", "council"}
    refusal = 401 if role is None else 403
    for path in ("/nights", "/api/nights"):
        assert client.get(path).status_code == (200 if lists else refusal), path
    watches = lists and role != "council"
    assert client.get("/api/nights/tide").status_code == (200 if watches else refusal)
    assert client.get("/api/nights/tide/counts").status_code == (200 if lists else refusal)
    page = client.get("/nights").text
    assert ('href="/nights/tide"' in page) == watches
    if role == "sleeper":
        assert client.get("/", follow_redirects=False).headers["location"] == "/pod"
    assert client.get("/pod").status_code == 200, "a bed's page is that of the night that runs"
    assert client.get("/sign-in").status_code == 200


def test_a_house_without_nights_says_so_and_another_machines_name_is_refused(tmp_path: Path, door: SignIn) -> None:
    with TestClient(HouseApp(House(tmp_path), door, hosts=[HOST]), base_url=f"http://{HOST}") as client:
        enter(client, door, "orchestrator")
        assert client.get("/nights").text.count("None.") == 3
        assert client.get("/pod").status_code == 404
        assert client.get("/nights", headers={"host": "elsewhere.example"}).status_code == 403


@pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
def test_from_the_list_into_a_night_and_back_in_every_theme(house: House, tmp_path: Path) -> None:
    with serving(HouseServer(house, port=0)) as server, browser() as chromium:
        page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.link("orchestrator", name="anna"))
        for theme in THEMES:
            page.goto(f"http://127.0.0.1:{server.port}/nights?theme={theme}")
            assert amiss(page) == [], theme
            page.screenshot(path=tmp_path / f"nights-{theme}.png")
        page.set_viewport_size({"width": 320, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.get_by_role("link", name="tide", exact=True).click()
        page.wait_for_selector(ROWS)
        assert page.locator("h1").inner_text() == "tide"
        page.get_by_role("link", name="all nights").click()
        page.get_by_role("heading", name="Running (1)").wait_for()
