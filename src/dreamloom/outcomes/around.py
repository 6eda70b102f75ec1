"""Is somebody nearer to the others after a shared night than after a night of their own? After minus before, compared.

Being asked twice moves answers by itself, and so does an evening with people: only the difference to control nights,
asked in the same way around them, says anything of sharing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dreamloom.statistics.permutation import IntArray, permuted
from dreamloom.statistics.spread import Mean, difference, mean
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.vocabulary.units import FloatArray

LEAST = 3
"""Nights of each kind with both answers. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Before and after one night."""

    is_shared: bool
    before: float | None
    after: float | None

    @property
    def gain(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearer:
    """What shared nights did beyond control nights; `why_not` instead of figures.

    `p` is that of exchanging shared and control nights, where their order was drawn; None where nobody drew it.
    """

    why_not: str = ""
    shared: Mean | None = None
    control: Mean | None = None
    beyond: Mean | None = None
    p: float | None = None


def nearer(nights: Sequence[Around], *, is_drawn: bool, seed: int, say: Say = in_english) -> Nearer:
    """Gains of shared nights against gains of control nights; nights with one answer alone are left out."""
    gains = [(night.is_shared, night.gain) for night in nights]
    shared = [gain for is_shared, gain in gains if is_shared and gain is not None]
    control = [gain for is_shared, gain in gains if not is_shared and gain is not None]
    if min(len(shared), len(control)) < LEAST:
        few = say(
            "{shared} shared and {control} control nights were told before and after; {least} of each are needed",
            shared=len(shared),
            control=len(control),
            least=LEAST,
        )
        return Nearer(why_not=few)
    values = np.array([*shared, *control])
    is_first = np.arange(len(values)) < len(shared)

    def apart(order: IntArray) -> FloatArray:
        first = is_first[order]
        both = (first * values).sum(axis=1) / len(shared), (~first * values).sum(axis=1) / len(control)
        return np.asarray(np.abs(both[0] - both[1]))

    chance = permuted(apart, [range(len(values))], units=len(values), seed=seed) if is_drawn else None
    return Nearer(
        shared=mean(shared),
        control=mean(control),
        beyond=difference(shared, control),
        p=None if chance is None else chance.p,
    )
