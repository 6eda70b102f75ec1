"""Can every gate open, is it clear, and does it fall on seconds that a bed looks at?"""

from collections.abc import Iterator

from dreamloom.dreamscape import words
from dreamloom.dreamscape.findings import Noticed, gates_of, odd, wrong
from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.model import Dreamscape, parts_of
from dreamloom.dreamscape.part import Part
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage

LONGEST_STAGE_S = 5_400.0
"""Ours: nobody holds one stage without a break for longer than one sleep cycle of 90 min."""
TICK_S = 1.0
"""A bed looks at its gates at the end of every second of night time."""
LONGEST_NIGHT_S = 50_400.0
"""Ours: 14 h from lights off; a window beyond it never opens."""
SHORTEST_CYCLE_S = 3_000.0
"""Ours: no sleep cycle is shorter than 50 min."""


def gates(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """Stages and labels of parts, then every gate of the dreamscape."""
    for path, part in parts_of(dreamscape):
        yield from _staged(path, part)
        yield from _in_step(path, part)
    for path, gate in gates_of(dreamscape):
        yield from (wrong(path, text, "DL-E390") for text in _unreachable(gate))
        yield from (wrong(path, text, "DL-E391") for text in _unclear(gate))


def _in_step(path: str, part: Part) -> Iterator[Noticed]:
    """A spindle begins; only a slow oscillation has a trough of its own."""
    phase = part.phase
    if phase is None or phase.of == "slow oscillation":
        return
    if phase.of == "spindle" and phase.at_deg != 0.0:
        text = f"A spindle is met at its onset, not at {phase.at_deg:g} deg of its waves. Write at: 0 deg."
        yield wrong(f"{path}.phase.at", text, "DL-E339")
    if phase.trough_below_uv is not None:
        text = f"No trough comes before {words.a_wave(phase.of)}: only a slow oscillation has one. Remove trough_below."
        yield wrong(f"{path}.phase.trough_below", text, "DL-E339")


def _staged(path: str, part: Part) -> Iterator[Noticed]:
    if part.when.stage and part.label:
        text = "The part asks for a stage and is labelled unstaged. Remove one of them."
        yield wrong(f"{path}.label", text, "DL-E392")
    if not part.when.stage and not part.label:
        text = "The gate asks for no stage. Add stage: R, for example, or mark the part label: unstaged."
        yield wrong(f"{path}.when", text, "DL-E392")
    for number, other in enumerate(part.else_):
        if other.when.stage:
            text = f"A {other.pod} cannot tell stages, so this gate never opens. Use times only."
            yield wrong(f"{path}.else[{number}].when.stage", text, "DL-E390")
        elif other.pod in {earlier.pod for earlier in part.else_[:number]}:
            text = f"A {other.pod} has a fallback already, and the first one holds. Remove one of them."
            yield wrong(f"{path}.else[{number}].pod", text, "DL-E336")
    if part.when.stage and part.when.confidence is None:
        text = 'The gate trusts every estimate, however unsure. Add confidence: ">= 0.8", for example.'
        yield odd(f"{path}.when", text, "DL-E393")


def _unreachable(gate: Gate) -> Iterator[str]:
    """Why this gate can never open."""
    unknown = [stage for stage in gate.stage if stage not in SCORED_STAGES]
    if unknown:
        yield f"The stage {unknown[0]} is never scored. Known here: {', '.join(SCORED_STAGES)}."
    yield from _beyond_certainty(gate)
    stable_s = gate.stable_for_s or 0.0
    if stable_s > LONGEST_STAGE_S:
        yield (
            f"No stage holds for {words.duration(stable_s)} without a break; the longest is about "
            f"{words.duration(LONGEST_STAGE_S)}. Shorten stable_for."
        )
    yield from _outside_its_window(gate, stable_s)
    yield from _never_together(gate)


def _outside_its_window(gate: Gate, stable_s: float) -> Iterator[str]:
    needed_s = max(stable_s, gate.mean_confidence.over_s if gate.mean_confidence else 0.0)
    begins_s = max(gate.after_lights_off_s or 0.0, gate.after_sleep_onset_s or 0.0)
    if gate.for_s is not None and needed_s >= begins_s + gate.for_s and gate.stage:
        yield (
            f"The window ends {words.duration(begins_s + gate.for_s)} into the night, before "
            f"{words.duration(needed_s)} can have been seen. Lengthen for, or shorten stable_for or over_readings."
        )
    if begins_s >= LONGEST_NIGHT_S:
        yield f"It opens {words.duration(begins_s)} into the night; a night has {words.duration(LONGEST_NIGHT_S)}."
    earliest_s = ((gate.cycle.from_ if gate.cycle else 1) - 1) * SHORTEST_CYCLE_S
    if gate.for_s is not None and earliest_s > begins_s + gate.for_s:
        yield (
            f"Cycle {gate.cycle.from_ if gate.cycle else 1} begins {words.duration(earliest_s)} into the night at "
            f"the earliest; the window ends at {words.duration(begins_s + gate.for_s)}. Lengthen for."
        )


def _never_together(gate: Gate) -> Iterator[str]:
    """Clauses that exclude each other."""
    if gate.cycle and gate.cycle.to is not None and gate.cycle.to < gate.cycle.from_:
        yield f"No cycle is from {gate.cycle.from_} to {gate.cycle.to}. Write to: {gate.cycle.from_} or more."
    if gate.local_time and gate.local_time.from_ == gate.local_time.until:
        yield f"No time lies between {gate.local_time.from_} and {gate.local_time.until}. Change one of them."
    if gate.asleep_for_s is not None and gate.stage and set(gate.stage) == {Stage.W}:
        yield "Nobody is asleep for a while and awake at once. Take W or asleep_for out."
    if gate.quorum and not gate.quorum.in_:
        yield "The quorum is in no stage. Write in: R, for example."


def _beyond_certainty(gate: Gate) -> Iterator[str]:
    bound = gate.confidence
    if bound and (bound.value > 1.0 or (bound.operator == ">" and bound.value >= 1.0)):
        yield f"No confidence is {bound.operator} {bound.value:g}; it ends at 1. Write a bound below 1."
    if gate.mean_confidence and gate.mean_confidence.at_least > 1.0:
        yield f"No mean is at least {gate.mean_confidence.at_least:g}; it ends at 1. Write a bound below 1."


def _unclear(gate: Gate) -> Iterator[str]:
    """What this gate leaves open."""
    begins = gate.after_lights_off_s is not None or gate.after_sleep_onset_s is not None
    others = (gate.asleep_for_s, gate.eye_signal, gate.cycle, gate.local_time, gate.quorum)
    if gate.for_s is not None and not begins:
        yield "The window has a length but no beginning. Add after_lights_off or after_sleep_onset."
    if not gate.stage and not begins and all(other is None for other in others):
        yield "The gate has neither a stage nor a beginning. Add stage, after_lights_off or after_sleep_onset."
    yield from _never_closing_later(gate)
    clauses = {"confidence": gate.confidence, "mean_confidence": gate.mean_confidence, "stable_for": gate.stable_for_s}
    clauses |= {"close_below": gate.close_below}
    alone = [name for name, clause in clauses.items() if clause is not None and not gate.stage]
    if alone:
        yield f"{words.several(alone)} mean nothing without a stage. Add stage, or remove."


def _never_closing_later(gate: Gate) -> Iterator[str]:
    """A gate must close no higher than it opens, or it would be shut by what opened it."""
    if gate.close_below is None or not gate.stage:
        return
    if gate.confidence is None:
        yield 'The gate closes below a confidence and opens at any. Add confidence: ">= 0.8", or remove close_below.'
    elif gate.close_below > gate.confidence.value:
        yield (
            f"The gate opens at {gate.confidence.value:g} and closes below {gate.close_below:g}: what opens it would "
            f"close it. Write close_below: {gate.confidence.value:g} or less."
        )
    elif gate.close_below <= 0.0:
        yield "Nothing is below 0, so this gate would never close by itself. Write close_below: 0.5, for example."


def ticks(dreamscape: Dreamscape) -> Iterator[Noticed]:
    """A bed decides once a second; what falls between two seconds would be rounded, and nobody would know.

    A part that waits for the phase of a wave is decided sample by sample.
    """
    for path, part in parts_of(dreamscape):
        times = {"when.stable_for": part.when.stable_for_s, "when.for": part.when.for_s}
        if part.phase is None:
            times = {"every": part.every_s, "jitter": part.jitter_s, "refractory": part.refractory_s, **times}
        for name, time_s in times.items():
            if time_s is not None and time_s % TICK_S:
                text = (
                    f"{name.rpartition('.')[2]} is {words.duration(time_s)}, and a bed decides once a second. "
                    f"Write {words.duration(max(TICK_S, round(time_s)))}."
                )
                yield wrong(f"{path}.{name}", text, "DL-E361")
