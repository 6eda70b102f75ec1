"""Is the page there that a bed plays on, and did its sleeper turn it down? A running night tells each once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from dreamloom.engine.loop import Outside
from dreamloom.record.events import AnyEvent, OutputFound, OutputLost, OutputTurnedDown
from dreamloom.vocabulary.units import NightTime, Seconds, to_four_places, to_microsecond

ABSENT_S = Seconds(4.0)
"""A page says once a second that it is there; whoever is awake hears of its absence within five. Ours."""
PageNow = tuple[Seconds, float, bool]
"""How long ago a page said that it is there, by how many dB it was made softer, and whether it is paused."""
AS_PLANNED = (0.0, False)


class PageWatch:
    """Looks at what each page last said; nothing here waits for one."""

    def __init__(self, pages: Mapping[str, Callable[[], PageNow]], devices: Mapping[str, str]) -> None:
        self._pages = dict(sorted(pages.items()))
        self._devices = devices
        self._since_s: NightTime | None = None
        self._lost_s: dict[str, NightTime] = {}
        self._turned: dict[str, tuple[float, bool]] = {}

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """What changed since the last call; in the first seconds of an opening a page may still come."""
        since_s = self._since_s = now_s if self._since_s is None else self._since_s
        told = list[Outside]()
        for pod, page in self._pages.items():
            age_s, lowered_db, paused = page()
            events = [*self._there(pod, age_s, now_s, since_s), *self._turned_down(pod, (lowered_db, paused), now_s)]
            told += [Outside(known_s=now_s, pod=pod, event=event) for event in events]
        return told

    def _there(self, pod: str, age_s: Seconds, now_s: NightTime, since_s: NightTime) -> list[AnyEvent]:
        may_still_come = pod not in self._lost_s and now_s - since_s <= ABSENT_S
        is_absent = age_s > ABSENT_S and not may_still_come
        if is_absent == (pod in self._lost_s):
            return []
        onset_s, device = to_microsecond(now_s), self._devices[pod]
        lost_s = self._lost_s.pop(pod, None)
        if lost_s is not None:
            return [OutputFound(onset_s=onset_s, device=device, lost_s=to_microsecond(now_s - lost_s))]
        self._lost_s[pod] = now_s
        return [OutputLost(onset_s=onset_s, device=device)]

    def _turned_down(self, pod: str, turned: tuple[float, bool], now_s: NightTime) -> list[AnyEvent]:
        if turned == self._turned.get(pod, AS_PLANNED):
            return []
        self._turned[pod] = turned
        lowered_db, paused = turned
        onset_s = to_microsecond(now_s)
        now: Literal["playing", "paused"] = "paused" if paused else "playing"
        return [OutputTurnedDown(onset_s=onset_s, lowered_db=to_four_places(lowered_db), now=now)]
