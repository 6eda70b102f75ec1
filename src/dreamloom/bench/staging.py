"""How well is sleep staged on this recording? Our live track beside the published scorer, used in three ways.

Every method reads the same seconds of the same channels. The rivals are Vallat & Walker's trees (eLife 2021) as a lab
would use them: on the night so far, with its time told in one of two ways, and with hindsight over the whole recording.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from dreamloom.adapters.hypnograms import own_stages, read_hypnogram
from dreamloom.adapters.trees import TreeStager
from dreamloom.adapters.yasa_offline import SHORTEST_S, score_samples
from dreamloom.dreamscape.gate import Comparison, Gate
from dreamloom.gallery.pod_night import Span
from dreamloom.house.gates_open import spans_of
from dreamloom.house.plug_in_stagers import PlugIn
from dreamloom.house.recorded_seconds import recorded_seconds
from dreamloom.pod.belief import Reading
from dreamloom.signals.bandwidth import NEEDED_HZ, usable_hz
from dreamloom.signals.blocks import GridSecond, StreamInfo
from dreamloom.staging import manner, plugged, track
from dreamloom.statistics.agreement import Agreement, Gain, agreement, block_counts, gain, kappas
from dreamloom.statistics.hypnograms import Stretch, epoch_stages
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, FloatArray, Hertz

OURS, NAIVE, BUFFER, OFFLINE = "dreamloom live", "yasa naive causal", "yasa on the buffer so far", "yasa offline"
CAUSAL: dict[str, bool] = {OURS: True, NAIVE: True, BUFFER: True, OFFLINE: False}
"""Every method, and whether an epoch's stage knows its past alone."""
REM_GATE = Gate(stage=(Stage.R,), confidence=Comparison(">=", 0.8), stable_for_s=20.0)
"""The gate of the built-in dreamscapes for REM, whose opening is drawn: it decides when a cue might have sounded."""
SEED = 20261121
"""Of the draws behind the intervals: the same command gives the same interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodScores:
    """One method on one recording, or on all of them together."""

    name: str
    ours: bool
    causal: bool
    coverage: float | None
    kappa: float | None
    kappa_ci: tuple[float, float] | None
    accuracy: float | None
    macro_f1: float | None
    f1: dict[str, float | None]
    gain: Gain | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScores:
    """One recording: what was read, what the expert said, how each method did.

    Attributes:
        epochs: how many there are; `scored` of them by the expert.
        notes: what a reader of the figures must know, in sentences.
    """

    record: str
    channels: tuple[str, ...]
    sfreq_hz: float
    epochs: int
    scored: int
    notes: tuple[str, ...]
    methods: tuple[MethodScores, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Kappa of two methods with each other: agreement, not accuracy."""

    one: str
    other: str
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagingBench:
    """All methods over all recordings; `methods` are those of all recordings together.

    Attributes:
        scored: whether an expert's stages were there at all; without them every figure of agreement is None.
        between: how the methods agree with each other.
    """

    scored: bool
    methods: tuple[MethodScores, ...]
    between: tuple[Between, ...]
    records: tuple[RecordScores, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """A recording's epochs as every method staged them, and as the expert did (None: not scored)."""

    path: Path
    channels: tuple[str, ...]
    sfreq_hz: float
    truth: list[Stage | None]
    answers: dict[str, list[Stage]]
    notes: tuple[str, ...]
    gate_open_s: tuple[Span, ...] = ()


def stage_recording(
    recording: Path,
    hypnogram: Path | None,
    *,
    channels: Sequence[str] = (),
    codes: Mapping[int, Stage] | None = None,
    theirs: PlugIn | None = None,
) -> Staged:
    """Every method over one recording, and a plugged-in stager beside them.

    Without a hypnogram its own annotations are the expert's, if they tell stages.

    Raises:
        StreamError: when the recording or the hypnogram cannot be read, or holds no whole epoch.
        ConfigError: when the hypnogram tells no stages.
    """
    recorded = recorded_seconds(recording, channels=list(channels) or None)
    chosen = track.montage(recorded.stream.channels)
    stager = TreeStager(chosen.kind)
    samples_uv: list[FloatArray] = []
    readings: list[Reading] = []
    answers = _live(
        recorded.stream, _copied(recorded.seconds, samples_uv, chosen.indices), stager, theirs, readings=readings
    )
    count = len(answers[OURS])
    if not count:
        raise StreamError(
            "DL-E237",
            f"{recording.name} is shorter than one epoch of {EPOCH_S:g} s.",
            why=f"It holds {len(samples_uv)} whole seconds.",
            do="Give a longer recording.",
        )
    offline, notes = _with_hindsight(samples_uv, recorded.stream.grid_hz, chosen.kind)
    answers[OFFLINE] = (offline + [Stage.UNSCORED] * count)[:count]
    notes += _narrow(samples_uv, recorded.stream.grid_hz)
    stretches = _expert(recording, hypnogram, float(len(samples_uv)), codes)
    return Staged(
        recording,
        tuple(recorded.stream.channels[i].label for i in chosen.indices),
        float(recorded.stream.sfreq_hz),
        epoch_stages(stretches, count),
        answers,
        notes,
        spans_of(REM_GATE, readings),
    )


def compare(staged: Sequence[Staged]) -> StagingBench:
    """The figures of each recording and of all together; with one recording they are the same."""
    return StagingBench(
        scored=any(stage is not None for each in staged for stage in each.truth),
        methods=_scores(staged),
        between=tuple(_between(one, other, staged) for one, other in combinations(CAUSAL, 2)),
        records=tuple(
            RecordScores(
                record=each.path.name,
                channels=each.channels,
                sfreq_hz=each.sfreq_hz,
                epochs=len(each.truth),
                scored=sum(stage is not None for stage in each.truth),
                notes=each.notes,
                methods=_scores([each]),
            )
            for each in staged
        ),
    )


def _expert(
    recording: Path, hypnogram: Path | None, duration_s: float, codes: Mapping[int, Stage] | None
) -> list[Stretch]:
    if hypnogram is None:
        return own_stages(recording, duration_s=duration_s)
    return read_hypnogram(hypnogram, duration_s=duration_s, codes=codes)


def _copied(
    seconds: Iterator[GridSecond], samples_uv: list[FloatArray], indices: Sequence[int]
) -> Iterator[GridSecond]:
    """Passes seconds on and keeps the staged channels; seconds that are missing are kept as silence."""
    for second in seconds:
        while len(samples_uv) < second.index:
            samples_uv.append(np.zeros((len(second.filled), len(indices))))
        samples_uv.append(second.samples_uv[:, list(indices)])
        yield second


def _live(
    stream: StreamInfo,
    seconds: Iterator[GridSecond],
    stager: TreeStager,
    theirs: PlugIn | None,
    *,
    readings: list[Reading],
) -> dict[str, list[Stage]]:
    """The causal methods, side by side on the same seconds; ours as gates read it is added to `readings`."""
    smaller = {kind: TreeStager(kind).probabilities for kind in track.smaller_kinds(stager.kind)}
    manners = {OURS: manner.OURS, NAIVE: manner.NAIVE, BUFFER: manner.ON_THE_BUFFER}
    states = [
        track.start(
            stream.channels,
            stream.grid_hz,
            stager.probabilities,
            smaller=smaller if each is manner.OURS else {},
            manner=each,
        )
        for each in manners.values()
    ]
    found: dict[str, dict[int, Stage]] = {name: {} for name in manners}
    asked = theirs.at_bed(stream.channels, stream.grid_hz) if theirs else None
    told_by_them: dict[int, Stage] = {}
    epochs = 0
    for second in seconds:
        stepped = track.step_many([(state, second) for state in states])
        states = [state for state, _ in stepped]
        for name, (_, estimates) in zip(manners, stepped, strict=True):
            found[name] |= {int(e.window_end_s // EPOCH_S) - 1: e.stage for e in estimates if _ends_epoch(e)}
        readings.extend(map(_reading, stepped[0][1]))
        if asked is not None:
            asked, estimates = plugged.step(asked, second, stepped[0][1])
            told_by_them |= {int(e.window_end_s // EPOCH_S) - 1: e.stage for e in estimates if _ends_epoch(e)}
        epochs = (second.index + 1) // int(EPOCH_S)
    if theirs is not None:
        found[theirs.method] = told_by_them
    return {name: [told.get(k, Stage.UNSCORED) for k in range(epochs)] for name, told in found.items()}


def _reading(estimate: track.StageEstimate) -> Reading:
    named = {str(stage): p for stage, p in zip(SCORED_STAGES, estimate.probabilities, strict=False)}
    return Reading(estimate.window_end_s, estimate.stage, estimate.confidence, named, "")


def _ends_epoch(estimate: track.StageEstimate) -> bool:
    return estimate.window_end_s % EPOCH_S == 0


def _with_hindsight(samples_uv: Sequence[FloatArray], grid_hz: int, kind: str) -> tuple[list[Stage], tuple[str, ...]]:
    if len(samples_uv) < SHORTEST_S:
        note = f"Shorter than {SHORTEST_S / 60:g} min, so {OFFLINE} scored nothing."
        return [], (note,)
    epochs = score_samples(np.concatenate(samples_uv), Hertz(float(grid_hz)), tuple(kind.split("+")))
    return [epoch.stage for epoch in epochs], ()


def _narrow(samples_uv: Sequence[FloatArray], grid_hz: int) -> tuple[str, ...]:
    """A sentence where the EEG holds less than stages are read from."""
    reach_hz = usable_hz(np.concatenate(samples_uv)[:, 0], Hertz(float(grid_hz)))
    if reach_hz >= NEEDED_HZ:
        return ()
    return (
        f"The EEG holds nothing above {reach_hz:g} Hz; stages are read from 0.4-{NEEDED_HZ:g} Hz, so trust them less.",
    )


def _scores(staged: Sequence[Staged]) -> tuple[MethodScores, ...]:
    names = [*CAUSAL, *(name for name in staged[0].answers if name not in CAUSAL)]
    counts = {name: np.concatenate([block_counts(s.truth, s.answers[name]) for s in staged]) for name in names}
    return tuple(_method(name, agreement(counts[name], seed=SEED), counts) for name in names)


def _method(name: str, found: Agreement, counts: Mapping[str, FloatArray]) -> MethodScores:
    return MethodScores(
        name=name,
        ours=name == OURS,
        causal=CAUSAL.get(name, True),
        coverage=found.coverage,
        kappa=found.kappa,
        kappa_ci=found.kappa_ci,
        accuracy=found.accuracy,
        macro_f1=found.macro_f1,
        f1=found.f1,
        gain=None if name == NAIVE else gain(counts[name], counts[NAIVE], over=NAIVE, seed=SEED),
    )


def _between(one: str, other: str, staged: Sequence[Staged]) -> Between:
    """On the epochs that `one` gave a stage; what `other` left UNSCORED counts as disagreement."""
    known = [[stage if stage is not Stage.UNSCORED else None for stage in each.answers[one]] for each in staged]
    total = sum(block_counts(truth, each.answers[other]).sum(axis=0) for truth, each in zip(known, staged, strict=True))
    kappa = kappas(np.asarray(total)[np.newaxis])[0]
    return Between(one=one, other=other, kappa=round(float(kappa), 4) + 0.0 if np.isfinite(kappa) else None)
