"""Which streams are announced right now? One look-out for all the sources of a process."""

import threading
import time
from typing import Any, NamedTuple

from dreamloom.adapters.lsl.identity import Announced

FORGET_AFTER_S = 2.5
"""A stream that has not answered for so long is gone; liblsl asks twice a second. Ours."""
LOOK_EVERY_S = 0.25
"""The answers are read no more often than this, however many ask. Ours."""


class Seen(NamedTuple):
    """One announced stream, and liblsl's own handle on it."""

    stream: Announced
    info: Any


class Horizon:
    """Keeps asking who is there until it is closed; may be asked from any thread."""

    def __init__(self, pylsl: Any) -> None:
        self._lock = threading.Lock()
        self._resolver = pylsl.ContinuousResolver(forget_after=FORGET_AFTER_S)
        self._seen: tuple[Seen, ...] = ()
        self._looked_s = float("-inf")
        self._users = 0

    def streams(self) -> tuple[Seen, ...]:
        """Everybody who answered lately, in no order."""
        with self._lock:
            if self._resolver is not None and time.monotonic() - self._looked_s >= LOOK_EVERY_S:
                self._seen = tuple(Seen(Announced.of(info), info) for info in self._resolver.results())
                self._looked_s = time.monotonic()
            return self._seen

    def join(self) -> None:
        """One more source looks out."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """One source fewer; the last one ends the look-out."""
        with self._lock:
            self._users -= 1
            if self._users <= 0:
                self._resolver, self._seen = None, ()
