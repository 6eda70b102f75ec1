"""Which stage is this sleeper in now, and how sure is that? A 30-s window every 5 s, causal, from whole seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quality import quality_of
from dreamloom.staging.context import Context, remember
from dreamloom.staging.features import NAMES, WINDOW_SAMPLES, FeatureKind, montage_features
from dreamloom.staging.prepare import REACH_S, SLOWEST_GRID_HZ, prepared
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, HOP_S, FloatArray, NightTime, Seconds, to_four_places, to_microsecond

Classify = Callable[[FloatArray], FloatArray]
"""[window, feature] to [window, 5]: probabilities in the order of SCORED_STAGES."""

WINDOW_S = int(EPOCH_S)
STEP_S = int(HOP_S)
PHASES = WINDOW_S // STEP_S
LEAST_GOOD_SHARE = 0.7
NIGHT_S = 8 * 3600.0
"""A typical night, against which its progress is told while its true length is unknown."""
CONTEXT_S = Seconds(900.0)
"""Feeding the last 15 minutes of stored seconds into a fresh state gives one that can be used."""


@dataclass(frozen=True, slots=True)
class Montage:
    """Which channels of a pod are read: the kind names the classifier, the indices its columns in that order."""

    kind: str
    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StageEstimate:
    """What the track believes of the 30 s that end at window_end_s.

    Attributes:
        confidence: the largest probability; 0 for UNSCORED.
        probabilities: in the order of SCORED_STAGES; empty for UNSCORED.
        quality: share of good seconds in the window.
        decided_at_s: night time by which every sample it rests on had arrived.
    """

    window_end_s: NightTime
    stage: Stage
    confidence: float
    probabilities: tuple[float, ...]
    quality: float
    decided_at_s: NightTime


@dataclass(frozen=True, slots=True)
class KeptSecond:
    """One second of the montage's channels, and whether it is fit to be judged on."""

    index: int
    samples_uv: FloatArray
    good: bool


@dataclass(frozen=True, slots=True)
class StagingState:
    """All that the next estimate depends on: the last 35 s, and one context per phase of the epoch grid."""

    channels: tuple[Channel, ...]
    montage: Montage
    grid_hz: int
    classify: Classify
    kept: tuple[KeptSecond, ...]
    contexts: tuple[Context, ...]


def montage(channels: Sequence[Channel]) -> Montage:
    """The first EEG (central if there is one), with the first EOG and the first EMG beside it.

    Raises:
        StreamError: when there is no EEG.
    """
    eeg = [i for i, channel in enumerate(channels) if channel.kind == "EEG"]
    if not eeg:
        raise StreamError(
            "DL-E231",
            "There is no EEG channel, so sleep cannot be staged.",
            why=f"The channels are {', '.join(f'{c.label!r} ({c.kind})' for c in channels) or 'none'}.",
            do="Name an EEG channel as EDF+ does, for example 'EEG C4-M1'.",
        )
    central = [i for i in eeg if any(site in channels[i].label.upper() for site in ("C3", "C4", "CZ"))]
    chosen = {"eeg": (central or eeg)[0]}
    for kind in ("eog", "emg"):
        found = [i for i, channel in enumerate(channels) if channel.kind == kind.upper()]
        chosen |= {kind: found[0]} if found else {}
    return Montage(kind="+".join(chosen), indices=tuple(chosen.values()))


def feature_names(kind: str) -> tuple[str, ...]:
    """The columns the classifier of a montage is given, in its order: EEG, time, then the other channels."""
    first, *others = kind.split("+")
    columns = [*_with_context(first), "time_hour", "time_norm"]
    return tuple(columns + [name for other in others for name in _with_context(other)])


def start(channels: Sequence[Channel], grid_hz: int, classify: Classify) -> StagingState:
    """A track that has seen nothing yet.

    Raises:
        StreamError: without an EEG channel, or on a grid slower than 80 Hz.
    """
    if grid_hz < SLOWEST_GRID_HZ:
        raise StreamError(
            "DL-E232",
            f"{grid_hz} Hz is too slow to stage sleep.",
            why=f"Stages are read from 0.4-30 Hz, which needs at least {SLOWEST_GRID_HZ} samples a second.",
            do=f"Set the device to {SLOWEST_GRID_HZ} Hz or more.",
        )
    chosen = montage(channels)
    width = sum(len(NAMES[kind]) for kind in _kinds(chosen.kind))
    return StagingState(tuple(channels), chosen, grid_hz, classify, (), (Context.empty(width),) * PHASES)


def step(state: StagingState, second: GridSecond) -> tuple[StagingState, list[StageEstimate]]:
    """Takes the next whole second; an estimate comes with every second that ends at a multiple of 5 s.

    A jump in the index starts the window anew; the context stays. UNSCORED while fewer than 70 % of the window's
    seconds are good or there: nothing is decided on them, and they leave no trace in the context.
    """
    state = replace(state, kept=_kept(state, second))
    end_s = second.index + 1
    if end_s % STEP_S:
        return state, []
    window = state.kept[-WINDOW_S:]
    quality = sum(kept.good for kept in window) / WINDOW_S
    decided_at_s = to_microsecond(max(float(end_s), second.arrived_s))
    if len(window) < WINDOW_S or quality < LEAST_GOOD_SHARE:
        return state, [_estimate(end_s, (), quality, decided_at_s)]
    state, row = _featured(state, end_s)
    probabilities = tuple(to_four_places(p) for p in state.classify(row[np.newaxis])[0])
    return state, [_estimate(end_s, probabilities, quality, decided_at_s)]


def _estimate(end_s: int, probabilities: tuple[float, ...], quality: float, decided_at_s: NightTime) -> StageEstimate:
    confidence = max(probabilities, default=0.0)
    stage = SCORED_STAGES[probabilities.index(confidence)] if probabilities else Stage.UNSCORED
    end = NightTime(float(end_s))
    return StageEstimate(end, stage, confidence, probabilities, to_four_places(quality), decided_at_s)


def _kept(state: StagingState, second: GridSecond) -> tuple[KeptSecond, ...]:
    indices = list(state.montage.indices)
    read = replace(second, digital=second.digital[:, indices], samples_uv=second.samples_uv[:, indices])
    good = quality_of(read, [state.channels[i] for i in indices]).good
    follows = not state.kept or second.index == state.kept[-1].index + 1
    before = state.kept[-(WINDOW_S + REACH_S - 1) :] if follows else ()
    return (*before, KeptSecond(second.index, read.samples_uv, good))


def _featured(state: StagingState, end_s: int) -> tuple[StagingState, FloatArray]:
    """The classifier's row for the window that ends now, and the state that remembers it."""
    signal = prepared(np.concatenate([kept.samples_uv for kept in state.kept]), state.grid_hz)[:, -WINDOW_SAMPLES:]
    kinds = _kinds(state.montage.kind)
    features = montage_features(signal, kinds)
    phase = (end_s // STEP_S) % PHASES
    context, table = remember(state.contexts[phase], features, epoch=end_s // WINDOW_S)
    contexts = (*state.contexts[:phase], context, *state.contexts[phase + 1 :])
    return replace(state, contexts=contexts), _row(table, kinds, onset_s=end_s - WINDOW_S)


def _row(table: FloatArray, kinds: Sequence[FeatureKind], *, onset_s: int) -> FloatArray:
    """[3, feature] to the columns of `feature_names`, in single precision as the trees were grown on."""
    ends = np.cumsum([len(NAMES[kind]) for kind in kinds])
    columns = [part.T.ravel() for part in np.split(table, ends[:-1], axis=1)]
    columns.insert(1, np.array([onset_s / 3600.0, min(onset_s / NIGHT_S, 1.0)]))
    return np.concatenate(columns).astype(np.float32).astype(np.float64)


def _kinds(kind: str) -> list[FeatureKind]:
    order: tuple[FeatureKind, ...] = ("eeg", "eog", "emg")
    return [name for name in order if name in kind.split("+")]


def _with_context(kind: str) -> list[str]:
    names = [name for known, names in NAMES.items() if known == kind for name in names]
    return [f"{kind}_{name}{suffix}" for name in names for suffix in ("", "_c7min_norm", "_p2min_norm")]
