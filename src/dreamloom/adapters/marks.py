"""How do other recorders learn when a cue was? Marks over LSL and a serial line, that tell a sham from nothing.

A mark names the bed and the id of the decision, and says when; it never says which arm was drawn, which sound left, or
how that was verified. Sham and cue go the same way, at the same moments.
"""

import heapq
import threading
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from dreamloom.adapters.lines import Line
from dreamloom.adapters.lsl.asked import Scope
from dreamloom.adapters.lsl.library import LIBRARY
from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.ports import PlayCommand
from dreamloom.vocabulary.units import NightTime

NowS = Callable[[], NightTime]
PULSE, REST = b"\x01", b"\x00"
PULSE_S = 0.01
"""How long a trigger line stays up: longer than a sample of any amplifier in use at 128 Hz or more. Ours."""


class Mark(msgspec.Struct, frozen=True):
    """The words of a mark. what: due, at the planned moment; then played, expired, silenced or failed."""

    what: str
    pod: str
    cue_id: str
    at_s: float


class Marks(Protocol):
    """Where marks go."""

    def mark(self, mark: Mark) -> None: ...

    def close(self) -> None: ...


class LslMarks:
    """An LSL stream of type Markers, one line of JSON a mark, stamped with the moment it speaks of."""

    def __init__(self, night: str, now_s: NowS, *, scope: Scope = "machine") -> None:
        """Announces Dreamloom-NIGHT-marks; raises StreamError DL-E250 without pylsl."""
        self._pylsl: Any = LIBRARY.load(scope)
        name = f"Dreamloom-{night}-marks"
        self._outlet = self._pylsl.StreamOutlet(
            self._pylsl.StreamInfo(name, "Markers", 1, self._pylsl.IRREGULAR_RATE, "string", name)
        )
        self._now_s = now_s
        self.name = name

    def mark(self, mark: Mark) -> None:
        """Sent at once, stamped with its moment on LSL's clock."""
        stamp_s = self._pylsl.local_clock() + mark.at_s - self._now_s()
        self._outlet.push_sample([msgspec.json.encode(mark).decode()], stamp_s)

    def close(self) -> None:
        """Ends the announcement."""
        self._outlet = None


class SerialMarks:
    """A pulse on a serial trigger line at each planned moment: byte 1, ten milliseconds later byte 0."""

    def __init__(self, path: str, now_s: NowS) -> None:
        """Opens the line; raises StreamError DL-E276 when it cannot."""
        self._line = Line(path)
        self._now_s = now_s
        self._waiting: list[float] = []
        self._turned = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def mark(self, mark: Mark) -> None:
        """Keeps the moment of a cue that is due; what became of it is no pulse."""
        if mark.what == "due":
            with self._turned:
                heapq.heappush(self._waiting, mark.at_s)
                self._turned.notify()

    def close(self) -> None:
        """Ends after the pulse that is up."""
        with self._turned:
            self._over = True
            self._turned.notify()
        self._thread.join()
        self._line.send(REST)
        self._line.close()

    def _run(self) -> None:
        while self._next():
            self._line.send(PULSE)
            threading.Event().wait(PULSE_S)
            self._line.send(REST)

    def _next(self) -> bool:
        """Returns at the next moment; False at the end."""
        with self._turned:
            while not self._over:
                wait_s = self._waiting[0] - self._now_s() if self._waiting else None
                if wait_s is not None and wait_s <= 0:
                    heapq.heappop(self._waiting)
                    return True
                self._turned.wait(wait_s)
        return False


class NightMarks:
    """Every place a night marks its cues at; closed when the last of its beds has left."""

    def __init__(self, places: list[Marks], beds: int) -> None:
        self._places = places
        self._beds = beds

    def mark(self, mark: Mark) -> None:
        """At every place."""
        for place in self._places:
            place.mark(mark)

    def leave(self) -> None:
        """One bed less."""
        self._beds -= 1
        if self._beds == 0:
            self.close()

    def close(self) -> None:
        """Lets go of every place."""
        places, self._places = self._places, []
        for place in places:
            place.close()


class PodMarks:
    """One bed's companion: tells every place of its cues."""

    def __init__(self, pod: str, night: NightMarks) -> None:
        self._pod = pod
        self._night = night

    def begins(self, command: PlayCommand) -> None:
        """A cue or a sham is due."""
        self._tell("due", command.cue_id, command.play_at_s)

    def ended(self, outcome: SoundOutcome) -> None:
        """What became of it, as far as every arm shows the same."""
        if outcome.actual_s is not None:
            self._tell(outcome.status, outcome.cue_id, outcome.actual_s)

    def beat(self, fresh_s: NightTime) -> None:
        """A mark needs nobody alive."""

    def close(self) -> None:
        """This bed marks nothing more."""
        self._night.leave()

    def _tell(self, what: str, cue_id: str, at_s: float) -> None:
        self._night.mark(Mark(what, self._pod, cue_id, at_s))
