"""Do several people put things into the same classes? Cohen's kappa of two, Krippendorff's alpha of any number."""

import numpy as np
import numpy.typing as npt

from dreamloom.vocabulary.units import FloatArray

MISSING = -1


def kappa(counts: FloatArray) -> float:
    """Cohen's kappa of [first, second] counts (Educ. Psychol. Measurement 20, 1960); NaN if undefined."""
    total = counts.sum()
    if not total:
        return float("nan")
    agreed = np.trace(counts) / total
    chance = float((counts.sum(axis=0) * counts.sum(axis=1)).sum() / total**2)
    return float((agreed - chance) / (1.0 - chance)) if chance < 1.0 else float("nan")


def alpha(judged: npt.NDArray[np.int64]) -> float:
    """Krippendorff's alpha for classes, of [coder, unit] numbers from 0 on; MISSING where a coder was silent.

    Krippendorff, Content Analysis, 2004, chapter 11. NaN where only one class was ever used.
    """
    classes = int(judged.max(initial=0)) + 1
    per_unit = np.stack([(judged == each).sum(axis=0) for each in range(classes)], axis=1).astype(np.float64)
    said = per_unit.sum(axis=1)
    per_unit, said = per_unit[said > 1], said[said > 1]
    total = per_unit.sum()
    if not total:
        return float("nan")
    differ = ((said**2 - (per_unit**2).sum(axis=1)) / (said - 1.0)).sum() / total
    often = per_unit.sum(axis=0)
    expected = (total**2 - (often**2).sum()) / (total * (total - 1.0))
    return float(1.0 - differ / expected) if expected > 0 else float("nan")
