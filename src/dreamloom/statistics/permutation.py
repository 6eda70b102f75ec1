"""Could chance have done it? Units that are exchangeable under chance change places, again and again."""

from collections.abc import Callable, Sequence
from math import factorial, prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

IntArray = npt.NDArray[np.int64]
DRAWS = 2000


class Chance(NamedTuple):
    """How often chance came as far.

    Attributes:
        p: share of the arrangements, the one that was counted in, at least as large; None where there is only that one.
        arrangements: how many there are at all; p is never below one in so many.
        drawn: what the drawn ones came to.
    """

    p: float | None
    arrangements: int
    drawn: FloatArray


def permuted(
    value: Callable[[IntArray], FloatArray],
    classes: Sequence[Sequence[int]],
    *,
    units: int,
    seed: int,
    draws: int = DRAWS,
) -> Chance:
    """A one-sided permutation test (Phipson & Smyth, 2010: the arrangement that happened counts as one).

    Args:
        value: [n] statistics of [n, units] arrangements, each of which says which unit lies at each place.
        classes: units that may change places with each other, and with no other one.
        units: how many there are.
        seed: of the draws.
        draws: how many arrangements to try.
    """
    arrangements = prod(factorial(len(members)) for members in classes)
    if arrangements == 1:
        return Chance(None, 1, np.empty(0))
    drawn = value(_arranged(classes, units, draws, stream(seed, "permutation", units)))
    seen = float(value(np.arange(units)[np.newaxis])[0])
    as_far = int((drawn >= seen - 1e-12).sum())
    return Chance(round((1 + as_far) / (1 + draws), 4), arrangements, drawn)


def _arranged(classes: Sequence[Sequence[int]], units: int, draws: int, chance: np.random.Generator) -> IntArray:
    """[draw, place] units, each class among its own places."""
    order = np.tile(np.arange(units), (draws, 1))
    for members in classes:
        order[:, list(members)] = chance.permuted(order[:, list(members)], axis=1)
    return order
