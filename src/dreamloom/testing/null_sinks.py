"""How is sound tried where nobody hears it? A sound server of our own, whose outputs end in monitors to read."""

# ruff: noqa: S603, S607 - the fixed programs of a sound server, and no text from outside

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import numpy as np

from dreamloom.adapters.speaker import wire
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray

START_S = 10.0
REAL_TIME_PRIORITY = 5
"""What PulseAudio asks for its threads that serve devices."""
RECENT_CHUNKS = 200
NEEDED = ("pulseaudio", "pactl", "parec")


def is_available() -> bool:
    """True where the programs of PulseAudio are there; they are in the packages pulseaudio and pulseaudio-utils."""
    return all(map(shutil.which, NEEDED))


class NullSinks:
    """A sound server with outputs that end nowhere; its address is in the environment while it runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.server = f"unix:{folder / 'pulse.sock'}"

    def add(self, name: str, *, channels: int = 2) -> str:
        """Plugs an output in; returns what unplugs it."""
        arguments = [f"sink_name={name}", f"rate={SOUND_RATE_HZ}", f"channels={channels}", "format=float32le"]
        return self._control("load-module", "module-null-sink", *arguments).strip()

    def remove(self, module: str) -> None:
        """Unplugs an output."""
        self._control("unload-module", module)

    def _control(self, *words: str) -> str:
        told = subprocess.run(["pactl", *words], capture_output=True, text=True, check=True, timeout=START_S)
        return told.stdout


@contextlib.contextmanager
def null_sinks(outputs: Mapping[str, int]) -> Iterator[NullSinks]:
    """A server with these outputs and their numbers of channels; stopped, and the environment as before, on leaving."""
    with tempfile.TemporaryDirectory(prefix="dl-") as root:
        sinks = NullSinks(Path(root))
        words = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        socket = f"module-native-protocol-unix auth-anonymous=1 socket={root}/pulse.sock"
        before = {name: os.environ.get(name) for name in ("PULSE_SERVER", "PULSE_RUNTIME_PATH")}
        os.environ.update(PULSE_SERVER=sinks.server, PULSE_RUNTIME_PATH=root)
        server = subprocess.Popen(
            [*words, "-L", socket],
            env={**os.environ, "HOME": root},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await_answer(server)
            _prefer(server)
            for name, channels in outputs.items():
                sinks.add(name, channels=channels)
            yield sinks
        finally:
            server.kill()
            server.wait()
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _prefer(server: "subprocess.Popen[bytes]") -> None:
    """Before other programs where this user may, as sound servers are on a desktop.

    PulseAudio takes its own priority back as it starts, and its request for another leaves its main thread out: without
    this, programs that use every core keep frames from it, and outputs run dry whatever a speaker does.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(server.pid, os.SCHED_RR, os.sched_param(REAL_TIME_PRIORITY))


def _await_answer(server: "subprocess.Popen[bytes]") -> None:
    give_up_s = time.monotonic() + START_S
    while subprocess.run(["pactl", "info"], capture_output=True, check=False, timeout=START_S).returncode:
        if server.poll() is not None or time.monotonic() > give_up_s:
            raise RuntimeError("the sound server did not start")
        time.sleep(0.05)


class Monitor:
    """What comes out of one output, with the time at which it came: read by a process of its own, kept by a thread."""

    LATENCY_MS = 5

    def __init__(self, sink: str, *, channels: int = 2) -> None:
        self._channels = channels
        words = ["parec", f"--device={sink}.monitor", f"--rate={SOUND_RATE_HZ}", f"--channels={channels}"]
        words += ["--format=float32le", "--raw", f"--latency-msec={self.LATENCY_MS}", "--no-remix", "--no-remap"]
        self._recorder = subprocess.Popen(words, stdout=subprocess.PIPE, bufsize=0)
        self._chunks: list[tuple[int, bytes]] = []
        self._thread = _reader(self._recorder, self._chunks)

    def __enter__(self) -> Self:
        give_up_s = time.monotonic() + START_S
        while not self._chunks and time.monotonic() < give_up_s:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._recorder.kill()
        self._recorder.wait()
        self._thread.join()
        if self._recorder.stdout is not None:
            self._recorder.stdout.close()

    def heard(self) -> tuple[int, PcmArray]:
        """Boot time of the first frame in nanoseconds, and every frame so far, float32[frame, channel].

        A chunk may be read late and never early: the promptest one says when the first frame came.
        """
        chunks = list(self._chunks)
        size = 4 * self._channels
        data = b"".join(chunk for _, chunk in chunks)
        ends = np.cumsum([len(chunk) for _, chunk in chunks]) / size * 1e9 / SOUND_RATE_HZ
        first_ns = int(min(at_ns - end_ns for (at_ns, _), end_ns in zip(chunks, ends, strict=True)))
        whole = len(data) // size * size
        return first_ns, np.frombuffer(data[:whole], dtype="<f4").reshape(-1, self._channels)

    def is_sounding(self, *, level: float) -> bool:
        """Whether anything above the level was heard in the last tenth of a second."""
        since_ns = wire.boot_ns() - 100_000_000
        newest = b"".join(chunk for at_ns, chunk in self._chunks[-RECENT_CHUNKS:] if at_ns >= since_ns)
        return bool(np.any(np.abs(np.frombuffer(newest[: len(newest) // 4 * 4], dtype="<f4")) > level))

    def loud_ns(self, *, since: int = 0, level: float = 1e-4) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """For each channel the boot times of all frames above the level, not before `since`."""
        first_ns, frames = self.heard()
        times = [
            first_ns + np.flatnonzero(np.abs(column) > level) * 1_000_000_000 // SOUND_RATE_HZ for column in frames.T
        ]
        return [each[each >= since] for each in times]


def _reader(recorder: "subprocess.Popen[bytes]", chunks: list[tuple[int, bytes]]) -> threading.Thread:
    pipe = recorder.stdout
    if pipe is None:
        raise RuntimeError("the recorder was started without its pipe")

    def read() -> None:
        while chunk := os.read(pipe.fileno(), 2**16):
            chunks.append((wire.boot_ns(), chunk))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread
