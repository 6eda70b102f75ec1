"""What did an expert say of each 30-s epoch? Stretches of stages laid on the epoch grid."""

from collections.abc import Sequence
from dataclasses import dataclass

from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, Seconds

LEAST_SAID_SHARE = 0.5
"""An epoch of which less than this was scored is left out of every comparison. Ours."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stage from onset_s on; UNSCORED where the scorer saw movement or did not say."""

    onset_s: Seconds
    duration_s: Seconds
    stage: Stage


def epoch_stages(stretches: Sequence[Stretch], count: int) -> list[Stage | None]:
    """The stage that fills most of each of `count` epochs, the earlier one of equals; None where too little was said.

    Stretches may lie anywhere and cut epochs: scorings every 5 s, or on a grid of their own, are counted by time.
    """
    said_s: list[dict[Stage, float]] = [{} for _ in range(count)]
    for stretch in sorted(stretches, key=lambda each: each.onset_s):
        end_s = stretch.onset_s + stretch.duration_s
        for epoch in range(max(0, int(stretch.onset_s // EPOCH_S)), min(count, int(-(-end_s // EPOCH_S)))):
            inside_s = min(end_s, (epoch + 1) * EPOCH_S) - max(stretch.onset_s, epoch * EPOCH_S)
            said_s[epoch][stretch.stage] = said_s[epoch].get(stretch.stage, 0.0) + inside_s
    return [_most(spans_s) for spans_s in said_s]


def _most(spans_s: dict[Stage, float]) -> Stage | None:
    scored_s = {stage: span_s for stage, span_s in spans_s.items() if stage in SCORED_STAGES}
    if sum(scored_s.values()) < LEAST_SAID_SHARE * EPOCH_S:
        return None
    return max(scored_s, key=lambda stage: scored_s[stage])
