"""How well do two scorings of one sleep agree? Kappa, accuracy and F1 from counts; what was not scored is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dreamloom.statistics.resampling import interval, resampled
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, FloatArray

BLOCK_S = 300.0
"""Stages last for minutes, so that epochs beside each other are no independent evidence: blocks of 5 min are drawn."""
ANSWERS = (*SCORED_STAGES, Stage.UNSCORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of a scoring with an expert's, on the epochs that the expert scored; UNSCORED is a wrong answer.

    Attributes:
        epochs: how many the expert scored.
        coverage: share of them that got a stage at all.
        kappa: Cohen's (1960); None where it is not defined (one stage alone), as every number is without epochs.
        kappa_ci: 95 % by drawing blocks of 5 min.
        macro_f1: mean over the stages that either scorer named.
        f1: per stage; None for a stage that neither named.
    """

    epochs: int
    coverage: float | None
    kappa: float | None
    kappa_ci: tuple[float, float] | None
    accuracy: float | None
    macro_f1: float | None
    f1: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Gain:
    """Kappa of one scoring above another's, paired: both from the same draws of the same blocks."""

    over: str
    kappa: float | None
    ci: tuple[float, float] | None


def block_counts(truth: Sequence[Stage | None], answers: Sequence[Stage]) -> FloatArray:
    """[block, 5, 6]: how often each stage of the expert got each answer (ANSWERS), 5 min after 5 min.

    Epochs without a truth are left out; truth and answers are of the same epochs.
    """
    per_block = int(BLOCK_S / EPOCH_S)
    counts = np.zeros((-(-len(truth) // per_block), len(SCORED_STAGES), len(ANSWERS)))
    for epoch, (true, answer) in enumerate(zip(truth, answers, strict=True)):
        if true is not None:
            counts[epoch // per_block, SCORED_STAGES.index(true), ANSWERS.index(answer)] += 1
    return counts[counts.any(axis=(1, 2))]


def agreement(counts: FloatArray, *, seed: int) -> Agreement:
    """From the counts of `block_counts`, of one record or several behind each other."""
    total = counts.sum(axis=0)
    epochs = int(total.sum())
    f1 = _f1(total)
    named = [value for value in f1.values() if value is not None]
    return Agreement(
        epochs=epochs,
        coverage=_share(total[:, :-1].sum(), epochs),
        kappa=_rounded(kappas(total[np.newaxis])[0]),
        kappa_ci=interval(kappas(resampled(counts, seed=seed))),
        accuracy=_share(np.trace(total[:, :-1]), epochs),
        macro_f1=_rounded(float(np.mean(named))) if named else None,
        f1=f1,
    )


def gain(ours: FloatArray, theirs: FloatArray, *, over: str, seed: int) -> Gain:
    """What `ours` is worth above `theirs`: counts of the same blocks."""
    whole = kappas(ours.sum(axis=0)[np.newaxis]) - kappas(theirs.sum(axis=0)[np.newaxis])
    drawn = kappas(resampled(ours, seed=seed)) - kappas(resampled(theirs, seed=seed))
    return Gain(over, _rounded(whole[0]), interval(drawn))


def kappas(counts: FloatArray) -> FloatArray:
    """Cohen's kappa of [..., 5, 6] counts; NaN where chance alone would agree everywhere."""
    total = counts.sum(axis=(-2, -1))
    hits = np.trace(counts[..., :-1], axis1=-2, axis2=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed = hits / total
        chance = (counts.sum(axis=-1) * counts.sum(axis=-2)[..., :-1]).sum(axis=-1) / total**2
        return np.where(chance < 1.0, (agreed - chance) / (1.0 - chance), np.nan)


def _f1(total: FloatArray) -> dict[str, float | None]:
    named = total.sum(axis=1) + total.sum(axis=0)[:-1]
    hits = 2.0 * np.diag(total[:, :-1])
    return {
        str(stage): _rounded(hits[place] / named[place]) if named[place] else None
        for place, stage in enumerate(SCORED_STAGES)
    }


def _share(part: float, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(value: float) -> float | None:
    return round(float(value), 4) + 0.0 if np.isfinite(value) else None
