"""What comes out of an output, and when? Speakers and nights on a sound server of our own, heard at its monitors."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dreamloom.adapters.speaker import ChildSpeaker, outputs, wire
from dreamloom.engine.clocks import utc_now
from dreamloom.house.speakers import UNMEASURED_S
from dreamloom.jukebox.cues import Sound
from dreamloom.ports import PlayCommand
from dreamloom.testing.null_sinks import NullSinks, is_available, null_sinks
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import Decibels, NightTime
from promises.kept import apt_installed, scratch
from promises.registry import Measured

BED, OTHER = "bedroom", "hall"
FAINT = 2e-6
"""Amplitude from which on something is heard: the first cue of a ramp has a hundred times as much."""
MS = 1_000_000
PAUSE_MS = 5.0
"""A thread at real-time priority that wakes so much too late was held up by the machine itself, not by the night."""


@contextmanager
def server() -> Iterator[NullSinks | None]:
    """A sound server with two outputs; None where it can be neither found nor installed."""
    if not is_available():
        apt_installed("pulseaudio")
        apt_installed("pulseaudio-utils")
    if not is_available():
        yield None
        return
    with null_sinks({BED: 2, OTHER: 2}) as sinks:
        yield sinks


def no_server() -> Measured:
    """What is told where there is no sound server to measure on."""
    return Measured("not measured", None, "Needs the packages pulseaudio and pulseaudio-utils.")


@contextmanager
def speaker_on(output: str) -> Iterator[ChildSpeaker]:
    """An armed speaker on this output, that nothing but its beat silences."""
    device = outputs.find(output)
    asked = wire.DeviceAsked(device.id, device.backend, device.channels, (1,), latency_s=UNMEASURED_S)
    speaker = ChildSpeaker(scratch("speaker") / "bits", now_s=NightTime(0.0), device=asked)
    try:
        for bit in Bit:
            speaker.set_bit(bit, on=False)
        yield speaker
    finally:
        speaker.close()


def play_now(speaker: ChildSpeaker, name: str, sound: Sound) -> int:
    """Decides a cue in this moment; returns its boot time in nanoseconds."""
    now_s = speaker.now_s()
    decided_ns = wire.boot_ns()
    speaker.play(PlayCommand(name, sound, Decibels(60.0), now_s, NightTime(now_s + 0.5)))
    return decided_ns


def beat_for(speaker: ChildSpeaker, duration_s: float, stalls: "Stalls | None" = None) -> None:
    """Keeps the speaker from falling silent for so long."""
    until_s = speaker.now_s() + duration_s
    while (left_s := until_s - speaker.now_s()) > 0:
        speaker.beat(speaker.now_s())
        if stalls is not None:
            stalls.look(speaker)
        time.sleep(min(0.1, max(left_s, 0.001)))


class Stalls:
    """When did the output go without frames? The speaker counts; this looks ten times a second how many there were."""

    NOTICED_S = 0.75
    """A stall is known at the end of the next quarter of a second that has none, and then looked at within 0.1 s."""

    def __init__(self) -> None:
        self.known_s: list[float] = []

    def look(self, speaker: ChildSpeaker) -> None:
        """Notes the moment for every stall that is new."""
        new = speaker.stalls - len(self.known_s)
        self.known_s += [wire.boot_ns() / 1e9] * new

    def without(self, pauses: Sequence[tuple[float, float]]) -> int:
        """How many fell into no moment in which the machine itself stood still."""
        return sum(
            not any(since <= known_s and known_s - self.NOTICED_S <= to for since, to in pauses)
            for known_s in self.known_s
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something heard without a pause of 50 ms, in boot nanoseconds."""

    from_ns: int
    to_ns: int


def stretches(loud_ns: "np.ndarray[tuple[int], np.dtype[np.int64]]", *, pause_ms: int = 50) -> list[Stretch]:
    """What was heard, cut at its pauses."""
    if not len(loud_ns):
        return []
    cuts = np.flatnonzero(np.diff(loud_ns) > pause_ms * MS)
    starts, ends = [0, *(cuts + 1)], [*cuts, len(loud_ns) - 1]
    return [Stretch(int(loud_ns[first]), int(loud_ns[last])) for first, last in zip(starts, ends, strict=True)]


@contextmanager
def burners(count: int) -> Iterator[None]:
    """So many processes that do nothing but use a core."""
    words = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(words) for _ in range(count)]  # noqa: S603 - a fixed command
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


class Pauses:
    """When did the machine itself stand still? One a core, before all other programs, only sleeps and says if late."""

    PROGRAM = """
import os, sys, time
try:
    os.sched_setaffinity(0, {int(sys.argv[2])})
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(50))
except (OSError, AttributeError):
    pass
late = float(sys.argv[1]) / 1e3
last = time.clock_gettime(time.CLOCK_BOOTTIME)
while True:
    time.sleep(0.002)
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    if now - last > 0.002 + late:
        print(f"{last} {now}", flush=True)
    last = now
"""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._processes = [self._on(core) for core in range(os.cpu_count() or 1)]
        self._threads = [threading.Thread(target=self._read, args=[each], daemon=True) for each in self._processes]
        for thread in self._threads:
            thread.start()

    def _on(self, core: int) -> "subprocess.Popen[str]":
        words = [sys.executable, "-c", self.PROGRAM, str(PAUSE_MS), str(core)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603 - a fixed command

    def _read(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            self._lines.append(line)

    def end(self) -> list[tuple[float, float]]:
        """Every pause of a core since the start: boot seconds."""
        for process in self._processes:
            process.kill()
            process.wait()
        for thread in self._threads:
            thread.join()
        return [(float(line.split()[0]), float(line.split()[1])) for line in self._lines]


def in_words(pauses: Sequence[tuple[float, float]]) -> str:
    """How often and how long at most the machine stood still."""
    longest_ms = max((1000 * (to - since) for since, to in pauses), default=0.0)
    return f"cores of the machine itself stood still {len(pauses)} times, at most {longest_ms:.0f} ms"


def with_speaker(night_toml: Path, *, pod: str, output: str) -> None:
    """Gives a bed of a written night this output."""
    text = night_toml.read_text(encoding="utf-8")
    mark = f'id = "{pod}"\n'
    asked = f'{mark}speaker = {{ device = "{output}", channels = [1] }}\n'
    night_toml.write_text(text.replace(mark, asked, 1), encoding="utf-8")


def boot_minus_utc_s() -> float:
    """What to add to a wall time in seconds to have it as boot time, now."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - utc_now().timestamp()


def stop_for(pid: int, duration_s: float) -> None:
    """A process stands still for so long."""
    os.kill(pid, 19)  # SIGSTOP
    try:
        time.sleep(duration_s)
    finally:
        os.kill(pid, 18)  # SIGCONT
