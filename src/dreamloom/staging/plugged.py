"""What does somebody else's stager say of the window that ends now? Asked with the recent past alone, judged, named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from dreamloom.signals.blocks import GridSecond
from dreamloom.staging.track import CONTEXT_S, WINDOW_S, Montage, StageEstimate
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import FloatArray, NightTime, to_four_places

SUM_WITHIN = 0.001
"""Probabilities add up to 1 as nearly as this: a single-precision softmax does, a vote or a logit does not. Ours."""
SLOW = "its answer took longer than a second"
TOLD_EACH_TIME = frozenset({SLOW})
"""No signal shows these again: whoever decides a night anew has to know each of them."""
LONGEST_CONTEXT_S = CONTEXT_S
"""What a resumed night has stored and warms its tracks with: nobody's memory reaches farther."""


class Answer(NamedTuple):
    """Five probabilities in the order of SCORED_STAGES; or none, and why."""

    probabilities: tuple[float, ...]
    why: str = ""


Ask = Callable[[FloatArray, NightTime], Answer]
"""[channel, sample] in microvolts, up to the end of the window, and when that is."""


@dataclass(frozen=True, slots=True)
class Plugged:
    """A plug-in at one bed, and the seconds it will be asked with.

    Attributes:
        places: the channels it is given, in the order of the montage.
        warmup_s: it is not asked before so many seconds in a row are there.
        kept: index and [channel, sample] of each.
        why: what was last told of its failing; "" while it answers.
    """

    ask: Ask
    places: tuple[int, ...]
    warmup_s: int
    context_s: int
    kept: tuple[tuple[int, FloatArray], ...] = ()
    why: str = ""


def start(ask: Ask, chosen: Montage, *, warmup_s: float, context_s: float) -> Plugged:
    """A plug-in that has seen nothing; never asked with less than one window, or more than what a night keeps."""
    reach_s = round(min(max(context_s, WINDOW_S), LONGEST_CONTEXT_S))
    return Plugged(ask, chosen.indices, round(min(max(warmup_s, WINDOW_S), reach_s)), reach_s)


def step(state: Plugged, second: GridSecond, estimates: Sequence[StageEstimate]) -> tuple[Plugged, list[StageEstimate]]:
    """Takes a second and what the live track told at its end: where that is a stage, the plug-in's takes its place.

    A window of which too little is good stays UNSCORED, and nobody is asked.
    """
    follows = not state.kept or second.index == state.kept[-1][0] + 1
    before = state.kept[-(state.context_s - 1) :] if follows else ()
    state = replace(state, kept=(*before, (second.index, second.samples_uv[:, list(state.places)].T)))
    told = []
    for estimate in estimates:
        if estimate.probabilities:
            answer = _answer(state, estimate)
            state = replace(state, why=answer.why)
            told.append(_as_told(estimate, answer))
        else:
            told.append(estimate)
    return state, told


def judged(raw: npt.ArrayLike) -> Answer:
    """What was answered, if it is five probabilities; else what is wrong with it."""
    try:
        found = np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError):
        return Answer((), f"it answered {type(raw).__name__}, no numbers")
    if found.shape != (len(SCORED_STAGES),):
        return Answer((), f"it answered the shape {found.shape}, not ({len(SCORED_STAGES)},)")
    if not np.isfinite(found).all():
        return Answer((), "it answered NaN or infinity")
    if found.min() < 0.0 or abs(found.sum() - 1.0) > SUM_WITHIN:
        return Answer((), f"its probabilities add up to {found.sum():.4g}, the least is {found.min():.4g}")
    return Answer(tuple(to_four_places(p) for p in (found / found.sum()).tolist()))


def _answer(state: Plugged, estimate: StageEstimate) -> Answer:
    if len(state.kept) < state.warmup_s:
        return Answer((), "")
    return state.ask(np.concatenate([samples for _, samples in state.kept], axis=1), estimate.window_end_s)


def _as_told(estimate: StageEstimate, answer: Answer) -> StageEstimate:
    confidence = max(answer.probabilities, default=0.0)
    stage = SCORED_STAGES[answer.probabilities.index(confidence)] if answer.probabilities else Stage.UNSCORED
    return msgspec.structs.replace(estimate, stage=stage, confidence=confidence, probabilities=answer.probabilities)
