"""Which promises are there? A function a promise: it measures, and says whether the target is kept."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Slice = Literal["ci", "full"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one promise came to.

    Attributes:
        figure: the measured value with its unit, short enough for a table.
        ok: whether the target is kept; None for a figure that is shown without being judged.
        detail: one sentence more, for whoever wants to know how it was measured or what fell short.
    """

    figure: str
    ok: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise by its name, its target in words, and how it is measured; "ci" ones are measured at every change."""

    name: str
    target: str
    slice: Slice
    measure: Callable[[], Measured]


class Registry:
    """Promises in the order they were made; a name is given once."""

    def __init__(self) -> None:
        self._promises: dict[str, Promise] = {}

    def promise(
        self,
        name: str,
        target: str,
        slice: Slice = "full",  # noqa: A002 - the word that `--slice` takes
    ) -> Callable[[Callable[[], Measured]], Callable[[], Measured]]:
        """Registers the function below it as the measurement of this promise."""

        def register(measure: Callable[[], Measured]) -> Callable[[], Measured]:
            if name in self._promises:
                raise ValueError(f"the promise {name!r} is made twice")
            self._promises[name] = Promise(name, target, slice, measure)
            return measure

        return register

    def chosen(self, *, only: tuple[str, ...] = (), within: Slice = "full") -> list[Promise]:
        """The promises to measure: those named, else every one of the slice; "full" holds them all.

        Raises:
            KeyError: for a name that is not promised.
        """
        if only:
            return [self._promises[name] for name in only]
        return [each for each in self._promises.values() if within in ("full", each.slice)]


PROMISES = Registry()
promise = PROMISES.promise


def load() -> Registry:
    """Every promise there is: whatever the modules of promises/measured register, by file name."""
    from promises import measured

    for module in sorted(each.name for each in pkgutil.iter_modules(measured.__path__)):
        importlib.import_module(f"{measured.__name__}.{module}")
    return PROMISES
