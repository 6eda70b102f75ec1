"""What comes of each promise? Measures one after the other; one that crashes is an error and stops no other."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from promises.registry import Measured, Promise

Verdict = Literal["kept", "SHORT", "ERROR", "shown"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the table; `seconds` is the wall time the measurement took."""

    name: str
    target: str
    figure: str
    verdict: Verdict
    seconds: float
    detail: str

    @property
    def fell_short(self) -> bool:
        return self.verdict in ("SHORT", "ERROR")


def measure_all(promises: Iterable[Promise], *, tell: Callable[[str], None]) -> list[Outcome]:
    """Measures each; `tell` hears a line before and after."""
    chosen = list(promises)
    outcomes = []
    for number, each in enumerate(chosen, 1):
        tell(f"[{number}/{len(chosen)}] {each.name} ...")
        outcome = measure(each)
        tell(f"[{number}/{len(chosen)}] {each.name}: {outcome.figure} ({outcome.verdict}, {outcome.seconds:.1f} s)")
        outcomes.append(outcome)
    return outcomes


def measure(promise: Promise) -> Outcome:
    """One promise, timed."""
    watch = _Watch()
    with watch:
        watch.found = promise.measure()
    found = watch.found
    verdict: Verdict = "ERROR" if watch.crashed else _VERDICTS[found.ok]
    return Outcome(promise.name, promise.target, found.figure, verdict, round(watch.seconds, 3), found.detail)


_VERDICTS: dict[bool | None, Verdict] = {True: "kept", False: "SHORT", None: "shown"}


class _Watch:
    """Times its block, and turns whatever leaves it into a figure, so that the next promise is still measured."""

    def __init__(self) -> None:
        self.found = Measured("error", None)
        self.crashed = False
        self.seconds = 0.0
        self._started_s = 0.0

    def __enter__(self) -> Self:
        self._started_s = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.seconds = time.perf_counter() - self._started_s
        if kind is None or not issubclass(kind, Exception):
            return False
        self.crashed = True
        self.found = Measured("error", None, f"{kind.__name__}: {error} ({_place(trace)})")
        return True


def _place(trace: TracebackType | None) -> str:
    """module:line of the innermost frame; never a path."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
