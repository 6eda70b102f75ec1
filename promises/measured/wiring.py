"""What comes of electrodes put on wrongly, and of a radio that stalls? Right stages, no unlawful cue, a cause named."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import edfio
import numpy as np

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.house import making
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import What
from dreamloom.sleeper.truth import truth_of
from dreamloom.vocabulary.units import FloatArray, NightTime
from promises.cli_runs import run_cli
from promises.kept import exported, of_type, scratch
from promises.measured.tracking import BUSY
from promises.registry import Measured, promise

SLEEPER, SEED, START_S, HOURS = "lucid,repeats=1", 9, 14_600.0, 0.8
"""Half an hour of N2 and N3, then a quarter of an hour of REM in which the simulated sleeper signals by themselves."""
GRID_HZ = 100
IN_REM = BUSY.replace("[N2, N3, R]", "R").replace(">= 0.5", ">= 0.8")
"""As often as it may, where the live track is sure of REM."""
LEFT, RIGHT = 1, 2
LEAST_ALIKE = 0.9
"""Share of live estimates that must be as those of the same night with its wires right."""
NEAR_REM_S = 60
NOTHING: tuple[What, ...] = ()
STALL_S = (1200, 1208)


class Row(NamedTuple):
    """One way to wire it: what becomes of [sample, channel], and the words the report must hold; none for the right."""

    change: Callable[[FloatArray], FloatArray]
    cause: str


def _signed(*signs: float) -> Callable[[FloatArray], FloatArray]:
    return lambda uv: uv * np.array(signs)


WIRES: dict[str, Row] = {
    "as it should be": Row(_signed(1, 1, 1, 1), ""),
    "EEG upside down": Row(_signed(-1, 1, 1, 1), ""),
    "left eye upside down": Row(_signed(1, -1, 1, 1), "one of the two leads is the wrong way round"),
    "left and right eye exchanged": Row(lambda uv: uv[:, [0, RIGHT, LEFT, 3]], "in each other&#x27;s place"),
}


@promise("wires put on wrongly", "stages as with the right ones, cues in REM alone, no false signal, the cause named")
def wires() -> Measured:
    """A simulated night, which is plumbing: its EEG or an eye upside down, or both eyes exchanged."""
    nights = {name: _night(name) for name in WIRES}
    told = [judged(name, night, nights["as it should be"]) for name, night in nights.items()]
    kept = sum(is_kept for _, is_kept in told)
    said = "; ".join(words for words, _ in told)
    return Measured(f"{kept} of {len(WIRES)}", kept == len(WIRES), f"{said}. Simulated, so plumbing only.")


def judged(name: str, night: "Night", right: "Night") -> tuple[str, bool]:
    """What became of one way to wire it, in words, and whether that is as promised."""
    alike, lawful = _alike(night, right), _cued_in_rem(night)
    signals = [event for event in of_type(night.lines, "EyeSignalSeen") if event["status"] == "confirmed"]
    first = [event["first"] for event in signals]
    cause = WIRES[name].cause
    named = cause in night.page if cause else not any(row.cause in night.page for row in WIRES.values() if row.cause)
    sides = f"{len(first)} signals given twice, to the {first[0]} first" if first else "no signal counted"
    words = ("the cause named" if cause else "nothing named") if named else ("NOT NAMED" if cause else "A FAULT NAMED")
    cues = f"{len(of_type(night.lines, 'CuePlayed'))} cues, {'all' if lawful else 'NOT all'} in REM"
    is_kept = alike >= LEAST_ALIKE and lawful and _eyes_are_right(name, first) and named
    return f"{name}: {alike:.1%} of stages alike, {cues}, {sides}, {words}", is_kept


@promise("a radio that stalls for 8 s, then sends it all", "stored and staged, never cued on, named in the report")
def stalled() -> Measured:
    """A simulated night in which cues are due every five seconds, before, in and after the stall."""
    from_s, to_s = STALL_S
    folder = scratch("stalled")
    (folder / "busy.yaml").write_text(BUSY, encoding="utf-8")
    pod = PodAsked(id="p1", sleeper="S01", source=f"sim:deep,start=1h,hours=0.5,late={from_s}+{to_s - from_s}")
    night = making.write_night(House(folder / "house"), "stalled", [pod], str(folder / "busy.yaml"), seed=1)
    run_cli("run", str(night.root), "--speed", "max")
    lines = exported(night.root)
    due_s = [event["onset_s"] for event in of_type(lines, "CueDue")]
    around = [sum(low < at_s <= high for at_s in due_s) for low, high in ((from_s - 60, from_s), (to_s, to_s + 60))]
    on_late = [at_s for at_s in due_s if from_s + 2.0 < at_s <= to_s]
    stale = sum(event["count"] for event in of_type(lines, "CueWithheld") if event["reason"] == "STALE")
    scored = [event for event in of_type(lines, "StageScored") if from_s < event["onset_s"] <= to_s]
    page = _report(night.root)
    named = "The signal was lost." in page and "The signal was back after" in page and "late samples" in page
    whole = not of_type(lines, "GapSeen") and len(scored) > 0
    return Measured(
        f"{len(on_late)} cues on late samples",
        not on_late and all(around) and stale > 0 and named and whole,
        f"{around[0]} cues in the minute before, {around[1]} in the minute after; {stale} occasions withheld as STALE; "
        f"{len(scored)} windows of the stall staged, {len(of_type(lines, 'GapSeen'))} gaps; "
        f"{'named' if named else 'NOT NAMED'} in the report. Simulated.",
    )


class Night(NamedTuple):
    """A night's events as exported, and the page of its report."""

    lines: Sequence[str]
    page: str


def _night(name: str) -> Night:
    folder = scratch("wires")
    _write(folder / "night.edf", WIRES[name].change(_samples_uv()))
    (folder / "rem.yaml").write_text(IN_REM, encoding="utf-8")
    words = ["replay", str(folder / "night.edf"), "--dreamscape", str(folder / "rem.yaml")]
    told = run_cli(*words, "--house", str(folder / "house"))["data"] or {}
    return Night(exported(told["folder"]), _report(told["folder"]))


def _report(root: Path | str) -> str:
    return Path((run_cli("report", str(root))["data"] or {})["report"]).read_text(encoding="utf-8")


@cache
def _samples_uv() -> FloatArray:
    source = _source()
    blocks = source.read(NightTime(3600.0 * HOURS + 10.0))
    source.close()
    return np.concatenate([block.samples for block in blocks])


def _source() -> SimulatedSource:
    spec = f"{SLEEPER},start={START_S:.0f}s"
    return SimulatedSource(spec, seed=SEED, sleeper="S01", grid_hz=GRID_HZ, duration_s=3600.0 * HOURS)


@cache
def _rem_s() -> frozenset[int]:
    """Seconds of the recording in which the simulated sleeper is in REM, and a minute around."""
    until_s = START_S + 3600.0 * HOURS
    stages = truth_of(Course(_source().traits, SEED, until_s=int(until_s) + 2, kinds=NOTHING), int(until_s)).stages
    inside = {second - int(START_S) for second, stage in enumerate(stages) if str(stage) == "R"}
    return frozenset(near for second in inside for near in (second - NEAR_REM_S, second, second + NEAR_REM_S))


def _write(path: Path, samples_uv: FloatArray) -> None:
    whole = samples_uv[: len(samples_uv) // GRID_HZ * GRID_HZ].clip(-3000.0, 3000.0)
    labels = ("EEG F4-M1", "EOG E1-M2", "EOG E2-M2", "EMG chin")
    signals = [
        edfio.EdfSignal(uv, GRID_HZ, label=label, physical_dimension="uV", physical_range=(-3000, 3000))
        for label, uv in zip(labels, whole.T, strict=True)
    ]
    edfio.Edf(signals, data_record_duration=1).write(path)


def _alike(night: Night, right: Night) -> float:
    stages: list[list[str]] = [
        [event["stage"] for event in of_type(each.lines, "StageScored")] for each in (night, right)
    ]
    return float(np.mean([one == other for one, other in zip(*stages, strict=True)]))


def _cued_in_rem(night: Night) -> bool:
    cued_s = [event["actual_s"] for event in of_type(night.lines, "CuePlayed")]
    return bool(cued_s) and all(int(at_s) in _rem_s() for at_s in cued_s)


def _eyes_are_right(name: str, first: Sequence[str]) -> bool:
    """Signals are seen, on the side where the wires put them; a reversed lead leaves none."""
    if name == "left eye upside down":
        return not first
    return bool(first) and set(first) == {"right" if "exchanged" in name else "left"}
