"""How exactly is the phase of slow waves met on a recording? Ours beside every rival, at the same rate, in one run.

Truth, defined once: a Butterworth band-pass of order 2, forth and back over the whole recording, then the Hilbert
transform; 0 degrees is the positive peak. Ours learns from 0.5-2 Hz, so 0.5-4 Hz is told beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import numpy as np

from dreamloom.adapters.edf import describe
from dreamloom.adapters.hypnograms import read_hypnogram
from dreamloom.adapters.trees import TreeStager
from dreamloom.bench.phase_rivals import AFTER_TROUGH_S, RIVALS, Told, troughs
from dreamloom.house.recorded_seconds import recorded_seconds
from dreamloom.rhythm import choosing, track
from dreamloom.rhythm.bins import BIN_HZ, binned, lag_s
from dreamloom.rhythm.choosing import Candidate, Choosing, crosses
from dreamloom.rhythm.kernel import ComplexArray
from dreamloom.rhythm.learning import truth
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import look_at
from dreamloom.signals.quality import wrong_in
from dreamloom.staging import track as staging
from dreamloom.staging.prepare import SLOWEST_GRID_HZ
from dreamloom.statistics.circular import spread
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import BoolArray, FloatArray, Seconds

N3 = SCORED_STAGES.index(Stage.N3)
BANDS_HZ = ((0.5, 2.0), (0.5, 4.0))
DEEP = (Stage.N2, Stage.N3)
SURE = 0.7
"""How probable the live track must call N3 before waves are met: one met elsewhere costs more than one missed. Ours."""
LEAST_S = 60
OURS = "dreamloom"
ROUNDS = 7
"""Halvings until a rival's rate equals ours: within 1 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One method at our rate: errors in the truth of 0.5-2 Hz, and beside it of 0.5-4 Hz; None below two cues.

    `cues_s` are the moments of sound, tau after each decision, in seconds of the recording; errors_deg theirs.
    """

    name: str
    ours: bool
    cues: int
    rate_per_min: float
    bias_deg: float | None
    sd_deg: float | None
    within_45: float | None
    within_90: float | None
    bias_ci_deg: tuple[float, float] | None
    sd_ci_deg: tuple[float, float] | None
    bias_4hz_deg: float | None
    sd_4hz_deg: float | None
    within_45_4hz: float | None
    within_90_4hz: float | None
    us_per_sample: float
    cues_s: tuple[float, ...]
    errors_deg: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBench:
    """All methods over one recording, with the gate that all of them share.

    gate: whether the stages of the hypnogram bound it too; target_deg: 0 is the positive peak.
    """

    record: str
    channel: str
    sfreq_hz: int
    duration_s: float
    tau_ms: float
    target_deg: float
    gate: str
    open_min: float
    uncertain: int
    truth: str
    algorithms: tuple[Figures, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """One channel of a recording: its seconds in microvolts, which of them are good, and before which it was N3.

    `deep` is None where the channel cannot be staged: then the power of the waves themselves is the gate.
    """

    channel: Channel
    grid_hz: int
    first: int
    seconds_uv: FloatArray
    good: BoolArray
    deep: BoolArray | None


def measure(
    path: Path, *, hypnogram: Path | None = None, channel: str = "", tau_s: Seconds = Seconds(0.0)
) -> PhaseBench:
    """Runs every method over one channel.

    Args:
        path: the recording.
        hypnogram: an expert's stages, which then bound the gate to N2 and N3.
        channel: its label; the first EEG if left out.
        tau_s: from the decision to the sound.

    Raises:
        StreamError: DL-E237 for less than a minute; as EdfSource and read_hypnogram.
    """
    heard = _heard(path, channel)
    deep = _deep(path, hypnogram, heard)
    moments, is_open, us = _ours(heard, deep, tau_s)
    cues_s = [float(each.play_at_s) for each in moments if each.refusal is None]
    signal_uv = heard.seconds_uv.ravel()
    truths = [truth(signal_uv, heard.grid_hz, band_hz) for band_hz in BANDS_HZ]
    open_min = float(is_open.sum()) / 60.0

    def figures(name: str, cues_s: Sequence[float], us: float) -> Figures:
        errors_rad = [_errors_rad(each, cues_s, heard) for each in truths]
        return _figures(name, cues_s, errors_rad, open_min=open_min, us=us)

    found = [figures(OURS, cues_s, us)]
    bins = np.concatenate([binned(each) for each in heard.seconds_uv])
    told = Told(Seconds(tau_s + lag_s(heard.grid_hz) + 0.5 / BIN_HZ), np.repeat(is_open, BIN_HZ))
    for name, rival in RIVALS.items():
        began_s = process_time()
        estimates = rival(bins, told)
        us = (process_time() - began_s) / signal_uv.size * 1e6
        waves = _waves(np.angle(estimates), np.abs(estimates), heard.first, tau_s)
        found.append(figures(name, _at_rate(waves, is_open, heard.first, len(cues_s)), us))
    began_s = process_time()
    depths = troughs(bins)
    us = (process_time() - began_s) / signal_uv.size * 1e6
    waves = [
        Candidate(heard.first + (place + 1) / BIN_HZ + AFTER_TROUGH_S, float(depths[place]))
        for place in np.flatnonzero(depths).tolist()
    ]
    found.append(figures("fixed_delay", _at_rate(waves, is_open, heard.first, len(cues_s)), us))
    return PhaseBench(
        record=path.name,
        channel=heard.channel.label,
        sfreq_hz=heard.grid_hz,
        duration_s=float(len(heard.seconds_uv)),
        tau_ms=round(1000.0 * tau_s, 3),
        target_deg=0.0,
        gate=("slow-wave power" if heard.deep is None else f"live N3, p >= {SURE:g}")
        + (" and an expert's N2 and N3" if hypnogram else ""),
        open_min=round(open_min, 2),
        uncertain=sum(each.refusal is not None for each in moments),
        truth="Butterworth order 2 forth and back, Hilbert; 0.5-2 Hz, and 0.5-4 Hz where named",
        algorithms=tuple(found),
    )


def _heard(path: Path, channel: str) -> _Heard:
    recorded = recorded_seconds(path, channels=[channel] if channel else None)
    channels = recorded.stream.channels
    place = next((i for i, each in enumerate(channels) if each.kind == "EEG"), 0)
    seconds = list(recorded.seconds)
    if len(seconds) < LEAST_S:
        raise StreamError(
            "DL-E237",
            f"{path.name} holds {len(seconds)} whole seconds, too few to compare phases.",
            why=f"Weights are learned and waves compared from {LEAST_S} s on.",
            do="Give a longer recording.",
        )
    first, hz = seconds[0].index, recorded.stream.grid_hz
    seconds_uv = np.zeros((seconds[-1].index + 1 - first, hz))
    good = np.zeros(len(seconds_uv), dtype=bool)
    for each in seconds:
        seconds_uv[each.index - first] = each.samples_uv[:, place]
        good[each.index - first] = _is_good(each, place, channels[place])
    deep = _staged(seconds, place, channels[place], hz) if hz >= SLOWEST_GRID_HZ else None
    return _Heard(channels[place], hz, first, seconds_uv, good, deep)


def _staged(seconds: Sequence[GridSecond], place: int, channel: Channel, grid_hz: int) -> BoolArray:
    """For each second whether the live track was sure of N3 before it began; the channel is staged as a lone EEG."""
    lone = [replace(channel, kind="EEG")]
    state = staging.start(lone, grid_hz, TreeStager("eeg").probabilities)
    first, is_deep = seconds[0].index, False
    deep = np.zeros(seconds[-1].index + 1 - first, dtype=bool)
    for each in seconds:
        deep[each.index - first] = is_deep
        cut = replace(each, samples_uv=each.samples_uv[:, [place]], digital=each.digital[:, [place]])
        state, estimates = staging.step(state, cut)
        for estimate in estimates:
            is_deep = bool(estimate.probabilities) and estimate.probabilities[N3] >= SURE
    return deep


def _is_good(second: GridSecond, place: int, channel: Channel) -> bool:
    looks = look_at([second])
    return not looks[0].is_lossy and not wrong_in(looks, [channel], [place]).any()


def _deep(path: Path, hypnogram: Path | None, heard: _Heard) -> BoolArray | None:
    """For each second whether a stager, an expert, or both let waves be met; None where neither can tell."""
    if hypnogram is None:
        return heard.deep
    asleep = np.zeros(len(heard.good), dtype=bool)
    for stretch in read_hypnogram(hypnogram, duration_s=describe(path).duration_s):
        first = round(stretch.onset_s) - heard.first
        asleep[max(0, first) : max(0, first + round(stretch.duration_s))] = stretch.stage in DEEP
    return asleep if heard.deep is None else asleep & heard.deep


def _ours(heard: _Heard, deep: BoolArray | None, tau_s: Seconds) -> tuple[list[track.Moment], BoolArray, float]:
    state, moments = track.start(heard.grid_hz, tau_s=tau_s), []
    is_open = np.zeros(len(heard.good), dtype=bool)
    began_s = process_time()
    for place, (samples_uv, good) in enumerate(zip(heard.seconds_uv, heard.good.tolist(), strict=True)):
        is_deep = None if deep is None else bool(deep[place])
        is_open[place] = track.is_gate_open(state, deep=is_deep)
        state, new, _ = track.step(state, heard.first + place, samples_uv, good=good, deep=is_deep)
        moments.extend(new)
    return moments, is_open, (process_time() - began_s) / heard.seconds_uv.size * 1e6


def _waves(phases_rad: FloatArray, strengths: FloatArray, first: int, tau_s: Seconds) -> list[Candidate]:
    before, now, strong = phases_rad[:-1].tolist(), phases_rad[1:].tolist(), strengths.tolist()
    return [
        Candidate(first + (place + 2) / BIN_HZ + tau_s, strong[place + 1])
        for place in range(len(now))
        if crosses(before[place], now[place])
    ]


def _at_rate(waves: Sequence[Candidate], is_open: BoolArray, first: int, wanted: int) -> list[float]:
    """The moments a method would choose by our own rule, asked for as many a minute as gives our number of cues."""
    low, high, best = 0.0, 48.0, _chosen(waves, is_open, first, 11.0)
    for _ in range(ROUNDS):
        per_minute = (low + high) / 2
        found = _chosen(waves, is_open, first, per_minute)
        best = min(best, found, key=lambda each: abs(len(each) - wanted))
        low, high = (per_minute, high) if len(found) < wanted else (low, per_minute)
    return best


def _chosen(waves: Sequence[Candidate], is_open: BoolArray, first: int, per_minute: float) -> list[float]:
    state, place, chosen = Choosing(per_minute, track.Target().rest_s), 0, []
    for index, opened in enumerate(is_open.tolist(), start=first):
        state = choosing.second(state, index, is_open=opened)
        while place < len(waves) and waves[place].at_s <= index + 1:
            if opened and waves[place].at_s > index:
                state, is_chosen = choosing.offered(state, waves[place])
                chosen += [waves[place].at_s] if is_chosen else []
            place += 1
    return chosen


def _errors_rad(analytic: ComplexArray, cues_s: Sequence[float], heard: _Heard) -> FloatArray:
    places = (np.asarray(cues_s) - heard.first) * heard.grid_hz
    places = places[places < len(analytic) - 1]
    low = places.astype(np.int64)
    part = places - low
    there = (1 - part) * analytic[low] + part * analytic[low + 1]
    return np.asarray(np.angle(there))


def _figures(
    name: str, cues_s: Sequence[float], errors_rad: Sequence[FloatArray], *, open_min: float, us: float
) -> Figures:
    narrow, wide = (spread(each) for each in errors_rad)
    return Figures(
        name=name,
        ours=name == OURS,
        cues=len(cues_s),
        rate_per_min=round(len(cues_s) / open_min, 3) if open_min else 0.0,
        bias_deg=narrow.mean_deg if narrow else None,
        sd_deg=narrow.sd_deg if narrow else None,
        within_45=narrow.within_45 if narrow else None,
        within_90=narrow.within_90 if narrow else None,
        bias_ci_deg=narrow.mean_ci_deg if narrow else None,
        sd_ci_deg=narrow.sd_ci_deg if narrow else None,
        bias_4hz_deg=wide.mean_deg if wide else None,
        sd_4hz_deg=wide.sd_deg if wide else None,
        within_45_4hz=wide.within_45 if wide else None,
        within_90_4hz=wide.within_90 if wide else None,
        us_per_sample=round(us, 3),
        cues_s=tuple(round(each, 4) for each in cues_s),
        errors_deg=tuple(np.round(np.degrees(errors_rad[0]), 2).tolist()),
    )
