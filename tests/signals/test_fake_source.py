"""The fake device is held to the contract of every source."""

import pytest

from dreamloom.testing.signals import FakeSource
from dreamloom.testing.source_contract import SourceContract


class TestFakeSourceKeepsTheContract(SourceContract):
    @pytest.fixture(autouse=True, params=[(256.0, 0.0), (255.5, 0.005), (257.0, 0.02)], ids=str)
    def _device(self, request):
        self.true_hz, self.loss_share = request.param

    def make_source(self, block_samples):
        return FakeSource(self.true_hz, 256, 8.0, self.loss_share, block_samples=block_samples)
