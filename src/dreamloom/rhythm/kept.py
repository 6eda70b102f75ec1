"""What of a sleeper's rhythm is still in hand? The last minute and a half, in pieces that are cheap to add to."""

from typing import NamedTuple

import numpy as np

from dreamloom.rhythm import learning
from dreamloom.rhythm.bins import BIN_HZ
from dreamloom.vocabulary.units import BoolArray, FloatArray

KEPT_S = learning.KEPT // BIN_HZ
BLOCK_S = 8
"""Seconds that are laid together once they are there, so that the whole is put together of few pieces."""


class Kept(NamedTuple):
    """The last 96 s, oldest first.

    Attributes:
        blocks: [2, 400] each, bins with and without their drift; the first may reach back further.
        newest: [2, 50] each, the seconds since.
        calm: for each second, whether no movement was near.
        opened: for each, whether the gate was open after it.
    """

    blocks: tuple[FloatArray, ...] = ()
    newest: tuple[FloatArray, ...] = ()
    calm: tuple[bool, ...] = ()
    opened: tuple[bool, ...] = ()

    @property
    def seconds(self) -> int:
        """How many they are."""
        return len(self.calm)

    @property
    def bins_uv(self) -> FloatArray:
        """[2, bin], with and without their drift, the newest last."""
        whole = np.concatenate([*self.blocks, *self.newest], axis=1)
        return np.asarray(whole[:, whole.shape[1] - self.seconds * BIN_HZ :])

    @property
    def is_calm(self) -> BoolArray:
        """[bin], where no movement was near."""
        return np.repeat(self.calm, BIN_HZ)

    @property
    def is_open(self) -> BoolArray:
        """[bin], where the gate was open."""
        return np.repeat(self.opened, BIN_HZ)


def with_second(kept: Kept, bins_uv: FloatArray, *, is_calm: bool, is_open: bool) -> Kept:
    """One second more, [2, 50]; what lies more than 96 s back goes."""
    blocks, newest = kept.blocks, (*kept.newest, bins_uv)
    if len(newest) == BLOCK_S:
        blocks, newest = (*blocks[-(KEPT_S // BLOCK_S) :], np.concatenate(newest, axis=1)), ()
    return Kept(blocks, newest, (*kept.calm[1 - KEPT_S :], is_calm), (*kept.opened[1 - KEPT_S :], is_open))
