"""Does sleep go as sleep goes? Leaps that it hardly makes, and how freely one stage follows another."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

SCORED = frozenset({"W", "N1", "N2", "N3", "R"})
LEAPS = frozenset({("W", "N3"), ("R", "N3"), ("N3", "R"), ("N1", "N3")})
"""From one epoch of 30 s to the next. Deep sleep comes through N2 and goes through it, or ends awake: in tables of
human transitions each of these is about one in a hundred of those that leave its stage, or fewer (Kishi et al., 2008;
Schlemmer et al., 2015)."""
KEPT_EPOCHS = 120
"""An hour: long enough to hold most of a cycle, short enough to act on in one. Ours."""
READ_EVERY_EPOCHS = 10
LEAST_EPOCHS = 60
"""Half an hour, before anything is said of it. Ours."""
MOST_BITS = 1.5
"""Of a sleeper whose other nights nobody knows. Two stages that follow each other by the toss of a coin give 1 bit,
all five give 2.3; one that mostly stays what it is, as sleep does, well under 1. Ours."""
SPREADS = 2.0
LEAST_SPREAD_BITS = 0.1
"""Above the mean of a sleeper's own nights: two standard deviations, of which each is never taken for less. Ours."""


def is_leap(before: str, after: str) -> bool:
    """True for a change that sleep hardly makes within half a minute."""
    return (before, after) in LEAPS


def entropy_bits(epochs: Sequence[str]) -> float | None:
    """How little an epoch's stage says on the next one's: the entropy of the step, in bits; None of too few epochs."""
    steps = [(a, b) for a, b in pairwise(epochs) if a in SCORED and b in SCORED]
    if len(steps) < LEAST_EPOCHS - 1:
        return None
    left = Counter(before for before, _ in steps)
    went = Counter(steps)
    bits = sum(count * math.log2(left[before] / count) for (before, _), count in sorted(went.items()))
    return round(bits / len(steps), 4)


def freest_bits(epochs: Sequence[str]) -> float | None:
    """Of a whole night, as the guardian reads it every five minutes: the hour in which stages changed most freely."""
    ends = range(LEAST_EPOCHS, len(epochs) + 1, READ_EVERY_EPOCHS)
    hours = [entropy_bits(epochs[max(0, end - KEPT_EPOCHS) : end]) for end in ends]
    return max((bits for bits in hours if bits is not None), default=None)


def most_bits(own: Sequence[float]) -> float:
    """Above which an hour counts as restless, from the freest hour of each of this sleeper's other nights."""
    if len(own) < 2:
        return MOST_BITS
    mean = sum(own) / len(own)
    spread = math.sqrt(sum((each - mean) ** 2 for each in own) / (len(own) - 1))
    return round(mean + SPREADS * max(spread, LEAST_SPREAD_BITS), 4)
