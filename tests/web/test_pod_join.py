"""Does a laptop elsewhere lend its headband and speaker to a bed, and is its loss silence?"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import TestClient

from dreamloom.adapters import house_line
from dreamloom.adapters.house_line import HouseLine
from dreamloom.cli import joined as verb
from dreamloom.house import pod_links, pod_page, withdrawing
from dreamloom.house.evening import evening
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import (
    ConsentWithdrawn,
    CueFailed,
    CuePlayed,
    CueWithheld,
    StageScored,
    StreamDescribed,
    StreamFound,
    StreamLost,
)
from dreamloom.testing import browsers, live_nights, pod_pages
from dreamloom.vocabulary.errors import StreamError, UsageError
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import SignIn

HOST = "127.0.0.1:8770"
ASLEEP = "sim:typical,start=1000s"
MOST_ERROR_S = 0.050


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return pod_pages.on_pages(live_nights.write(tmp_path, "tonight", source="joined:headband"))


def link_of(night: NightFolder, port: int) -> str:
    token, _ = pod_links.make(night, "p1")
    return f"http://127.0.0.1:{port}/pod/join/{token}"


@contextmanager
def joined(link: str, said: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """`dreamloom pod join LINK` with a simulated headband, in a process of its own."""
    words = ["pod", "join", link, "--source", ASLEEP, "--output", "silent"]
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dreamloom", *words], stdin=subprocess.PIPE, stdout=out, stderr=out
        )
    try:
        with live_nights.cared_for(process):
            yield process
    finally:
        stdin_of(process).close()


def told(night: NightFolder, kind: type) -> list[Any]:
    return [event for event in live_nights.events_of(night) if isinstance(event, kind)]


def stdin_of(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin


@pytest.mark.real_time
@pytest.mark.waits
@pytest.mark.timeout(240)
def test_a_joined_headband_is_staged_cued_and_stopped_and_its_loss_is_silence(night, tmp_path) -> None:
    pod_page.heard(night, "p1")
    pod_pages.well(night, "S01")
    said = tmp_path / "said.txt"
    with browsers.served(night) as server, joined(link_of(night, server.port), said) as laptop:
        live_nights.wait_for(lambda: night.joined("p1").exists(), laptop)
        process = live_nights.start(night)
        with live_nights.cared_for(process):
            live_nights.wait_for(lambda: len(told(night, CuePlayed)) >= 3, process, within_s=120)
            laptop.kill()
            live_nights.wait_for(lambda: len(told(night, StreamLost)) == 1, process)
            lost_s = told(night, StreamLost)[0].onset_s
            live_nights.wait_for_tick(night, int(lost_s) + 8, process, within_s=60)
            with joined(link_of(night, server.port), said) as again:
                live_nights.wait_for(lambda: len(told(night, StreamFound)) == 1, process)
                stdin_of(again).write(b"stop\n")
                stdin_of(again).flush()
                live_nights.wait_for(lambda: len(told(night, ConsentWithdrawn)) == 1, process)
                live_nights.end(process)
                assert again.wait(20) == 0
    described = told(night, StreamDescribed)[0]
    assert described.source == "joined:headband"
    assert "EEG" in {channel.kind for channel in described.channels}
    assert any(scored.stage not in {"W", "UNSCORED"} for scored in told(night, StageScored))
    errors_s = [abs(cue.actual_s - cue.planned_s) for cue in told(night, CuePlayed)]
    print(f"{len(errors_s)} cues at the laptop, error at most {1000 * max(errors_s):.2f} ms")
    assert max(errors_s) < MOST_ERROR_S
    assert not [cue for cue in told(night, CuePlayed) if cue.actual_s > lost_s + 2.2]
    assert {cue.reason for cue in told(night, CueWithheld) if cue.onset_s >= lost_s} >= {"STALE", "REVOKED"}
    assert all(cue.onset_s >= lost_s - 10 for cue in told(night, CueFailed))
    assert withdrawing.withdrawn_tonight(night.house.pod("p1"), night.name, "S01") is not None
    assert "The house knows." in said.read_text()


def test_a_night_does_not_begin_before_its_headband_joined_and_says_by_which_words_it_does(night) -> None:
    process = live_nights.start(night)
    with live_nights.cared_for(process):
        assert process.wait(60) == 4
    said = (night.root / "said.txt").read_text()
    assert "DL-E290 Nobody joined p1 yet." in said
    assert "dreamloom pod join LINK" in said
    signals = next(check for check in evening(night).beds[0].checks if check.what == "signals")
    assert signals.state == "to do"


def test_what_a_headband_sends_is_known_before_the_night_and_stands_in_the_evening_check(night) -> None:
    with TestClient(make_app(night, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as client:
        token, _ = pod_links.make(night, "p1")
        client.get(f"/pod/join/{token}", follow_redirects=False)
        with client.websocket_connect("/pod/live") as line:
            line.send_text('{"t":"sends","name":"band","sfreq_hz":128,"channels":[{"label":"EEG Fpz","kind":"EEG"}]}')
            while (word := line.receive_json())["t"] != "known":
                pass
    assert word == {"t": "known", "name": "band"}
    signals = next(check for check in evening(night).beds[0].checks if check.what == "signals")
    assert signals.state == "ready"
    assert "EEG Fpz" in signals.told


@pytest.mark.parametrize(
    "channels",
    [
        "[]",
        '[{"label":"../../x","kind":"EEG"}]',
        '[{"label":"EEG Fpz","kind":"soul"}]',
        '[{"label":"EEG Fpz","kind":"EEG","more":1}]',
    ],
)
def test_what_describes_no_stream_ends_the_line_and_nothing_is_kept(night, channels) -> None:
    with TestClient(make_app(night, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as client:
        token, _ = pod_links.make(night, "p1")
        client.get(f"/pod/join/{token}", follow_redirects=False)
        with client.websocket_connect("/pod/live") as line:
            line.send_text('{"t":"sends","name":"band","sfreq_hz":128,"channels":' + channels + "}")
            with pytest.raises(WebSocketDisconnect):
                drained(line)
    assert not night.joined("p1").exists()


def drained(line: Any) -> None:
    while True:
        line.receive_json()


def test_a_used_link_joins_nothing(night) -> None:
    with browsers.served(night) as server:
        link = link_of(night, server.port)
        HouseLine(link)
        with pytest.raises(StreamError, match="DL-E291"):
            HouseLine(link)


def test_the_house_is_found_in_time_by_questions_and_answers(night) -> None:
    with browsers.served(night) as server:
        line = HouseLine(link_of(night, server.port))
        line.open()
        try:
            for _ in range(100):
                if line.bound_s() is not None:
                    break
                line._closing.wait(0.1)
            now_s = house_line._boot_s()
            assert line.house_s(now_s) == pytest.approx(now_s, abs=0.005)
            assert line.own_s(now_s) == pytest.approx(now_s, abs=0.005)
        finally:
            line.close()


@pytest.mark.parametrize("link", ["https://night.example.org/", "ftp://x/pod/join/y", "p1"])
def test_what_is_no_link_of_a_bed_is_refused(link) -> None:
    with pytest.raises(UsageError, match="DL-E148"):
        verb.join(link, source="sim:typical", channels=[], output="silent", as_json=False)


def test_a_bed_cannot_be_joined_to_itself(night) -> None:
    with browsers.served(night) as server, pytest.raises(UsageError, match="DL-E147"):
        verb.join(link_of(night, server.port), source="joined:headband", channels=[], output="silent", as_json=False)
