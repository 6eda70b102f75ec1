"""How soon is a no heard that comes over a connection? Another process takes it, keeps it and sets the bed's bit.

Run as a program it is that other process: it tells its port, and takes one no a line.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.speaker.child import ChildSpeaker
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.synth import make
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import Decibels, NightTime

TONE_S = 6.0
PATIENCE_S = 5.0


def serve(bits: Path, kept: Path) -> None:
    """Takes each no: silence first, then the file that keeps it, then the answer."""
    table = BitsFile(bits)
    with socket.create_server(("127.0.0.1", 0)) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                table.set(Bit.REVOKED)
                write_durably(kept, line)
                connection.sendall(b"kept\n")


def delays_s(folder: Path, *, trials: int) -> list[float]:
    """From the press of a far button over loopback to the end of the last frame that is not zero, on a silent output.

    Raises:
        TimeoutError: when a tone did not begin, or did not end within five seconds.
    """
    tone, told = make("tone", pitch="A4", duration_s=TONE_S), []
    speaker = ChildSpeaker(folder / "bits", now_s=NightTime(0.0))
    try:
        with _button(folder) as button:
            for number in range(trials):
                _begin(speaker, f"tone {number}", tone)
                pressed_s = speaker.now_s()
                button.sendall(b"no\n")
                button.recv(16)
                _wait(lambda: bool(speaker.outcomes()))
                told.append((speaker.last_sound_s or 0.0) - pressed_s)
    finally:
        speaker.close()
    return told


def _begin(speaker: ChildSpeaker, name: str, tone: Sound) -> None:
    """Arms the bed and waits until it sounds."""
    for bit in Bit:
        speaker.set_bit(bit, on=False)
    speaker.beat(speaker.now_s())
    at_s = NightTime(speaker.now_s() + 0.1)
    speaker.play(PlayCommand(name, tone, Decibels(60.0), at_s, NightTime(at_s + PATIENCE_S)))
    _wait(lambda: (speaker.last_sound_s or 0.0) > at_s)
    speaker.beat(speaker.now_s())


@contextmanager
def _button(folder: Path) -> Iterator[socket.socket]:
    command = [sys.executable, "-m", "dreamloom.testing.far_button", str(folder / "bits"), str(folder / "WITHDRAWN")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - a fixed command
        assert process.stdout is not None
        with socket.create_connection(("127.0.0.1", int(process.stdout.readline()))) as button:
            button.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield button


def _wait(is_so: Callable[[], bool]) -> None:
    give_up_s = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > give_up_s:
            raise TimeoutError("the tone did not begin, or did not end")
        time.sleep(0.002)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
