"""What do a night and its speaker process say to each other? Lines of JSON both ways, three shared numbers."""

import mmap
import os
import tempfile
import time
from typing import IO

import msgspec

from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.vetoes.bits import EVERY_BIT

LONGEST_LINE = 64 * 2**20
"""Bytes; a line that is longer is no message and is dropped up to its end."""


class DeviceAsked(msgspec.Struct, frozen=True):
    """The output to open: found once by the parent, named by its whole id ever after.

    Attributes:
        channels: of the device.
        on: the bed's own, counted from 1; all others stay silent in this bed's stream.
        latency_s: from a frame's being taken to its being heard, as it was measured or as its buffers say.
    """

    id: str
    backend: str
    channels: int
    on: tuple[int, ...]
    latency_s: float


class Opening(msgspec.Struct, frozen=True):
    """What the speaker process is started with; sealed for its life.

    Attributes:
        zero_ns: the boot clock at night time 0.
        device: the output; None renders silently in exact time.
        parent: the process to end with.
        beats_fd: the inherited file of Beats.
    """

    bits_path: str
    wav_path: str | None
    zero_ns: int
    parent: int
    beats_fd: int
    full_scale_db: float
    ceiling_db: float
    device: DeviceAsked | None = None


class SendSound(msgspec.Struct, frozen=True, tag=True):
    """A sound's float32 little-endian frames; kept under their hash if it is theirs."""

    sha256: str
    frames: bytes


class Play(msgspec.Struct, frozen=True, tag=True):
    cue_id: str
    sha256: str
    level_db: float
    play_at_s: float
    expires_s: float
    silenced_by: int = EVERY_BIT
    arousal_fade_s: float | None = None
    loudness_db: float = 0.0


class Close(msgspec.Struct, frozen=True, tag=True):
    """Fade and end."""


Command = SendSound | Play | Close

_commands: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_outcomes = msgspec.json.Decoder(SoundOutcome)
_NO_MESSAGE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def encode(message: Command | SoundOutcome) -> bytes:
    """One line."""
    return msgspec.json.encode(message) + b"\n"


def command(line: bytes) -> Command | None:
    """The command on this line, None if it is none."""
    try:
        return _commands.decode(line)
    except _NO_MESSAGE:
        return None


def outcome(line: bytes) -> SoundOutcome | None:
    """The outcome on this line, None if it is none."""
    try:
        return _outcomes.decode(line)
    except _NO_MESSAGE:
        return None


class Lines:
    """Cuts a stream of bytes into lines; what grows past LONGEST_LINE is dropped up to its end."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines this chunk completes."""
        *whole, rest = chunk.split(b"\n")
        lines = []
        for end in whole:
            if self._length + len(end) <= LONGEST_LINE:
                lines.append(b"".join((*self._parts, end)))
            self._parts, self._length = [], 0
        self._length += len(rest)
        self._parts = [*self._parts, rest] if self._length <= LONGEST_LINE else []
        return lines


def boot_ns() -> int:
    """Nanoseconds since boot, sleep included where the system counts it: a suspended night must look stale."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)


def _file_in_memory() -> IO[bytes]:
    memory_file = getattr(os, "memfd_create", None)  # Linux alone has it
    if memory_file is None:
        return tempfile.TemporaryFile(buffering=0)
    return os.fdopen(memory_file("dreamloom-beats"), "w+b", buffering=0)


class Beats:
    """Numbers both processes map, each written by one of them alone, whole or not at all (aligned 8-byte words)."""

    SIZE = 64

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, self.SIZE)
        self._words = memoryview(self._map).cast("Q")

    @staticmethod
    def new_file() -> IO[bytes]:
        """An unnamed file for them, all zero; in memory where the system can.

        A page of a disk's file is written back now and then, and whoever writes to it meanwhile waits for the disk.
        """
        file = _file_in_memory()
        file.write(bytes(Beats.SIZE))
        return file

    @property
    def engine_ns(self) -> int:
        """When the engine last said that it is alive and its samples are fresh."""
        return self._words[0]

    @engine_ns.setter
    def engine_ns(self, at_ns: int) -> None:
        self._words[0] = at_ns

    @property
    def render_ns(self) -> int:
        """When the speaker process last rendered; 0 before the first quantum."""
        return self._words[1]

    @render_ns.setter
    def render_ns(self, at_ns: int) -> None:
        self._words[1] = at_ns

    @property
    def sound_ns(self) -> int:
        """When the last frame that was not zero left, for measurements."""
        return self._words[2]

    @sound_ns.setter
    def sound_ns(self, at_ns: int) -> None:
        self._words[2] = at_ns

    @property
    def stalls(self) -> int:
        """How often the device went without frames since it was opened."""
        return self._words[3]

    @stalls.setter
    def stalls(self, count: int) -> None:
        self._words[3] = count

    @property
    def page_ns(self) -> int:
        """When a page last said that its sound is unlocked; 0 before, and where no page plays."""
        return self._words[4]

    @page_ns.setter
    def page_ns(self, at_ns: int) -> None:
        self._words[4] = at_ns

    @property
    def turned_down(self) -> tuple[float, bool]:
        """By how many dB the sleeper made their page softer, and whether they paused it."""
        return (self._words[5] >> 1) / 100, bool(self._words[5] & 1)

    @turned_down.setter
    def turned_down(self, told: tuple[float, bool]) -> None:
        lowered_db, paused = told
        self._words[5] = round(min(max(lowered_db, 0.0), 200.0) * 100) << 1 | paused

    def close(self) -> None:
        self._words.release()
        self._map.close()
