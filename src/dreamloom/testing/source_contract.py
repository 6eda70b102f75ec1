"""What must every SignalSource keep to? Subclass a contract and say how to make a source; pytest runs the rest.

SourceContract is for those that can be read in virtual time: recordings, simulated sleepers. LiveSourceContract is for
those that only the real time moves, and that never end by themselves.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from dreamloom.ports import SignalSource
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.testing.signals import assert_same_seconds, on_grid, recut
from dreamloom.vocabulary.units import NightTime

BLOCK_SIZES = (1, 7, 25, 250, 2500)
FOREVER_S = NightTime(math.inf)


class _EverySourceContract(ABC):
    """Order, no overlap, arrivals that never run back, channels as promised."""

    @abstractmethod
    def read_all(self, block_samples: int = 25) -> tuple[SignalSource, list[Block]]:
        """A source, and every block of a few seconds of its signal."""

    @abstractmethod
    def described(self) -> StreamInfo:
        """What a source says of itself before anything was read."""

    def test_a_source_describes_itself_before_its_first_sample(self) -> None:
        info = self.described()
        assert info.source
        assert info.channels
        assert len({channel.label for channel in info.channels}) == len(info.channels)
        assert info.sfreq_hz > 0
        assert abs(info.grid_hz - info.sfreq_hz) <= 0.5 + 0.01 * info.sfreq_hz
        assert all(channel.low_uv < channel.high_uv for channel in info.channels)

    def test_every_block_has_the_promised_channels_and_one_arrival_per_sample(self) -> None:
        source, blocks = self.read_all()
        assert blocks
        for block in blocks:
            assert block.samples.shape == (len(block.arrived_s), len(source.stream.channels))
            assert len(block.samples) > 0
            assert block.samples.dtype == np.float64

    def test_blocks_come_in_order_and_never_overlap(self) -> None:
        _, blocks = self.read_all()
        for block, following in pairwise(blocks):
            end_s = block.onset_s + (len(block.samples) - 0.5) / block.sfreq_hz
            assert following.onset_s > end_s

    def test_arrivals_are_finite_and_never_run_back(self) -> None:
        _, blocks = self.read_all()
        arrived_s = np.concatenate([block.arrived_s for block in blocks])
        assert np.isfinite(arrived_s).all()
        assert (np.diff(arrived_s) >= 0).all()

    def test_no_sample_arrives_before_it_was_taken(self) -> None:
        _, blocks = self.read_all()
        for block in blocks:
            onset_s = block.onset_s + np.arange(len(block.samples)) / block.sfreq_hz
            assert (block.arrived_s >= onset_s - 1e-6).all()


class SourceContract(_EverySourceContract):
    """And the same seconds however the samples are cut and whenever they are read."""

    @abstractmethod
    def make_source(self, block_samples: int) -> SignalSource:
        """A fresh source of the same few seconds of signal, that hands out blocks of at most this many samples."""

    def read_all(self, block_samples: int = 25) -> tuple[SignalSource, list[Block]]:
        source = self.make_source(block_samples)
        return source, source.read(FOREVER_S)

    def described(self) -> StreamInfo:
        return self.make_source(25).stream

    @pytest.mark.parametrize("block_samples", BLOCK_SIZES)
    def test_any_block_size_gives_the_same_grid_seconds(self, block_samples: int) -> None:
        source, blocks = self.read_all(block_samples)
        _, other_blocks = self.read_all(64)
        seconds, gaps, _ = on_grid(blocks, source.stream)
        expected, expected_gaps, _ = on_grid(recut(other_blocks, 33), source.stream)
        assert seconds
        assert_same_seconds(seconds, expected)
        assert gaps == expected_gaps

    def test_reading_in_steps_gives_what_reading_at_once_gives(self) -> None:
        source, blocks = self.read_all()
        stepwise = self.make_source(25)
        first_s, last_s = blocks[0].onset_s, float(blocks[-1].arrived_s[-1])
        steps_s = np.append(np.arange(first_s, last_s, 0.37), last_s)
        pieces = [block for step_s in steps_s for block in stepwise.read(NightTime(float(step_s)))]
        assert_same_seconds(on_grid(pieces, source.stream)[0], on_grid(blocks, source.stream)[0])

    def test_nothing_is_handed_out_before_it_arrived(self) -> None:
        _, blocks = self.read_all()
        middle_s = NightTime(float(blocks[len(blocks) // 2].arrived_s[-1]))
        for block in self.make_source(25).read(middle_s):
            assert block.arrived_s[-1] <= middle_s

    def test_reading_twice_gives_nothing_new(self) -> None:
        source, blocks = self.read_all()
        assert blocks
        assert source.read(FOREVER_S) == []

    def test_a_source_has_ended_once_everything_was_read(self) -> None:
        source = self.make_source(25)
        assert not source.ended
        source.read(FOREVER_S)
        assert source.ended

    def test_closing_twice_is_closing_once(self) -> None:
        source = self.make_source(25)
        source.close()
        source.close()
        assert source.read(FOREVER_S) == []


class LiveSourceContract(_EverySourceContract):
    """Real time moves it: nothing is there before its time, and it goes on until it is closed."""

    @abstractmethod
    def make_source(self) -> tuple[SignalSource, Callable[[], NightTime]]:
        """A fresh source of a device that sends, and the night's clock beside it."""

    @pytest.mark.parametrize("block_samples", BLOCK_SIZES)
    def test_any_cut_of_what_came_gives_the_same_grid_seconds(self, block_samples: int) -> None:
        source, blocks = self.read_all()
        seconds, gaps, _ = on_grid(recut(blocks, block_samples), source.stream)
        expected, expected_gaps, _ = on_grid(blocks, source.stream)
        assert seconds
        assert_same_seconds(seconds, expected)
        assert gaps == expected_gaps

    def test_nothing_is_handed_out_before_it_arrived_and_nothing_twice(self) -> None:
        source, now_s = self.make_source()
        blocks: list[Block] = []
        deadline_s = now_s() + 30.0
        while sum(len(block.samples) for block in blocks) < source.stream.sfreq_hz and now_s() < deadline_s:
            until_s = now_s()
            read = source.read(until_s)
            assert all(block.arrived_s[-1] <= until_s for block in read)
            assert source.read(until_s) == []
            blocks.extend(read)
        for block, following in pairwise(blocks):
            assert following.onset_s > block.onset_s + (len(block.samples) - 0.5) / block.sfreq_hz
        assert blocks
        source.close()

    def test_it_has_not_ended_until_it_is_closed_and_closing_twice_is_closing_once(self) -> None:
        source, _ = self.make_source()
        assert not source.ended
        source.close()
        source.close()
        assert source.read(FOREVER_S) == []
        assert source.ended
