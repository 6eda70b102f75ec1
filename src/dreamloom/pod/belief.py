"""Do a pod's latest beliefs satisfy the clauses of a gate on stages, and does a gate that is open stay open?"""

from collections.abc import Sequence
from dataclasses import dataclass

from dreamloom.dreamscape.model import Gate, MeanConfidence
from dreamloom.record.events import WithheldReason
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime, to_four_places


@dataclass(frozen=True, slots=True)
class Reading:
    """One stage estimate as gates look at it."""

    window_end_s: NightTime
    stage: Stage
    confidence: float
    probabilities: dict[str, float]
    event_id: str


def is_open_after(gate: Gate, readings: Sequence[Reading], *, was_open: bool) -> bool:
    """Whether the clauses on stages are open once the newest of these readings is known, oldest first.

    Opening takes every clause. Where the author wrote `close_below`, staying open takes less: the newest estimate is
    neither UNSCORED nor a waking the gate does not ask for, and gives its stages at least so much together.
    """
    if shut_by_belief(gate, readings, readings[-1].window_end_s) is None:
        return True
    return was_open and gate.close_below is not None and _stays(gate, readings[-1], gate.close_below)


def _stays(gate: Gate, newest: Reading, close_below: float) -> bool:
    ended = newest.stage is Stage.UNSCORED or (newest.stage is Stage.W and Stage.W not in gate.stage)
    return not ended and certainty(gate, newest) >= close_below


def shut_by_belief(gate: Gate, readings: Sequence[Reading], now_s: NightTime) -> WithheldReason | None:
    """The same for the clauses on stages alone: what the pod came to believe, oldest first."""
    if not gate.stage:
        return None
    return _wrong_stage(gate, readings) or _unsettled(gate, readings, now_s)


def _wrong_stage(gate: Gate, readings: Sequence[Reading]) -> WithheldReason | None:
    if not readings or readings[-1].stage is Stage.UNSCORED:
        return "UNSCORED"
    if readings[-1].stage not in gate.stage:
        return "STAGE"
    return None if _is_sure(gate, readings[-1]) else "CONFIDENCE"


def _unsettled(gate: Gate, readings: Sequence[Reading], now_s: NightTime) -> WithheldReason | None:
    if gate.stable_for_s is not None and now_s - _stable_since(gate, readings) < gate.stable_for_s:
        return "STABILITY"
    if gate.mean_confidence is None:
        return None
    return None if _mean_holds(gate.mean_confidence, gate, readings, now_s) else "CONFIDENCE"


def _stable_since(gate: Gate, readings: Sequence[Reading]) -> NightTime:
    """End of the first window of the unbroken run of lawful estimates that reaches to the newest."""
    since_s = readings[-1].window_end_s
    for reading in reversed(readings):
        if reading.stage not in gate.stage or not _is_sure(gate, reading):
            break
        since_s = reading.window_end_s
    return since_s


def _is_sure(gate: Gate, reading: Reading) -> bool:
    return gate.confidence is None or gate.confidence.holds(certainty(gate, reading))


def certainty(gate: Gate, reading: Reading) -> float:
    """The probability the estimate gives to the gate's stages together."""
    return to_four_places(sum(reading.probabilities.get(str(stage), 0.0) for stage in gate.stage))


def _mean_holds(mean: MeanConfidence, gate: Gate, readings: Sequence[Reading], now_s: NightTime) -> bool:
    """Readings are taken at now, now - every, …; each sees the newest estimate of its moment."""
    moments_s = [now_s - k * mean.reading_every_s for k in range(mean.over_readings)]
    if readings[0].window_end_s > moments_s[-1]:
        return False
    total, newest = 0.0, len(readings) - 1
    for moment_s in moments_s:
        while readings[newest].window_end_s > moment_s:
            newest -= 1
        total += certainty(gate, readings[newest])
    return to_four_places(total / mean.over_readings) >= mean.at_least
