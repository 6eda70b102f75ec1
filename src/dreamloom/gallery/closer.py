"""What is worth seeing of one bed from close by? How sure each epoch's stage was, and how well waves were met."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from dreamloom.statistics.circular import mean_rad, sd_rad
from dreamloom.vocabulary.units import EPOCH_S

STAGES = ("W", "R", "N1", "N2", "N3")
"""As a hypnogram orders them, from above."""


class Phase(Struct, frozen=True, kw_only=True):
    """How waves were met, by the moments that stayed silent as their own control.

    Attributes:
        checks: how many.
        mean_deg, sd_deg: by how much the true phase ran ahead of the wanted one; None where it had no direction.
        errors_deg: each of them, oldest first.
    """

    checks: int
    mean_deg: float
    sd_deg: float | None
    errors_deg: tuple[float, ...]


class Closer(Struct, frozen=True, kw_only=True):
    """One bed from close by.

    Attributes:
        stages: in which order the shares stand.
        shares: for each 30-s epoch the probability of each stage in permille; empty where none was told.
        phase: None where no wave was waited for, or a role is not told.
    """

    pod: str
    stages: tuple[str, ...]
    shares: tuple[tuple[int, ...], ...]
    phase: Phase | None


def closer(pod: str, events: Iterable[Mapping[str, Any]]) -> Closer:
    """Folds what a role sees of a night (record/projections.py)."""
    shares: list[tuple[int, ...]] = []
    errors: list[float] = []
    for event in events:
        if event.get("pod") != pod:
            continue
        if event["type"] == "StageScored" and event["onset_s"] % EPOCH_S == 0 and event["onset_s"] > 0:
            number = int(event["onset_s"] // EPOCH_S) - 1
            shares += [()] * (number + 1 - len(shares))
            shares[number] = _permille(event.get("probabilities") or {})
        elif event["type"] == "PhaseChecked" and "error_deg" in event:
            errors.append(float(event["error_deg"]))
    return Closer(pod=pod, stages=STAGES, shares=tuple(shares), phase=_phase(errors))


def _permille(probabilities: Mapping[str, float]) -> tuple[int, ...]:
    return tuple(round(1000 * probabilities.get(stage, 0.0)) for stage in STAGES) if probabilities else ()


def _phase(errors_deg: list[float]) -> Phase | None:
    if not errors_deg:
        return None
    rad = np.radians(errors_deg)
    sd_deg = float(np.degrees(sd_rad(rad)))
    return Phase(
        checks=len(errors_deg),
        mean_deg=round(float(np.degrees(mean_rad(rad))), 1),
        sd_deg=round(sd_deg, 1) if np.isfinite(sd_deg) else None,
        errors_deg=tuple(round(each, 1) for each in errors_deg),
    )
