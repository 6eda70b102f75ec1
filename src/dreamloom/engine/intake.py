"""How do samples come to a bedside? From a source onto the grid and into the store, or as they were stored."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from dreamloom.pod.tracking import BelievedSecond
from dreamloom.ports import SignalSource, SignalStore
from dreamloom.signals import grid
from dreamloom.signals.blocks import Block, GridSecond, StreamInfo
from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds

DRAFT_EVERY_S = Seconds(0.2)
"""How often a live night keeps the second that is filling up."""

ROUNDING_S = 2e-6
"""The record tells an end to the microsecond; what is nearer to it is at it, live and in a replay."""
NEVER_IN_TIME_S = Seconds(10.0)
"""More than the latest second that any tick may still handle. Ours."""


class Intake(Protocol):
    """Whole seconds of one bedside, oldest first, as they become complete."""

    @property
    def stream(self) -> StreamInfo: ...

    @property
    def ended(self) -> bool: ...

    @property
    def ends_s(self) -> NightTime:
        """Night time from which its end is known; inf while it may always go on."""

    @property
    def fresh_s(self) -> NightTime:
        """Night time of the newest sample in hand; -inf before the first."""

    def read(self, until_s: NightTime) -> tuple[Sequence[GridSecond | BelievedSecond], Sequence[grid.Gap]]: ...

    def opened(self, index: int, first: int) -> FloatArray | None:
        """Of second `index`, while it fills up, rows [n, channel] from `first` on; None where it is not that one."""

    def close(self) -> None: ...


class Shows(Protocol):
    """Shows every block as it is read to whoever looks."""

    def show(self, block: Block) -> None: ...

    def close(self) -> None: ...


class LiveIntake:
    """Reads a source, lays its blocks on the grid, stores every second before anybody decides on it.

    Samples before from_s are passed over: a night that is opened again goes on from there. A recording cut into long
    blocks is read ahead_s early, since a block is handed out when its last sample is there; its seconds still wait
    for their tick.
    """

    def __init__(
        self,
        source: SignalSource,
        store: SignalStore | None,
        *,
        from_s: NightTime = NightTime(0.0),
        ahead_s: Seconds = Seconds(0.0),
        drafts: bool = False,
        shows: Shows | None = None,
    ) -> None:
        """With somebody who shows every block as it is read; nothing is decided on what is shown."""
        self._shows = shows
        self.stream = source.stream
        self._from_s = from_s
        self._ahead_s = ahead_s
        self._drafts = drafts
        self._source = source
        self._store = store
        self._grid = grid.start(source.stream.grid_hz, source.stream.channels)
        self._flushed = False
        self._drafted_s = -1.0
        self._until_s = from_s
        self._missing_s = -math.inf

    @property
    def ended(self) -> bool:
        return self._flushed

    @property
    def ends_s(self) -> NightTime:
        return self._source.ends_s

    @property
    def fresh_s(self) -> NightTime:
        return NightTime(self._grid.last_onset_s)

    def read(self, until_s: NightTime) -> tuple[list[GridSecond], list[grid.Gap]]:
        """What became complete by until_s, and the gaps found on the way."""
        self._until_s = until_s
        seconds: list[GridSecond] = []
        gaps: list[grid.Gap] = []
        for read in self._source.read(NightTime(until_s + self._ahead_s)):
            block = _from(read, self._from_s)
            if block is None:
                continue
            if self._shows is not None:
                self._shows.show(block)
            self._grid, new, lost = grid.push(self._grid, block)
            seconds.extend(new)
            gaps.extend(lost)
        if self._source.ended and until_s >= self._source.ends_s - ROUNDING_S and not self._flushed:
            self._grid, new = grid.flush(self._grid, self._source.ends_s)
            seconds.extend(new)
            self._flushed = True
        seconds = [_in_hand(second, self._missing_s) for second in seconds]
        self._missing_s = until_s
        self._keep(seconds, gaps, until_s)
        return seconds, gaps

    def opened(self, index: int, first: int) -> FloatArray | None:
        """What was read of a second that is not whole yet, as it will be stored."""
        return grid.settled(self._grid, index, first)

    def _keep(self, seconds: list[GridSecond], gaps: list[grid.Gap], until_s: NightTime) -> None:
        if self._store is None:
            return
        for gap in gaps:
            self._store.annotate(gap.onset_s, gap.duration_s, "Signal lost")
        for second in seconds:
            self._store.append(second)
        self._draft(until_s)

    def _draft(self, now_s: NightTime) -> None:
        """Live, the second that is filling up is kept several times on its way; in a fast night never."""
        if not self._drafts or now_s - self._drafted_s < DRAFT_EVERY_S:
            return
        self._drafted_s = now_s
        opened = grid.open_second(self._grid)
        if opened is not None and self._store is not None:
            self._store.draft(_unfinished(opened, now_s))

    def close(self) -> None:
        """Ends source and store; live, the second that was filling up is kept, its missing end held and flagged."""
        self._source.close()
        if self._shows is not None:
            self._shows.close()
        if self._drafts and not self._flushed and self._store is not None:
            self._grid, rest = grid.flush(self._grid, self._until_s)
            for second in rest:
                self._store.append(_unfinished(second, self._until_s))
        if self._store is not None:
            self._store.close()


def _in_hand(second: GridSecond, missing_s: float) -> GridSecond:
    """A second that a gap filled is whole with the first sample behind it, which may come in a block of many.

    It was not there at missing_s, whatever its samples say; a replay must not have it sooner.
    """
    if second.arrived_s > missing_s:
        return second
    return replace(second, arrived_s=NightTime(math.nextafter(missing_s, math.inf)))


def _unfinished(second: GridSecond, now_s: NightTime) -> GridSecond:
    """Kept, though no tick had it in hand, however early its last sample came: a replay must not find it in time."""
    return replace(second, arrived_s=max(second.arrived_s, NightTime(now_s + NEVER_IN_TIME_S)))


def _from(block: Block, from_s: NightTime) -> Block | None:
    """The samples of a block with onset at or after from_s."""
    skip = math.ceil((from_s - block.onset_s) * block.sfreq_hz - 1e-6)
    if skip <= 0:
        return block
    if skip >= len(block.samples):
        return None
    return Block(
        onset_s=NightTime(block.onset_s + skip / block.sfreq_hz),
        samples=block.samples[skip:],
        sfreq_hz=block.sfreq_hz,
        arrived_s=block.arrived_s[skip:],
    )


class StoredIntake:
    """The seconds of a stored night, as they were decided on; their gaps stand in the record as inputs.

    It ends when the record says that its stream did (StreamEnded), however early its last second came: until then the
    night waited for more.
    """

    def __init__(self, stream: StreamInfo, seconds: Iterable[GridSecond], *, ends_s: NightTime) -> None:
        self.stream = stream
        self.ends_s = ends_s
        self._until_s = -math.inf
        self._seconds: Iterator[GridSecond] = iter(seconds)
        self._next = next(self._seconds, None)

    @property
    def ended(self) -> bool:
        return self._next is None and self._until_s >= self.ends_s - ROUNDING_S

    @property
    def fresh_s(self) -> NightTime:
        return NightTime(-math.inf)

    def read(self, until_s: NightTime) -> tuple[list[GridSecond], list[grid.Gap]]:
        """The stored seconds that had arrived by until_s."""
        self._until_s = until_s
        ready: list[GridSecond] = []
        while self._next is not None and self._next.arrived_s <= until_s:
            ready.append(self._next)
            self._next = next(self._seconds, None)
        return ready, []

    def opened(self, index: int, first: int) -> None:
        """Whole seconds alone are stored."""

    def close(self) -> None:
        """Nothing is held open."""
