"""What will a gate cost? How it would have opened in the bundled sleep, whose stages an expert scored.

The evidence is one person's 84 minutes with one long bout of REM: an order of magnitude to expect, no promise for
anybody else. What the live track believed of it is kept beside the recording, so that any gate can be tried at once.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dreamloom.adapters.hypnograms import read_hypnogram
from dreamloom.dreamscape.model import Dreamscape, Gate, parts_of
from dreamloom.house import recordings
from dreamloom.pod.belief import Reading, is_open_after
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import HOP_S, NightTime

EVIDENCE = "84 min of one other person's sleep with one long bout of REM, scored by an expert; not this sleeper"
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCost:
    """What one part's gate would have cost on the evidence; its clauses on time are left out.

    Attributes:
        part: the author's path to it.
        open_min: how long it was open, and `inside_min` of that in its stages as the expert saw them.
        precision: inside_min of open_min; None when it never opened.
        recall: inside_min of all the time in its stages; None when there was none.
        false_cues_per_hour: cues outside its stages in an hour, one every so often as the part says.
    """

    part: str
    open_min: float
    inside_min: float
    precision: float | None
    recall: float | None
    false_cues_per_hour: float
    evidence: str

    def __str__(self) -> str:
        """For a person who reads a dreamscape before a night."""
        if self.precision is None:
            return f"{self.part}: its gate never opened in {self.evidence}."
        recall = "" if self.recall is None else f" and {self.recall:.0%} of the time in them"
        return (
            f"{self.part}: expect its gate to be inside its stages for {self.precision:.0%} of its {self.open_min:.1f} "
            f"open minutes{recall}, with {self.false_cues_per_hour:.1f} false cues an hour. From {self.evidence}."
        )


def gate_costs(dreamscape: Dreamscape) -> list[GateCost]:
    """For every part that asks for a stage, in their order."""
    return [
        _cost(path, part.when, float(part.every_s or HOP_S)) for path, part in parts_of(dreamscape) if part.when.stage
    ]


def _cost(path: str, gate: Gate, every_s: float) -> GateCost:
    readings, truth = _believed(), _expert()
    cues, next_s, opened, inside = 0, 0.0, 0, 0
    for reading, is_open in zip(readings, open_at(gate, readings), strict=True):
        if not is_open:
            continue
        is_right = truth[_second(reading)] in gate.stage
        opened, inside = opened + 1, inside + is_right
        if reading.window_end_s >= next_s:
            cues, next_s = cues + (not is_right), reading.window_end_s + every_s
    there = sum(truth[_second(reading)] in gate.stage for reading in readings)
    return GateCost(
        part=path,
        open_min=round(opened * HOP_S / 60, 1),
        inside_min=round(inside * HOP_S / 60, 1),
        precision=round(inside / opened, 3) if opened else None,
        recall=round(inside / there, 3) if there else None,
        false_cues_per_hour=round(cues * HOUR_S / len(truth), 2),
        evidence=EVIDENCE,
    )


def open_at(gate: Gate, readings: Sequence[Reading]) -> list[bool]:
    """Whether a gate's clauses on stages are open after each of a night's readings, oldest first; no arousal in it."""
    found: list[bool] = []
    for count in range(1, len(readings) + 1):
        found.append(is_open_after(gate, readings[:count], was_open=bool(found) and found[-1]))
    return found


def _second(reading: Reading) -> int:
    """The second that is heard when a gate opens on this estimate: the one behind its window."""
    return min(int(reading.window_end_s), len(_expert()) - 1)


@cache
def _believed() -> tuple[Reading, ...]:
    with recordings.live_track().open(newline="") as file:
        return tuple(_reading(row) for row in csv.DictReader(file))


def _reading(row: dict[str, str]) -> Reading:
    probabilities = {str(stage): float(row[stage]) for stage in SCORED_STAGES if row[stage]}
    confidence = max(probabilities.values(), default=0.0)
    stage = next((Stage(name) for name, p in probabilities.items() if p == confidence), Stage.UNSCORED)
    return Reading(NightTime(float(row["window_end_s"])), stage, confidence, probabilities, "")


@cache
def _expert() -> tuple[Stage, ...]:
    """The expert's stage in every second."""
    path = recordings.expert_of(recordings.bundled())
    stretches = read_hypnogram(path, duration_s=0.0) if path else []
    return tuple(each.stage for each in stretches for _ in range(round(each.duration_s)))
