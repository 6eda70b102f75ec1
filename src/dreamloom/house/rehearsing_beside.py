"""How does a rehearsal run beside whoever asked for it? In a thread, one at a time, stopped at a word."""

import threading
from collections.abc import Callable
from typing import Literal

from dreamloom.house.rehearsing import Rehearsal, RehearsalAsked, rehearse
from dreamloom.house.side_by_side import HowFar
from dreamloom.vocabulary.errors import DreamloomError, Interrupted, RefusedError

State = Literal["none", "running", "done", "stopped", "failed"]


class RehearsalBeside:
    """The last rehearsal that was asked for, running or over."""

    def __init__(self, run: Callable[..., Rehearsal] = rehearse) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.state: State = "none"
        self.asked: RehearsalAsked | None = None
        self.share = 0.0
        self.left_s: float | None = None
        self.found: Rehearsal | None = None
        self.failure: DreamloomError | None = None

    def begin(self, asked: RehearsalAsked) -> None:
        """Begins this one.

        Raises:
            RefusedError: DL-E598 while another one runs.
        """
        with self._lock:
            if self.state == "running":
                raise RefusedError(
                    "DL-E598",
                    "A rehearsal runs already.",
                    why="It takes every core of this machine, so there is one at a time.",
                    still="It goes on.",
                    do="Wait for it, or stop it.",
                )
            self._stop.clear()
            self.state, self.asked, self.share, self.left_s = "running", asked, 0.0, asked.estimate_s
            self.found = self.failure = None
            self._thread = threading.Thread(target=self._rehearse, args=(asked,), name="rehearsal")
            self._thread.start()

    def stop(self) -> None:
        """Asks it to end, which it does when it next says how far it is; what it found so far is not kept."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> None:
        """Returns when none runs any more, or after so long."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _rehearse(self, asked: RehearsalAsked) -> None:
        over: State = "failed"
        try:
            self.found = self._run(asked, progress=self._told)
            over = "done"
        except Interrupted:
            over = "stopped"
        except DreamloomError as error:
            self.failure = error
        finally:
            self.state = over

    def _told(self, far: HowFar) -> None:
        if self._stop.is_set():
            raise Interrupted("DL-E130", "The rehearsal was stopped.", still="Nothing of it is kept.")
        assert self.asked is not None
        self.share = min(far.lived_s / (self.asked.sleepers * self.asked.hours * 3600), 1.0)
        self.left_s = far.left_s if far.left_s is not None else self.left_s
