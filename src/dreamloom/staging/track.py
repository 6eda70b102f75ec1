"""Which stage is this sleeper in now, and how sure is that? A 30-s window every 5 s, causal, from whole seconds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from types import MappingProxyType

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import Look, look_at
from dreamloom.signals.quality import wrong_in
from dreamloom.signals.together import together
from dreamloom.staging import electrodes
from dreamloom.staging.contexts import Contexts, remember_each
from dreamloom.staging.electrodes import Electrodes
from dreamloom.staging.features import NAMES, WINDOW_SAMPLES, FeatureKind, montages_features
from dreamloom.staging.manner import OURS, Manner
from dreamloom.staging.prepare import REACH_S, SLOWEST_GRID_HZ, prepared
from dreamloom.staging.smoothing import Smoothed, smooth
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, HOP_S, FloatArray, NightTime, Seconds, to_four_places, to_microsecond

Classify = Callable[[FloatArray], FloatArray]
"""[window, feature] to [window, 5]: probabilities in the order of SCORED_STAGES."""

WINDOW_S = int(EPOCH_S)
STEP_S = int(HOP_S)
PHASES = WINDOW_S // STEP_S
LEAST_GOOD_SHARE = 0.7
EVERY_CHANNEL = -1
"""As bits."""
NO_SMALLER: Mapping[str, Classify] = MappingProxyType({})
IN_CACHE = 8
"""Sleepers whose windows are worked on together: more of them leave the processor's cache and cost more each. Ours."""
CONTEXT_S = Seconds(900.0)
"""Feeding the last 15 minutes of stored seconds into a fresh state gives one that can be used."""


@dataclass(frozen=True, slots=True)
class Montage:
    """Which channels of a pod are read: the kind names the classifier, the indices its columns in that order."""

    kind: str
    indices: tuple[int, ...]


class StageEstimate(msgspec.Struct, frozen=True):
    """What the track believes of the 30 s that end at window_end_s.

    Attributes:
        confidence: the largest probability; 0 for UNSCORED.
        probabilities: in the order of SCORED_STAGES; empty for UNSCORED.
        quality: share of good seconds in the window.
        decided_at_s: night time by which every sample it rests on had arrived.
        kind: the channels it was read from, or for UNSCORED would have been; names the trees.
    """

    window_end_s: NightTime
    stage: Stage
    confidence: float
    probabilities: tuple[float, ...]
    quality: float
    decided_at_s: NightTime
    kind: str = ""


class KeptSecond(msgspec.Struct, frozen=True, eq=False):
    """One second of the channels that are read or could be ([channel, sample]), and what of it cannot be judged on.

    `unfit` has the bit of every such channel set; where samples were lost, all of them.
    """

    index: int
    samples_uv: FloatArray
    unfit: int


class StagingState(msgspec.Struct, frozen=True, eq=False):
    """All that the next estimate depends on: the last 35 s, and one context per phase of the epoch grid.

    `manner` is how the trees are used: a pod's own way, or one that it is measured against; `smoothed` is the running
    mean of its logits, and the end of the window it reaches to. `places` are the channels' numbers among those of the
    bed: the montage's own, then EEGs that could stand in; `used` are the ones read now, by their place there.
    """

    channels: tuple[Channel, ...]
    montage: Montage
    grid_hz: int
    classify: Mapping[str, Classify]
    places: tuple[int, ...]
    electrodes: Electrodes
    used: tuple[int, ...]
    kept: tuple[KeptSecond, ...]
    contexts: tuple[Contexts, ...]
    manner: Manner = OURS
    smoothed: Smoothed | None = None

    @property
    def kind(self) -> str:
        """Which trees are asked now."""
        return electrodes.kind_of(self.electrodes, self.used)

    @property
    def eeg(self) -> int:
        """Number, among the bed's channels, of the EEG that is read now."""
        return self.places[self.used[0]]


Stepped = tuple[StagingState, list[StageEstimate]]
"""A sleeper's track after a second, and what it told."""


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
    central = [i for i in eeg if _is_central(channels[i])]
    chosen = {"eeg": (central or eeg)[0]}
    for kind in ("eog", "emg"):
        found = [i for i, channel in enumerate(channels) if channel.kind == kind.upper()]
        chosen |= {kind: found[0]} if found else {}
    return Montage(kind="+".join(chosen), indices=tuple(chosen.values()))


def smaller_kinds(kind: str) -> list[str]:
    """Montages that are left of this one when electrodes beside the EEG fail: "eeg+emg", "eeg+eog" and "eeg"."""
    eeg, *beside = kind.split("+")
    left = [[one for one in beside if one != out] for out in beside] + ([[]] if len(beside) > 1 else [])
    return ["+".join([eeg, *part]) for part in left]


def feature_names(kind: str) -> tuple[str, ...]:
    """The columns the classifier of a montage is given, in its order: EEG, time, then the other channels."""
    first, *others = kind.split("+")
    columns = [*_with_context(first), "time_hour", "time_norm"]
    return tuple(columns + [name for other in others for name in _with_context(other)])


def start(
    channels: Sequence[Channel],
    grid_hz: int,
    classify: Classify,
    *,
    smaller: Mapping[str, Classify] = NO_SMALLER,
    manner: Manner = OURS,
) -> StagingState:
    """A track that has seen nothing yet.

    Args:
        channels: of the bed.
        grid_hz: samples a second of its grid.
        classify: for its whole montage.
        smaller: for parts of the montage, by kind: what is gone on with while an electrode is out.
        manner: how the trees are used.

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
    own, spares = _kinds(chosen.kind), _spares(channels, chosen)
    of_spares: list[FeatureKind] = ["eeg" for _ in spares]
    return StagingState(
        channels=tuple(channels),
        montage=chosen,
        grid_hz=grid_hz,
        classify={**smaller, chosen.kind: classify},
        places=(*chosen.indices, *spares),
        electrodes=electrodes.start(own + of_spares),
        used=tuple(range(len(own))),
        kept=(),
        contexts=(Contexts.empty(own),) * PHASES,
        manner=manner,
    )


def _spares(channels: Sequence[Channel], chosen: Montage) -> list[int]:
    """EEGs that stand in when the first fails: central ones first."""
    others = [i for i, channel in enumerate(channels) if channel.kind == "EEG" and i not in chosen.indices]
    return sorted(others, key=lambda i: not _is_central(channels[i]))[: electrodes.MOST_SPARES]


def _is_central(channel: Channel) -> bool:
    return any(site in channel.label.upper() for site in ("C3", "C4", "CZ"))


def step(state: StagingState, second: GridSecond) -> Stepped:
    """Takes the next whole second; an estimate comes with every second that ends at a multiple of 5 s.

    A jump in the index starts the window anew; the context stays. UNSCORED while fewer than 70 % of the window's
    seconds are good or there: nothing is decided on them, and they leave no trace in the context.
    """
    (stepped,) = step_many([(state, second)])
    return stepped


def step_many(
    sleepers: Sequence[tuple[StagingState, GridSecond]], looks: Sequence[Look] | None = None
) -> list[Stepped]:
    """`step` for many sleepers at once, in their order; their grids, montages, classifiers and times may differ.

    Those who are alike are filtered, described and classified together, which costs a fraction of one by one. Nothing
    passes from one sleeper to another: an estimate is the same, to its last rounded digit, whoever is beside.
    `looks` at their seconds, where somebody has looked already.
    """
    taken = _taken(sleepers, looks or look_at([second for _, second in sleepers]))
    is_to_score = [_is_to_score(state) for state in taken]
    scored = _scored(list(compress(taken, is_to_score)))
    told: list[Stepped] = []
    for state, (_, second), is_due in zip(taken, sleepers, is_to_score, strict=True):
        after, probabilities = next(scored) if is_due else (state, ())
        told.append((after, _estimates(after, probabilities, second.arrived_s)))
    return told


def _taken(sleepers: Sequence[tuple[StagingState, GridSecond]], looks: Sequence[Look]) -> list[StagingState]:
    """Each with its new second kept and judged."""
    after: dict[int, StagingState] = {}
    for alike in together([(state.channels, state.places, state.grid_hz) for state, _ in sleepers]):
        first, indices = sleepers[alike[0]][0], list(sleepers[alike[0]][0].places)
        wrong = wrong_in([looks[place] for place in alike], [first.channels[i] for i in indices], indices)
        spoilt: list[list[bool]] = np.asarray(wrong.any(axis=2)).tolist()
        for place, spoilt_here in zip(alike, spoilt, strict=True):
            (state, second), look = sleepers[place], looks[place]
            # What a lossy second shows was made up, so that no electrode is blamed for it.
            unfit = EVERY_CHANNEL if look.is_lossy else _bits(at for at, is_wrong in enumerate(spoilt_here) if is_wrong)
            state = state if look.is_lossy else _watching(state, spoilt_here)
            after[place] = _keeping(state, KeptSecond(second.index, look.samples_uv[indices], unfit))
    return [after[place] for place in range(len(sleepers))]


def _watching(state: StagingState, spoilt: Sequence[bool]) -> StagingState:
    """With the electrodes judged by one second more."""
    watched = electrodes.watched(state.electrodes, spoilt)
    if watched is state.electrodes:
        return state
    used = state.used if watched.out == state.electrodes.out else electrodes.in_use(watched, state.classify)
    return replace(state, electrodes=watched, used=used)


def _keeping(state: StagingState, second: KeptSecond) -> StagingState:
    follows = not state.kept or second.index == state.kept[-1].index + 1
    before = state.kept[-(WINDOW_S + REACH_S - 1) :] if follows else ()
    return replace(state, kept=(*before, second))


def _is_to_score(state: StagingState) -> bool:
    """At the end of a hop, with a whole window that is good enough."""
    return (
        _end_s(state) % state.manner.every_s == 0
        and len(state.kept) >= WINDOW_S
        and _quality(state) >= LEAST_GOOD_SHARE
    )


def _estimates(state: StagingState, probabilities: tuple[float, ...], arrived_s: NightTime) -> list[StageEstimate]:
    end_s = _end_s(state)
    if end_s % state.manner.every_s:
        return []
    decided_at_s = to_microsecond(max(float(end_s), arrived_s))
    confidence = max(probabilities, default=0.0)
    stage = SCORED_STAGES[probabilities.index(confidence)] if probabilities else Stage.UNSCORED
    quality = to_four_places(_quality(state))
    return [StageEstimate(NightTime(float(end_s)), stage, confidence, probabilities, quality, decided_at_s, state.kind)]


def _bits(places: Iterable[int]) -> int:
    return sum(1 << place for place in places)


def _end_s(state: StagingState) -> int:
    return state.kept[-1].index + 1


def _quality(state: StagingState) -> float:
    used = _bits(state.used)
    return sum([not kept.unfit & used for kept in state.kept[-WINDOW_S:]]) / WINDOW_S


def _scored(states: Sequence[StagingState]) -> Iterator[tuple[StagingState, tuple[float, ...]]]:
    """Each after its window, with the probabilities of the stages, in their order."""
    after: dict[int, tuple[StagingState, tuple[float, ...]]] = {}
    for alike in together([(s.kind, s.grid_hz, s.classify[s.kind], len(s.kept)) for s in states]):
        for few in (alike[i : i + IN_CACHE] for i in range(0, len(alike), IN_CACHE)):
            featured = _featured([states[place] for place in few])
            first = featured[0][0]
            table = first.classify[first.kind](np.array([row for _, row in featured]))
            for place, (state, _), fresh in zip(few, featured, table, strict=True):
                smoothed = smooth(state.smoothed, fresh, end_s=_end_s(state), manner=state.manner)
                probabilities = tuple(to_four_places(p) for p in smoothed.probabilities.tolist())
                after[place] = replace(state, smoothed=smoothed), probabilities
    return (after[place] for place in range(len(states)))


def _featured(states: Sequence[StagingState]) -> list[tuple[StagingState, FloatArray]]:
    """For the window that ends now: the state that remembers it, and the classifier's row. All of one montage."""
    signals = [_signal(state) for state in states]
    ready = prepared(np.concatenate(signals).T, states[0].grid_hz)[:, -WINDOW_SAMPLES:]
    kinds = _kinds(states[0].kind)
    described = montages_features(ready, kinds)
    return [_remembering(state, features, kinds) for state, features in zip(states, described, strict=True)]


def _signal(state: StagingState) -> FloatArray:
    """[channel, sample] of those that are read now."""
    whole = np.concatenate([kept.samples_uv for kept in state.kept], axis=1)
    return whole if len(state.used) == len(whole) else whole[list(state.used)]


def _remembering(
    state: StagingState, features: FloatArray, kinds: Sequence[FeatureKind]
) -> tuple[StagingState, FloatArray]:
    end_s = _end_s(state)
    phase = (end_s // STEP_S) % PHASES
    context, table = remember_each(
        state.contexts[phase],
        features,
        places=state.used,
        kinds=state.electrodes.kinds,
        epoch=end_s // WINDOW_S,
        with_population=state.manner.from_population,
    )
    contexts = (*state.contexts[:phase], context, *state.contexts[phase + 1 :])
    return replace(state, contexts=contexts), _row(table, kinds, end_s - WINDOW_S, state.manner)


def _row(table: FloatArray, kinds: Sequence[FeatureKind], onset_s: int, manner: Manner) -> FloatArray:
    """[3, feature] to the columns of `feature_names`, in single precision as the trees were grown on."""
    columns, of_first = table.T.ravel(), 3 * len(NAMES[kinds[0]])
    time = (onset_s / 3600.0, manner.progress(onset_s))
    row = np.concatenate([columns[:of_first], time, columns[of_first:]])
    return np.asarray(row.astype(np.float32).astype(np.float64))


def _kinds(kind: str) -> list[FeatureKind]:
    order: tuple[FeatureKind, ...] = ("eeg", "eog", "emg")
    return [name for name in order if name in kind.split("+")]


def _with_context(kind: str) -> list[str]:
    names = [name for known, names in NAMES.items() if known == kind for name in names]
    return [f"{kind}_{name}{suffix}" for name in names for suffix in ("", "_c7min_norm", "_p2min_norm")]
