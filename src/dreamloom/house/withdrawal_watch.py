"""Has anybody withdrawn? A running night looks at every bedside's file and tells each withdrawal once."""

from collections.abc import Sequence

from dreamloom.engine.loop import Outside
from dreamloom.house.layout import House
from dreamloom.house.withdrawing import withdrawn_tonight
from dreamloom.record.events import ConsentWithdrawn
from dreamloom.vocabulary.units import NightTime, to_microsecond


class WithdrawalWatch:
    """Looks at every bedside's WITHDRAWN file; each is told once."""

    def __init__(self, house: House, night: str, sleeper_of: dict[str, str]) -> None:
        self._night = night
        self._open = {pod: (house.pod(pod), sleeper) for pod, sleeper in sleeper_of.items()}

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        return [news for pod in list(self._open) if (news := self._look(pod, now_s)) is not None]

    def kept(self, pod: str) -> None:
        """This bed told its own no; its file says it again at the next opening, if the record should not."""
        self._open.pop(pod, None)

    def _look(self, pod: str, now_s: NightTime) -> Outside | None:
        folder, sleeper = self._open[pod]
        said = withdrawn_tonight(folder, self._night, sleeper)
        if said is None:
            return None
        del self._open[pod]
        event = ConsentWithdrawn(onset_s=to_microsecond(now_s), sleeper=sleeper, channel=said.channel)
        return Outside(known_s=now_s, pod=pod, event=event)
