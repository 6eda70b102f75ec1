"""Which keys were pressed at this terminal? One by one, without Enter; nothing is shown of them."""

import contextlib
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

with contextlib.suppress(ImportError):  # where terminals are none of this kind, no key is heard
    import termios

READ_BYTES = 64
NO_DESCRIPTOR = -1


def standard_input() -> int:
    """Where this process is typed to; NO_DESCRIPTOR where nobody types to it."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return NO_DESCRIPTOR


class KeyPresses:
    """Whatever is typed at a terminal, or comes down a pipe that somebody's button is wired to."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @property
    def can_hear(self) -> bool:
        """Whether anything could come down it at all."""
        try:
            os.fstat(self._descriptor)
        except OSError:
            return False
        return self._descriptor >= 0

    @property
    def is_terminal(self) -> bool:
        """Whether a person may sit there, and this process is the one they type to."""
        return self.can_hear and os.isatty(self._descriptor) and self._is_in_front

    @contextmanager
    def one_by_one(self) -> Iterator[None]:
        """Each key counts at once, until this ends; Ctrl-C stays what it is."""
        before = self._modes()
        try:
            self._listen()
            yield
        finally:
            if before is not None and self._is_in_front:
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)

    def next(self, within_s: float) -> str | None:
        """What was typed within so long, perhaps nothing; None once nothing can come any more."""
        if not self._is_in_front:  # in the background reading would stop the whole process
            select.select([], [], [], within_s)
            return ""
        self._listen()  # a shell that had this process in the background meanwhile set its own modes
        ready, _, _ = select.select([self._descriptor], [], [], within_s)
        if not ready:
            return ""
        try:
            typed = os.read(self._descriptor, READ_BYTES)
        except OSError:
            return None
        return typed.decode(errors="replace") or None

    @property
    def _is_in_front(self) -> bool:
        """True also where nobody is ever in the background: a pipe, a terminal that is nobody's own."""
        try:
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        except (OSError, AttributeError):
            return True

    def _modes(self) -> list[Any] | None:
        try:
            return termios.tcgetattr(self._descriptor) if os.isatty(self._descriptor) else None
        except (NameError, termios.error):
            return None

    def _listen(self) -> None:
        modes = self._modes()
        if modes is None or not self._is_in_front or not modes[3] & termios.ICANON:
            return
        modes[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, modes)
