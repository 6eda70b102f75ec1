"""Would a pod have seen the eye signals of simulated sleepers? Whole nights on samples, through its own tracking.

Each sleeper signals of their own accord, and hears a bell now and then while the live track is sure of REM, which some
of them answer: how often is their lucidity. Nights are tracked several in one pass, in a process for each core.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from os import cpu_count

import msgspec
import numpy as np

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.adapters.trees import TreeStager
from dreamloom.bench.eye_figures import Found
from dreamloom.bench.eye_seen import OURS, UNGATED, Seen, add_rivals
from dreamloom.bench.eyes import EyeBench, leads_of, summed
from dreamloom.engine.intake import LiveIntake
from dreamloom.eyes import saccades, watch
from dreamloom.eyes.saccades import LEAST_STEP_UV
from dreamloom.house.side_by_side import HowFar, Lived, side_by_side
from dreamloom.pod import tracking
from dreamloom.record.events import AnyEvent, EyeSignalSeen, StageScored
from dreamloom.signals.blocks import GridSecond
from dreamloom.sleeper import gaze
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import Happening, What
from dreamloom.sleeper.hearing import Cue
from dreamloom.sleeper.truth import truth_of
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import Decibels, FloatArray, NightTime, Seconds

SLEEPERS = ("lucid,repeats=1", "dreamer,repeats=1")
"""Who is simulated, in turn: people who signal, and whose eyes now and then only seem to."""
GRID_HZ = 100
"""What eyes and trees are read at anyway; a faster stream would only take longer."""
IN_ONE_PASS = 5
"""Nights: so many share the cost of a step, and their eyes of eight hours fit into memory. Ours."""
MINUTE_S = 60
BELL_EVERY_S, BELL_S, BELL_DB = 120, Seconds(1.0), Decibels(40.0)
"""A soft bell every two minutes of believed REM; well below what wakes. Ours, within what dream studies play."""
BELL_OVER = 0.8
"""Median p(R) of the last minute, as most gates for REM ask."""

KINDS: tuple[What, ...] = ("lucid signal", "arousal")
"""Of the truth, all that is asked for here."""


@dataclass(slots=True)
class _Bed:
    """One simulated sleeper on the way through the night."""

    source: SimulatedSource
    intake: LiveIntake
    track: tracking.Tracking
    ungated: watch.EyeState
    asleep: bool = False
    bells_s: list[float] = field(default_factory=list)
    seconds: list[GridSecond] = field(default_factory=list)
    pairs_uv: list[FloatArray] = field(default_factory=list)
    seen: Seen = field(default_factory=lambda: Seen({OURS: [], UNGATED: []}, {OURS: []}))


def of_simulated(
    nights: int, *, hours: float, seed: int, progress: Callable[[HowFar], None] = lambda _: None
) -> tuple[EyeBench, Seen]:
    """Every detector over so many simulated nights; also what the first of them showed, for a picture."""
    cores = min(cpu_count() or 1, nights)
    size = min(IN_ONE_PASS, -(-nights // cores))
    groups = [range(nights)[first : first + size] for first in range(0, nights, size)]
    jobs = [partial(_nights, seed=seed, numbers=list(group), hours=hours) for group in groups]
    if len(jobs) == 1:
        told = [jobs[0](lambda _: None)]
    else:
        told = side_by_side(jobs, each_s=size * hours * 3600.0, cores=cores, progress=progress)
    seen = [msgspec.json.decode(night, type=Seen) for group in told for night in group]
    labels = ["EOG E1-M2", "EOG E2-M2"]
    name = f"{nights} simulated nights"
    return summed(name, labels, seen, stages_by="simulation", sfreq_hz=float(GRID_HZ), simulated=True), seen[0]


def _nights(lived: Lived, *, seed: int, numbers: Sequence[int], hours: float) -> list[bytes]:
    """What these nights showed, each as JSON, so that a process can hand it on."""
    beds = [_bed(SLEEPERS[number % len(SLEEPERS)], seed + number, hours) for number in numbers]
    until_s = 0
    while not all(bed.intake.ended for bed in beds):
        until_s += MINUTE_S
        for bed in beds:
            bed.seconds += bed.intake.read(NightTime(until_s))[0]
        _minute(beds)
        for bed in beds:
            _ring(bed, until_s)
        lived(min(until_s, hours * 3600.0) * len(beds))
    return [msgspec.json.encode(_over(bed, seed + number)) for bed, number in zip(beds, numbers, strict=True)]


def _bed(spec: str, seed: int, hours: float) -> _Bed:
    source = SimulatedSource(spec, seed=seed, sleeper="S01", grid_hz=GRID_HZ, duration_s=hours * 3600.0)
    channels = source.stream.channels
    kind = tracking.montage_kind(channels)
    track = tracking.start(channels, GRID_HZ, classify=TreeStager(kind).probabilities, method=kind)
    ungated = watch.start(leads_of(channels), GRID_HZ, gated=False)
    return _Bed(source, LiveIntake(source, None), track, ungated)


def _minute(beds: Sequence[_Bed]) -> None:
    """Everything that all of them have in hand, second by second and all beds in one pass."""
    for _ in range(min(len(bed.seconds) for bed in beds)):
        now = [bed.seconds.pop(0) for bed in beds]
        tracked = tracking.seen_many([(bed.track, second, bed.asleep) for bed, second in zip(beds, now, strict=True)])
        ungated = watch.step_many([(bed.ungated, second) for bed, second in zip(beds, now, strict=True)])
        for bed, second, (track, facts), stepped in zip(beds, now, tracked, ungated, strict=True):
            bed.track = track
            bed.pairs_uv.append(saccades.both(bed.ungated.reading.leads, second.samples_uv).astype(np.float32))
            _watch(bed, stepped)
            _believe(bed, facts)


def _watch(bed: _Bed, stepped: watch.Stepped) -> None:
    bed.ungated, told, moves = stepped
    bed.seen.found[UNGATED] += [
        Found(each.sweep.onset_s, each.sweep.end_s, each.onset_s, each.status, each.confidence) for each in told
    ]
    bed.seen.moves_s[OURS] += [m.at_s for m in moves if m.is_conjugate and m.size_uv >= LEAST_STEP_UV]


def _believe(bed: _Bed, facts: Sequence[AnyEvent]) -> None:
    for fact in facts:
        match fact:
            case EyeSignalSeen():
                found = Found(fact.began_s, fact.ended_s, fact.onset_s, fact.status, fact.confidence)
                bed.seen.found[OURS].append(found)
            case StageScored():
                bed.asleep = fact.stage not in {str(Stage.W), str(Stage.UNSCORED)}
            case _:
                pass


def _ring(bed: _Bed, now_s: int) -> None:
    believed = bed.track.eyes is not None and bed.track.eyes.rem_belief >= BELL_OVER
    if believed and (not bed.bells_s or now_s - bed.bells_s[-1] >= BELL_EVERY_S):
        bed.bells_s.append(now_s)
        bed.source.hear(NightTime(now_s), BELL_S, BELL_DB)


def _over(bed: _Bed, seed: int) -> Seen:
    """The night beside its truth: the same person having heard the same bells."""
    duration_s = len(bed.pairs_uv)
    course = Course(bed.source.traits, seed, until_s=math.ceil(bed.source.duration_s) + 2, kinds=KINDS)
    for onset_s in bed.bells_s:
        course.hear(Cue(onset_s, BELL_S, BELL_DB))
    true = truth_of(course, duration_s)
    bed.seen.stages = list(true.stages)
    add_rivals(bed.seen, np.concatenate(bed.pairs_uv).astype(np.float64), GRID_HZ)
    judge_by(bed.seen, [each for each in true.happenings if each.what == "lucid signal"])
    return bed.seen


def judge_by(seen: Seen, given: Sequence[Happening]) -> None:
    """Puts down what was truly signalled.

    Two at once, one of their own accord and one in answer, nobody could give: the plan of a night does not know what
    will be answered, so such moments count neither way.
    """
    both = [
        (one.onset_s, other.onset_s + other.duration_s)
        for one, other in pairwise(given)
        if other.onset_s < one.onset_s + one.duration_s
    ]
    seen.truths_s = [
        (happening.onset_s + first_s, happening.onset_s + last_s)
        for happening in given
        if not any(from_s <= happening.onset_s <= until_s for from_s, until_s in both)
        for first_s, last_s in gaze.signals_in(happening.turns)
    ]
    for name, found in seen.found.items():
        seen.found[name] = [
            each
            for each in found
            if not any(each.onset_s < until_s and from_s < each.end_s for from_s, until_s in both)
        ]
