"""May a witness sign this checkpoint? Only one that continues the newest it signed of the same record."""

from collections.abc import Sequence
from typing import NamedTuple

from dreamloom.record.merkle import verify_consistency
from dreamloom.seals.notes import Checkpoint, open_note


class Seen(NamedTuple):
    """The newest checkpoint of one record that a witness vouched for."""

    origin: str
    size: int
    root: bytes


class Refused(NamedTuple):
    """Why a witness does not sign; `forked` where it has seen another history than it is shown."""

    why: str
    forked: bool


def claim_of(note: str, *, origin: str, public: bytes) -> Checkpoint | None:
    """What a checkpoint says, if its keeper signed it and it is of this record."""
    text = open_note(note, name=origin, public=public)
    claim = Checkpoint.parse(text) if text else None
    return claim if claim is not None and claim.origin == origin else None


def weighed(seen: Seen | None, note: str, proof: Sequence[bytes], *, origin: str, public: bytes) -> Seen | Refused:
    """What the witness remembers behind this checkpoint, or why it refuses (c2sp.org/tlog-witness, add-checkpoint).

    Args:
        seen: the newest it signed of this record; None before the first.
        note: the signed checkpoint.
        proof: that it continues `seen`; empty before the first and for the same again.
        origin: the record's name.
        public: its keeper's Ed25519 key.
    """
    claim = claim_of(note, origin=origin, public=public)
    if claim is None:
        return Refused(f"it is no checkpoint of {origin} signed by its house", forked=False)
    if seen is None or seen.size == 0:
        return Seen(*claim)
    if claim.size < seen.size:
        return Refused(f"it has {claim.size} events, and {seen.size} were vouched for", forked=True)
    if not verify_consistency(seen.root, claim.root, proof, old_size=seen.size, new_size=claim.size):
        return Refused(f"it does not continue the first {seen.size} events that were vouched for", forked=True)
    return Seen(*claim)
