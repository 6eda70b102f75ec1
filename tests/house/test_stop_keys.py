"""Does a plain press silence the bed it is for, whatever else is typed, and no other?"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamloom.adapters.key_presses import KeyPresses
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making, stop_keys, withdrawing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import ConsentChanged, ConsentWithdrawn
from dreamloom.vetoes.bits import Bit

pty = pytest.importorskip("pty")
HANGS_S = 30.0


@pytest.fixture
def terminal() -> Iterator[tuple[int, KeyPresses]]:
    """Whoever types, and the terminal they type at."""
    typist, terminal = pty.openpty()
    yield typist, KeyPresses(terminal)
    os.close(typist)
    os.close(terminal)


def night_of(root: Path, beds: int) -> NightFolder:
    pods = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,hours=0.02") for n in range(1, beds + 1)]
    return making.write_night(House(root), "tide", pods, "nightmare_rem_tmr", seed=1)


def bits_of(folder: NightFolder, pod: str) -> tuple[Bit, ...]:
    """What silences this bed, in the file its speaker reads; made where there is none."""
    bits = BitsFile(folder.house.pod(pod).bits)
    found = bits.silencing()
    bits.close()
    return found


def armed(folder: NightFolder, pod: str) -> None:
    folder.house.pod(pod).root.mkdir(parents=True)
    bits = BitsFile(folder.house.pod(pod).bits)
    for bit in Bit:
        bits.clear(bit)
    bits.close()


def press(typist: int, keys: bytes, folder: NightFolder, presses: KeyPresses, *, until: str) -> list[str]:
    told = list[str]()
    with stop_keys.stop_keys(folder, presses, tell=told.append):
        os.write(typist, keys)
        ends_s = time.monotonic() + HANGS_S
        while not any(until in line for line in told) and time.monotonic() < ends_s:
            time.sleep(0.01)
    return told


def test_a_press_silences_its_bed_and_no_other_and_the_night_is_told_after(
    tmp_path: Path, terminal: tuple[int, KeyPresses]
) -> None:
    typist, presses = terminal
    folder = night_of(tmp_path, 2)
    for pod in ("p1", "p2"):
        armed(folder, pod)
    told = press(typist, b"x72", folder, presses, until="has withdrawn")
    assert told[0] == "To silence a bed for tonight, press: 1 for S01, 2 for S02."
    said = withdrawing.withdrawn_tonight(folder.house.pod("p2"), "tide", "S02")
    assert said is not None
    assert said.channel == "stop key"
    assert withdrawing.withdrawn_tonight(folder.house.pod("p1"), "tide", "S01") is None
    silent = {pod: Bit.REVOKED in bits_of(folder, pod) for pod in ("p1", "p2")}
    assert silent == {"p1": False, "p2": True}
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        heard = [event for event in record.events() if isinstance(event, ConsentWithdrawn)]
    assert [(event.pod, event.channel) for event in heard] == [("p2", "stop key")]
    with read_only(folder.house.record) as record:
        changed = [event for event in record.events() if isinstance(event, ConsentChanged)]
    assert [(event.sleeper, event.change, event.about) for event in changed] == [("S02", "withdrawn", "tide")]


def test_who_sleeps_alone_presses_the_space_bar(tmp_path: Path, terminal: tuple[int, KeyPresses]) -> None:
    typist, presses = terminal
    folder = night_of(tmp_path, 1)
    told = press(typist, b" ", folder, presses, until="has withdrawn")
    assert told[0] == "To silence a bed for tonight, press: 1 for S01, the space bar for S01."
    assert folder.house.pod("p1").withdrawn("tide").exists()


def test_another_key_silences_nobody(tmp_path: Path, terminal: tuple[int, KeyPresses]) -> None:
    typist, presses = terminal
    folder = night_of(tmp_path, 2)
    press(typist, b"qwert \r390", folder, presses, until="press:")
    assert list(folder.house.pods.glob("*/WITHDRAWN.*")) == []


def test_a_disk_that_refuses_is_told_and_the_bed_is_silent(
    tmp_path: Path, terminal: tuple[int, KeyPresses], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "no space left")

    typist, presses = terminal
    folder = night_of(tmp_path, 1)
    armed(folder, "p1")
    monkeypatch.setattr(withdrawing, "write_durably", refused)
    told = press(typist, b"1", folder, presses, until="no space left")
    assert "p1 is silent" in told[-1]
    assert Bit.REVOKED in bits_of(folder, "p1")


def test_where_nobody_can_type_nothing_is_listened_for(tmp_path: Path) -> None:
    read, write = os.pipe()
    told = list[str]()
    with stop_keys.stop_keys(night_of(tmp_path, 1), KeyPresses(read), tell=told.append):
        os.write(write, b"1")
    assert told == []
    assert os.read(read, 8) == b"1"
    os.close(read)
    os.close(write)


def test_the_terminal_is_left_as_it_was(terminal: tuple[int, KeyPresses]) -> None:
    import termios

    typist, presses = terminal
    before = termios.tcgetattr(presses._descriptor)
    with presses.one_by_one():
        assert not termios.tcgetattr(presses._descriptor)[3] & termios.ICANON
        os.write(typist, b"k")
        assert presses.next(HANGS_S) == "k"
        assert presses.next(0.0) == ""
    assert termios.tcgetattr(presses._descriptor) == before


def test_any_key_at_a_beds_own_terminal_is_enough_and_its_end_is_none(terminal: tuple[int, KeyPresses]) -> None:
    typist, presses = terminal
    os.write(typist, b"j")
    assert stop_keys.first_press(presses, goes_on=lambda: True)
    assert not stop_keys.first_press(presses, goes_on=lambda: False)
    read, write = os.pipe()
    os.close(write)
    assert not stop_keys.first_press(KeyPresses(read), goes_on=lambda: True)
    os.close(read)


def test_ten_beds_share_nine_keys() -> None:
    keys = stop_keys.keys_of({f"p{n}": f"S{n}" for n in range(1, 11)})
    assert list(keys) == [str(n) for n in range(1, 10)]
    assert keys["9"] == ("p9", "S9")
