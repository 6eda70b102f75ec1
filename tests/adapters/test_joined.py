"""Do samples that come over a line lie on the night's clock, whatever else comes through the door?"""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from dreamloom.adapters.joined import JoinedSource
from dreamloom.adapters.sample_wire import DOOR, Measures, Samples, Sends, described, samples_in, told_of
from dreamloom.adapters.speaker.page_wire import door_of
from dreamloom.engine.clocks import RealClock, boot_s
from dreamloom.signals.blocks import Block
from dreamloom.vocabulary.units import NightTime

SENDS = Sends("band", (Measures("EEG Fpz", "EEG"), Measures("EOG L", "EOG")), 100.0)
AT_NIGHT_S = 1000.0


@pytest.fixture
def clock() -> RealClock:
    return RealClock(start_s=NightTime(AT_NIGHT_S))


@pytest.fixture
def source(tmp_path: Path, clock: RealClock) -> Iterator[JoinedSource]:
    made = JoinedSource(described(SENDS, source="joined:band"), tmp_path, now_s=clock.now_s)
    yield made
    made.close()


def knocked(at_bed: Path) -> socket.socket:
    door = door_of(at_bed, DOOR)
    assert door is not None
    line = socket.create_connection(("127.0.0.1", door.port))
    line.sendall(door.secret.encode() + b"\n")
    return line


def said(line: socket.socket, *samples: Samples) -> None:
    line.sendall(b"".join(msgspec.json.encode(each) + b"\n" for each in samples))


def tenth(value: int, *, at_s: float) -> Samples:
    return Samples(at_s=at_s, tenths=((value, -value),) * 10)


def came(source: JoinedSource, enough: Callable[[list[Block]], bool]) -> list[Block]:
    found: list[Block] = []
    for _ in range(200):
        found += source.read(NightTime(1e9))
        if enough(found):
            return found
        time.sleep(0.01)
    raise AssertionError(f"only {found}")


def test_samples_lie_where_their_sender_took_them_and_arrive_when_they_came(source, tmp_path, clock) -> None:
    with knocked(tmp_path) as line:
        first_s = boot_s() - 0.5
        said(line, *(tenth(n, at_s=first_s + n / 10) for n in range(5)))
        blocks = came(source, lambda found: len(found) == 5)
    behind_s = clock.now_s() - (boot_s() - first_s)
    assert blocks[0].onset_s == pytest.approx(behind_s, abs=0.01)
    assert np.diff([block.onset_s for block in blocks]) == pytest.approx([0.1] * 4, abs=1e-3)
    assert blocks[3].samples.tolist() == [[0.3, -0.3]] * 10
    arrived = np.concatenate([block.arrived_s for block in blocks])
    assert (np.diff(arrived) >= 0).all()
    assert (arrived >= behind_s).all()


def test_what_is_missing_is_missing_and_a_pause_is_a_gap(source, tmp_path) -> None:
    with knocked(tmp_path) as line:
        now_s = boot_s()
        said(line, Samples(at_s=now_s - 3.0, tenths=((None, 5),)), tenth(1, at_s=now_s - 1.0))
        first, second = came(source, lambda found: len(found) == 2)
    assert np.isnan(first.samples[0, 0])
    assert first.samples[0, 1] == 0.5
    assert second.onset_s - first.onset_s == pytest.approx(2.0, abs=0.02)


def test_a_stamp_of_the_future_or_of_another_day_is_taken_as_punctual(source, tmp_path, clock) -> None:
    for at_s in (boot_s() + 3600.0, boot_s() - 86_400.0):
        with knocked(tmp_path) as line:
            said(line, tenth(1, at_s=at_s))
            (block,) = came(source, lambda found: len(found) == 1)
        assert block.onset_s == pytest.approx(clock.now_s(), abs=0.5)


def test_nonsense_is_passed_over_and_rows_of_another_width_are_none_of_this_stream(source, tmp_path) -> None:
    with knocked(tmp_path) as line:
        line.sendall(b'\xff\n{"t":"samples"}\n[]\n' + b'{"t":"samples","at_s":1,"tenths":[[1]]}\n')
        said(line, tenth(7, at_s=boot_s()))
        (block,) = came(source, lambda found: len(found) == 1)
    assert block.samples[0, 0] == pytest.approx(0.7)


def test_nobody_comes_in_without_the_secret_and_the_newest_takes_the_place(source, tmp_path) -> None:
    door = door_of(tmp_path, DOOR)
    assert door is not None
    with socket.create_connection(("127.0.0.1", door.port)) as stranger:
        stranger.sendall(b"open\n")
        said(stranger, tenth(9, at_s=boot_s()))
        with knocked(tmp_path) as first, knocked(tmp_path) as second:
            time.sleep(0.2)
            said(second, tenth(2, at_s=boot_s()))
            (block,) = came(source, lambda found: len(found) == 1)
            first.settimeout(2.0)
            assert b"replaced" in first.recv(200)
    assert block.samples[0, 0] == pytest.approx(0.2)


def test_a_closed_source_has_no_door_and_is_over(tmp_path, clock) -> None:
    made = JoinedSource(described(SENDS, source="joined:band"), tmp_path, now_s=clock.now_s)
    made.close()
    assert made.ended
    assert not (tmp_path / DOOR).exists()


def test_a_stream_is_described_as_it_was_told() -> None:
    stream = described(SENDS, source="joined:band")
    assert told_of(stream, name="band") == SENDS
    assert (stream.sfreq_hz, stream.grid_hz) == (100.0, 100)


@pytest.mark.parametrize(
    "line",
    [
        b'{"t":"samples","at_s":1,"tenths":[]}',
        b'{"t":"samples","at_s":1,"tenths":[[40000]]}',
        b'{"t":"samples","at_s":NaN,"tenths":[[1]]}',
        b"x" * 5000,
    ],
)
def test_lines_that_hold_no_samples_hold_none(line: bytes) -> None:
    assert samples_in(line) is None
