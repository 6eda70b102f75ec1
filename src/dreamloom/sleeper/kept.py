"""How does a stream stay small? A few recent results are kept, older ones made again when asked for."""

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """The last `size` results of a pure function of a whole number."""

    def __init__(self, make: Callable[[int], Made], *, size: int) -> None:
        self._make = make
        self._size = size
        self._held: dict[int, Made] = {}

    def __call__(self, key: int) -> Made:
        if key not in self._held:
            while len(self._held) >= self._size:
                del self._held[next(iter(self._held))]
            self._held[key] = self._make(key)
        return self._held[key]

    def forget(self) -> None:
        """What the results are made of has changed: all of them are made again when asked for."""
        self._held.clear()
