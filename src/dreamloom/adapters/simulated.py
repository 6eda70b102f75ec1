"""How does a simulated sleeper lie in a pod? The text after "sim:" becomes a stream of samples with its faults."""

import difflib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.sleeper.happenings import Course
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.signals import CHANNELS, Electrodes
from dreamloom.sleeper.traits import PRESETS, Traits, traits_of
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import BoolArray, FloatArray, Hertz, NightTime, Seconds

DEFAULT_DURATION_S = Seconds(8 * 3600.0)
RATE_RANGE_HZ = (64.0, 1024.0)
"""Eye movements and spindles need the lower end; the upper end is ours, for speed."""
LONGEST_BLOCK_S = 60.0
_UNIT_S = {"s": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Fault:
    """A stretch [onset_s, onset_s + duration_s) of stream time that goes wrong."""

    onset_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        return self.onset_s + self.duration_s


@dataclass(frozen=True, slots=True)
class SleeperSpec:
    """What "sim:lucid,start=3h,hours=1.5,rate=256,drop=1200+20,late=1800+5" asks for.

    Attributes:
        preset: which kind of person.
        start_s: stream second 0 is this long after the sleeper's lights-off.
        duration_s: when the stream ends; None if not said.
        rate_hz: true sampling rate; None if not said.
        drops: samples of these stretches never come.
        lates: samples of these stretches come all at once when the stretch is over.
    """

    preset: str
    start_s: int = 0
    duration_s: float | None = None
    rate_hz: float | None = None
    drops: tuple[Fault, ...] = ()
    lates: tuple[Fault, ...] = ()


def read_spec(text: str) -> SleeperSpec:
    """The text after "sim:" as a spec: a preset, then key=value parts separated by commas.

    Raises:
        ConfigError: DL-E341 for an unknown preset, DL-E342 for an unknown or unreadable part.
    """
    preset, *parts = (part.strip() for part in text.split(","))
    if preset not in PRESETS:
        raise _unknown("DL-E341", "simulated sleeper", preset, tuple(PRESETS))
    spec = SleeperSpec(preset)
    for part in parts:
        spec = _with_part(spec, part)
    return spec


def _with_part(spec: SleeperSpec, part: str) -> SleeperSpec:
    key, _, value = part.partition("=")
    if key not in _PARTS:
        raise _unknown("DL-E342", "part of a simulated sleeper", key, tuple(_PARTS))
    try:
        return _PARTS[key](spec, value)
    except ValueError as error:
        raise ConfigError(
            "DL-E342", f'Cannot read "{part}" of a simulated sleeper.', why=str(error), do=f"For example: {_EXAMPLE}"
        ) from error


_EXAMPLE = "sim:lucid,start=3h,hours=1.5,rate=256,drop=1200+20,late=1800+5"


def _unknown(code: str, what: str, value: str, known: tuple[str, ...]) -> ConfigError:
    near = difflib.get_close_matches(value, known, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"For example: {_EXAMPLE}"
    return ConfigError(code, f'There is no {what} "{value}".', why=f"There are: {', '.join(known)}.", do=hint)


def _number(text: str, low: float, high: float) -> float:
    value = float(text)
    if not low <= value <= high:
        message = f"{value:g} lies outside {low:g} to {high:g}."
        raise ValueError(message)
    return value


def _seconds(text: str, low: float = 0.0) -> float:
    """Reads "1200", "45s", "90min", "3h" as seconds, at most a week."""
    unit = next((unit for unit in ("min", "h", "s") if text.endswith(unit)), "")
    return _number(str(float(text.removesuffix(unit)) * _UNIT_S.get(unit, 1.0)), low, 604_800.0)


def _fault(text: str) -> Fault:
    onset, plus, duration = text.partition("+")
    if not plus:
        message = "A fault is written onset+duration in seconds, as in 1200+20."
        raise ValueError(message)
    return Fault(_seconds(onset), _seconds(duration, low=0.001))


_PARTS: dict[str, Callable[[SleeperSpec, str], SleeperSpec]] = {
    "start": lambda spec, text: replace(spec, start_s=round(_seconds(text))),
    "hours": lambda spec, text: replace(spec, duration_s=3600.0 * _number(text, 1 / 3600, 168.0)),
    "rate": lambda spec, text: replace(spec, rate_hz=_number(text, *RATE_RANGE_HZ)),
    "drop": lambda spec, text: replace(spec, drops=(*spec.drops, _fault(text))),
    "late": lambda spec, text: replace(spec, lates=(*spec.lates, _fault(text))),
}


class SimulatedSource:
    """A simulated sleeper as a SignalSource; the same samples whatever the calls, and from whichever second on."""

    def __init__(  # noqa: PLR0913 one person, one rate, one stretch of night: all plain numbers
        self,
        spec: str,
        *,
        seed: int,
        sleeper: str,
        grid_hz: int = 256,
        delay_s: float = 0.05,
        duration_s: float = DEFAULT_DURATION_S,
        from_s: float = 0.0,
        block_s: float = LONGEST_BLOCK_S,
    ) -> None:
        """Samples before from_s are not given; what a spec says on duration and rate wins over the arguments.

        No block is longer than block_s.

        Raises:
            ConfigError: DL-E341, DL-E342 for a spec that cannot be read.
        """
        self.spec = read_spec(spec)
        rate_hz = self.spec.rate_hz or float(grid_hz)
        self.duration_s = self.spec.duration_s or duration_s
        self.traits: Traits = traits_of(seed, sleeper, self.spec.preset)
        self._stream = StreamInfo(
            source=f"sim:{spec}",
            channels=CHANNELS,
            sfreq_hz=Hertz(rate_hz),
            grid_hz=round(rate_hz) if self.spec.rate_hz else grid_hz,
            delay_s=Seconds(delay_s),
        )
        self._samples = _Samples(
            Course(self.traits, seed, until_s=self.spec.start_s + math.ceil(self.duration_s) + 2), rate_hz, self.spec
        )
        self._longest = max(1, round(block_s * rate_hz))
        self._next = math.ceil(round(from_s * rate_hz, 6))
        self._end = math.ceil(round(self.duration_s * rate_hz, 6))

    @property
    def stream(self) -> StreamInfo:
        """Four channels in microvolts: frontal EEG, left and right eye, chin."""
        return self._stream

    @property
    def ended(self) -> bool:
        """True once the simulated night has been read to its end."""
        return self._next >= self._end

    @property
    def ends_s(self) -> NightTime:
        """The end of the simulated night."""
        return NightTime(self.duration_s + self._stream.delay_s)

    def read(self, until_s: NightTime) -> list[Block]:
        """Every block that arrived by until_s and was not read before, oldest first."""
        rate_hz, delay_s = self._stream.sfreq_hz, self._stream.delay_s
        newest = (min(until_s, self.duration_s + delay_s) - delay_s) * rate_hz
        beyond = min(self._end, max(self._next, math.floor(newest) + 2))
        onsets_s = np.arange(self._next, beyond) / rate_hz
        arrived_s = self._arrivals(onsets_s)
        count = int(np.searchsorted(arrived_s, until_s, side="right"))
        first, self._next = self._next, self._next + count
        return [
            Block(
                NightTime(float(onsets_s[start])),
                self._samples(first + start, first + stop),
                rate_hz,
                arrived_s[start:stop],
            )
            for start, stop in _runs(self._kept(onsets_s[:count]), self._longest)
        ]

    def close(self) -> None:
        """The sleeper gets up: no sample comes after this."""
        self._next = self._end

    def _arrivals(self, onsets_s: FloatArray) -> FloatArray:
        in_hand_s = onsets_s.copy()
        for late in self.spec.lates:
            in_hand_s[(onsets_s >= late.onset_s) & (onsets_s < late.end_s)] = late.end_s
        return np.maximum.accumulate(in_hand_s + self._stream.delay_s) if len(in_hand_s) else in_hand_s

    def _kept(self, onsets_s: FloatArray) -> BoolArray:
        kept = np.ones(len(onsets_s), dtype=np.bool_)
        for drop in self.spec.drops:
            kept &= (onsets_s < drop.onset_s) | (onsets_s >= drop.end_s)
        return kept


def _runs(kept: BoolArray, longest: int) -> Iterator[tuple[int, int]]:
    """Unbroken stretches of True as (start, stop), none longer than `longest`."""
    edges = np.flatnonzero(np.diff(kept.astype(np.int8), prepend=0, append=0))
    for start, stop in edges.reshape(-1, 2).tolist():
        for cut in range(start, stop, longest):
            yield cut, min(cut + longest, stop)


class _Samples:
    """Samples by index at the stream's true rate, made second by second."""

    def __init__(self, course: Course, rate_hz: float, spec: SleeperSpec) -> None:
        self._rate_hz = rate_hz
        self._start_s = spec.start_s
        self._electrodes = Electrodes(course, sfreq_hz=math.ceil(rate_hz))
        self._seconds: Kept[FloatArray] = Kept(self._electrodes.second, size=4)

    def __call__(self, first: int, beyond: int) -> FloatArray:
        """[beyond - first, 4], microvolts."""
        seconds = range(int(first / self._rate_hz), int((beyond - 1) / self._rate_hz) + 1)
        return np.concatenate([self._of_second(second, first, beyond) for second in seconds])

    def _of_second(self, second: int, first: int, beyond: int) -> FloatArray:
        start = math.ceil(round(second * self._rate_hz, 6))
        stop = math.ceil(round((second + 1) * self._rate_hz, 6))
        samples_uv = self._whole(second) if self._rate_hz.is_integer() else self._between(second, start, stop)
        return samples_uv[max(first - start, 0) : beyond - start]

    def _whole(self, second: int) -> FloatArray:
        return self._seconds(self._start_s + second)

    def _between(self, second: int, start: int, stop: int) -> FloatArray:
        """Samples start..stop of a clock that ticks off the grid, by cubic interpolation of the grid's samples."""
        grid_hz = self._electrodes.sfreq_hz
        around_uv = np.concatenate([self._whole(second - 1)[-2:], self._whole(second), self._whole(second + 1)[:3]])
        place = (np.arange(start, stop) / self._rate_hz - second) * grid_hz + 2.0
        before = np.floor(place).astype(np.intp)
        share = (place - before)[:, None]
        a, b, c, d = (around_uv[before + shift] for shift in (-1, 0, 1, 2))
        bend = share * (3.0 * (b - c) + d - a) + 2.0 * a - 5.0 * b + 4.0 * c - d
        between_uv: FloatArray = b + 0.5 * share * (c - a + share * bend)
        return between_uv
