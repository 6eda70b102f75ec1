"""Is a cue wanted now? The gate of one part against what the pod believes; shut gates say which clause shut them."""

from dreamloom.dreamscape.model import Gate
from dreamloom.pod.belief import shut_by_belief
from dreamloom.pod.signalled import is_seen
from dreamloom.pod.state import PodState
from dreamloom.record.events import WithheldReason
from dreamloom.vocabulary.units import NightTime


def shut_by(gate: Gate, state: PodState, now_s: NightTime, *, part: int) -> WithheldReason | None:
    """The first clause that does not hold, or None: the gate of this part is open.

    Opening takes the whole of stable_for; shutting takes one estimate. A gate with `close_below` opens and shuts with
    estimates alone: the state remembers which it is.
    """
    outside = _outside_window(gate, state, now_s)
    if outside is not None:
        return outside
    if gate.eye_signal is not None and not is_seen(gate.eye_signal, state.signalled_s, now_s):
        return shut_by_belief(gate, state.readings, now_s) or "EYE_SIGNAL"
    shut = shut_by_belief(gate, state.readings, now_s)
    if gate.close_below is None:
        return shut
    return None if state.parts[part].is_open else shut or "STABILITY"


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
