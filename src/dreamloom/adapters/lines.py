"""How is something said to a box on a wire? Bytes to a serial line, or to any file that takes them; never waiting."""

import contextlib
import os
import stat
import sys
from pathlib import Path

from dreamloom.vocabulary.errors import StreamError

SPEED = "B115200"


class Line:
    """A serial line at 115,200 baud, 8N1, raw; a pipe, a file or a device that is none is written as it is."""

    def __init__(self, path: str) -> None:
        """Opens it.

        Raises:
            StreamError: DL-E276 when it is not there or cannot be written.
        """
        try:
            self._descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0))
            mode = os.fstat(self._descriptor).st_mode
        except OSError as error:
            raise StreamError(
                "DL-E276",
                f"{path} cannot be written to: {error.strerror or error}.",
                why="" if Path(path).exists() else "No device of this name is plugged in.",
                still="Nothing was recorded or played.",
                do="Plug it in, look which name it has (ls /dev/serial/by-id), and that you may write to it.",
            ) from error
        if stat.S_ISCHR(mode) and os.isatty(self._descriptor):
            _raw(self._descriptor)

    def send(self, data: bytes) -> bool:
        """Whether it went out at once; a line that is full or gone is told by False, and holds nobody up."""
        with contextlib.suppress(OSError):
            return os.write(self._descriptor, data) == len(data)
        return False

    def close(self) -> None:
        """Lets go of it."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def _raw(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    import termios
    import tty

    with contextlib.suppress(termios.error):
        tty.setraw(descriptor)
        settings = termios.tcgetattr(descriptor)
        settings[4] = settings[5] = getattr(termios, SPEED)
        termios.tcsetattr(descriptor, termios.TCSANOW, settings)
