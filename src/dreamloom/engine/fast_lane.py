"""When exactly does a cue sound that waits for a wave? Looks at samples as they come, inside windows the pod opened.

It decides nothing that the pod has not decided: the whole second behind it finds the same moment again, and that is
what the record tells. All this does is to say it in time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from dreamloom.pod import rhythms, waves, windows
from dreamloom.pod.loop import Pod
from dreamloom.pod.rhythms import Lane
from dreamloom.record.events import AnyEvent, CueDue, PhaseWindowOpened
from dreamloom.vocabulary.units import FloatArray, NightTime

RowsOf = Callable[[int, int], FloatArray | None]
"""Of second `index` the rows [n, channel] from `first` on, as stored, as far as they are here; None for none of it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A window whose moment was not met yet."""

    window: PhaseWindowOpened
    place: int
    lane: Lane
    rows: int = 0


class FastLane:
    """One bed's open windows, from the tick that opens them until their second is over or their cue is commanded."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []

    def begin(self, pod: Pod, said: Sequence[AnyEvent]) -> None:
        """A tick was settled: its windows take the place of those before."""
        self._waiting = []
        for window in said:
            if not isinstance(window, PhaseWindowOpened):
                continue
            watched = next(each for each in pod.waves if each.part == window.part)
            ahead = waves.ahead(watched, window)
            if ahead is not None:
                self._waiting.append(Waiting(window, watched.place, ahead))

    def look(self, rows_of: RowsOf) -> list[CueDue]:
        """Cues whose moment was decided since the last look, each under its window's id; a window gives one at most."""
        met: list[CueDue] = []
        still: list[Waiting] = []
        for each in self._waiting:
            rows = rows_of(each.lane.second, each.rows)
            if rows is None or len(rows) == 0:
                still.append(each)
                continue
            ahead, moments = rhythms.heard(each.lane, rows[:, each.place])
            if moments:
                due = windows.due_in(each.window, moments[0].play_at_s, NightTime(each.window.onset_s))
                met.append(msgspec.structs.replace(due, id=each.window.id, pod=each.window.pod))
            else:
                still.append(replace(each, lane=ahead, rows=each.rows + len(rows)))
        self._waiting = still
        return met
