"""Is this leaf in the record, and is that record a longer version of this one? The Merkle tree of RFC 9162, 2.1.

Everything here speaks of leaf hashes: 32 bytes each, already prefixed and hashed (`codec.leaf_hash`).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, 2.1.1)."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that a growing tree needs to remember: how many leaves, and the roots of its perfect subtrees.

    Attributes:
        size: leaves so far.
        peaks: one root for every bit set in size, the largest subtree first; at most 64 hashes for any record.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf_hash: bytes) -> "Frontier":
        """The frontier after one more leaf."""
        return self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """The frontier after many more leaves, in order."""
        size, peaks = self.size, list(self.peaks)
        for node in leaf_hashes:
            carry, merged = size, node
            while carry & 1:
                merged = node_hash(peaks.pop(), merged)
                carry >>= 1
            peaks.append(merged)
            size += 1
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The tree's root: the peaks folded together from the smallest."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


EMPTY = Frontier()
"""The frontier of a tree without leaves."""


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over these leaves: MTH of RFC 9162, 2.1.1."""
    return EMPTY.extend(leaf_hashes).root


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from one leaf up to the root: PATH of RFC 9162, 2.1.3.1.

    Raises:
        IndexError: when the tree has no such leaf.
    """
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"leaf {index} of a tree of {len(leaf_hashes)}")
    if len(leaf_hashes) == 1:
        return []
    split = _split(len(leaf_hashes))
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if index < split:
        return [*inclusion_proof(left, index), root_of(right)]
    return [*inclusion_proof(right, index - split), root_of(left)]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show the first old_size leaves were kept as they were: PROOF of RFC 9162, 2.1.4.1.

    Raises:
        ValueError: unless 0 < old_size <= number of leaves; an empty tree proves nothing.
    """
    if not 0 < old_size <= len(leaf_hashes):
        raise ValueError(f"old size {old_size} is outside 1 to {len(leaf_hashes)}")
    return _subproof(leaf_hashes, old_size, known=True)


def verify_inclusion(leaf_hash: bytes, proof: Sequence[bytes], root: bytes, *, index: int, size: int) -> bool:
    """True if this leaf stands at index in the tree of this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or len(leaf_hash) != HASH_BYTES:
        return False
    position, last, node = index, size - 1, leaf_hash
    for hash_ in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(hash_, node)
            position, last = _climb_to_sibling(position, last)
        else:
            node = node_hash(node, hash_)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(
    old_root: bytes, new_root: bytes, proof: Sequence[bytes], *, old_size: int, new_size: int
) -> bool:
    """True if the tree of new_size begins with the tree of old_size (RFC 9162, 2.1.4.2).

    Never true for old_size 0: every tree begins with the empty one, so there is nothing to show.
    """
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _both_roots(path, old_size - 1, new_size - 1) == (old_root, new_root)


def _both_roots(path: Sequence[bytes], position: int, last: int) -> tuple[bytes, bytes] | None:
    """The old and the new root that a consistency path leads to; None when its length does not fit the sizes."""
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            position, last = _climb_to_sibling(position, last)
        else:
            new = node_hash(new, hash_)
        position, last = position >> 1, last >> 1
    return (old, new) if last == 0 else None


def _climb_to_sibling(position: int, last: int) -> tuple[int, int]:
    """Past the levels at which the last node of an incomplete tree has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _subproof(leaf_hashes: Sequence[bytes], old_size: int, *, known: bool) -> list[bytes]:
    if old_size == len(leaf_hashes):
        return [] if known else [root_of(leaf_hashes)]
    split = _split(len(leaf_hashes))
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if old_size <= split:
        return [*_subproof(left, old_size, known=known), root_of(right)]
    return [*_subproof(right, old_size - split, known=False), root_of(left)]


def _split(size: int) -> int:
    """The largest power of two smaller than size."""
    return 1 << (size - 1).bit_length() - 1
