"""Did the machine sleep under a live night? Suspend and a closed lid disarm every bed: nobody watched meanwhile."""

from collections.abc import Callable, Iterable, Sequence

from dreamloom.engine.loop import Outside
from dreamloom.record.events import MachineSlept
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

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
