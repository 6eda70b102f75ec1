"""Do people come together before a shared night and after it? By forms without a script, and no theme on any page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from dreamloom.house import erasing, gathering, mornings, pod_links, running
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.pod_links import COOKIE as AT_BED
from dreamloom.house.run_options import RunOptions
from dreamloom.testing.browsers import CHROMIUM, amiss, browser, night_that_waits, served
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import SignIn, cookie_of
from dreamloom.web.themes import THEMES

HOST = "127.0.0.1:8770"


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return night_that_waits(tmp_path / "house", hours=0.02)


@pytest.fixture
def client(night: NightFolder) -> Iterator[TestClient[Litestar]]:
    door = SignIn(lambda: 0.0)
    with TestClient(make_app(night, door, hosts=[HOST]), base_url=f"http://{HOST}") as found:
        found.door = door  # type: ignore[attr-defined]
        yield found


def as_bed(client: TestClient[Litestar], night: NightFolder, pod: str) -> None:
    client.cookies.clear()
    cookie = pod_links._keep(night, pod_links.PAGES, pod, pod_links.PAGE_FOR)
    client.cookies.set(AT_BED, cookie, domain="127.0.0.1")


def as_host(client: TestClient[Litestar]) -> None:
    client.cookies.clear()
    door: SignIn = client.door  # type: ignore[attr-defined]
    session = door.enter(door.link("orchestrator", name="anna"))
    client.cookies.set(cookie_of(8770), str(session), domain="127.0.0.1")


def said(client: TestClient[Litestar], which: str, **form: str) -> Any:
    return client.post(f"/circle/{which}", data=form)


def told(night: NightFolder, sleeper: str) -> None:
    name = mornings.new_name()
    mornings.tell(
        night.house, Dreamer(sleeper=sleeper, night=night.name), name, Piece(number=0, recall="none", text="")
    )
    mornings.lock(night.house, name)


def test_everybody_says_that_they_are_ready_and_silence_is_until_all_did(client, night) -> None:
    as_bed(client, night, "p1")
    page = client.get("/circle/evening").text
    assert "We are silent until all are ready. Ready: 0 of 2." in page
    assert "You agreed to" in page
    assert "Ready: 1 of 2." in said(client, "evening", word="ready").text
    as_host(client)
    assert "You agreed to" not in client.get("/circle/evening").text, (
        "whoever runs the night reads nobody's consent here"
    )
    assert "All are ready. Good night." in said(client, "evening", bed="p2", word="ready").text
    as_bed(client, night, "p1")
    assert "Ready: 1 of 2." in said(client, "evening", word="").text


def test_a_bed_speaks_for_itself_alone_and_who_is_not_here_is_not_waited_for(client, night) -> None:
    as_bed(client, night, "p1")
    said(client, "evening", word="ready", bed="p2")
    assert [seat.word for seat in gathering.circle(night, "evening").seats] == ["ready", ""]
    as_host(client)
    said(client, "evening", bed="p2", word="away")
    assert gathering.circle(night, "evening").is_whole


def test_what_is_shared_is_shown_when_every_dream_was_told_and_closed_and_never_before(client, night) -> None:
    running.run_night(night, RunOptions(speed_x=None))
    as_bed(client, night, "p1")
    said(client, "morning", word="back")
    early = said(client, "morning", word="shared", text="A staircase of water.")
    assert (early.status_code, "Your own dream comes first." in early.text) == (400, True)
    assert "A staircase of water." in early.text, "what was written is not lost"
    told(night, "S01")
    waiting = said(client, "morning", word="shared", text="A staircase of water.").text
    assert "A staircase of water." not in waiting
    assert "shown once every dream was told" in waiting
    told(night, "S02")
    as_bed(client, night, "p2")
    assert "A staircase of water." in client.get("/circle/morning").text
    said(client, "morning", word="back")
    assert "The circle is closed." in said(client, "morning", word="shared", text="").text


def test_what_is_shared_lies_nowhere_in_words_and_goes_with_whoever_said_it(night) -> None:
    running.run_night(night, RunOptions(speed_x=None))
    told(night, "S01")
    gathering.say(night, "morning", "p1", "shared", text="A staircase of water.")
    held = b"".join(path.read_bytes() for path in night.house.root.rglob("*") if path.is_file())
    assert b"staircase" not in held
    erasing.erase(night.house, "S01")
    assert not list((night.root / gathering.FOLDER).glob("p1.*"))
    with pytest.raises(RefusedError, match="DL-E508"):
        gathering.say(night, "morning", "p2", "shared", text="x")


def test_words_are_escaped_and_nobody_else_looks(client, night) -> None:
    running.run_night(night, RunOptions(speed_x=None))
    told(night, "S01")
    told(night, "S02")
    gathering.say(night, "morning", "p1", "shared", text="<script>alert(1)</script>")
    as_bed(client, night, "p2")
    assert "<script>alert(1)" not in client.get("/circle/morning").text
    client.cookies.clear()
    assert client.get("/circle/evening").status_code == 401


@pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_either_circle_and_a_bed_is_ready_without_a_script(night, theme) -> None:
    with served(night) as server, browser() as chromium:
        page = chromium.new_context(java_script_enabled=False).new_page()
        token, _ = pod_links.make(night, "p1")
        page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
        page.goto(f"http://127.0.0.1:{server.port}/circle/evening?theme={theme}")
        page.get_by_role("button", name="I am ready").click()
        page.get_by_text("Ready: 1 of 2.").wait_for()
        assert gathering.circle(night, "evening").said == 1
        seeing = chromium.new_context().new_page()
        seeing.goto(server.link("orchestrator", name="anna"))
        for which in ("evening", "morning"):
            seeing.goto(f"http://127.0.0.1:{server.port}/circle/{which}?theme={theme}")
            assert amiss(seeing) == [], which
