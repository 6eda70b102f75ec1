"""What does a device on LSL look like from outside? A real outlet in a process of its own, with faults on demand.

Run by `python -m dreamloom.testing.lsl_outlet JSON`; then one command a line on stdin: `skip SECONDS` loses samples,
`step SECONDS` moves the clock of its stamps, `nan SAMPLES` sends no numbers. Killing and stopping it are the test's.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import msgspec
import numpy as np

from dreamloom.adapters.lsl.library import LIBRARY
from dreamloom.vocabulary.chance import stream as chance
from dreamloom.vocabulary.units import FloatArray

STEP_UV = 0.5
"""Sample n has n % PERIOD of these steps in every channel, so a test knows which samples it got."""
PERIOD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletAsked:
    """One device, or several alike with numbers behind their names.

    Attributes:
        unit: as its description says; "" says nothing.
        true_hz: the rate its samples really have; the nominal one if 0.
        jitter_s: standard deviation of its stamps.
        offset_uv: added to every sample: a direct-coupled amplifier.
        streams: how many devices this process is.
    """

    name: str
    type: str = "EEG"
    source_id: str = "device-1"
    labels: tuple[str, ...] = ("EEG F3-M2", "EOG E1-M2", "EOG E2-M2", "EMG chin")
    unit: str = "microvolts"
    sfreq_hz: float = 256.0
    true_hz: float = 0.0
    chunk: int = 16
    jitter_s: float = 0.0
    offset_uv: float = 0.0
    format: str = "float32"
    streams: int = 1


@dataclass(slots=True)
class Faults:
    """What was asked on stdin and is still to be done."""

    skip_s: float = 0.0
    step_s: float = 0.0
    nan: int = 0


def signal_uv(counts: FloatArray, channels: int) -> FloatArray:
    """[n, channels] of the samples with these numbers."""
    return np.repeat((counts % PERIOD * STEP_UV)[:, np.newaxis], channels, axis=1)


def main(asked: OutletAsked) -> None:
    """Streams until it is ended, in real time."""
    pylsl = LIBRARY.load("machine")
    outlets = [_outlet(pylsl, asked, number) for number in range(asked.streams)]
    faults = Faults()
    threading.Thread(target=_listen, args=(faults,), daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    rate_hz, pause = asked.true_hz or asked.sfreq_hz or 256.0, threading.Event()
    start_s, sent = pylsl.local_clock(), 0
    while True:
        pause.wait(max(0.0, start_s + (sent + asked.chunk) / rate_hz - pylsl.local_clock()))
        lost, faults.skip_s = round(faults.skip_s * rate_hz), 0.0
        if lost:
            pause.wait(lost / rate_hz)
            sent += lost
            continue
        counts = np.arange(sent, sent + asked.chunk, dtype=np.float64)
        stamps_s = start_s + counts / rate_hz + faults.step_s
        stamps_s += asked.jitter_s * chance(1, "jitter", str(sent)).standard_normal(asked.chunk)
        samples = signal_uv(counts, len(asked.labels)) + asked.offset_uv
        samples[: faults.nan] = np.nan
        faults.nan = max(0, faults.nan - asked.chunk)
        for outlet in outlets:
            _push(outlet, samples, stamps_s, asked.format)
        sent += asked.chunk


def _outlet(pylsl: Any, asked: OutletAsked, number: int) -> Any:
    behind = f"-{number + 1:02d}" if asked.streams > 1 else ""
    info = pylsl.StreamInfo(
        asked.name + behind,
        asked.type,
        len(asked.labels),
        asked.sfreq_hz,
        asked.format,
        asked.source_id + behind if asked.source_id else "",
    )
    info.set_channel_labels(list(asked.labels))
    if asked.unit:
        info.set_channel_units(asked.unit)
    return pylsl.StreamOutlet(info, asked.chunk, 60)


def _push(outlet: Any, samples: FloatArray, stamps_s: FloatArray, format_: str) -> None:
    if format_ == "string":
        outlet.push_chunk([[str(value) for value in row] for row in samples], stamps_s.tolist())
    else:
        outlet.push_chunk(samples, stamps_s.tolist())


def _listen(faults: Faults) -> None:
    for line in sys.stdin:
        word, value = line.split()
        match word:
            case "skip":
                faults.skip_s += float(value)
            case "step":
                faults.step_s += float(value)
            case "nan":
                faults.nan += int(value)
            case _:
                pass
    os._exit(0)  # whoever started it is gone


@dataclass(slots=True)
class OutletProcess:
    """The device as a test holds it: started when entered, gone when left."""

    asked: OutletAsked
    process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> Self:
        """Returns when it streams."""
        words = [sys.executable, "-m", "dreamloom.testing.lsl_outlet", json.dumps(asdict(self.asked))]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it, even a stopped one."""
        self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def say(self, command: str) -> None:
        """One of its commands."""
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """As a crash would."""
        self.process.kill()
        self.process.wait()

    def stall(self) -> None:
        """The process stands still, its connections stay open."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


if __name__ == "__main__":
    main(msgspec.convert(json.loads(sys.argv[1]), OutletAsked))
