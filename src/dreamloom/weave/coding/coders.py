"""How well do rules and people agree on the same reports? Kappa of two and alpha of all, category by category."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from dreamloom.statistics.nominal import alpha, kappa
from dreamloom.statistics.resampling import interval, resampled
from dreamloom.weave.coding.rules import CATEGORIES, Category, Code
from dreamloom.weave.words import Span, sentences_of

Coded = Mapping[str, Sequence[Code]]
"""By report, one coder's codes."""


class CodersAgree(Struct, frozen=True, kw_only=True):
    """How two or more coders agree on one category.

    Attributes:
        sentences: units that every coder judged: a sentence has the category, or has it not.
        kappa: Cohen's of the first two; None where it is not defined.
        kappa_ci: 95 %, by drawing whole reports.
        alpha: Krippendorff's of all.
        shares: how often each coder set it.
    """

    category: Category
    sentences: int
    kappa: float | None
    kappa_ci: tuple[float, float] | None
    alpha: float | None
    shares: tuple[float, ...]


def agreement(texts: Mapping[str, str], coders: Sequence[Coded], *, seed: int = 1) -> list[CodersAgree]:
    """Sentence by sentence, over the reports that every coder coded (a report without any code is coded too).

    Args:
        texts: of each report, by its name.
        coders: what each of them set; two at least, rules and people alike.
        seed: of the draws.
    """
    common = sorted(name for name in texts if all(name in each for each in coders))
    per_coder = [[(texts[name], each[name]) for name in common] for each in coders]
    return [_of_category(category, per_coder, seed=seed) for category in CATEGORIES]


def _of_category(
    category: Category, per_coder: Sequence[Sequence[tuple[str, Sequence[Code]]]], *, seed: int
) -> CodersAgree:
    per_report = [_judged(told[0][0], [codes for _, codes in told], category) for told in zip(*per_coder, strict=True)]
    whole = np.concatenate(per_report, axis=1) if per_report else np.zeros((len(per_coder), 0), dtype=np.int64)
    tables = np.array([_table(each) for each in per_report]) if per_report else np.zeros((0, 2, 2))
    drawn = np.array([kappa(each) for each in resampled(tables, seed=seed)])
    return CodersAgree(
        category=category,
        sentences=whole.shape[1],
        kappa=_known(kappa(_table(whole))),
        kappa_ci=interval(drawn),
        alpha=_known(alpha(whole)),
        shares=tuple(round(float(each), 4) for each in whole.mean(axis=1)) if whole.size else (),
    )


def _judged(text: str, codes: Sequence[Sequence[Code]], category: Category) -> np.ndarray:
    """[coder, sentence] 1 where the category stands in it."""
    sentences = list(sentences_of(text))
    found = np.zeros((len(codes), len(sentences)), dtype=np.int64)
    for coder, own in enumerate(codes):
        for place, sentence in enumerate(sentences):
            found[coder, place] = any(each.category == category and _inside(each, sentence) for each in own)
    return found


def _inside(code: Code, sentence: Span) -> bool:
    return code.start < sentence.end and sentence.start < code.end


def _table(judged: np.ndarray) -> np.ndarray:
    """[first coder, second coder] counts."""
    found = np.zeros((2, 2))
    np.add.at(found, (judged[0], judged[1]), 1.0)
    return found


def _known(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
