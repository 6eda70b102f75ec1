"""Is a cue wanted now? The gate of one part against what the pod believes; shut gates say which clause shut them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dreamloom.dreamscape.gate import Cycles, LocalTime
from dreamloom.dreamscape.model import Gate
from dreamloom.dreamscape.signalled import is_seen
from dreamloom.pod import cycles
from dreamloom.pod.belief import shut_by_belief
from dreamloom.pod.state import PodState
from dreamloom.pod.wall import Stretch, is_within
from dreamloom.record.events import WithheldReason
from dreamloom.vocabulary.units import NightTime

Wall = Mapping[LocalTime, Sequence[Stretch]]
NO_WALL: Wall = MappingProxyType({})
"""Where no time on the wall was found, a clause on it never holds."""


def shut_by(
    gate: Gate, state: PodState, now_s: NightTime, *, part: int | None = None, wall: Wall = NO_WALL
) -> WithheldReason | None:
    """The first clause that does not hold, or None: the gate is open, of this part or of none.

    Opening takes the whole of stable_for; shutting takes one estimate. A gate with `close_below` opens and shuts with
    estimates alone: the state remembers which it is.
    """
    outside = _outside_window(gate, state, now_s) or _outside_time(gate, state, now_s, wall)
    if outside is not None:
        return outside
    if gate.quorum is not None and gate.quorum not in state.quorums:
        return shut_by_belief(gate, state.readings, now_s) or "QUORUM"
    if gate.eye_signal is not None and not is_seen(gate.eye_signal, state.signalled_s, now_s):
        return shut_by_belief(gate, state.readings, now_s) or "EYE_SIGNAL"
    shut = shut_by_belief(gate, state.readings, now_s)
    if gate.close_below is None or part is None:
        return shut
    return None if state.memory(part).is_open else shut or "STABILITY"


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


def _outside_time(gate: Gate, state: PodState, now_s: NightTime, wall: Wall) -> WithheldReason | None:
    """The clauses on the clock on the wall, on sleep cycles and on how long ago somebody fell asleep."""
    if gate.local_time is not None and not is_within(wall.get(gate.local_time, ()), now_s):
        return "LOCAL_TIME"
    if gate.cycle is not None and not _is_in(gate.cycle, cycle_of(state, now_s)):
        return "CYCLE"
    if gate.asleep_for_s is None:
        return None
    since_s = state.sleep_onset_s if state.unstageable else state.asleep_since_s
    return None if since_s is not None and now_s - since_s >= gate.asleep_for_s else "ASLEEP_FOR"


def _is_in(asked: Cycles, number: int) -> bool:
    return number >= asked.from_ and (asked.to is None or number <= asked.to)


def cycle_of(state: PodState, now_s: NightTime) -> int:
    """The number of the sleep cycle that goes on; 0 before sleep. By the clock where no stage is ever told."""
    if state.unstageable:
        since_s = state.lights_off_s if state.sleep_onset_s is None else state.sleep_onset_s
        return 0 if since_s is None else cycles.by_the_clock(now_s - since_s)
    return 0 if state.sleep_onset_s is None else state.rem_periods.ended + 1
