"""Which plain bits silence a bed? The table read in the render callback; a phone keeps the same one in JavaScript."""

from enum import IntEnum


class Bit(IntEnum):
    """One byte each in a pod's shared bits: 0 allows, anything else silences. Value is the byte's place.

    A new table is all ones: a bed is silent until somebody has lawfully cleared every bit.
    """

    REVOKED = 0
    HALTED = 1
    AROUSAL = 2
    LEASE_LAPSED = 3
    STAGE_STALE = 4
    NOT_ARMED = 5


BITS_SIZE = 64
"""Bytes in the shared table; unused places stay 0, so that a later bit needs no new file."""


def silencing(table: bytes) -> tuple[Bit, ...]:
    """The bits that are on. A table of the wrong size silences as HALTED: whoever reads it cannot know better."""
    if len(table) != BITS_SIZE:
        return (Bit.HALTED,)
    return tuple(bit for bit in Bit if table[bit] != 0)
