"""Are two beds' signals too alike to be two people's? Found from how large each second was, never from samples."""

from collections.abc import Mapping

import numpy as np

from dreamloom.guardian.bed import Guarded, valued
from dreamloom.guardian.signs import OUTLINED_S
from dreamloom.vocabulary.units import FloatArray

LEAST_SECONDS = 90
"""Of the two minutes; with fewer that both know nothing is said. Ours."""
NEW = "likeness"


def compared(beds: Mapping[str, Guarded]) -> dict[str, Guarded]:
    """Each bed with its likeness to the one it is most like: 0.9 and more is no chance.

    Ranks are compared, so that one movement of both does not make them alike. Of two people's independent seconds the
    correlation of so many ranks keeps within 0.3 in 999 of 1000 pairs (its standard error is 1/sqrt(n - 1)); even where
    neighbouring seconds hang together so that a fifth of them is worth counting, 0.9 lies four such errors away.
    Beds that say they are fed from one and the same source are not compared: somebody meant it so.
    """
    pods = sorted(beds)
    if not any(NEW in beds[pod].news for pod in pods):
        return dict(beds)
    ranks = {pod: _ranks(beds[pod]) for pod in pods}
    told = dict(beds)
    for pod in pods:
        if NEW in beds[pod].news:
            found = [_alike(ranks[pod], ranks[other]) for other in pods if _may_compare(beds, pod, other)]
            told[pod] = valued(beds[pod], NEW, max(found, default=0.0), "")
    return told


def _may_compare(beds: Mapping[str, Guarded], pod: str, other: str) -> bool:
    return pod != other and beds[pod].source != beds[other].source


def _ranks(bed: Guarded) -> dict[int, float]:
    return bed.outline if len(bed.outline) >= LEAST_SECONDS else {}


def _alike(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    both = sorted(one.keys() & other.keys())[-OUTLINED_S:]
    if len(both) < LEAST_SECONDS:
        return 0.0
    a, b = _ranked([one[second] for second in both]), _ranked([other[second] for second in both])
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return round(float(a @ b) / norm, 3) if norm > 0.0 else 0.0


def _ranked(values: list[float]) -> FloatArray:
    """Mean ranks, centred: equal values share theirs."""
    sizes = np.asarray(values)
    _, place, count = np.unique(sizes, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2.0
    return np.asarray(ranks[place] - (len(sizes) + 1) / 2.0)
