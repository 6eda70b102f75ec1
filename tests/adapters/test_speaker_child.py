import os
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.adapters.speaker import BitsFile, ChildSpeaker, child, wire
from dreamloom.adapters.speaker.child import STALLED_S
from dreamloom.ports import PlayCommand, Speaker
from dreamloom.testing.speaker_contract import (
    CHORD,
    LONG_TONE,
    QUANTUM_S,
    RAMP_S,
    Rig,
    SpeakerContract,
    allow,
    outcomes,
)
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import StreamError

pytestmark = pytest.mark.real_time

EXAMPLES = settings(max_examples=40, deadline=None)


class LiveRig:
    def __init__(self, speaker: ChildSpeaker) -> None:
        self.child = speaker
        self.speaker: Speaker = speaker

    def now_s(self) -> float:
        return self.child.now_s()

    def pass_time(self, duration_s: float, *, beating: bool = True) -> None:
        until_s = self.now_s() + duration_s
        while (now_s := self.now_s()) < until_s:
            if beating:
                self.speaker.beat(now_s)
            time.sleep(min(0.1, until_s - now_s))


@contextmanager
def open_child(folder: Path, *, now_s: float = 100.0) -> Iterator[ChildSpeaker]:
    speaker = ChildSpeaker(folder / "bits", folder / "p1.wav", now_s=now_s)
    try:
        yield speaker
    finally:
        speaker.close()


class TestChildSpeaker(SpeakerContract):
    late_s: ClassVar[float] = 0.4

    @contextmanager
    def open_rig(self, folder: Path) -> Iterator[Rig]:
        with open_child(folder) as speaker:
            yield LiveRig(speaker)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(condition, *, within_s: float) -> float:
    began_s = time.monotonic()
    while not condition():
        assert time.monotonic() - began_s < within_s
        time.sleep(0.005)
    return time.monotonic() - began_s


def play_long(speaker: ChildSpeaker, cue_id: str = "long") -> None:
    at_s = speaker.now_s() + 0.1
    speaker.play(PlayCommand(cue_id, LONG_TONE, 60.0, at_s, at_s + 5.0))
    wait_until(lambda: (speaker.last_sound_s or 0.0) > at_s, within_s=5.0)


def test_close_leaves_no_process_no_thread_and_no_open_pipe(tmp_path):
    def open_files():
        return len(list(Path("/proc/self/fd").iterdir()))

    threads, files = threading.active_count(), open_files()
    speaker = ChildSpeaker(tmp_path / "bits", tmp_path / "p1.wav", now_s=0.0)
    pid = speaker.pid
    speaker.close()
    del speaker
    assert not Path(f"/proc/{pid}").exists()
    assert (threading.active_count(), open_files()) == (threads, files)


def test_garbage_on_the_pipe_is_passed_over(tmp_path):
    with open_child(tmp_path) as speaker:
        allow(speaker)
        outbox = speaker._process._outbox
        garbage = [
            b"\xff\xfe\x00",
            b"{}",
            b'{"type":"Reboot"}',
            b'{"type":"Play","cue_id":7}',
            b"[" * 100_000,
            b"",
            b"null",
        ]
        for line in garbage:
            outbox.put(line + b"\n")
        outbox.put(b'{"type":"SendSound","sha256":"00","frames":"AAA="}\n')
        at_s = speaker.now_s() + 0.2
        speaker.play(PlayCommand("a", CHORD, 40.0, at_s, at_s + 2.0))
        assert [outcome.status for outcome in outcomes(LiveRig(speaker), 1)] == ["played"]


def test_a_sound_that_is_not_what_its_hash_says_fails(tmp_path):
    with open_child(tmp_path) as speaker:
        allow(speaker)
        forged = type(CHORD)("forged", "0" * 64, CHORD.frames)
        speaker.play(PlayCommand("a", forged, 40.0, speaker.now_s(), speaker.now_s() + 2.0))
        assert [outcome.status for outcome in outcomes(LiveRig(speaker), 1)] == ["failed"]


def test_a_process_that_died_fails_its_cues_and_reopens_silent_and_disarmed(tmp_path):
    with open_child(tmp_path) as speaker:
        allow(speaker)
        play_long(speaker)
        old = speaker.pid
        os.kill(old, signal.SIGKILL)
        wait_until(lambda: speaker.heartbeat_age_s() > STALLED_S, within_s=3.0)
        speaker.play(PlayCommand("lost", CHORD, 40.0, speaker.now_s(), speaker.now_s() + 1))
        speaker.reopen()
        assert speaker.pid != old
        assert not is_running(old)
        wait_until(lambda: speaker.heartbeat_age_s() < 0.1 and speaker._process.beats.render_ns > 0, within_s=10.0)
        assert {(each.cue_id, each.status) for each in speaker.outcomes()} == {("long", "failed"), ("lost", "failed")}
        speaker.beat(speaker.now_s())
        speaker.play(PlayCommand("lost", CHORD, 40.0, speaker.now_s() + 0.1, speaker.now_s() + 1))
        speaker.play(PlayCommand("again", CHORD, 40.0, speaker.now_s() + 0.1, speaker.now_s() + 1))
        assert [outcome.bits for outcome in outcomes(LiveRig(speaker), 1)] == [("NOT_ARMED",)]


def test_a_frozen_process_never_blocks_its_engine_and_is_closed_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "CLOSE_S", 0.2)
    with open_child(tmp_path) as speaker:
        os.kill(speaker.pid, signal.SIGSTOP)
        began_s = time.monotonic()
        for k in range(20):
            speaker.play(PlayCommand(f"c{k}", LONG_TONE, 40.0, speaker.now_s(), speaker.now_s() + 1))
            speaker.beat(speaker.now_s())
            speaker.outcomes()
        assert time.monotonic() - began_s < 1.0
        pid = speaker.pid
        speaker.close()
        assert not is_running(pid)
        assert {outcome.status for outcome in speaker.outcomes()} == {"failed"}


def test_the_recording_is_readable_after_the_process_was_killed(tmp_path):
    with open_child(tmp_path) as speaker:
        allow(speaker)
        speaker.play(PlayCommand("a", CHORD, 60.0, speaker.now_s() + 0.1, speaker.now_s() + 2.0))
        assert len(outcomes(LiveRig(speaker), 1)) == 1
        play_long(speaker)
        os.kill(speaker.pid, signal.SIGKILL)
        with wave.open(str(tmp_path / "p1.wav")) as file:
            frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        assert 7_200 <= len(frames) <= 7_200 + 960
        assert np.abs(frames).max() > 0
        assert (tmp_path / "p1.cues.csv").read_text().splitlines()[1].startswith("a,")


PARENT = """
import pathlib, sys, time
from dreamloom.adapters.speaker import ChildSpeaker
from dreamloom.testing.speaker_contract import LONG_TONE, allow
from dreamloom.ports import PlayCommand
folder = pathlib.Path(sys.argv[1])
speaker = ChildSpeaker(folder / "bits", folder / "p1.wav", now_s=0.0)
allow(speaker)
speaker.play(PlayCommand("a", LONG_TONE, 40.0, speaker.now_s(), speaker.now_s() + 1.0))
print(speaker.pid, flush=True)
time.sleep(60)
"""


def test_when_its_parent_is_killed_the_child_fades_and_ends(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
        wait_until(lambda: not is_running(pid), within_s=2.5)
    row = (tmp_path / "p1.cues.csv").read_text().splitlines()[1].split(",")
    assert 0 < int(row[3]) < 3 * 48_000


def test_a_child_whose_pipe_ends_is_gone_though_its_parent_lives(tmp_path):
    with open_child(tmp_path) as speaker:
        speaker._process._outbox.put(None)
        speaker._process._feeder.join()
        speaker._process._child.stdin.close()
        wait_until(lambda: not is_running(speaker.pid), within_s=2.5)


def test_a_speaker_that_cannot_start_says_so_and_leaves_nothing(tmp_path, capfd):
    with pytest.raises(StreamError, match="DL-E262"):
        ChildSpeaker(tmp_path / "bits", tmp_path / "nowhere" / "p1.wav", now_s=0.0)
    assert "FileNotFoundError" in capfd.readouterr().err


@pytest.mark.slow
def test_a_withdrawal_in_another_process_is_silence_within_a_ramp_and_a_quantum(tmp_path):
    delays_s = withdrawal_delays_s(tmp_path, trials=50)
    mean_ms, p99_ms = 1000 * np.mean(delays_s), 1000 * np.percentile(delays_s, 99)
    print(f"bit to zero over {len(delays_s)} trials: mean {mean_ms:.1f} ms, p99 {p99_ms:.1f} ms")
    assert np.mean(delays_s) < RAMP_S + QUANTUM_S
    assert np.percentile(delays_s, 99) < 0.1


def withdrawal_delays_s(folder: Path, *, trials: int) -> list[float]:
    """From another process setting REVOKED to the last frame that is not zero."""
    delays_s = []
    with open_child(folder) as speaker, Withdrawer(folder / "bits") as withdrawer:
        for k in range(trials):
            allow(speaker)
            speaker.beat(speaker.now_s())
            play_long(speaker, f"c{k}")
            bit_ns = withdrawer.withdraw()
            wait_until(lambda: len(speaker.outcomes()) == 1, within_s=2.0)
            assert speaker.last_sound_s is not None
            delays_s.append((speaker._process.beats.sound_ns - bit_ns) / 1e9)
    return delays_s


class Withdrawer:
    """Another process that sets REVOKED each time it is asked, and says when on the boot clock."""

    PROGRAM = """
import pathlib, sys
from dreamloom.adapters.speaker import BitsFile, wire
from dreamloom.vetoes.bits import Bit
bits = BitsFile(pathlib.Path(sys.argv[1]))
for _ in sys.stdin:
    at_ns = wire.boot_ns()
    bits.set(Bit.REVOKED)
    print(at_ns, flush=True)
"""

    def __init__(self, bits_path: Path) -> None:
        command = [sys.executable, "-c", self.PROGRAM, str(bits_path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def withdraw(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


@EXAMPLES
@given(st.binary(max_size=300))
def test_no_line_is_ever_more_than_no_message(line):
    assert wire.command(line) is None or msgspec.json.decode(line)
    assert wire.outcome(line) is None or msgspec.json.decode(line)


@EXAMPLES
@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line)), st.lists(st.integers(1, 9), min_size=1))
def test_lines_come_out_as_they_went_in_however_the_pipe_cuts_them(lines, lengths):
    stream, reader, found, k = b"".join(line + b"\n" for line in lines), wire.Lines(), [], 0
    while stream:
        found += reader.feed(stream[: lengths[k % len(lengths)]])
        stream, k = stream[lengths[k % len(lengths)] :], k + 1
    assert found == lines


def test_a_line_without_end_is_dropped_and_the_next_one_read(monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_LINE", 100)
    reader = wire.Lines()
    assert reader.feed(b"x" * 90) == []
    assert reader.feed(b"x" * 90) == []
    assert reader.feed(b"x" * 90 + b"\nnext\n") == [b"next"]


def test_bits_set_before_the_start_are_still_on_after_it(tmp_path):
    BitsFile(tmp_path / "bits").set(Bit.REVOKED)
    with open_child(tmp_path):
        assert Bit.REVOKED in BitsFile(tmp_path / "bits").silencing()
