"""Does `write` open the author's page of one file, and do `check` and `explain` tell who agreed to it?"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.reader import sha256
from dreamloom.house import sign_offs
from dreamloom.house.beginning_to_write import first_text

DREAMLOOM = [sys.executable, "-m", "dreamloom"]
Command = Callable[..., Any]
AT = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def link(request: pytest.FixtureRequest) -> Iterator[str]:
    words: Sequence[str] = request.param
    with subprocess.Popen(
        [*DREAMLOOM, "write", *words, "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as page:
        assert page.stdout is not None
        yield json.loads(page.stdout.readline())["link"]
        page.send_signal(signal.SIGINT)
        assert page.wait(30) == 130


@pytest.mark.parametrize("link", [["tide.yaml", "--by", "anna"]], indirect=True)
def test_a_new_file_is_begun_saved_from_the_page_and_read_by_check(link: str, tmp_path: Path, command: Command) -> None:
    with httpx.Client(base_url=link.partition("/enter")[0], follow_redirects=True, timeout=60.0) as browser:
        page = browser.get(link, headers={"accept": "text/html"})
        assert 'value="anna"' in page.text
        opened = browser.get("/api/text").json()
        assert (opened["file"], opened["seen"], opened["text"]) == ("tide.yaml", "", first_text("tide"))
        assert list(tmp_path.iterdir()) == []
        assert browser.post("/api/save", json={"text": opened["text"], "seen": ""}).status_code == 200
        assert browser.post("/api/agree", json={"name": "anna", "sha256": sha256(opened["text"])}).status_code == 200
    checked = command("check", "tide.yaml")
    assert checked.code == 0
    assert "Agreed to by anna: exactly this text." in checked.err


@pytest.mark.parametrize("link", [["tdi_n1"]], indirect=True)
def test_a_built_in_dreamscape_is_copied_here(link: str, tmp_path: Path) -> None:
    with httpx.Client(base_url=link.partition("/enter")[0], follow_redirects=True, timeout=60.0) as browser:
        browser.get(link)
        assert browser.get("/api/text").json()["text"] == builtin.load("tdi_n1")[0]
    assert list(tmp_path.iterdir()) == []


def test_explain_and_check_tell_who_agreed_to_an_older_text(tmp_path: Path, command: Command) -> None:
    file, text = tmp_path / "tide.yaml", first_text("tide")
    file.write_text(text, encoding="utf-8")
    sign_offs.agree(file, name="bo", sha256=sha256(text), kept_sha256=sha256(text), at=AT)
    file.write_text(text.replace("30 s", "40 s"), encoding="utf-8")
    for verb in ("check", "explain"):
        assert "an older text, not this one: bo (2026-11-22 02:10 UTC)" in command(verb, "tide.yaml").err
        assert command(verb, "tide.yaml", "--json").data["agreed"][0].startswith("Agreed to as an older")


@pytest.mark.parametrize(
    ("words", "code", "do"),
    [
        (["write", "tdi_n"], "DL-E143", "Did you mean tdi_n1?"),
        (["write", "none/tide.yaml"], "DL-E136", "in a folder that is there"),
        (["write", "tide.yaml", "--by", "two words"], "DL-E129", "--by anna"),
        (["serve", "tide.yaml", "--by", "anna"], "DL-E144", "dreamloom write tide.yaml"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_can(words: list[str], code: str, do: str, command: Command) -> None:
    told = command(*words, "--json")
    assert told.code == 2
    assert told.error["code"] == code
    assert do in told.error["do"]
