"""How often would an eye signal be seen in this recording, rightly or wrongly? Ours beside a lab's usual detectors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dreamloom.adapters.edf import ChannelFacts, describe
from dreamloom.adapters.edf_file import read_layout
from dreamloom.adapters.hypnograms import own_stages, read_hypnogram
from dreamloom.adapters.trees import TreeStager
from dreamloom.bench.eye_figures import DetectorFigures, Found, figures
from dreamloom.bench.eye_seen import OFFLINE, OURS, PRODUCT, THRESHOLD, UNGATED, Seen, add_rivals
from dreamloom.bench.eye_truth import read_signals
from dreamloom.eyes import saccades, watch
from dreamloom.eyes.leads import Leads, leads
from dreamloom.eyes.saccades import LEAST_STEP_UV
from dreamloom.house.recorded_seconds import recorded_seconds
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.labels import kind_of
from dreamloom.staging import track
from dreamloom.statistics.hypnograms import epoch_stages
from dreamloom.vocabulary.errors import DreamloomError, StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeBench:
    """What every detector made of one recording, or of several simulated nights.

    Attributes:
        channels: the labels gaze was read from.
        stages_by: who said the stages that figures are split by: "hypnogram", "simulation", "live track", "nobody".
        hours: of each stage.
        signals: how many agreed signals there truly were; None where nobody said, and then none are assumed.
        rem_per_min: rapid eye movements a minute, by detector and stage.
        simulated: whether these are simulated sleepers: plumbing, never evidence.
    """

    record: str
    channels: tuple[str, ...]
    sfreq_hz: float
    duration_s: float
    simulated: bool
    stages_by: str
    hours: dict[str, float]
    signals: int | None
    rem_per_min: dict[str, dict[str, float | None]]
    detectors: tuple[DetectorFigures, ...]
    notes: tuple[str, ...]


def of_recording(path: Path, hypnogram: Path | None, signals_csv: Path | None) -> tuple[EyeBench, Seen]:
    """Every detector over one recording.

    Raises:
        StreamError: when it cannot be read, or no channel shows the eyes (DL-E246).
        ConfigError: when the hypnogram or the list of signals cannot be understood.
    """
    labels = _labels(path)
    rem, notes = _rem_track(path)
    recorded = recorded_seconds(path, channels=labels)
    chosen = leads_of(recorded.stream.channels)
    seen = _watched(recorded.seconds, chosen, recorded.stream.grid_hz, rem)
    seen.notes[:0] = notes
    duration = len(seen.stages)
    stretches = (
        own_stages(path, duration_s=float(duration))
        if hypnogram is None
        else read_hypnogram(hypnogram, duration_s=float(duration))
    )
    said = epoch_stages(stretches, -(-duration // int(EPOCH_S)))
    stages_by = "hypnogram" if any(said) else "live track" if rem else "nobody"
    by_second = {int(end_s) - 1 - k: stage for end_s, _, stage in rem for k in range(5)}
    seen.stages = [said[k // int(EPOCH_S)] if any(said) else by_second.get(k) for k in range(duration)]
    seen.truths_s = None if signals_csv is None else read_signals(signals_csv)
    told = [recorded.stream.channels[i].label for i in (chosen.left, chosen.right) if i is not None]
    rate_hz = float(recorded.stream.sfreq_hz)
    return summed(path.name, told, [seen], stages_by=stages_by, sfreq_hz=rate_hz, simulated=False), seen


def _labels(path: Path) -> list[str] | None:
    """None where what a night would read shows the eyes; else the EOG channels alone, at the rate of the first."""
    eogs = [each for each in read_layout(path).signals if kind_of(each.label) == "EOG"]
    if not eogs or any(each.kind == "EOG" and each.chosen for each in _read_by_a_night(path)):
        return None
    return [each.label for each in eogs if each.sfreq_hz == eogs[0].sfreq_hz]


def _read_by_a_night(path: Path) -> Sequence[ChannelFacts]:
    """Nothing where there is no EEG to read."""
    try:
        return describe(path).channels
    except StreamError:
        return ()


def leads_of(channels: Sequence[Channel]) -> Leads:
    """How gaze is read from these channels.

    Raises:
        StreamError: DL-E246 when none shows the eyes.
    """
    chosen = leads(channels)
    if chosen is None:
        raise StreamError(
            "DL-E246",
            "No channel shows the eyes.",
            why=f"The channels are {', '.join(repr(c.label) for c in channels) or 'none'}.",
            do="Give a recording with EOG, or with two EEG channels at the temples such as AF7 and AF8.",
        )
    return chosen


Estimates = list[tuple[float, float, Stage]]
"""(end of window, p(R), stage) of each live estimate."""


def _rem_track(path: Path) -> tuple[Estimates, list[str]]:
    """The live track over the recording; empty, with a note, where it cannot be staged."""
    try:
        recorded = recorded_seconds(path)
        return _estimates(recorded.stream.channels, recorded.stream.grid_hz, recorded.seconds), []
    except DreamloomError as error:
        return [], [f"It cannot be staged ({error.what}), so {OURS} asks nothing of the stage."]


def _estimates(channels: Sequence[Channel], grid_hz: int, seconds: Iterable[GridSecond]) -> Estimates:
    stager = TreeStager(track.montage(channels).kind)
    state = track.start(channels, grid_hz, stager.probabilities)
    told: Estimates = []
    rem = SCORED_STAGES.index(Stage.R)
    for second in seconds:
        state, estimates = track.step(state, second)
        told += [(e.window_end_s, e.probabilities[rem] if e.probabilities else 0.0, e.stage) for e in estimates]
    return told


def _watched(seconds: Iterable[GridSecond], chosen: Leads, grid_hz: int, rem: Estimates) -> Seen:
    """Both of ours, second by second; the rivals over all of it at once, which for causal filters is the same."""
    seen = Seen({name: [] for name in (OURS, UNGATED, THRESHOLD, PRODUCT)})
    states = {OURS: watch.start(chosen, grid_hz, gated=bool(rem)), UNGATED: watch.start(chosen, grid_hz, gated=False)}
    pairs_uv: list[FloatArray] = []
    moves_s: list[float] = []
    pending = rem[::-1]
    for second in seconds:
        while len(pairs_uv) < second.index:
            pairs_uv.append(np.zeros((grid_hz, 2)))
        pairs_uv.append(saccades.both(chosen, second.samples_uv))
        while pending and pending[-1][0] <= second.index + 1:
            states[OURS] = watch.staged(states[OURS], pending.pop()[1])
        for name, state in states.items():
            states[name], told, moves = watch.step(state, second)
            seen.found[name] += [Found(s.sweep.onset_s, s.sweep.end_s, s.onset_s, s.status, s.confidence) for s in told]
            if name == UNGATED:
                moves_s += [m.at_s for m in moves if m.is_conjugate and m.size_uv >= LEAST_STEP_UV]
    add_rivals(seen, np.concatenate(pairs_uv) if pairs_uv else np.zeros((grid_hz, 2)), grid_hz)
    seen.moves_s[OURS] = moves_s
    seen.stages = [None] * len(pairs_uv)
    return seen


def summed(
    name: str, labels: Sequence[str], nights: Sequence[Seen], *, stages_by: str, sfreq_hz: float, simulated: bool
) -> EyeBench:
    """What every detector made of these nights together."""
    seconds = {str(s): sum(each.stages.count(s) for each in nights) for s in SCORED_STAGES}
    detectors = (OURS, UNGATED, THRESHOLD, PRODUCT)
    counted = {
        which: {
            stage: sum(_in_stage(each, at_s) == stage for each in nights for at_s in each.moves_s.get(which, []))
            for stage in seconds
        }
        for which in (OURS, THRESHOLD, PRODUCT, OFFLINE)
        if any(which in each.moves_s for each in nights)
    }
    truths = [each.truths_s for each in nights if each.truths_s is not None]
    notes = [note for each in nights for note in each.notes]
    if not truths:
        notes.append("Nobody said that anybody signalled here, so every signal found counts as false.")
    return EyeBench(
        record=name,
        channels=tuple(labels),
        sfreq_hz=sfreq_hz,
        duration_s=float(sum(len(each.stages) for each in nights)),
        simulated=simulated,
        stages_by=stages_by,
        hours={stage: round(count / 3600.0, 4) for stage, count in seconds.items()},
        signals=sum(map(len, truths)) if truths else None,
        rem_per_min={
            which: {s: round(60.0 * n / seconds[s], 2) if seconds[s] else None for s, n in by_stage.items()}
            for which, by_stage in counted.items()
        },
        detectors=tuple(
            figures(
                which,
                [(each.found[which], each.truths_s or [], each.stages) for each in nights],
                ours=which in {OURS, UNGATED},
                known=bool(truths),
            )
            for which in detectors
        ),
        notes=tuple(dict.fromkeys(notes)),
    )


def _in_stage(seen: Seen, at_s: float) -> str | None:
    second = int(at_s)
    return str(seen.stages[second]) if 0 <= second < len(seen.stages) else None
