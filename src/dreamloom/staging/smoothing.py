"""What is left of an estimate once chance is taken out? A running mean of logits over the hops, of the past alone."""

from dataclasses import dataclass

import numpy as np

from dreamloom.staging.manner import Manner
from dreamloom.vocabulary.units import FloatArray

LEAST = 1e-4
"""Below what events tell of a probability, nothing counts as less likely."""


@dataclass(frozen=True, slots=True)
class Smoothed:
    """[5] logits and the probabilities they stand for, up to the window that ends at end_s."""

    end_s: int
    logits: FloatArray
    probabilities: FloatArray


def smooth(before: Smoothed | None, fresh: FloatArray, *, end_s: int, manner: Manner) -> Smoothed:
    """Takes the probabilities of the window that ends at end_s; one that does not follow begins anew."""
    if not manner.half_life_s:
        return Smoothed(end_s, fresh, fresh)
    logits = np.log(np.maximum(fresh, LEAST))
    if before is not None and end_s - before.end_s == manner.every_s:
        share = 0.5 ** (manner.every_s / manner.half_life_s)
        logits = share * before.logits + (1.0 - share) * logits
    likely = np.exp(logits - logits.max())
    return Smoothed(end_s, logits, likely / likely.sum())
