"""How right was a detector of eye signals? Recall, precision, false ones an hour by stage, latency, and the trade."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from dreamloom.vocabulary.stages import SCORED_STAGES, Stage

NEAR_S = 1.5
"""A signal is found when the found one overlaps it, give or take this much."""
GIVEN_TWICE_S = 15.0
"""Two true signals no further apart are one that was given twice."""
CONFIDENCES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


class Found(NamedTuple):
    """A signal as a detector saw it; `known_s` is when it could say so."""

    onset_s: float
    end_s: float
    known_s: float
    status: Literal["candidate", "confirmed"]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What is left above one confidence: of single signals, and of those given twice."""

    confidence: float
    recall: float | None
    false_per_h: float | None
    twice_recall: float | None
    twice_false_per_h: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorFigures:
    """One detector.

    Attributes:
        signals: single signals it found.
        recall: share of the true ones it found; None where nobody said which are true.
        precision: share of what it found that is true.
        false_per_h: single ones that are none, an hour of each stage; None for a stage that did not occur.
        false_per_h_in_all: the same over the whole recording.
        twice: how many signals given twice it found; twice_false of them are none.
        given_twice: how many were truly given twice or more in a row; None where nobody said.
        twice_recall: share of those it found.
        twice_false_per_h: those an hour of the whole recording; by stage in twice_false_per_h_by_stage.
        latency_s: median time from the last look home until it could say so; latency_worst_s the longest.
        roc: what is left above each confidence; empty for a detector that tells none.
    """

    name: str
    ours: bool
    signals: int
    recall: float | None
    precision: float | None
    false_per_h: dict[str, float | None]
    false_per_h_in_all: float | None
    twice: int
    twice_false: int
    given_twice: int | None
    twice_recall: float | None
    twice_false_per_h: float | None
    twice_false_per_h_by_stage: dict[str, float | None]
    latency_s: float | None
    latency_worst_s: float | None
    roc: tuple[Trade, ...]


Night = tuple[Sequence[Found], Sequence[tuple[float, float]], Sequence[Stage | None]]
"""What was found, (onset, end) of what is true, and the stage of each second."""


def figures(name: str, nights: Sequence[Night], *, ours: bool, known: bool) -> DetectorFigures:
    """Over all nights together; where nothing is known to be true, everything found is false."""
    hours = sum(len(stages) for _, _, stages in nights) / 3600.0
    singles = [_judged(night, "candidate") for night in nights]
    twice = [_judged(night, "confirmed") for night in nights]
    false = [(at_s, night) for (_, wrong, _), night in zip(singles, nights, strict=True) for at_s in wrong]
    twice_false = [(at_s, night) for (_, wrong, _), night in zip(twice, nights, strict=True) for at_s in wrong]
    hits = sum(len(right) for right, _, _ in singles)
    count = sum(len(right) + len(wrong) for right, wrong, _ in singles)
    true = sum(len(truths) for _, truths, _ in nights)
    given = sum(len(_given_twice(truths)) for _, truths, _ in nights)
    late_s = [each for _, _, late in singles for each in late]
    return DetectorFigures(
        name=name,
        ours=ours,
        signals=count,
        recall=_share(hits, true) if known else None,
        precision=_share(hits, count) if known else None,
        false_per_h=_by_stage(false, nights),
        false_per_h_in_all=_share(len(false), hours),
        twice=sum(len(right) + len(wrong) for right, wrong, _ in twice),
        twice_false=len(twice_false),
        given_twice=given if known else None,
        twice_recall=_share(_found_twice(nights, 0.0), given) if known else None,
        twice_false_per_h=_share(len(twice_false), hours),
        twice_false_per_h_by_stage=_by_stage(twice_false, nights),
        latency_s=round(float(np.median(late_s)), 2) if late_s else None,
        latency_worst_s=round(max(late_s), 2) if late_s else None,
        roc=_trades(nights, hours, true, known=known) if ours else (),
    )


def _judged(night: Night, status: str, least: float = 0.0) -> tuple[list[float], list[float], list[float]]:
    """Onsets of the true signals that were found, onsets of found ones that are none, and how late each was known."""
    found, truths, _ = night
    right: dict[float, float] = {}
    wrong: list[float] = []
    for each in (f for f in found if f.status == status and f.confidence >= least):
        meant = [t for t in truths if each.onset_s < t[1] + NEAR_S and t[0] - NEAR_S < each.end_s]
        if len(meant) >= (2 if status == "confirmed" else 1):
            true = meant[-1] if status == "confirmed" else max(meant, key=lambda t: _shared_s(each, t))
            right.setdefault(true[0], each.known_s - true[1])
        else:
            wrong.append(each.onset_s)
    return list(right), wrong, list(right.values())


def _shared_s(found: Found, true: tuple[float, float]) -> float:
    """How long both last together; of two true signals soon after each other a found one is that which it covers."""
    return min(found.end_s, true[1]) - max(found.onset_s, true[0])


def _given_twice(truths: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """(first onset, last end) of every run of true signals in which one follows the other at once."""
    runs: list[list[tuple[float, float]]] = []
    for each in sorted(truths):
        follows = bool(runs) and each[0] - runs[-1][-1][1] <= GIVEN_TWICE_S
        runs = [*runs[:-1], [*runs[-1], each]] if follows else [*runs, [each]]
    return [(run[0][0], run[-1][1]) for run in runs if len(run) > 1]


def _found_twice(nights: Sequence[Night], least: float) -> int:
    """How many of the signals given twice were seen as such."""
    return sum(
        any(began_s <= at_s <= ended_s for at_s in _judged(night, "confirmed", least)[0])
        for night in nights
        for began_s, ended_s in _given_twice(night[1])
    )


def _by_stage(false: Sequence[tuple[float, Night]], nights: Sequence[Night]) -> dict[str, float | None]:
    counts = {stage: sum(list(stages).count(stage) for _, _, stages in nights) for stage in SCORED_STAGES}
    at = [night[2][min(int(at_s), len(night[2]) - 1)] for at_s, night in false]
    return {str(stage): _share(at.count(stage), seconds / 3600.0) for stage, seconds in counts.items()}


def _trades(nights: Sequence[Night], hours: float, true: int, *, known: bool) -> tuple[Trade, ...]:
    told = []
    given = sum(len(_given_twice(truths)) for _, truths, _ in nights)
    for least in CONFIDENCES:
        judged = [_judged(night, "candidate", least) for night in nights]
        hits, false = (sum(len(each[k]) for each in judged) for k in (0, 1))
        recall = _share(hits, true) if known else None
        twice_false = sum(len(_judged(night, "confirmed", least)[1]) for night in nights)
        told.append(
            Trade(
                confidence=least,
                recall=recall,
                false_per_h=_share(false, hours),
                twice_recall=_share(_found_twice(nights, least), given) if known else None,
                twice_false_per_h=_share(twice_false, hours),
            )
        )
    return tuple(told)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole > 0 else None
