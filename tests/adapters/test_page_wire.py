"""Who is let in at a bed's door, and does anything said there ever hold the bed up?"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from dreamloom.adapters.speaker import page_wire
from dreamloom.adapters.speaker.page_wire import LONGEST_WORD, Threshold


@pytest.fixture
def threshold(tmp_path: Path) -> Iterator[Threshold]:
    found = Threshold(tmp_path / page_wire.DOOR)
    yield found
    found.close()


@pytest.fixture
def knock(tmp_path: Path) -> Iterator[Callable[..., socket.socket]]:
    with ExitStack() as stack:

        def knocked(secret: str | None = None) -> socket.socket:
            door = page_wire.door_of(tmp_path)
            assert door is not None
            found = stack.enter_context(socket.create_connection((page_wire.LOOPBACK, door.port), timeout=5.0))
            found.sendall((secret or door.secret).encode() + b"\n")
            return found

        yield knocked


def looked(threshold: Threshold, until: Callable[[list[bytes], bool], bool]) -> list[bytes]:
    """Lines that came until it is so."""
    heard: list[bytes] = []
    give_up_s = time.monotonic() + 5.0
    while time.monotonic() < give_up_s:
        lines, is_new = threshold.look()
        heard += lines
        if until(heard, is_new):
            return heard
        time.sleep(0.005)
    raise TimeoutError(heard)


def test_the_door_can_be_read_by_this_user_alone_and_is_gone_with_the_night(tmp_path: Path) -> None:
    threshold = Threshold(tmp_path / page_wire.DOOR)
    assert (tmp_path / page_wire.DOOR).stat().st_mode & 0o777 == 0o600
    threshold.close()
    assert page_wire.door_of(tmp_path) is None


@pytest.mark.parametrize("secret", ["0" * 64, "x", "\0", "e" * 5000])
def test_whoever_does_not_know_the_secret_is_sent_away_and_heard_by_nobody(threshold, knock, secret) -> None:
    stranger = knock(secret)
    stranger.sendall(b'{"t":"alive","armed":true}\n')
    for _ in range(50):
        assert threshold.look() == ([], False)
        time.sleep(0.005)
    threshold.say(b"a cue\n")
    stranger.settimeout(2.0)
    with suppress(ConnectionResetError):
        assert stranger.recv(100) == b""


def test_the_newest_page_is_the_beds_and_the_one_before_is_told(threshold, knock) -> None:
    first = knock()
    looked(threshold, lambda _, is_new: is_new)
    second = knock()
    looked(threshold, lambda _, is_new: is_new)
    assert json.loads(first.recv(1000).splitlines()[0]) == {"t": "end", "why": "replaced"}
    threshold.say(b"hello\n")
    assert second.recv(100) == b"hello\n"
    second.sendall(b"one\ntwo\n")
    assert looked(threshold, lambda heard, _: len(heard) == 2) == [b"one", b"two"]


def test_a_page_that_does_not_listen_is_let_go_and_waited_for_by_nobody(threshold, knock) -> None:
    knock()
    looked(threshold, lambda _, is_new: is_new)
    began_s = time.monotonic()
    for _ in range(20_000):
        threshold.say(b"x" * 1000 + b"\n")
        if not threshold.is_visited:
            break
    assert not threshold.is_visited
    assert time.monotonic() - began_s < 2.0


def test_one_that_floods_the_door_is_let_go(threshold, knock) -> None:
    page = knock()
    looked(threshold, lambda _, is_new: is_new)
    page.settimeout(0.2)
    with suppress(OSError):
        for _ in range(200):
            page.sendall(b"x" * LONGEST_WORD)
            threshold.look()
    looked(threshold, lambda *_: not threshold.is_visited)
