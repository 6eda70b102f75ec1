"""Has this sleeper signalled as often as the author asks? Only what was given twice counts, whatever is asked."""

from collections.abc import Sequence

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
