"""Are the leads of the eyes put on as their names say? One of the two reversed, or both in each other's place.

Brain waves reach both eyes in phase and eye movements out of phase, which is how scorers tell them apart (AASM manual:
E1 and E2 against the same mastoid); a lead whose wires are exchanged turns both round. In N2 and N3 eyes hardly move,
so what both leads have in common there is the brain's. Left and right in each other's place change nothing but the
side of a look, so that only a signal can tell, and only against a calibration made before.
"""

from typing import NamedTuple

from dreamloom.vocabulary.units import FloatArray

JUDGED = 60
"""Seconds, one in five of N2 and N3: five minutes of it at least."""
LEAST_ALIKE = 0.5
"""Correlation of both leads over a second, beyond which it says something, this way or that. Ours."""
SURE_SHARE = 0.9
"""So many of them must say the same: of two leads that have nothing in common that is once in 10^10. Ours."""
LEAST_DEEP = 0.8
"""p(N2) + p(N3) from which on a second is judged: eyes still roll in what looks like N1. Ours."""


class Wiring(NamedTuple):
    """What is known of it.

    Attributes:
        judged: the newest seconds that said something: which, and whether both leads went opposite ways.
        reversed_since_s: first of those that showed it; None while nobody must think so.
        exchanged_since_s: when the first signal to the wrong side began; None without one given twice.
    """

    judged: tuple[tuple[int, bool], ...] = ()
    reversed_since_s: float | None = None
    exchanged_since_s: float | None = None


def judged(wiring: Wiring, left_uv: FloatArray, right_uv: FloatArray, *, second: int) -> Wiring:
    """Takes a second of deep sleep, [n] of each lead."""
    alike = _correlation(left_uv, right_uv)
    if abs(alike) < LEAST_ALIKE:
        return wiring
    seconds = (*wiring.judged, (second, alike < 0.0))[-JUDGED:]
    opposite = [at for at, is_opposite in seconds if is_opposite]
    since_s = wiring.reversed_since_s
    if len(seconds) == JUDGED and len(opposite) >= SURE_SHARE * JUDGED:
        since_s = float(opposite[0]) if since_s is None else since_s
    elif len(seconds) == JUDGED and len(opposite) <= (1.0 - SURE_SHARE) * JUDGED:
        since_s = None
    return wiring._replace(judged=seconds, reversed_since_s=since_s)


def _correlation(left_uv: FloatArray, right_uv: FloatArray) -> float:
    """0 where either shows nothing."""
    left, right = left_uv - left_uv.mean(), right_uv - right_uv.mean()
    size = float((left**2).sum() * (right**2).sum()) ** 0.5
    return float((left * right).sum()) / size if size > 0.0 else 0.0
