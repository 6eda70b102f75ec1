"""What did a bed record then? A stretch of its stored samples, and how its spectrum went; also of a night that runs."""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from scipy.signal import welch

from dreamloom.adapters.edf_file import Layout, Signal, digital_of, microvolts, raw_records, read_layout, scale_of
from dreamloom.adapters.live_samples import MISSING, Newest, tenths_of
from dreamloom.house.layout import NightFolder
from dreamloom.house.resuming import stored_segments
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import EPOCH_S, FloatArray, Hertz, Int16Array, Seconds

MOST_SHOWN = 2
"""As many signals as a row of the night view draws."""
WINDOW_S = Seconds(4.0)
"""Of each spectrum: 0.25 Hz apart, seven and more in an epoch."""
LOWEST_HZ, HIGHEST_HZ, EACH_HZ = 0.5, 20.0, 0.5
LEAST_DB, MOST_DB = -40, 60


class Spectrogram(Struct, frozen=True, kw_only=True):
    """How the power of a bed's first signal lay, epoch by epoch.

    Attributes:
        label: of the signal.
        hz: the middle of each band.
        epochs: for each 30-s epoch from the beginning on, power in dB over 1 uV^2/Hz in each band; empty where nothing
            is stored.
    """

    label: str
    hz: tuple[float, ...]
    epochs: tuple[tuple[int, ...], ...]


class _Stored(NamedTuple):
    layout: Layout
    signals: tuple[Signal, ...]
    from_s: int

    @property
    def to_s(self) -> float:
        return self.from_s + self.layout.records * self.layout.record_s


def stored_span(folder: NightFolder, pod: str, *, until_s: Seconds, span_s: Seconds) -> Newest | None:
    """The last so many seconds before this moment of the night; None where nothing of them is stored."""
    held = [each for each in _stored(folder, pod) if each.from_s < until_s and each.to_s > until_s - span_s]
    if not held:
        return None
    signals = held[-1].signals
    hz = signals[0].sfreq_hz
    rows = round(span_s * hz)
    first = round(until_s * hz) - rows
    shown = np.full((rows, len(signals)), MISSING, dtype=np.int16)
    for each in held:
        if [(one.label, one.sfreq_hz) for one in each.signals] == [(one.label, one.sfreq_hz) for one in signals]:
            _put(shown, each, first)
    return Newest(max(first, 0), shown[max(0, -first) :], Hertz(hz))


def spectrogram(folder: NightFolder, pod: str, *, until_s: Seconds) -> Spectrogram:
    """Of the first signal, by Welch's method in each whole epoch; whatever overlaps two stored files is left empty."""
    stored = _stored(folder, pod)
    bands = np.arange(LOWEST_HZ, HIGHEST_HZ, EACH_HZ)
    epochs: list[tuple[int, ...]] = [() for _ in range(int(until_s // EPOCH_S))]
    for each in stored:
        for number, samples_uv in _epochs(each, len(epochs)):
            epochs[number] = _decibels(samples_uv, each.signals[0].sfreq_hz, bands)
    label = stored[0].signals[0].label if stored else ""
    return Spectrogram(label=label, hz=tuple(float(hz + EACH_HZ / 2) for hz in bands), epochs=tuple(epochs))


def _stored(folder: NightFolder, pod: str) -> list[_Stored]:
    return [found for path in stored_segments(folder, [pod])[pod] if (found := _read(path)) is not None]


def _read(path: Path) -> _Stored | None:
    try:
        layout = read_layout(path)
    except StreamError:  # begun just now
        return None
    first = next((each for each in layout.signals if each.unit_uv is not None), None)
    if first is None or not layout.records:
        return None
    alike = [each for each in layout.signals if each.unit_uv is not None and each.sfreq_hz == first.sfreq_hz]
    return _Stored(layout, tuple(alike[:MOST_SHOWN]), layout.onset_file_s)


def _put(shown: Int16Array, stored: _Stored, first: int) -> None:
    hz, record_s = stored.signals[0].sfreq_hz, stored.layout.record_s
    begins = max(0, int((first / hz - stored.from_s) // record_s))
    count = int(np.ceil(len(shown) / hz / record_s)) + 1
    raw = raw_records(stored.layout, begins, min(count, max(0, stored.layout.records - begins)))
    place = round((stored.from_s + begins * record_s) * hz) - first
    for column, signal in enumerate(stored.signals):
        tenths = tenths_of(microvolts(digital_of(stored.layout, raw, signal), scale_of(stored.layout.path, signal)))
        low, high = max(0, place), min(len(shown), place + len(tenths))
        if low < high:
            shown[low:high, column] = tenths[low - place : high - place]


def _epochs(stored: _Stored, most: int) -> Iterator[tuple[int, FloatArray]]:
    """Number and samples of the first signal in each whole epoch of this file."""
    signal, record_s = stored.signals[0], stored.layout.record_s
    scale = scale_of(stored.layout.path, signal)
    numbers = range(int(-(-stored.from_s // EPOCH_S)), most)
    for number in takewhile(lambda each: (each + 1) * EPOCH_S <= stored.to_s, numbers):
        begins = round((number * EPOCH_S - stored.from_s) / record_s)
        raw = raw_records(stored.layout, begins, round(EPOCH_S / record_s))
        yield number, microvolts(digital_of(stored.layout, raw, signal), scale)


def _decibels(samples_uv: FloatArray, hz: float, bands: FloatArray) -> tuple[int, ...]:
    at_hz, power = welch(samples_uv, fs=hz, nperseg=min(len(samples_uv), round(WINDOW_S * hz)))
    within = [power[(at_hz >= low) & (at_hz < low + EACH_HZ)] for low in bands]
    means = np.array([each.mean() if len(each) else 0.0 for each in within])
    told = 10.0 * np.log10(np.maximum(means, 10.0 ** (LEAST_DB / 10)))
    return tuple(int(each) for each in np.clip(np.rint(told), LEAST_DB, MOST_DB))
