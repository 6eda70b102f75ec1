"""Does a band hold for a night? Listens to a live source and counts what it does not send, and what comes late."""

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dreamloom.engine.clocks import RealClock
from dreamloom.house.night_file import PodAsked
from dreamloom.house.sources import SourceRequest, listen, open_boards, open_source
from dreamloom.ports import Clock, MeasuresImpedance, Noticing, SignalSource
from dreamloom.record.events import AnyEvent, GlitchSeen
from dreamloom.signals import grid
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.statistics.counts import Expected, expected_count
from dreamloom.vocabulary.errors import StreamError, UsageError
from dreamloom.vocabulary.units import NightTime, Seconds

LATE_S = Seconds(0.5)
"""No sample for so long is a stall: a night tells it."""
LOST_S = Seconds(2.0)
"""No sample for so long is a dropout: a night falls silent at that bed."""
NIGHT_HOURS = 8.0
POLL_S = Seconds(0.02)
LIVE = ("lsl", "brainflow", "sim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """From a block's last sample to its arrival; jitter: the 99th percentile above the median."""

    least_ms: float
    median_ms: float
    p99_ms: float
    most_ms: float
    jitter_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What was heard of a source.

    Attributes:
        listened_s: how long it was listened to.
        samples: how many came; rate_hz: so many a second, between the first and the last.
        dropouts: times without a sample for LOST_S and more; dropped_s: how long those were together.
        stalls: times without a sample for LATE_S and more, and no dropout.
        longest_silence_s: the longest time between two arrivals.
        gaps: times at which samples were missing; lost_samples: how many of them.
        glitches: what else it noticed, by kind.
        impedances_kohm: by electrode; None: not measured.
        per_night: dropouts to expect in NIGHT_HOURS, with the exact 95 % interval.
    """

    source: str
    sold_as_hz: float
    listened_s: float
    samples: int
    rate_hz: float
    dropouts: int
    dropped_s: float
    stalls: int
    longest_silence_s: float
    gaps: int
    lost_samples: int
    delays: Delays
    glitches: dict[str, int]
    impedances_kohm: dict[str, float] | None
    per_night: Expected


def open_live(spec: str) -> tuple[SignalSource, Clock]:
    """The source that "lsl:…", "brainflow:…" or "sim:…" means, and the clock it is listened to by.

    Raises:
        UsageError: DL-E107 for what cannot be listened to live.
        ConfigError, StreamError: when it cannot be opened.
    """
    kind, _, detail = spec.partition(":")
    if kind not in LIVE or not detail:
        raise UsageError(
            "DL-E107",
            f"{spec!r} is nothing to listen to live." if spec else "Nobody said what to listen to.",
            why="A band is listened to as lsl:NAME or brainflow:BOARD; sim:PRESET tries this machine alone.",
            do="For example: dreamloom doctor soak --source brainflow:muse_2",
        )
    pod = PodAsked(id="soak", sleeper="nobody", source=spec)
    streams, boards = listen([pod], speed_x=1.0), open_boards([pod])
    clock = RealClock()
    request = SourceRequest(folder=Path(), seed=0, lsl=streams.get(pod.id), board=boards.get(pod.id), now_s=clock.now_s)
    source, _ = open_source(pod, request)
    return source, clock


def soak(source: SignalSource, clock: Clock, *, for_s: Seconds, told: Callable[[Seconds], None]) -> Soaked:
    """Listens for so long, until the source ends, or until somebody presses Ctrl-C; `told` hears how long it has been.

    Raises:
        StreamError: DL-E271 when not one sample came.
    """
    began_s = now_s = clock.now_s()
    heard = Listening(source.stream, began_s)
    try:
        while now_s - began_s < for_s and not source.ended:
            clock.wait_until(NightTime(now_s + POLL_S))
            now_s = clock.now_s()
            blocks = source.read(now_s)
            heard.take(blocks, source.told() if isinstance(source, Noticing) else [])
            told(Seconds(now_s - began_s))
    except KeyboardInterrupt:
        now_s = clock.now_s()
    impedances = source.impedances_kohm() if isinstance(source, MeasuresImpedance) else None
    return heard.soaked(now_s, impedances)


class Listening:
    """Counts as samples come."""

    def __init__(self, stream: StreamInfo, began_s: NightTime) -> None:
        self._stream = stream
        self._began_s = began_s
        self._grid = grid.start(stream.grid_hz, stream.channels)
        self._first_s: float | None = None
        self._last_s = float(began_s)
        self._samples = 0
        self._at_first = 0
        self._silences_s: list[float] = []
        self._longest_s = 0.0
        self._gaps: list[int] = []
        self._delays_s = array("d")
        self._glitches: dict[str, int] = {}

    def take(self, blocks: Sequence[Block], told: Sequence[AnyEvent]) -> None:
        """What came with one look."""
        for block in blocks:
            if len(block.samples):
                self._take(block)
        for event in told:
            if isinstance(event, GlitchSeen):
                self._glitches[event.glitch] = self._glitches.get(event.glitch, 0) + 1

    def soaked(self, now_s: NightTime, impedances_kohm: dict[str, float] | None) -> Soaked:
        """What was heard until now; the silence that still lasts counts as any other."""
        listened_s = float(now_s - self._began_s)
        if not self._samples:
            raise StreamError(
                "DL-E271",
                f"Not one sample came from {self._stream.source} in {listened_s:.0f} s.",
                do="Look whether the device is on, worn and streaming, then listen again.",
            )
        silences_s = [*self._silences_s, now_s - self._last_s]
        dropouts_s = [each for each in silences_s if each >= LOST_S]
        delays = _delays(self._delays_s)
        return Soaked(
            source=self._stream.source,
            sold_as_hz=float(self._stream.sfreq_hz),
            listened_s=round(listened_s, 3),
            samples=self._samples,
            rate_hz=round(self._rate_hz(), 3),
            dropouts=len(dropouts_s),
            dropped_s=round(math.fsum(dropouts_s), 3),
            stalls=sum(LATE_S <= each < LOST_S for each in silences_s),
            longest_silence_s=round(max(self._longest_s, silences_s[-1]), 3),
            gaps=len(self._gaps),
            lost_samples=sum(self._gaps),
            delays=delays,
            glitches=dict(sorted(self._glitches.items())),
            impedances_kohm=impedances_kohm,
            per_night=expected_count(len(dropouts_s), listened_s / 3600, over=NIGHT_HOURS),
        )

    def _take(self, block: Block) -> None:
        self._grid, _, lost = grid.push(self._grid, block)
        self._gaps.extend(gap.samples for gap in lost)
        came_s = np.maximum.accumulate(block.arrived_s)
        if self._first_s is None:  # what a device takes to begin is no silence
            self._first_s = self._last_s = float(came_s[0])
            self._at_first = len(came_s)
        waits_s = np.diff(came_s, prepend=self._last_s)
        self._silences_s.extend(waits_s[waits_s >= LATE_S].tolist())
        self._longest_s = max(self._longest_s, float(waits_s.max()))
        self._last_s = float(came_s[-1])
        self._delays_s.append(self._last_s - block.onset_s - (len(came_s) - 1) / block.sfreq_hz)
        self._samples += len(came_s)

    def _rate_hz(self) -> float:
        """What came after the first arrival, in the time since; 0 where everything came at once."""
        took_s = self._last_s - (self._first_s or 0.0)
        return (self._samples - self._at_first) / took_s if took_s > 0 else 0.0


def _delays(of_blocks_s: Sequence[float]) -> Delays:
    least, median, p99, most = (round(each * 1000, 1) for each in np.percentile(of_blocks_s, (0, 50, 99, 100)).tolist())
    return Delays(least_ms=least, median_ms=median, p99_ms=p99, most_ms=most, jitter_ms=round(p99 - median, 1))
