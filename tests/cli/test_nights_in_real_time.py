"""What does a running night do when somebody presses Ctrl-C, withdraws, or starts it twice? Real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.sqlite import read_only
from dreamloom.house.layout import House, NightFolder
from dreamloom.record.events import AnyEvent, ConsentWithdrawn, LightsOff, NightClosed
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import RecordError

pytestmark = [pytest.mark.real_time, pytest.mark.waits]

Command = Callable[..., object]
MakeNight = Callable[..., NightFolder]
Process = subprocess.Popen[str]

LONG = "sim:lucid,start=4h"


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    """Starts a command beside this process; whatever still runs at the end is ended."""
    started: list[Process] = []

    def begin(*words: object, stdin: int | None = None) -> Process:
        command = [sys.executable, "-m", "dreamloom", *map(str, words)]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=stdin, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def stored(night: NightFolder) -> list[AnyEvent]:
    try:
        with read_only(night.record) as record:
            return list(record.events())
    except RecordError:
        return []


def wait_for(what: Callable[[], object], process: Process, limit_s: float = 40.0) -> float:
    """Seconds until it is so."""
    began_s = time.monotonic()
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() - began_s < limit_s
        time.sleep(0.05)
    return time.monotonic() - began_s


def began(night: NightFolder, process: Process) -> None:
    wait_for(lambda: any(isinstance(event, LightsOff) for event in stored(night)), process)


def ended(process: Process) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    return process.returncode, out, err


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ],
)
def test_a_live_night_that_is_stopped_is_closed_whole(
    command: Command, make_night: MakeNight, start: Callable[..., Process], number: signal.Signals
) -> None:
    night = make_night(source=LONG, pods=1)
    process = start("run", night.root, "--json")
    began(night, process)
    process.send_signal(number)
    code, out, err = ended(process)
    assert code == 130
    assert json.loads(out)["error"]["code"] == "DL-E130"
    assert "Sound was faded first" in err
    closed = stored(night)[-1]
    assert isinstance(closed, NightClosed)
    assert closed.status == "interrupted"
    assert command("verify", night.name).code == 0
    assert command("replay", night.name).code == 0


@pytest.mark.slow
def test_a_fast_night_that_is_stopped_is_closed_whole(
    command: Command, make_night: MakeNight, start: Callable[..., Process]
) -> None:
    night = make_night(source=LONG, pods=1)
    process = start("run", night.root, "--speed", "max")
    wait_for(lambda: len(stored(night)) > 30, process)
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 130
    assert command("verify", night.name).code == 0


@pytest.mark.slow
def test_a_demo_that_is_stopped_leaves_a_night_that_verifies(
    command: Command, house: House, start: Callable[..., Process]
) -> None:
    process = start("demo", "--minutes", "30", "--within", "600", "--json")
    wait_for(lambda: len(stored(house.night("demo-1"))) > 40, process)
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    assert code == 130
    assert json.loads(out)["error"]["exit_code"] == 130
    assert command("verify", "demo-1").code == 0


def test_a_night_stopped_while_it_opens_was_never_there(make_night: MakeNight, start: Callable[..., Process]) -> None:
    night = make_night(source=LONG, pods=1)
    process = start("run", night.root)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Opening the night tide.")
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 130
    if stored(night):  # it may just have opened; then it is closed as every other
        assert isinstance(stored(night)[-1], NightClosed)


def test_one_night_runs_once_and_a_bed_serves_one_night(
    command: Command, make_night: MakeNight, start: Callable[..., Process]
) -> None:
    night, other = make_night(source=LONG, pods=1), make_night("other", pods=1)
    process = start("run", night.root)
    began(night, process)
    again, beside = command("run", "tide", "--json"), command("run", "other", "--json")
    assert (again.code, again.error["code"]) == (5, "DL-E501")
    assert str(process.pid) in again.error["what"]
    assert (beside.code, beside.error["code"]) == (5, "DL-E516")
    assert "Bed p1" in beside.error["what"]
    assert not other.record.exists()
    assert command("verify", "tide").code == 0
    assert command("report", "tide").code == 0
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 130
    assert command("verify", "tide").code == 0
    assert command("run", "other", "--speed", "max").code == 0


def test_a_withdrawal_silences_the_bed_before_it_is_answered_and_then_stands_in_the_record(
    command: Command, make_night: MakeNight, start: Callable[..., Process], house: House
) -> None:
    night = make_night(source=LONG)
    process = start("run", night.root)
    began(night, process)
    bits = {pod: BitsFile(house.pod(pod).bits) for pod in ("p1", "p2")}
    assert Bit.REVOKED not in bits["p1"].silencing()
    told = command("withdraw", "tide", "S01")
    assert told.code == 0
    assert Bit.REVOKED in bits["p1"].silencing()
    assert Bit.REVOKED not in bits["p2"].silencing()
    took_s = wait_for(lambda: any(isinstance(event, ConsentWithdrawn) for event in stored(night)), process)
    assert took_s < 5.0, "a busy machine may be late, not by so much"
    assert command("withdraw", "tide", "p1").code == 0
    time.sleep(1.2)  # one more tick, in which nothing may be told again
    process.send_signal(signal.SIGINT)
    ended(process)
    (said,) = (event for event in stored(night) if isinstance(event, ConsentWithdrawn))
    assert (said.pod, said.sleeper, said.channel) == ("p1", "S01", "command line")
    assert command("replay", "tide").code == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits a file's length as Linux does")
def test_a_disk_that_is_full_ends_the_night_and_what_was_acknowledged_is_safe(
    command: Command, make_night: MakeNight
) -> None:
    night = make_night()
    line = f"ulimit -f 180; exec {sys.executable} -m dreamloom run {night.root} --speed max --json"
    told = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode in {1, 6}
    assert json.loads(told.stdout)["error"]["exit_code"] == told.returncode
    assert "Traceback" not in told.stderr
    assert command("verify", "tide").code == 0
    assert command("run", "tide", "--speed", "max").code == 0, "it was left open, and goes on"
    assert command("verify", "tide").code == 0
    assert command("replay", "tide").code == 0


@pytest.mark.slow
def test_a_night_does_not_end_when_nobody_reads_its_progress(make_night: MakeNight, command: Command) -> None:
    night = make_night()
    line = f"{sys.executable} -m dreamloom run {night.root} --speed max --hours 0.02 2>&1 | head -n 1"
    subprocess.run(["sh", "-c", line], capture_output=True, timeout=60, check=False, env=dict(os.environ))
    wait_closed = time.monotonic() + 20
    while not isinstance((stored(night) or [None])[-1], NightClosed) and time.monotonic() < wait_closed:
        time.sleep(0.05)
    closed = stored(night)[-1]
    assert isinstance(closed, NightClosed)
    assert closed.status == "complete"
    assert command("verify", night.name).code == 0
    assert Path(night.record).exists()


def test_what_is_written_is_its_owners_alone(tmp_path: Path) -> None:
    environment = {**os.environ, "DREAMLOOM_HOUSE": str(tmp_path / "house")}
    words = [sys.executable, "-m", "dreamloom", "new", "tide"]
    subprocess.run(words, env=environment, check=True, capture_output=True, timeout=60)
    modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "house").rglob("*")}
    assert "consent.toml" in modes
    assert set(modes.values()) == {0}


def test_a_night_that_was_given_an_end_says_that_its_time_was_over(command: Command, make_night: MakeNight) -> None:
    night = make_night()
    assert command("run", night.root, "--speed", "max", "--hours", "0.015").code == 0
    assert [event.reason for event in stored(night) if isinstance(event, NightClosed)] == ["its time was over"]


def test_a_plain_press_at_the_terminal_of_a_running_night_silences_its_bed(
    make_night: MakeNight, house: House, start: Callable[..., Process]
) -> None:
    pty = pytest.importorskip("pty")
    typist, terminal = pty.openpty()
    night = make_night(source=LONG)
    process = start("run", "tide", stdin=terminal)
    began(night, process)
    os.write(typist, b"2")
    wait_for(lambda: any(isinstance(event, ConsentWithdrawn) for event in stored(night)), process)
    (said,) = [event for event in stored(night) if isinstance(event, ConsentWithdrawn)]
    assert (said.pod, said.sleeper, said.channel) == ("p2", "S02", "stop key")
    bits = BitsFile(house.pod("p2").bits)
    assert Bit.REVOKED in bits.silencing()
    bits.close()
    process.send_signal(signal.SIGINT)
    assert "S02 has withdrawn. Bed p2 is silent for tonight" in ended(process)[2]
    os.close(typist)
    os.close(terminal)
