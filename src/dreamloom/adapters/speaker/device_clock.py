"""When is a frame heard? Maps the frames that a device took onto night time, though its clock drifts and calls late."""

from collections import deque
from typing import NamedTuple

from dreamloom.jukebox.cues import SOUND_RATE_HZ

STRETCH_FRAMES = SOUND_RATE_HZ // 4
STRETCHES = 40
"""A call may come late and never early, so the promptest one of the last ten seconds tells where the device's clock
stands. A crystal 100 ppm off moves 1 ms in that time. Ours."""
LOST_FRAMES = SOUND_RATE_HZ // 200
"""A stretch whose promptest call is so much later (5 ms) than those before: the device went without frames. Ours."""
BROKEN_FRAMES = SOUND_RATE_HZ // 10
"""One call so late (100 ms) says the same by itself."""
OPENING_CALLS = 10
"""While a device opens it takes its buffers full at once and then nothing for a while."""


class _Stretch(NamedTuple):
    number: int
    ahead: int


class DeviceClock:
    """Follows one device: which frame of night time the next frame that it takes is heard at."""

    def __init__(self, *, latency_frames: int) -> None:
        self.stalls = 0
        """How often the device went without frames."""
        self._latency_frames = latency_frames
        self._taken = 0
        self._calls = 0
        self._stretches: deque[_Stretch] = deque()

    def take(self, now_frame: int, n_frames: int) -> int:
        """The frame of night time at which the first of these n_frames is heard; now_frame is the time of the call."""
        ahead = self._taken - now_frame
        if self._stretches and ahead < self._ahead - BROKEN_FRAMES:
            self._start_anew()
        self._note(_Stretch(now_frame // STRETCH_FRAMES, ahead))
        heard_frame = self._taken - self._ahead + self._latency_frames
        self._taken += n_frames
        self._calls += 1
        return heard_frame

    @property
    def is_steady(self) -> bool:
        """True once the device takes frames as it plays them; before, it fills its buffers and waits."""
        return self._calls >= OPENING_CALLS

    @property
    def _ahead(self) -> int:
        return max(stretch.ahead for stretch in self._stretches)

    def _note(self, call: _Stretch) -> None:
        newest = self._stretches[-1] if self._stretches else None
        if newest is not None and newest.number == call.number:
            self._stretches[-1] = max(newest, call)
            return
        if newest is not None and newest.ahead < self._ahead - LOST_FRAMES:
            self._start_anew()
            self._stretches.append(newest)
        self._stretches.append(call)
        while self._stretches[0].number <= call.number - STRETCHES:
            self._stretches.popleft()

    def _start_anew(self) -> None:
        self._stretches.clear()
        self.stalls += self.is_steady
