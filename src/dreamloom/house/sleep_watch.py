"""Did the machine sleep under a live night? Suspend and a closed lid disarm every bed: nobody watched meanwhile."""

import math
from collections.abc import Callable, Iterable, Sequence

from dreamloom.engine.loop import Outside
from dreamloom.record.events import MachineSlept
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

LookAtLid = Callable[[], bool]
"""Whether the machine's lid is closed."""
LOOK_EVERY_S = Seconds(1.0)
HowLong = Callable[[], Seconds]
"""For how long the machine slept since it was asked last."""


class SleepWatch:
    """Asks at every turn of a live night, and tells each bed."""

    def __init__(self, pods: Iterable[str], slept_s: HowLong, *, warn: Callable[[str], None]) -> None:
        self._pods = sorted(pods)
        self._slept_s = slept_s
        self._warn = warn

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """Known since it fell asleep, so that not even a second that is decided late is cued on."""
        slept_s = self._slept_s()
        if not slept_s:
            return []
        self._warn(f"The machine slept for {slept_s:.0f} s: every bed is recorded again, and silent until armed.")
        asleep_s = to_microsecond(max(0.0, now_s - slept_s))
        event = MachineSlept(onset_s=asleep_s, slept_s=to_microsecond(slept_s))
        return [Outside(known_s=asleep_s, pod=pod, event=event) for pod in self._pods]


class LidWatch:
    """Looks at the lid of a machine that is kept awake: whoever closes it does not mean the night to go on unseen."""

    def __init__(self, pods: Iterable[str], is_closed: LookAtLid, *, warn: Callable[[str], None]) -> None:
        """A lid that is closed from the first is a machine that stands so."""
        self._pods = sorted(pods)
        self._is_closed = is_closed
        self._warn = warn
        self._was_closed = is_closed()
        self._next_s = NightTime(-math.inf)

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """Each bed is told when it closes; opening it arms nobody."""
        if now_s < self._next_s:
            return []
        self._next_s = NightTime(now_s + LOOK_EVERY_S)
        was_closed, self._was_closed = self._was_closed, self._is_closed()
        if was_closed or not self._was_closed:
            return []
        self._warn("The lid was closed: every bed is recorded on, and silent until armed.")
        event = MachineSlept(onset_s=to_microsecond(now_s), slept_s=0.0)
        return [Outside(known_s=now_s, pod=pod, event=event) for pod in self._pods]
