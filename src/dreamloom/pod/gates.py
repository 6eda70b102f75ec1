"""Is a cue wanted now? The gate of one part against what the pod believes; shut gates say which clause shut them."""

from collections.abc import Sequence

from dreamloom.dreamscape.model import Gate, MeanConfidence
from dreamloom.pod.state import PodState, Reading
from dreamloom.record.events import WithheldReason
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime, to_four_places


def shut_by(gate: Gate, state: PodState, now_s: NightTime) -> WithheldReason | None:
    """The first clause that does not hold, or None: the gate is open.

    Opening takes the whole of stable_for; shutting takes one estimate.
    """
    outside = _outside_window(gate, state, now_s)
    if outside is not None:
        return outside
    return shut_by_belief(gate, state.readings, now_s)


def shut_by_belief(gate: Gate, readings: Sequence[Reading], now_s: NightTime) -> WithheldReason | None:
    """The same for the clauses on stages alone: what the pod came to believe, oldest first."""
    if not gate.stage:
        return None
    return _wrong_stage(gate, readings) or _unsettled(gate, readings, now_s)


def _outside_window(gate: Gate, state: PodState, now_s: NightTime) -> WithheldReason | None:
    """The clauses on time; the window begins when the last of them is reached."""
    begins_s = float("-inf")
    for after_s, since_s in (
        (gate.after_lights_off_s, state.lights_off_s),
        (gate.after_sleep_onset_s, state.sleep_onset_s),
    ):
        if after_s is None:
            continue
        if since_s is None:
            return "BEFORE_LIGHTS_OFF" if since_s is state.lights_off_s else "OUTSIDE_WINDOW"
        begins_s = max(begins_s, since_s + after_s)
    over = gate.for_s is not None and now_s >= begins_s + gate.for_s
    return "OUTSIDE_WINDOW" if now_s < begins_s or over else None


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
