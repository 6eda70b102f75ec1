"""Which signals of a recording are the sleeper's, and in which range are they kept?"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

import numpy as np

from dreamloom.adapters.edf_file import Layout, Scale, Signal, digital_of, microvolts, raw_records, scale_of
from dreamloom.signals.blocks import Channel, ChannelKind
from dreamloom.signals.labels import kind_of, meant, nearest
from dreamloom.signals.quantise import HIGHEST, LOWEST
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import Microvolts

SLOWEST_HZ = 20.0
FASTEST_HZ = 20_000.0
"""Rates a sleeper's signal can have: below, no spindle can be seen; above, no electrode is sampled. Ours."""
SLEEP_KINDS: tuple[ChannelKind, ...] = ("EEG", "EOG", "EMG")
CENTRING_S = 60.0
"""How much of a direct-coupled channel is looked at for the middle of its range. Ours."""
CENTRED_HALF_UV = 3277
"""Half of a centred range: steps of 0.1 µV, as in the default one. Ours."""


class Chosen(NamedTuple):
    """The signals to read, in the file's order or the caller's, all at one rate."""

    signals: tuple[Signal, ...]
    channels: tuple[Channel, ...]
    scales: tuple[Scale, ...]
    sfreq_hz: float
    grid_hz: int


def choose(layout: Layout, names: Sequence[str] | None) -> Chosen:
    """The named signals, or without names every EEG, EOG and EMG signal at the rate of the first EEG signal.

    A lone signal whose label tells nothing counts as EEG.

    Raises:
        StreamError: when a name is missing, shared by two signals, or the signals cannot be read together.
    """
    kinds = [kind_of(signal.label) for signal in layout.signals]
    if len(kinds) == 1 and kinds[0] == "OTHER":
        kinds = ["EEG"]
    places = _default(layout, kinds) if names is None else [_named(layout, name) for name in names]
    signals = tuple(layout.signals[place] for place in places)
    _check(layout, signals)
    scales = tuple(scale_of(layout.path, signal) for signal in signals)
    channels = tuple(
        _channel(layout, signal, scale, kinds[place])
        for place, signal, scale in zip(places, signals, scales, strict=True)
    )
    sfreq_hz = signals[0].sfreq_hz
    return Chosen(signals, channels, scales, sfreq_hz, round(sfreq_hz))


def beside_eeg(layout: Layout) -> list[str] | None:
    """Signals of the body in a recording that has no EEG, all at one rate; None where it has one, or nothing."""
    kinds = [kind_of(signal.label) for signal in layout.signals]
    fit = [
        signal
        for signal, kind in zip(layout.signals, kinds, strict=True)
        if kind not in {"EEG", "OTHER"} and signal.unit_uv is not None and _has_usable_rate(signal)
    ]
    if "EEG" in kinds or not fit:
        return None
    return [signal.label for signal in fit if signal.samples_per_record == fit[0].samples_per_record]


def _default(layout: Layout, kinds: Sequence[ChannelKind]) -> list[int]:
    fit = [
        place
        for place, signal in enumerate(layout.signals)
        if kinds[place] in SLEEP_KINDS and signal.unit_uv is not None and _has_usable_rate(signal)
    ]
    first = next((place for place in fit if kinds[place] == "EEG"), None)
    if first is None:
        _refuse_without_eeg(layout)
    samples = layout.signals[first].samples_per_record
    return [place for place in fit if layout.signals[place].samples_per_record == samples]


def _named(layout: Layout, name: str) -> int:
    labels = [signal.label for signal in layout.signals]
    places = meant(name, labels)
    if len(places) == 1:
        return places[0]
    if places:
        _refuse_twice(layout, labels[places[0]])
    like = nearest(name, labels)
    raise StreamError(
        "DL-E209",
        f"There is no channel {name!r} in {layout.path}.",
        why=f"It has {_listed(labels)}.",
        do=f"Did you mean {like!r}?" if like else "Name one of these.",
    )


def _check(layout: Layout, signals: tuple[Signal, ...]) -> None:
    labels = [signal.label for signal in signals]
    for signal in signals:
        if labels.count(signal.label) > 1:
            _refuse_twice(layout, signal.label)
        if not _has_usable_rate(signal):
            _refuse_rate(layout, signal, f"Rates from {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz can be read.")
        if signal.samples_per_record != signals[0].samples_per_record:
            _refuse_rate(layout, signal, f"{labels[0]!r} has {signals[0].sfreq_hz:g} Hz, and one stream has one rate.")


def _has_usable_rate(signal: Signal) -> bool:
    return SLOWEST_HZ <= signal.sfreq_hz <= FASTEST_HZ


def _channel(layout: Layout, signal: Signal, scale: Scale, kind: ChannelKind) -> Channel:
    low_uv, high_uv = sorted((signal.physical[0], signal.physical[1]))
    unit_uv = signal.unit_uv or 1.0
    usual = Channel(signal.label or kind, kind)
    if usual.low_uv <= low_uv * unit_uv and high_uv * unit_uv <= usual.high_uv:
        return usual
    if layout.fmt == "EDF":
        rails_uv = sorted((LOWEST * scale.step_uv + scale.zero_uv, HIGHEST * scale.step_uv + scale.zero_uv))
        low_uv, high_uv = _short(rails_uv[0], math.floor), _short(rails_uv[1], math.ceil)
    else:
        low_uv, high_uv = _centred(layout, signal, scale)
    return Channel(usual.label, kind, Microvolts(low_uv), Microvolts(high_uv))


def _centred(layout: Layout, signal: Signal, scale: Scale) -> tuple[float, float]:
    """A range around the middle of the first minute: 24 bits reach far beyond what 16 can keep at 0.1 µV."""
    raw = raw_records(layout, 0, math.ceil(CENTRING_S / layout.record_s))
    uv = microvolts(digital_of(layout, raw, signal), scale)
    middle_uv = round(float(np.median(uv))) if len(uv) else 0
    return middle_uv - CENTRED_HALF_UV, middle_uv + CENTRED_HALF_UV


def _short(value: float, towards: Callable[[float], int]) -> float:
    """The value as the eight characters of an EDF header can hold it, rounded away from the middle."""
    whole_digits = len(f"{math.trunc(value):+d}")
    decimals = max(0, 8 - whole_digits - 1)
    shift = float(10**decimals)
    return towards(round(value * shift, 3)) / shift


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(repr(label) for label in labels[:12])
    return shown + (f" and {len(labels) - 12} more" if len(labels) > 12 else "") if labels else "no signals at all"


def _refuse_without_eeg(layout: Layout) -> NoReturn:
    raise StreamError(
        "DL-E212",
        f"No EEG channel was found in {layout.path}.",
        why=f"It has {_listed([signal.label for signal in layout.signals])}; an EEG channel is named after its "
        f"electrode, in uV, mV or V, at {SLOWEST_HZ:g} Hz or more.",
        do="Name the channel to read with --channel.",
    )


def _refuse_twice(layout: Layout, label: str) -> NoReturn:
    raise StreamError(
        "DL-E206",
        f"Two channels of {layout.path} are named {label!r}.",
        why="Which one is meant cannot be known.",
        do="Choose other channels with --channel, or rename one in the file.",
    )


def _refuse_rate(layout: Layout, signal: Signal, why: str) -> NoReturn:
    raise StreamError(
        "DL-E210",
        f"Channel {signal.label!r} of {layout.path} has {signal.sfreq_hz:g} Hz.",
        why=why,
        do="Choose other channels with --channel.",
    )
