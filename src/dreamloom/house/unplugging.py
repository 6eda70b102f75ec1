"""How is a band unplugged while its night runs? A cable between source and bed: what was taken meanwhile is lost."""

from dataclasses import replace

import numpy as np

from dreamloom.ports import SignalSource
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.vocabulary.units import NightTime, Seconds


class Cable:
    """A source as a SignalSource, without the samples of the stretches in which it was unplugged."""

    def __init__(self, source: SignalSource) -> None:
        self._source = source
        self._out: list[tuple[float, float]] = []

    def unplug(self, from_s: NightTime, duration_s: Seconds) -> None:
        """What is taken off the body from then on, for so long, reaches nobody."""
        self._out.append((from_s, from_s + duration_s))

    @property
    def stream(self) -> StreamInfo:
        return self._source.stream

    def read(self, until_s: NightTime) -> list[Block]:
        return [kept for block in self._source.read(until_s) for kept in self._kept(block)]

    @property
    def ended(self) -> bool:
        return self._source.ended

    @property
    def ends_s(self) -> NightTime:
        return self._source.ends_s

    def close(self) -> None:
        self._source.close()

    def _kept(self, block: Block) -> list[Block]:
        """The parts of a block that came through, in hand when the block was: a replay must find them no earlier."""
        onsets_s = block.onset_s + np.arange(len(block.samples)) / block.sfreq_hz
        came = np.ones(len(onsets_s), dtype=np.bool_)
        for from_s, to_s in self._out:
            came &= (onsets_s < from_s) | (onsets_s >= to_s)
        if came.all():
            return [block]
        edges = np.flatnonzero(np.diff(came.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
        return [
            replace(
                block,
                onset_s=NightTime(float(onsets_s[start])),
                samples=block.samples[start:stop],
                arrived_s=np.full(stop - start, block.arrived_s[-1]),
            )
            for start, stop in edges.tolist()
        ]
