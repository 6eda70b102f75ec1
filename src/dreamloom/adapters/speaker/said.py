"""How do outcomes get back to the night? As lines in a pipe; a parent that does not read it delays nobody."""

import os
import sys
import time
from queue import SimpleQueue

from dreamloom.adapters.speaker import wire
from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.ports import PlayCommand

LAST_WORDS_S = 0.5

Word = PlayCommand | SoundOutcome | None
Inbox = SimpleQueue[Word]
"""What the parent said: a cue, the outcome of one that cannot be played, or None at the end."""


class Said:
    """Outcomes on their way to the parent; a parent that does not read never holds up the render."""

    def __init__(self) -> None:
        self._descriptor = sys.stdout.fileno()
        os.set_blocking(self._descriptor, False)
        self._unsent = b""

    def say(self, outcomes: list[SoundOutcome]) -> None:
        self._unsent += b"".join(map(wire.encode, outcomes))
        if self._unsent:
            try:
                self._unsent = self._unsent[os.write(self._descriptor, self._unsent) :]
            except BlockingIOError:
                return
            except BrokenPipeError:
                self._unsent = b""

    def finish(self) -> None:
        """Gives a slow parent a moment to read the rest."""
        give_up_s = time.monotonic() + LAST_WORDS_S
        while self._unsent and time.monotonic() < give_up_s:
            self.say([])
            time.sleep(0.005)
