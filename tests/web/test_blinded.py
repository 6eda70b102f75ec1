"""Can anybody who watches a night with sealed arms tell by any page which arm it was? Two nights that differ in it.

Both lie at the same path, under the same keys and the same schedule but for its sealed nonce; what any two runs differ
in (wall time, speed, the commitment to another nonce) is put by name into every answer. Nothing else may differ.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.layout import NightFolder
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.trials import find_trial
from dreamloom.record.events import CueAudited, CuePlayed, HostDescribed
from dreamloom.testing import sham_pairs
from dreamloom.testing.trial_nights import NAME, night_in_trial, seal_with_arm
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import MAY_COUNT, Role, SignIn, cookie_of

HOST = "127.0.0.1:8770"
WATCHING: tuple[Role, ...] = tuple(sorted(MAY_COUNT))
"""While arms are sealed nobody who runs, studies or judges a night may be told more than the blinded."""
FILLED = {"night": "night", "pod": "p1", "token": "used-up", "file_path": "night.css", "path": "openapi.json"}
Answers = Mapping[tuple[Role, str], str]


def addresses(app: Litestar) -> list[str]:
    """Every address at which anything is to be had."""
    found = [route.path_format for route in app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
    for name, value in {**FILLED, "sha256": "0" * 64}.items():
        found = [path.replace("{" + name + "}", value) for path in found]
    return found


def opened(folder: NightFolder) -> dict[tuple[Role, str], str]:
    """What each of them is answered everywhere, with names in the place of what any two nights differ in."""
    door, found = SignIn(lambda: 0.0), {}
    names = differing(folder)
    with TestClient(make_app(folder, door, hosts=[HOST]), base_url=f"http://{HOST}") as client:
        for role in WATCHING:
            session = door.enter(door.link(role, name="anna"))
            client.cookies.set(cookie_of(8770), str(session), domain="127.0.0.1")
            for path in addresses(client.app):
                answer = client.get(f"{path}?at_s=120&until_s=120&after=0", follow_redirects=False)
                head = {name: value for name, value in answer.headers.items() if name != "date"}
                words = f"{answer.status_code} {head} {answer.content.decode('latin-1')}"
                found[role, path] = sham_pairs._named(words, names)
            found[role, "socket"] = sham_pairs._named(str(told_by_socket(client)), names)
    return found


def told_by_socket(client: TestClient[Litestar]) -> Any:
    with client.websocket_connect("/live/nights/night") as view:
        try:
            return view.receive_json()
        except Exception as closed:  # noqa: BLE001 - how it is closed is an answer as well
            return f"{type(closed).__name__} {closed}"


def differing(folder: NightFolder) -> dict[str, str]:
    with read_only(folder.record) as record:
        hosts = [event for event in record.events() if isinstance(event, HostDescribed)]
    found = {event.utc: "UTC" for event in hosts}
    found |= {f'"speed_x":{event.speed_x}': "SPEED" for event in hosts}
    found[find_trial(folder.house, NAME).sealed.commitment_sha256] = "COMMITMENT"
    return found


def in_arm(root: Path, arm: str) -> tuple[dict[tuple[Role, str], str], list[object]]:
    """A night of three minutes in this arm, as everybody who watches is shown it; and what became of its cues."""
    folder = night_in_trial(root / "house")
    FolderVault(root / "keys")
    shutil.copytree(root / "keys", folder.house.keys)
    seal_with_arm(folder, arm)
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        cues = [event for event in record.events() if isinstance(event, CuePlayed | CueAudited)]
    heard = sham_pairs._recorded(folder)
    shown = opened(folder)
    shutil.rmtree(root / "house")
    return shown, [len(cues), heard]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, Answers]:
    root = tmp_path_factory.mktemp("pair")
    (active, sounded), (sham, silent) = in_arm(root, "active"), in_arm(root, "sham")
    assert sounded[0] == silent[0] != 0, "both had the same moments for a cue"
    assert sounded[1][0] > silent[1][0] == 0, "and in one of them nothing sounded"  # type: ignore[index]
    return active, sham


@pytest.mark.parametrize("role", WATCHING)
def test_no_address_answers_otherwise_in_one_arm_than_in_the_other(pair: tuple[Answers, Answers], role: Role) -> None:
    active, sham = pair
    ours = {path: words for (who, path), words in active.items() if who == role}
    theirs = {path: words for (who, path), words in sham.items() if who == role}
    assert set(ours) == set(theirs)
    assert [path for path in ours if ours[path] != theirs[path]] == []


def test_the_pages_that_could_have_told_were_open_so_they_could_have_told(pair: tuple[Answers, Answers]) -> None:
    active, _ = pair
    reached = {path for (role, path), words in active.items() if role == "blinded" and words.startswith("200")}
    assert {"/nights/night", "/api/nights/night/events", "/api/nights/night/then", "/nights/night/evening"} <= reached
    assert '"CueDue"' in active["blinded", "/api/nights/night/events"]
    assert "cue" in active["council", "/api/nights/night/counts"]
    for path in ("/api/nights/night/events", "/api/nights/night", "socket"):
        for word in ("CuePlayed", "CueAudited", "level_db': 4", "bell", "knock", "silence"):
            assert word not in active["orchestrator", path], (path, word)
