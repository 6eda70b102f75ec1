"""What must every SignalSource keep to? Subclass SourceContract and say how to make one; pytest runs the rest."""

import math
from abc import ABC, abstractmethod
from itertools import pairwise

import numpy as np
import pytest

from dreamloom.ports import SignalSource
from dreamloom.signals.blocks import Block
from dreamloom.testing.signals import assert_same_seconds, on_grid, recut
from dreamloom.vocabulary.units import NightTime

BLOCK_SIZES = (1, 7, 25, 250, 2500)
FOREVER_S = NightTime(math.inf)


class SourceContract(ABC):
    """Order, no overlap, arrivals that never run back, and the same seconds however the samples are cut."""

    @abstractmethod
    def make_source(self, block_samples: int) -> SignalSource:
        """A fresh source of the same few seconds of signal, that hands out blocks of at most this many samples."""

    def read_all(self, block_samples: int = 25) -> tuple[SignalSource, list[Block]]:
        source = self.make_source(block_samples)
        return source, source.read(FOREVER_S)

    def test_a_source_describes_itself_before_its_first_sample(self) -> None:
        info = self.make_source(25).stream
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
