"""Has this sleeper signalled as often as the author asks? Only what was given twice counts, whatever is asked."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from dreamloom.dreamscape.gate import EyeSignal
from dreamloom.vocabulary.units import NightTime

TWICE = 2
"""Signals in one that counts: one alone is often an eye movement of REM sleep."""
KEPT = 5
"""Of the newest so many are remembered: a dreamscape asks for ten at most, and two of them are one pair."""


def is_seen(asked: EyeSignal, signalled_s: Sequence[NightTime], now_s: NightTime) -> bool:
    """Whether the newest signals are as many as asked, and the first of them began no longer ago than `within`.

    Args:
        asked: by the author; without `within`, for the rest of the night.
        signalled_s: when each signal given twice began, oldest first.
        now_s: now.
    """
    pairs = -(-asked.times // TWICE)
    if len(signalled_s) < pairs:
        return False
    return asked.within_s is None or now_s - signalled_s[-pairs] <= asked.within_s


def most_asked(dreamscape: Struct) -> int:
    """The most signals, each given twice, that anything in this dreamscape waits for; 0 where nothing does."""
    return max((-(-each.times // TWICE) for each in _asked_in(dreamscape)), default=0)


def _asked_in(value: object) -> Iterator[EyeSignal]:
    if isinstance(value, EyeSignal):
        yield value
    elif isinstance(value, Struct):
        yield from (each for name in value.__struct_fields__ for each in _asked_in(getattr(value, name)))
    elif isinstance(value, Mapping):
        yield from (each for inner in value.values() for each in _asked_in(inner))
    elif isinstance(value, list | tuple):
        yield from (each for inner in value for each in _asked_in(inner))
