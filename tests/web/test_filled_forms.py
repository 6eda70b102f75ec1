"""Is a form refused in words, however it is filled in? Some hundred tries; thousands are a promise."""

import re
from pathlib import Path

import httpx
import pytest
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from dreamloom.testing.browsers import night_that_waits, served
from dreamloom.testing.filled_forms import fill, forms_of
from dreamloom.web import pod_files
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import SignIn

CASES = 220
DEEP = '{"ceremony":"x","credential":' + '{"a":' * 9_000
ASKS_NOTHING = {"/leave"}


def test_no_form_crashes_a_page_and_none_is_left_out(tmp_path: Path) -> None:
    told = fill(tmp_path, CASES)
    assert told["cases"] >= CASES
    assert told["wrong"] == []
    assert told["crashed"] == 0
    app = make_app(night_that_waits(tmp_path / "other"), SignIn(lambda: 0.0), hosts=["127.0.0.1:8770"])
    posted = {
        route.path_format
        for route in app.routes
        if isinstance(route, HTTPRoute) and "POST" in route.methods and not route.path_format.startswith("/api/")
    }
    for path in posted - ASKS_NOTHING:
        assert any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), each) for each in told["forms"]), path


def test_words_that_lie_in_each_other_without_end_are_refused_in_the_shape_of_every_refusal(tmp_path: Path) -> None:
    with served(night_that_waits(tmp_path)) as server:
        address = f"http://localhost:{server.port}/api/sign-in"
        answer = httpx.post(address, content=DEEP, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "HTTP-400"
    assert "nested" in answer.json()["error"]["what"]


def test_a_fault_of_ours_is_told_to_the_page_as_one_and_to_the_terminal_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def divide() -> bytes:
        raise ZeroDivisionError("by naught")

    monkeypatch.setattr(pod_files, "manifest", divide)
    app = make_app(night_that_waits(tmp_path), SignIn(lambda: 0.0), hosts=["127.0.0.1:8770"])
    with TestClient(app, base_url="http://127.0.0.1:8770", raise_server_exceptions=False) as client:
        answer = client.get("/pod/manifest.webmanifest")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "HTTP-500"
    assert "naught" not in answer.text
    assert any(said.exc_info and "by naught" in str(said.exc_info) for said in caplog.records)


def test_a_form_is_read_with_what_it_offers() -> None:
    html = '<form method="post" action="/a"><input name="x" value="1"></form><form method="get"><input name="q"></form>'
    assert forms_of(html + '<form method="post"><button name="y">', at="/b") == [
        ("/a", (("x", "1"),)),
        ("/b", (("y", ""),)),
    ]
