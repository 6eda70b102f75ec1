"""Does the battery last? Told once when it is low; before it is empty the night is silenced and closed whole."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

from dreamloom.adapters.power import Battery
from dreamloom.engine.loop import Outside
from dreamloom.record.events import GlitchSeen
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

LOW_PERCENT = 20.0
LAST_PERCENT = 5.0
"""Enough to end a night on; less is a guess of the battery's. Ours."""
LOOK_EVERY_S = Seconds(30.0)

LookAtBattery = Callable[[], Battery | None]


def refuse_last_drop(left: Battery | None) -> None:
    """Returns when a live night may begin on this battery; raises RefusedError when it would have to end at once."""
    percent = _running_down(left)
    if percent <= LAST_PERCENT:
        raise RefusedError(
            "DL-E532",
            f"The battery is at {percent:.0f} % and running down.",
            why=f"At {LAST_PERCENT:g} % a night is silenced and closed, and a closed night does not go on.",
            still="Nothing was recorded or played.",
            do="Plug the machine in, then run the night.",
        )


class BatteryWatch:
    """Looks at the battery of a live night now and then.

    Args:
        look: the battery as it is now; None where there is none.
        warn: told what a person has to do.
        stop: silences every bed and ends the night, with the reason.
    """

    def __init__(self, look: LookAtBattery, *, warn: Callable[[str], None], stop: Callable[[str], None]) -> None:
        self._look = look
        self._warn = warn
        self._stop = stop
        self._next_s = NightTime(-math.inf)
        self._is_told = False
        self._is_over = False

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """What the record should hold of it: that it is low, once until it is charged again; and then that, once."""
        if now_s < self._next_s or self._is_over:
            return []
        self._next_s = NightTime(now_s + LOOK_EVERY_S)
        percent = _running_down(self._look())
        if percent <= LAST_PERCENT:
            self._end(percent)
        elif percent <= LOW_PERCENT and not self._is_told:
            self._warn(
                f"The battery is at {percent:.0f} % and running down: plug the machine in. "
                f"At {LAST_PERCENT:g} % every bed falls silent and the night ends."
            )
        was_told, self._is_told = self._is_told, percent <= LOW_PERCENT
        if self._is_told == was_told:
            return []
        return [_told(now_s, "BATTERY_LOW" if self._is_told else "BATTERY_CHARGED")]

    def _end(self, percent: float) -> None:
        self._is_over = True
        self._warn(f"The battery is at {percent:.0f} %: every bed is silent now, and the night is closed.")
        self._stop(f"battery at {percent:.0f} %")


def _running_down(left: Battery | None) -> float:
    """Percent left of a battery that is running down; more than any of one that is not."""
    return left.percent if left is not None and left.is_draining else math.inf


def _told(now_s: NightTime, glitch: Literal["BATTERY_LOW", "BATTERY_CHARGED"]) -> Outside:
    return Outside(known_s=now_s, pod=None, event=GlitchSeen(onset_s=to_microsecond(now_s), glitch=glitch))
