"""What is left of several answers to one question? Holm's correction, and e-values that may be averaged."""

import math
from collections.abc import Sequence

import numpy as np


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p of each, in the same order (Holm, Scandinavian Journal of Statistics 6, 1979)."""
    order = sorted(range(len(ps)), key=lambda at: ps[at])
    found = [1.0] * len(ps)
    worst = 0.0
    for rank, at in enumerate(order):
        worst = max(worst, min(1.0, (len(ps) - rank) * ps[at]))
        found[at] = round(worst, 5)
    return found


def e_value(p: float) -> float:
    """The e-value of a p: the mixture of all calibrators k p^(k - 1) (Vovk & Wang, Annals of Statistics 49, 2021)."""
    if p >= 1.0:
        return 0.5
    log = math.log(max(p, 1e-12))
    bounded = math.exp(log)
    return (1.0 - bounded + bounded * log) / (bounded * log * log)


def averaged(ps: Sequence[float]) -> tuple[float, float]:
    """The mean e-value and 1 / it as a p: valid however the answers hang together, as nights on one baseline do."""
    mean = float(np.mean([e_value(p) for p in ps]))
    return round(mean, 4), round(min(1.0, 1.0 / mean), 5) if mean > 0 else 1.0
