"""What is around this machine? Streams that are announced, outputs and their measured delays, the sound server."""

import os
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from dreamloom.adapters.lsl.connection import Broken, Connection
from dreamloom.adapters.lsl.horizon import Horizon, Seen
from dreamloom.adapters.lsl.library import LIBRARY
from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.outputs import Device
from dreamloom.house.finding import Finding
from dreamloom.house.layout import House
from dreamloom.house.speakers import profile_of
from dreamloom.vocabulary.errors import ConfigError, StreamError

ANNOUNCED_WITHIN_S = 1.5
"""liblsl asks twice a second; whoever has not answered three times is not there. Ours."""
HEARD_WITHIN_S = 3.0
"""Longer than any headband takes to its next packet. Ours."""
SERVERS = frozenset({"pulseaudio", "pipewire", "pipewire-pulse", "wireplumber", "jackd"})
PROCESSES = Path("/proc")


def streams(_: House) -> Iterator[Finding]:
    """LSL streams that are announced on this machine; nothing without pylsl."""
    if find_spec("pylsl") is None:
        return
    try:
        there = announced()
    except StreamError as error:
        yield Finding("stream", f"{error.what} {error.why}", "wrong", error.do)
        return
    for seen in there:
        yield Finding("stream", _told(seen))
    if not there:
        remedy = "Start the headband's program; on another machine it needs scope=link at the source."
        yield Finding("stream", f"no LSL stream is announced here within {ANNOUNCED_WITHIN_S:g} s", "note", remedy)


def sound(house: House) -> Iterator[Finding]:
    """Outputs and what was measured on them; the sound server's priority where the system tells it."""
    if find_spec("miniaudio") is None:
        return
    there = plugged_in()
    for device in there:
        yield of_output(device, house)
    if not there:
        remedy = "Start PulseAudio or PipeWire, or let every bed be silent: its cues go to a file."
        yield Finding("sound", "no sound system answers with an output", "note", remedy)
    yield from _servers(PROCESSES)


def plugged_in() -> Sequence[Device]:
    """Every output of this machine; what sound libraries write on stderr while they look for servers is left out."""
    told = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        return outputs.devices()
    finally:
        os.dup2(told, 2)
        os.close(nowhere)
        os.close(told)


def of_output(device: Device, house: House) -> Finding:
    """One output: its channels, whether a night may use it, and its delay."""
    told = f"{device.id}: {device.channels} channel{'s' if device.channels > 1 else ''}"
    if device.is_numbered:
        remedy = "Start PulseAudio or PipeWire: no bed is bound to an output that is known by a number alone."
        return Finding("sound", f"{told}, known to {device.backend} by a number alone", "note", remedy)
    try:
        profile = profile_of(device.id, house)
    except ConfigError as error:
        return Finding("sound", f"{told}. {error.what}", "wrong", error.do)
    if profile is None:
        return Finding("sound", f"{told}, delay not measured", "note", f"dreamloom latency-check {device.id}")
    measured = f"{1000 * profile.latency_s:.1f} ms (standard deviation {1000 * profile.latency_sd_s:.1f} ms)"
    return Finding("sound", f"{told}, delay {measured}, measured {profile.measured_utc[:10]}")


def announced(within_s: float = ANNOUNCED_WITHIN_S) -> Sequence[Seen]:
    """Every stream that answers on this machine in this time, by name.

    Raises:
        StreamError: DL-E250 when LSL cannot be used.
    """
    horizon = Horizon(LIBRARY.load("machine"))
    horizon.join()
    try:
        time.sleep(within_s)
        return sorted(horizon.streams(), key=lambda seen: (seen.stream.name, seen.stream.uid))
    finally:
        horizon.leave()


def listened_to(seen: Seen) -> Finding:
    """One stream, and whether samples come from it: announced alone says only that its program runs."""
    samples, until_s = 0, time.monotonic() + HEARD_WITHIN_S
    try:
        connection = Connection(LIBRARY.load("machine"), seen, within_s=HEARD_WITHIN_S)
        connection.start(within_s=HEARD_WITHIN_S)
        while not samples and time.monotonic() < until_s:
            samples += len(connection.pull(0.2).stamps_s)
        connection.close()
    except Broken as error:
        return Finding("stream", f"{_told(seen)}: it does not answer ({error})", "wrong", "Start its program again.")
    if samples:
        remedy = f'source = "lsl:{seen.stream.name}"; an hour with it: dreamloom doctor soak --source lsl:NAME'
        return Finding("stream", f"{_told(seen)}: samples come", "ok", remedy)
    remedy = "Its program runs and its device is probably off or out of reach: press its button, look at its battery."
    return Finding("stream", f"{_told(seen)}: no sample in {HEARD_WITHIN_S:g} s", "wrong", remedy)


def _told(seen: Seen) -> str:
    stream = seen.stream
    rate = f"{stream.sfreq_hz:g} Hz" if stream.sfreq_hz else "no fixed rate"
    return f"{stream.name} ({stream.type or 'no type'}), {stream.channels} channels, {rate}, on {stream.hostname}"


def _servers(processes: Path) -> Iterator[Finding]:
    """Sound servers of this user and how far they go before other programs; nothing where /proc is not there."""
    for folder in sorted(processes.glob("[0-9]*")):
        try:
            name = (folder / "comm").read_text().strip()
            if name in SERVERS and folder.stat().st_uid == os.getuid():
                yield _priority(name, [int(task.name) for task in (folder / "task").iterdir()])
        except OSError:  # it ended meanwhile, or belongs to somebody else
            continue


def _priority(name: str, threads: Sequence[int]) -> Finding:
    """A server's best thread counts: the one that serves the devices is raised, the others need not be."""
    nicest = min(os.getpriority(os.PRIO_PROCESS, thread) for thread in threads)
    if any(os.sched_getscheduler(thread) & ~os.SCHED_RESET_ON_FORK in _real_time() for thread in threads):
        return Finding("sound", f"{name} runs in real time")
    if nicest < 0:
        return Finding("sound", f"{name} runs before other programs (nice {nicest})")
    remedy = "Install rtkit, or close what else is running: a busy machine may make sound stutter."
    return Finding("sound", f"{name} runs like any other program (nice {nicest})", "note", remedy)


def _real_time() -> tuple[int, int]:
    return os.SCHED_FIFO, os.SCHED_RR
