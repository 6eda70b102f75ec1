"""Where does slow, keyed noise come from? Knots drawn one by one, joined so that any stretch can be made alone."""

from collections.abc import Callable

import numpy as np

from dreamloom.vocabulary.units import FloatArray

Chance = Callable[..., np.random.Generator]
"""A sleeper's own random streams: chance("spindle", 12) is the stream of that name and number."""


def smooth_noise(chance: Chance, name: str, at_s: FloatArray, knot_s: float) -> FloatArray:
    """[n], standard normal at each of the rising times at_s, alike within knot_s, independent beyond twice that."""
    place = at_s / knot_s
    first = int(place[0] // 1)
    knots = np.array([chance(name, knot).standard_normal() for knot in range(first, int(place[-1] // 1) + 2)])
    before = np.floor(place).astype(np.intp) - first
    turn = (place % 1.0) * np.pi / 2.0
    joined: FloatArray = np.cos(turn) * knots[before] + np.sin(turn) * knots[before + 1]
    return joined
