"""Where does slow, keyed noise come from? Knots drawn one by one, joined so that any stretch can be made alone."""

from collections.abc import Callable

import numpy as np

from dreamloom.vocabulary.units import FloatArray

Chance = Callable[..., np.random.Generator]
"""A sleeper's own random streams: chance("spindle", 12) is the stream of that name and number."""

KNOTS = 32
"""How many knots are drawn at a time."""


def smooth_noise(chance: Chance, name: str, at_s: FloatArray, knot_s: float) -> FloatArray:
    """[n], standard normal at each of the rising times at_s, alike within knot_s, independent beyond twice that."""
    place = at_s / knot_s
    first, last = int(place[0] // KNOTS), int((place[-1] // 1 + 1) // KNOTS)
    knots = np.concatenate([chance(name, block).standard_normal(KNOTS) for block in range(first, last + 1)])
    before = np.floor(place).astype(np.intp) - first * KNOTS
    turn = (place % 1.0) * np.pi / 2.0
    joined: FloatArray = np.cos(turn) * knots[before] + np.sin(turn) * knots[before + 1]
    return joined
