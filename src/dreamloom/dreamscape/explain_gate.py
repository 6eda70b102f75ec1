"""How is a gate said to a person?"""

from dreamloom.dreamscape import words
from dreamloom.dreamscape.gate import Cycles, EyeSignal, Gate, LocalTime, Quorum


def gate(when: Gate) -> str:
    """Every clause of a gate as one phrase: in REM sleep with …, and from 30 min after lights off on."""
    said = (
        *(_in_stage(when), _on_average(when), _asleep(when), eye_signal(when.eye_signal), _cycle(when.cycle)),
        *(_not_before(when), local_time(when.local_time), quorum(when.quorum)),
    )
    clauses = [clause for clause in said if clause]
    return words.several(clauses) if clauses else "all night"


def eye_signal(signal: EyeSignal | None, *, owner: str = "") -> str:
    """After left-right-left-right was seen twice within 30 s."""
    if signal is None:
        return ""
    within = f" within {words.duration(signal.within_s)}" if signal.within_s else ""
    return f"after {owner}left-right-left-right was seen {words.times(signal.times)}{within}"


def quorum(count: Quorum | None) -> str:
    """While at least 3 of circle are in REM sleep together for 1 min."""
    if count is None:
        return ""
    of = count.of.removeprefix("all of ").removeprefix("each of ")
    stage = words.stages(count.in_)
    return f"while at least {count.at_least} of {of} are in {stage} together for {words.duration(count.for_s)}"


def local_time(clock: LocalTime | None) -> str:
    """Between 03:00 and 06:30 where the sleeper lies."""
    if clock is None:
        return ""
    if clock.until is None:
        return f"from {clock.from_} on where the sleeper lies"
    return f"between {clock.from_} and {clock.until} where the sleeper lies"


def _cycle(cycle: Cycles | None) -> str:
    if cycle is None:
        return ""
    if cycle.to is None:
        return f"from sleep cycle {cycle.from_} on"
    return f"in sleep cycle {cycle.from_}" + (f" to {cycle.to}" if cycle.to > cycle.from_ else "")


def _asleep(when: Gate) -> str:
    return f"once asleep for {words.duration(when.asleep_for_s)}" if when.asleep_for_s else ""


def _in_stage(when: Gate) -> str:
    clause = f"in {words.stages(when.stage)}" if when.stage else ""
    if when.confidence:
        bound = "at least" if when.confidence.operator == ">=" else "more than"
        clause += f"{' ' if clause else ''}with a confidence of {bound} {when.confidence.value:g}"
    if when.stable_for_s:
        clause += f"{' ' if clause else ''}that has held for {words.duration(when.stable_for_s)}"
    if when.close_below is not None:
        clause += f" (once open, until it falls below {when.close_below:g})"
    return clause


def _on_average(when: Gate) -> str:
    mean = when.mean_confidence
    if mean is None:
        return ""
    return (
        f"while the mean probability over {mean.over_readings} readings, one every "
        f"{words.duration(mean.reading_every_s)}, is at least {mean.at_least:g}"
    )


def _not_before(when: Gate) -> str:
    begins = []
    if when.after_lights_off_s is not None:
        begins.append(_after(when.after_lights_off_s, "lights off"))
    if when.after_sleep_onset_s is not None:
        begins.append(_after(when.after_sleep_onset_s, "sleep onset"))
    window = f", for {words.duration(when.for_s)}" if when.for_s else ""
    return words.several(begins) + window if begins else window.removeprefix(", ")


def _after(seconds: float, event: str) -> str:
    return f"from {words.duration(seconds)} after {event} on" if seconds else f"from {event} on"
