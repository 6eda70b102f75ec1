"""Is the page there that a bed plays on? A running night tells once that it is gone, and once that it is back."""

from collections.abc import Callable, Mapping, Sequence

from dreamloom.engine.loop import Outside
from dreamloom.record.events import OutputFound, OutputLost
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

ABSENT_S = Seconds(4.0)
"""A page says once a second that it is there; whoever is awake hears of its absence within five. Ours."""


class PageWatch:
    """Looks at when each page last said that its sound is unlocked; nothing here waits for one."""

    def __init__(self, ages_s: Mapping[str, Callable[[], Seconds]], devices: Mapping[str, str]) -> None:
        self._ages_s = dict(sorted(ages_s.items()))
        self._devices = devices
        self._since_s: NightTime | None = None
        self._lost_s: dict[str, NightTime] = {}

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """What changed since the last call; in the first seconds of an opening a page may still come."""
        self._since_s = now_s if self._since_s is None else self._since_s
        told = []
        for pod, age_s in self._ages_s.items():
            may_still_come = pod not in self._lost_s and now_s - self._since_s <= ABSENT_S
            may_still_come = pod not in self._lost_s and now_s - self._since_s <= ABSENT_S
            is_absent = age_s() > ABSENT_S and not may_still_come
            if is_absent != (pod in self._lost_s):
                told.append(Outside(known_s=now_s, pod=pod, event=self._event(pod, now_s)))
        return told

    def _event(self, pod: str, now_s: NightTime) -> OutputLost | OutputFound:
        onset_s, device = to_microsecond(now_s), self._devices[pod]
        lost_s = self._lost_s.pop(pod, None)
        if lost_s is not None:
            return OutputFound(onset_s=onset_s, device=device, lost_s=to_microsecond(now_s - lost_s))
        self._lost_s[pod] = now_s
        return OutputLost(onset_s=onset_s, device=device)
