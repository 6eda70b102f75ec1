"""Which signals do tests feed in? A source of any true rate and loss, and blocks cut anywhere."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from dreamloom.signals import grid
from dreamloom.signals.blocks import Block, Channel, GridSecond, StreamInfo
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import BoolArray, FloatArray, Hertz, NightTime, Seconds

Waveform = Callable[[FloatArray], FloatArray]
"""Onsets [n] in seconds to microvolts [n]."""


def tone(frequency_hz: float, amplitude_uv: float) -> Waveform:
    """A sine that starts at zero."""
    return lambda onset_s: amplitude_uv * np.sin(2 * np.pi * frequency_hz * onset_s)


@dataclass(slots=True)
class FakeSource:
    """A device whose clock, losses and signal a test chooses; implements SignalSource.

    Attributes:
        true_hz: the rate its samples are really taken at; 255.5 is real.
        grid_hz: the whole-number rate it is sold as.
        duration_s: when it ends.
        loss_share: share of samples that never come.
        seed: of the losses.
        waveforms: one per channel.
        block_samples: how many samples a block holds before losses split it.
        delay_s: how long after its onset a sample arrives.
        start_s: onset of the first sample.
    """

    true_hz: float
    grid_hz: int
    duration_s: float
    loss_share: float = 0.0
    seed: int = 1
    waveforms: Sequence[Waveform] = (tone(10.0, 40.0),)
    block_samples: int = 25
    delay_s: float = 0.05
    start_s: float = 0.0
    _next: int = field(default=0, init=False)
    _came: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        self._came = ~self.is_lost()

    @property
    def stream(self) -> StreamInfo:
        channels = tuple(Channel(f"EEG {number}", "EEG") for number in range(1, len(self.waveforms) + 1))
        return StreamInfo("fake", channels, Hertz(self.true_hz), self.grid_hz, Seconds(self.delay_s))

    @property
    def samples_in_all(self) -> int:
        return math.floor(self.duration_s * self.true_hz)

    @property
    def ended(self) -> bool:
        return self._next >= self.samples_in_all

    @property
    def ends_s(self) -> NightTime:
        return NightTime(self.start_s + self.duration_s + self.delay_s)

    def is_lost(self) -> BoolArray:
        """[samples_in_all], True where a sample never comes; the first always comes."""
        lost = stream(self.seed, "loss").random(self.samples_in_all) < self.loss_share
        lost[:1] = False
        return np.asarray(lost)

    def read(self, until_s: NightTime) -> list[Block]:
        """Every block that arrived by until_s and was not read before, oldest first."""
        blocks: list[Block] = []
        while not self.ended:
            stop = min(self._next + self.block_samples, self.samples_in_all)
            if self.start_s + (stop - 1) / self.true_hz + self.delay_s > until_s:
                break
            blocks.extend(self._unlost(self._next, stop))
            self._next = stop
        return blocks

    def close(self) -> None:
        self._next = self.samples_in_all

    def _unlost(self, first: int, stop: int) -> list[Block]:
        came = np.flatnonzero(self._came[first:stop]) + first
        runs = np.split(came, np.flatnonzero(np.diff(came) > 1) + 1)
        return [self._block(int(run[0]), len(run)) for run in runs if len(run)]

    def _block(self, first: int, count: int) -> Block:
        onset_s = self.start_s + np.arange(first, first + count) / self.true_hz
        samples = np.column_stack([waveform(onset_s) for waveform in self.waveforms])
        return Block(NightTime(float(onset_s[0])), samples, Hertz(self.true_hz), onset_s + self.delay_s)


def recut(blocks: Iterable[Block], samples: int) -> list[Block]:
    """The same samples in blocks of at most `samples`; onset and arrival stay with each sample."""
    return [
        Block(
            NightTime(block.onset_s + first / block.sfreq_hz),
            block.samples[first : first + samples],
            block.sfreq_hz,
            block.arrived_s[first : first + samples],
        )
        for block in blocks
        for first in range(0, len(block.samples), samples)
    ]


def on_grid(blocks: Iterable[Block], info: StreamInfo) -> tuple[list[GridSecond], list[grid.Gap], grid.GridState]:
    """All seconds and gaps that a stream gives, the held end included."""
    state, seconds, gaps = grid.start(info.grid_hz, info.channels), list[GridSecond](), list[grid.Gap]()
    for block in blocks:
        state, new_seconds, new_gaps = grid.push(state, block)
        seconds += new_seconds
        gaps += new_gaps
    state, last = grid.flush(state, NightTime(state.arrived_s))
    return seconds + last, gaps, state


def assert_same_seconds(left: Sequence[GridSecond], right: Sequence[GridSecond]) -> None:
    """Bit for bit: index, stored values, microvolts, fills, arrival."""
    assert [second.index for second in left] == [second.index for second in right]
    for one, other in zip(left, right, strict=True):
        np.testing.assert_array_equal(one.digital, other.digital, err_msg=f"second {one.index}")
        np.testing.assert_array_equal(one.samples_uv, other.samples_uv, err_msg=f"second {one.index}")
        np.testing.assert_array_equal(one.filled, other.filled, err_msg=f"second {one.index}")
        assert one.arrived_s == other.arrived_s, f"second {one.index}"


@st.composite
def fake_sources(draw: st.DrawFn) -> FakeSource:
    """Sources around 100 Hz, too fast, too slow and exact, with and without losses, from any start."""
    return FakeSource(
        true_hz=draw(st.sampled_from([99.3, 100.0, 100.7, 97.0])),
        grid_hz=100,
        duration_s=draw(st.floats(0.5, 6.0)),
        loss_share=draw(st.sampled_from([0.0, 0.005, 0.2])),
        seed=draw(st.integers(0, 99)),
        waveforms=(tone(10.0, 40.0), tone(0.7, 75.0)),
        start_s=draw(st.sampled_from([0.0, 0.004, 12.3, 59.995])),
        block_samples=draw(st.integers(1, 300)),
    )
