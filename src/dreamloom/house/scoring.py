"""How is one recording scored? Live: the pod's own causal track, second by second; offline: YASA with hindsight."""

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from dreamloom.adapters.edf import EdfSource
from dreamloom.adapters.trees import TreeStager
from dreamloom.adapters.yasa_offline import score_offline
from dreamloom.house.plug_in_stagers import plug_in
from dreamloom.house.recorded_seconds import recorded_seconds
from dreamloom.staging import plugged, track
from dreamloom.vocabulary.stages import SCORED_STAGES
from dreamloom.vocabulary.units import EPOCH_S


@dataclass(frozen=True, slots=True)
class ScoredEpoch:
    """One 30-s epoch; where it is UNSCORED, all five probabilities are 0."""

    onset_s: float
    decided_at_s: float
    stage: str
    confidence: float
    probabilities: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """A scored recording; `causal` says whether an epoch knows anything of what came after it.

    `failures` are the reasons for which a plug-in's answers were not used, each once.
    """

    sfreq_hz: float
    causal: bool
    method: str
    channels: tuple[str, ...]
    epochs: tuple[ScoredEpoch, ...]
    failures: tuple[str, ...] = ()


def score_live(path: Path, *, channels: list[str] | None = None, stager_name: str = "") -> Scoring:
    """The live track over a recording: each epoch is decided on its own past alone.

    Raises:
        StreamError: when the recording cannot be read or staged.
        ConfigError: when no plug-in of that name can be used.
    """
    theirs = plug_in(stager_name)
    recorded = recorded_seconds(path, channels=channels)
    stream = recorded.stream
    chosen = track.montage(stream.channels)
    stager = TreeStager(chosen.kind)
    smaller = {kind: TreeStager(kind).probabilities for kind in track.smaller_kinds(chosen.kind)}
    state = track.start(stream.channels, stream.grid_hz, stager.probabilities, smaller=smaller)
    asked = theirs.at_bed(stream.channels, stream.grid_hz) if theirs else None
    failures: list[str] = []
    epochs: list[ScoredEpoch] = []
    for second in recorded.seconds:
        state, estimates = track.step(state, second)
        if asked is not None:
            asked, estimates = plugged.step(asked, second, estimates)
            failures += [asked.why] if asked.why and asked.why not in failures else []
        epochs.extend(_epoch(estimate) for estimate in estimates if estimate.window_end_s % EPOCH_S == 0)
    return Scoring(
        sfreq_hz=float(stream.sfreq_hz),
        causal=True,
        method=theirs.method if theirs else stager.method,
        channels=tuple(stream.channels[i].label for i in chosen.indices),
        epochs=tuple(epochs),
        failures=tuple(failures),
    )


def score_with_hindsight(path: Path, *, channel: str = "") -> Scoring:
    """YASA over the whole recording: for the morning, never for a cue.

    Raises:
        StreamError: when the recording cannot be read, or is too short.
    """
    source = EdfSource(path, channels=[channel] if channel else None)
    stream = source.stream
    source.close()
    chosen = track.montage(stream.channels)
    named = dict(zip(chosen.kind.split("+"), (stream.channels[i].label for i in chosen.indices), strict=True))
    found = score_offline(path, eeg=named["eeg"], eog=named.get("eog", ""), emg=named.get("emg", ""))
    end_s = len(found) * EPOCH_S
    return Scoring(
        sfreq_hz=float(stream.sfreq_hz),
        causal=False,
        method="yasa offline " + chosen.kind,
        channels=tuple(named.values()),
        epochs=tuple(
            ScoredEpoch(
                onset_s=epoch.onset_s,
                decided_at_s=end_s,
                stage=str(epoch.stage),
                confidence=epoch.confidence,
                probabilities=_named(epoch.probabilities),
            )
            for epoch in found
        ),
    )


def _epoch(estimate: track.StageEstimate) -> ScoredEpoch:
    return ScoredEpoch(
        onset_s=estimate.window_end_s - EPOCH_S,
        decided_at_s=estimate.decided_at_s,
        stage=str(estimate.stage),
        confidence=estimate.confidence,
        probabilities=_named(estimate.probabilities),
    )


def _named(probabilities: tuple[float, ...]) -> dict[str, float]:
    return {str(s): p for s, p in zip_longest(SCORED_STAGES, probabilities, fillvalue=0.0)}
