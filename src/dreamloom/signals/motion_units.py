"""How is movement kept where everything is kept in microvolts? A g as a millivolt; only its changes are looked at."""

from dreamloom.signals.labels import kind_of

_UV = {"g": 1000.0, "mg": 1.0, "m/s2": 102.0, "m/s^2": 102.0, "m/s²": 102.0, "": 1.0, "counts": 1.0, "a.u.": 1.0}
"""Microvolts that stand for one of it: steps of a tenth hold ±3 g to 0.1 mg, and a wider range more coarsely.
Counts of an actigraph are kept as they are."""


def motion_uv(label: str, unit: str) -> float | None:
    """Microvolts that stand for one unit of a channel of movement; None for any other channel or unit."""
    return _UV.get("".join(unit.lower().split())) if kind_of(label) == "MOTION" else None
