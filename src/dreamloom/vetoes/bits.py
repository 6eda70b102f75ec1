"""Which plain bits silence a bed? The table read in the render callback; a phone keeps the same one in JavaScript."""

from enum import IntEnum

from dreamloom.record.events import SoundClass


class Bit(IntEnum):
    """One byte each in a pod's shared bits: 0 allows, anything else silences. Value is the byte's place.

    A new table is all ones: a bed is silent until somebody has lawfully cleared every bit. A cue carries the mask of
    the bits that silence it; where it says nothing, every one of them does.
    """

    REVOKED = 0
    HALTED = 1
    AROUSAL = 2
    LEASE_LAPSED = 3
    STAGE_STALE = 4
    NOT_ARMED = 5
    STAGE = 6
    NOT_AWAKE = 7
    FADING = 8


EVERY_BIT = sum(1 << bit for bit in Bit)
"""The mask of whatever says nothing of itself."""
HARD_BITS = frozenset({Bit.REVOKED, Bit.HALTED, Bit.NOT_ARMED, Bit.FADING})
"""What people and the house decide silences every sound, whatever its mask says."""
OF_SLEEP = frozenset({Bit.AROUSAL, Bit.STAGE_STALE, Bit.STAGE})
"""What holds sleep cues back: it says nothing on a sound for somebody awake."""
OF_WAKING = frozenset({Bit.NOT_AWAKE})
"""What holds awake sounds back: it says nothing on a sound for somebody asleep."""
BITS_SIZE = 64
"""Bytes in the shared table; unused places stay 0, so that a later bit needs no new file."""


def silenced_by(sound_class: SoundClass, *, leased: bool) -> int:
    """The mask a cue goes out with.

    Each class heeds what the body says on it: a sleep cue ends with the agreed stage or an arousal, an awake sound
    with waking. A commanded one does not need the bed's lease, for its command is its permit.
    """
    deaf = (OF_SLEEP if sound_class == "awake" else OF_WAKING) | (frozenset() if leased else {Bit.LEASE_LAPSED})
    return sum(1 << bit for bit in Bit if bit not in deaf)


def ignored(mask: int) -> frozenset[Bit]:
    """The bits that do not silence a cue of this mask; a hard bit is never among them."""
    return frozenset(bit for bit in Bit if not mask >> bit & 1) - HARD_BITS


def silencing(table: bytes) -> tuple[Bit, ...]:
    """The bits that are on. A table of the wrong size silences as HALTED: whoever reads it cannot know better."""
    if len(table) != BITS_SIZE:
        return (Bit.HALTED,)
    return tuple(bit for bit in Bit if table[bit] != 0)
