"""How is a process of a rehearsal begun, so that Ctrl-C is its parent's to answer, however early it comes?"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """A worker begun in here is never interrupted, not even while it loads; an interrupt of ours comes after it."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # begun with the first worker otherwise, and it lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_interrupts_to_parent() -> None:
    """In a worker, first of all: Ctrl-C reaches the whole terminal, and it is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
