"""How is a proof about a long record given quickly? A Merkle tree that keeps every complete subtree's root.

The same hashes as `record.merkle` gives, in as many steps as the tree is high.
"""

from collections.abc import Iterable

from dreamloom.record.merkle import EMPTY_ROOT, node_hash


class GrowingTree:
    """The leaves of one record, oldest first, with the roots of all complete subtrees above them: 64 bytes a leaf."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        """Leaves so far."""
        return len(self._levels[0])

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Adds leaves (32 bytes each, already hashed) in order."""
        for leaf in leaf_hashes:
            self._levels[0].append(leaf)
            self._climb()

    def _climb(self) -> None:
        height = 0
        while len(self._levels[height]) % 2 == 0:
            if len(self._levels) == height + 1:
                self._levels.append([])
            self._levels[height + 1].append(node_hash(*self._levels[height][-2:]))
            height += 1

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves; raises ValueError for more than there are."""
        self._refuse(size, least=0)
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The hashes that lead from a leaf to the root over the first `size` leaves (RFC 9162, 2.1.3.1)."""
        self._refuse(size, least=index + 1)
        return self._path(index, 0, size)

    def consistency_proof(self, old_size: int, size: int) -> list[bytes]:
        """The hashes that show that the tree of `size` begins with that of `old_size` (RFC 9162, 2.1.4.1)."""
        self._refuse(size, least=max(old_size, 1))
        self._refuse(old_size, least=1)
        return self._subproof(old_size, 0, size, known=True)

    def _path(self, index: int, begin: int, end: int) -> list[bytes]:
        if end - begin == 1:
            return []
        middle = begin + _split(end - begin)
        if index < middle:
            return [*self._path(index, begin, middle), self._range(middle, end)]
        return [*self._path(index, middle, end), self._range(begin, middle)]

    def _subproof(self, old: int, begin: int, end: int, *, known: bool) -> list[bytes]:
        if old == end:
            return [] if known else [self._range(begin, end)]
        middle = begin + _split(end - begin)
        if old <= middle:
            return [*self._subproof(old, begin, middle, known=known), self._range(middle, end)]
        return [*self._subproof(old, middle, end, known=False), self._range(begin, middle)]

    def _range(self, begin: int, end: int) -> bytes:
        """The root over leaves begin to end; begin is a multiple of the largest power of two that fits."""
        count = end - begin
        height = count.bit_length() - 1
        if count == 1 << height:
            return self._levels[height][begin >> height]
        middle = begin + _split(count)
        return node_hash(self._range(begin, middle), self._range(middle, end))

    def _refuse(self, size: int, *, least: int) -> None:
        if not least <= size <= self.size:
            raise ValueError(f"a tree of {self.size} leaves has nothing to show of {size} from {least} on")


def _split(size: int) -> int:
    """The largest power of two smaller than size."""
    return 1 << (size - 1).bit_length() - 1
