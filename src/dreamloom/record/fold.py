"""What follows from what happened? State is a fold over events, and nothing else."""

from collections.abc import Callable, Iterable
from typing import TypeVar

State = TypeVar("State")
Happened = TypeVar("Happened")


def fold(evolve: Callable[[State, Happened], State], state: State, events: Iterable[Happened]) -> State:
    """The state after these events, in order; evolve takes no notice of time, chance or the outside."""
    for event in events:
        state = evolve(state, event)
    return state
