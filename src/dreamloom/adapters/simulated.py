"""How does a simulated sleeper lie in a pod? A stream of samples with its faults, from a person who hears."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dreamloom.adapters.simulated_spec import SleeperSpec, read_spec
from dreamloom.dreamscape.waking import By
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.sleeper.answering import Given, Question
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.hearing import Cue
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.signals import Electrodes
from dreamloom.sleeper.traits import Traits, changed, traits_of
from dreamloom.vocabulary.units import BoolArray, Decibels, FloatArray, Hertz, NightTime, Seconds

DEFAULT_DURATION_S = Seconds(8 * 3600.0)
LONGEST_BLOCK_S = 60.0


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
        self.traits: Traits = changed(traits_of(seed, sleeper, self.spec.preset), dict(self.spec.traits))
        until_s = self.spec.start_s + math.ceil(self.duration_s) + 2
        self._practised: dict[str, Question] = {}
        self._samples = _Samples(Course(self.traits, seed, until_s=until_s), rate_hz, self.spec)
        self._stream = StreamInfo(
            source=f"sim:{spec}",
            channels=self._samples.channels,
            sfreq_hz=Hertz(rate_hz),
            grid_hz=round(rate_hz) if self.spec.rate_hz else grid_hz,
            delay_s=Seconds(delay_s),
        )
        self._longest = max(1, round(block_s * rate_hz))
        self._next = math.ceil(round(from_s * rate_hz, 6))
        self._end = math.ceil(round(self.duration_s * rate_hz, 6))

    @property
    def stream(self) -> StreamInfo:
        """In microvolts: frontal EEG, left and right eye, chin; then heart and breath if the spec asks for them."""
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

    def practise(self, questions: Mapping[str, Sequence[Question]]) -> None:
        """What is asked by which cue, and the ways to answer it; one who answers does so in the first that shows here.

        A sleeper of whom the spec says by what they answer answers in no other way.
        """
        shows: set[By] = {"eyes", "face", "sniff"} if self.spec.with_body else {"eyes", "face"}
        own = shows & {self.spec.answers_by} if self.spec.answers_by else shows
        for cue, ways in questions.items() if self.spec.with_answers else ():
            self._practised |= dict([(cue, way) for way in ways if way.by in own][:1])

    @property
    def answers(self) -> list[Given]:
        """What was truly answered to all that was heard so far, in seconds since the stream began."""
        start_s = self.spec.start_s
        return [
            given._replace(
                onset_s=given.onset_s - start_s, end_s=given.end_s - start_s, heard_s=given.heard_s - start_s
            )
            for given in self._samples.answers
        ]

    def hear(self, onset_s: NightTime, duration_s: Seconds, level_db: Decibels, cue: str = "") -> None:
        """A sound reached this pillow; samples from hearing.EARLIEST_S after its onset on may differ from then on.

        The samples depend on the sounds alone, not on when they are told, as long as each is told before samples that
        late were read: what was handed out stays as it is. The same sound told twice is one sound, so that a resumed
        night may tell all of them again.
        """
        if 0.0 <= onset_s < self.duration_s:
            asks = self._practised.get(cue)
            self._samples.hear(Cue(self.spec.start_s + onset_s, duration_s, level_db, asks))

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
        self._course = course
        self._electrodes = Electrodes(course, sfreq_hz=math.ceil(rate_hz), with_body=spec.with_body)
        self.channels = self._electrodes.channels
        self._seconds: Kept[FloatArray] = Kept(self._electrodes.second, size=4)

    def __call__(self, first: int, beyond: int) -> FloatArray:
        """[beyond - first, channel], microvolts."""
        seconds = range(int(first / self._rate_hz), int((beyond - 1) / self._rate_hz) + 1)
        return np.concatenate([self._of_second(second, first, beyond) for second in seconds])

    def hear(self, cue: Cue) -> None:
        """From here on this sound is part of the night."""
        self._course.hear(cue)
        self._electrodes.forget()
        self._seconds.forget()

    @property
    def answers(self) -> tuple[Given, ...]:
        """In seconds since lights-off."""
        return self._course.answers

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
