"""What do all beds show right now? Read once for all views, ten times a second, and kept for a second."""

import struct
from collections import deque
from collections.abc import Callable, Iterable

from dreamloom.adapters.live_samples import LiveView, Newest

BEATS_A_S = 10
KEPT_BEATS = 10
"""A view that falls behind is sent what came in the newest second, and goes on from there."""
DRAWN_S = 30.0
"""What a view draws, and is sent at most of one bed at one beat: a night may run faster than time."""
FRAME = struct.Struct("<BBHHHfQ")
"""Version, kind (1: samples), number of the bed in the order of `beds`, channels, samples of each, Hz, grid index."""
SAMPLES, VERSION = 1, 1


class ShownBeds:
    """The newest samples of every bed as frames, one behind the other.

    Attributes:
        beds: by the numbers that frames have; beds are only added, so a number means one bed for as long as it serves.
    """

    def __init__(self, shown_by: Callable[[str], LiveView | None]) -> None:
        self._shown_by = shown_by
        self.beds: list[str] = []
        self._views: dict[str, LiveView] = {}
        self._next: dict[str, int] = {}
        self._idle: dict[str, int] = {}
        self._kept: deque[tuple[int, bytes]] = deque(maxlen=KEPT_BEATS)
        self._beat = -1

    def know(self, pods: Iterable[str]) -> None:
        """Gives a number to every bed that has none."""
        self.beds += sorted(set(pods) - set(self.beds))

    def look(self, beat: int) -> None:
        """Reads what came since the last beat, unless some view did so already."""
        if beat <= self._beat:
            return
        self._beat = beat
        frames = b"".join(self._fresh(number, pod) for number, pod in enumerate(self.beds))
        if frames:
            self._kept.append((beat, frames))

    def since(self, beat: int) -> bytes:
        """Every frame of later beats that is still kept."""
        return b"".join(frames for at, frames in self._kept if at > beat)

    def at_first(self) -> bytes:
        """As much of every bed as a view draws, up to the last look."""
        frames = []
        for number, pod in enumerate(self.beds):
            view, end = self._views.get(pod), self._next.get(pod)
            if view is not None and end is not None:
                found = view.since(max(0, end - int(DRAWN_S * view.sfreq_hz)))
                kept = found.samples[: max(0, end - found.first)]
                frames.append(frame(number, Newest(found.first, kept, found.sfreq_hz)))
        return b"".join(frames)

    def _fresh(self, number: int, pod: str) -> bytes:
        view = self._view(pod)
        if view is None:
            return b""
        first = max(self._next.get(pod, 0), view.end - int(DRAWN_S * view.sfreq_hz))
        if first >= view.end:
            self._idle[pod] = self._idle.get(pod, 0) + 1
            return b""
        self._idle[pod] = 0
        found = view.since(first)
        self._next[pod] = found.first + len(found.samples)
        return frame(number, found)

    def _view(self, pod: str) -> LiveView | None:
        """A night that goes on after a crash shows its beds anew: what was quiet for a second is opened again."""
        view = self._views.get(pod)
        if view is not None and self._idle.get(pod, 0) < BEATS_A_S:
            return view
        if view is not None:
            view.close()
            del self._views[pod]
        self._idle[pod] = 0
        found = self._shown_by(pod)
        if found is not None:
            self._views[pod] = found
        return found


def frame(number: int, found: Newest) -> bytes:
    """The samples as one message; empty for none."""
    rows, channels = found.samples.shape
    if rows == 0:
        return b""
    head = FRAME.pack(VERSION, SAMPLES, number, channels, rows, found.sfreq_hz, found.first)
    return head + found.samples.astype("<i2", copy=False).tobytes()
