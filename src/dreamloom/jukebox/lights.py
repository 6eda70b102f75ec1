"""May this light shine, and how? What goes to an actuator, and the gate that keeps it from setting off a seizure."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from dreamloom.vocabulary.units import Hertz, NightTime, Seconds

FLASHES_HZ = (Hertz(3.0), Hertz(60.0))
"""Flashes from 3 to 60 a second can set off a seizure (Fisher et al. 2005, Epilepsia 46:1426, for the Epilepsy
Foundation; Harding 2005 for the ILAE); WCAG 2.2, 2.3.1 allows three in any one second."""
APART_S = Seconds(1.0)
"""Between the end of one light and the beginning of the next: their edges must not add up to a flicker. Ours."""
SHORTEST_FADE_S = Seconds(0.05)
LONGEST_S = Seconds(60.0)


@dataclass(frozen=True, slots=True)
class Shine:
    """One light or vibration, as a device is asked for it.

    Attributes:
        strength: share of the most its device was set to.
        pulse_hz: 0 for a steady one.
        fade_s: in and out.
    """

    cue: str
    kind: Literal["light", "vibration"]
    colour: str
    strength: float
    pulse_hz: Hertz
    fade_s: Seconds
    duration_s: Seconds


class Gate(NamedTuple):
    """What is remembered of lights: when the newest one ends."""

    until_s: NightTime = NightTime(float("-inf"))


def admitted(gate: Gate, shine: Shine, at_s: NightTime) -> tuple[Gate, str | None]:
    """The gate after it was asked, and why this one stays dark; None: it may shine.

    A vibration is let through; numbers out of bounds never are.
    """
    if not 0.0 <= shine.strength <= 1.0 or not 0.0 < shine.duration_s <= LONGEST_S or not shine.fade_s >= 0.0:
        return gate, "its numbers are out of bounds"
    if shine.kind != "light":
        return gate, None
    low_hz, high_hz = FLASHES_HZ
    if not shine.pulse_hz >= 0.0 or low_hz <= shine.pulse_hz:
        return gate, f"{shine.pulse_hz:g} flashes a second, from {low_hz:g} to {high_hz:g} can set off a seizure"
    if at_s < gate.until_s + APART_S:
        return gate, "another light is on, or was a moment ago: together they could flicker"
    return Gate(NightTime(at_s + shine.duration_s)), None


def softened(shine: Shine) -> Shine:
    """Light never jumps: it fades at least SHORTEST_FADE_S in and out."""
    if shine.kind != "light" or shine.fade_s >= SHORTEST_FADE_S:
        return shine
    fade_s = min(SHORTEST_FADE_S, Seconds(shine.duration_s / 2))
    return Shine(shine.cue, shine.kind, shine.colour, shine.strength, shine.pulse_hz, fade_s, shine.duration_s)
