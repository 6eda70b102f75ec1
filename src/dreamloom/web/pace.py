"""Does somebody send faster than a person writes? So many within a while, each bed by itself, counted in memory."""

from collections import deque
from collections.abc import Callable

from litestar.exceptions import TooManyRequestsException

from dreamloom.vocabulary.units import Seconds

MOST_LINES, LINES_S = 12, Seconds(60.0)
"""Lines from one bed in a minute: more than anybody types half awake, and few enough that a record stays a record.
Ours."""


class Pace:
    """Counts what was taken lately, by sender."""

    def __init__(self, now_s: Callable[[], float], *, most: int = MOST_LINES, within_s: Seconds = LINES_S) -> None:
        """With a clock that only goes on."""
        self._now_s, self._most, self._within_s = now_s, most, within_s
        self._taken_s: dict[str, deque[float]] = {}

    def take(self, sender: str) -> None:
        """Counts one more; raises TooManyRequestsException, and counts nothing, for one too many."""
        now_s, taken = self._now_s(), self._taken_s.setdefault(sender, deque(maxlen=self._most))
        if len(taken) == self._most and now_s - taken[0] < self._within_s:
            raise TooManyRequestsException("That is more within a minute than anybody reads. Wait a minute.")
        taken.append(now_s)
