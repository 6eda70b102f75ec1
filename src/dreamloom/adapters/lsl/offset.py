"""How does a sender's clock lie against the night's? Follows what is measured, and never jumps unseen."""

from typing import NamedTuple

SLEW = 1e-3
"""How fast the used offset follows the measured one, in seconds a second; ten times what crystals drift. Ours."""
STEP_S = 0.05
"""A measured offset this far from the used one means that a clock was moved or slept: taken at once, and told. Ours."""


class Measured(NamedTuple):
    """What is to be added to a sender's stamp to give night time, and how far that may be wrong."""

    offset_s: float
    uncertainty_s: float


class Offset(NamedTuple):
    """The offset in use, since when, and the last measured one."""

    used_s: float
    since_s: float
    measured: Measured


def begin(measured: Measured, now_s: float) -> Offset:
    """The first measurement is used as it is."""
    return Offset(measured.offset_s, now_s, measured)


def slewed(offset: Offset, now_s: float) -> Offset:
    """The offset in use, moved towards the measured one by as much as time has passed."""
    reach_s = SLEW * max(0.0, now_s - offset.since_s)
    behind_s = offset.measured.offset_s - offset.used_s
    return offset._replace(used_s=offset.used_s + min(max(behind_s, -reach_s), reach_s), since_s=now_s)


def seen(offset: Offset, measured: Measured, now_s: float) -> tuple[Offset, float]:
    """A new measurement; the step taken at once, 0 if the offset in use can follow smoothly."""
    offset = slewed(offset, now_s)
    step_s = measured.offset_s - offset.used_s
    if abs(step_s) <= max(STEP_S, measured.uncertainty_s):
        return offset._replace(measured=measured), 0.0
    return Offset(measured.offset_s, now_s, measured), step_s
