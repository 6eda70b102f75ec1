"""What has a thread of its own brought in and nobody read yet? The half of a live source that all have alike."""

import math
import threading
from collections import deque

from dreamloom.signals.blocks import Block
from dreamloom.vocabulary.units import NightTime


class LiveBlocks:
    """Blocks in the order in which they came; whoever brings them in holds `_lock`, and looks at `_closing`."""

    def __init__(self) -> None:
        self._blocks: deque[Block] = deque()
        self._lock = threading.Lock()
        self._closing = threading.Event()

    @property
    def ended(self) -> bool:
        """True once it is closed and read out: what is gone may come back any time."""
        return self._closing.is_set() and not self._blocks

    @property
    def ends_s(self) -> NightTime:
        """Never: what is gone may always come back."""
        return NightTime(math.inf)

    def read(self, until_s: NightTime) -> list[Block]:
        """Every block that arrived by until_s and was not read before, oldest first."""
        ready: list[Block] = []
        with self._lock:
            while self._blocks and self._blocks[0].arrived_s[-1] <= until_s:
                ready.append(self._blocks.popleft())
        return ready

    def _end(self, thread: threading.Thread) -> bool:
        """Ends the thread and drops what was not read; False where that was done before."""
        if self._closing.is_set():
            return False
        self._closing.set()
        thread.join()
        with self._lock:
            self._blocks.clear()
        return True
