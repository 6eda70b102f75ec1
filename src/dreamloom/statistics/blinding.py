"""Could they tell? Bang's blinding index of one arm, with its interval, and how many must have heard what was real."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

Reading = Literal["blinded", "unblinded", "opposite", "uncertain"]
UNBLINDED = 0.2
"""From this index on an arm is commonly called unblinded, down to its negative blinded (Moroz et al., Trials, 2013)."""


class Answers(NamedTuple):
    """What the people of one arm answered: their own arm, another arm, don't know."""

    right: int
    wrong: int
    dont_know: int

    @property
    def total(self) -> int:
        return self.right + self.wrong + self.dont_know


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindingIndex:
    """Bang's index of one arm: 1 all told their arm, 0 as many guessed wrong as right, -1 all told the other arm.

    Bang, Ni and Davis, Controlled Clinical Trials 25, 2004.

    Attributes:
        index: (right - wrong) / total.
        ci: 95 % score interval of a difference of paired proportions (Tango, Statistics in Medicine 17, 1998), which
            stays honest for few people and where all say the same.
        ci_wald: 95 % by the variance of the 2004 paper, for comparison with published tables.
        reading: unblinded (or opposite) where the index reaches UNBLINDED and its interval is above (below) 0; blinded
            where the whole interval lies within UNBLINDED; uncertain otherwise, as with few people it mostly is.
    """

    answers: Answers
    index: float
    ci: tuple[float, float]
    ci_wald: tuple[float, float]
    reading: Reading


def blinding_index(answers: Answers, *, certainty: float = 0.95) -> BlindingIndex | None:
    """The index of one arm; None where nobody answered.

    Raises:
        ValueError: for a negative count.
    """
    if min(answers) < 0:
        raise ValueError(f"{answers} cannot have been counted.")
    if not answers.total:
        return None
    index = (answers.right - answers.wrong) / answers.total
    ci = _score_interval(answers, certainty)
    return BlindingIndex(
        answers=answers,
        index=_rounded(index),
        ci=ci,
        ci_wald=_wald_interval(answers, index, certainty),
        reading=_reading(index, ci),
    )


def _reading(index: float, ci: tuple[float, float]) -> Reading:
    if index >= UNBLINDED and ci[0] > 0:
        return "unblinded"
    if index <= -UNBLINDED and ci[1] < 0:
        return "opposite"
    return "blinded" if ci[0] > -UNBLINDED and ci[1] < UNBLINDED else "uncertain"


def _wald_interval(answers: Answers, index: float, certainty: float) -> tuple[float, float]:
    spoke = (answers.right + answers.wrong) / answers.total
    half = _z(certainty) * math.sqrt(max(0.0, spoke - index**2) / answers.total)
    return _rounded(max(-1.0, index - half)), _rounded(min(1.0, index + half))


def _score_interval(answers: Answers, certainty: float) -> tuple[float, float]:
    z, index = _z(certainty), (answers.right - answers.wrong) / answers.total
    low = -1.0 if index <= -1.0 else brentq(lambda at: _score(answers, at) - z, -1.0, index)
    high = 1.0 if index >= 1.0 else brentq(lambda at: _score(answers, at) + z, index, 1.0)
    return _rounded(low), _rounded(high)


def _score(answers: Answers, at: float) -> float:
    """Tango's statistic of the difference `at`: standard normal where it is the true one."""
    right, wrong, _ = answers
    n = answers.total
    b = -right - wrong + (2 * n - right + wrong) * at
    c = -wrong * at * (1.0 - at)
    restricted = (math.sqrt(max(0.0, b * b - 8.0 * n * c)) - b) / (4.0 * n)
    variance = n * (2.0 * restricted + at * (1.0 - at))
    gap = right - wrong - n * at
    if variance <= 1e-12:
        return 0.0 if abs(gap) < 1e-9 else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """How often what was played was called heard, beside decoys that never were.

    Attributes:
        heard: how many called the real one heard; expected: how many would by chance, given all they called heard.
        p: chance of so many or more if nobody could tell real from decoy; exact.
        decoys_heard: share of all decoys called heard: yes-saying.
    """

    people: int
    heard: int
    expected: float
    p: float
    decoys_heard: float


def recognition(sheets: Sequence[tuple[bool, Sequence[bool]]]) -> Recognition | None:
    """Each sheet is one person's: was the real one called heard, and which of the decoys; None without a sheet.

    Under the null the real one is any one of those on the sheet, so that it was called heard with the share of all
    that were: the sum over people is Poisson-binomial, and its upper tail is exact.
    """
    if not sheets:
        return None
    shares = [(real + sum(decoys)) / (1 + len(decoys)) for real, decoys in sheets]
    chance = np.array([1.0])
    for share in shares:
        chance = np.convolve(chance, [1.0 - share, share])
    heard = sum(real for real, _ in sheets)
    decoys = [called for _, each in sheets for called in each]
    return Recognition(
        people=len(sheets),
        heard=heard,
        expected=_rounded(sum(shares)),
        p=_rounded(min(1.0, float(chance[heard:].sum()))),
        decoys_heard=_rounded(sum(decoys) / len(decoys)) if decoys else 0.0,
    )


def _z(certainty: float) -> float:
    return float(ndtri((1.0 + certainty) / 2.0))


def _rounded(value: float) -> float:
    return round(float(value), 4) + 0.0
