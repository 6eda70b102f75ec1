"""What should be known before a night of parts in step with a wave? Where they stay silent, what is guessed."""

import shlex
from collections.abc import Mapping

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.obeyed import obeyed_parts
from dreamloom.rhythm.supposed import PER_MINUTE


def parts_in_step(dreamscape: Dreamscape) -> tuple[int, ...]:
    """Numbers of the parts that play and wait for a wave."""
    return tuple(number for number in obeyed_parts(dreamscape) if dreamscape.parts[number].phase is not None)


def measure_first(dreamscape: Dreamscape) -> list[str]:
    """Before anybody has chosen an output: without a measurement such a part plays on none that is real."""
    return [
        f'Part {number + 1} plays "{dreamscape.parts[number].play}" in step with a wave: on a real output it stays '
        "silent until its delay was measured: dreamloom latency-check DEVICE."
        for number in parts_in_step(dreamscape)
    ]


def unmeasured(dreamscape: Dreamscape, outputs: Mapping[str, str]) -> list[str]:
    """For each bed, by name, whose output nobody measured: which parts will play nothing there, and the remedy."""
    return [
        f'Bed {bed}: no cue of part {number + 1} ("{dreamscape.parts[number].play}") will sound tonight: it waits '
        f"for a wave, and how late the output {output} is nobody measured. Do it before: "
        f"dreamloom latency-check {shlex.quote(output)}"
        for bed, output in outputs.items()
        for number in parts_in_step(dreamscape)
    ]


def estimated(dreamscape: Dreamscape) -> list[str]:
    """What a rehearsal without signals supposes of them."""
    told = []
    for number in parts_in_step(dreamscape):
        phase = dreamscape.parts[number].phase
        if phase is None:
            continue
        where = "open gate" if phase.of == "spindle" else "N3 inside its gate"
        deep = "; how deep troughs are nobody asks, so that there are too many" if phase.trough_below_uv else ""
        told.append(
            f"Part {number + 1} waits for a {phase.of}. Its moments are estimated: without a signal they are drawn at "
            f"{PER_MINUTE[phase.of]:g} a minute of {where}, as on one recording{deep}. With --signals they are met."
        )
    return told
