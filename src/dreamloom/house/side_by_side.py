"""How do many simulated nights run beside each other, a process each, and how far are they? Ends them all at once."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from ctypes import Array, c_double
from functools import partial
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from dreamloom.engine.clocks import boot_s
from dreamloom.house.spawning import interrupts_held_back, leave_interrupts_to_parent

LOOK_EVERY_S = 0.5
SURE_AFTER_S = 4.0
"""Of work, until a pace is told: a night's first seconds are slower than the others, and fewer are a guess. Ours."""

Lived = Callable[[float], None]
"""Takes how many seconds of its night a sleeper has lived."""
Night = Callable[[Lived], list[bytes]]
"""One whole night, in a process of its own: it can be pickled, and gives its events as the record holds them."""

_board: list[Array[c_double]] = []
"""In a worker, the one place where all nights say how far they are. Each writes its own number alone."""


class HowFar(NamedTuple):
    """How far nights side by side are.

    Attributes:
        nights: that are over.
        lived_s: night time, of all together.
        gone_s: wall time since they were begun.
        left_s: wall time until the last is over, at the pace they had so far; None until there is one.
    """

    nights: int
    lived_s: float
    gone_s: float
    left_s: float | None


def side_by_side(
    nights: Sequence[Night], *, each_s: float, cores: int, progress: Callable[[HowFar], None]
) -> list[list[bytes]]:
    """The events of every night, in the order they were asked for; on an interrupt no night goes on.

    Args:
        nights: to be run.
        each_s: how long each is, in night seconds.
        cores: how many run at once.
        progress: told twice a second, and when a night is over.
    """
    context, began_s, pace = get_context("spawn"), boot_s(), Pace(each_s)
    board = context.RawArray(c_double, len(nights))
    strangers = set(active_children())
    made = ProcessPoolExecutor(cores, mp_context=context, initializer=_begin, initargs=(board,))
    with made as pool, ExitStack() as unless_done:
        unless_done.callback(_end, pool, strangers)
        with interrupts_held_back():
            jobs = [pool.submit(_live, night, number) for number, night in enumerate(nights)]
        for over in _looks(jobs):
            now_s, lived_s = boot_s(), list(board)
            left_s = pace.left_s(lived_s, now_s, cores)
            progress(HowFar(over, sum(lived_s), now_s - began_s, left_s))
        done = [job.result() for job in jobs]
        unless_done.pop_all()
    return done


def _end(pool: ProcessPoolExecutor, strangers: set[BaseProcess]) -> None:
    """Nights that nobody waits for any more end at once."""
    for worker in set(active_children()) - strangers:
        worker.kill()
    pool.shutdown(wait=True, cancel_futures=True)


class Pace:
    """How fast nights are lived on one core: gained night time over the time they were seen to work.

    A night's way to its first second, in which programs are loaded, is nobody's pace.
    """

    def __init__(self, each_s: float) -> None:
        self._each_s = each_s
        self._before_s: Sequence[float] = ()
        self._at_s = 0.0
        self._gained_s = self._worked_s = 0.0

    def left_s(self, lived_s: Sequence[float], now_s: float, cores: int) -> float | None:
        """Wall time until all are over, each begun on the core that is free first; None while nobody knows."""
        for before_s, later_s in zip(self._before_s, lived_s, strict=False):
            if 0 < before_s < self._each_s:
                self._gained_s += later_s - before_s
                self._worked_s += now_s - self._at_s
        self._before_s, self._at_s = lived_s, now_s
        if self._worked_s < SURE_AFTER_S or not self._gained_s:
            return None
        busy_s = [0.0] * cores
        for one_s in sorted(lived_s, reverse=True):
            heapq.heapreplace(busy_s, busy_s[0] + self._each_s - one_s)
        return max(busy_s) * self._worked_s / self._gained_s


def _looks(jobs: Sequence[Future[list[bytes]]]) -> Iterator[int]:
    """Now and then, and when one is over: how many are. Raises what went wrong in one at once."""
    waiting = set(jobs)
    while waiting:
        over, waiting = wait(waiting, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
        for job in over:
            job.result()
        yield len(jobs) - len(waiting)


def _begin(board: Array[c_double]) -> None:
    leave_interrupts_to_parent()
    _board[:] = [board]


def _live(night: Night, number: int) -> list[bytes]:
    return night(partial(_tell, number))


def _tell(number: int, lived_s: float) -> None:
    _board[0][number] = lived_s
