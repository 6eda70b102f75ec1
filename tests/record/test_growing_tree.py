"""Does the quick tree give the proofs of the plain one, at every size?"""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.record import merkle
from dreamloom.record.growing_tree import GrowingTree

LEAVES = [hashlib.sha256(bytes([number])).digest() for number in range(70)]


def grown(count: int) -> GrowingTree:
    tree = GrowingTree()
    tree.extend(LEAVES[:count])
    return tree


@given(st.integers(0, 70), st.data())
def test_roots_and_proofs_are_those_of_the_plain_tree(count: int, data: st.DataObject) -> None:
    tree = grown(count)
    size = data.draw(st.integers(0, count))
    assert tree.root(size) == merkle.root_of(LEAVES[:size])
    if size:
        index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
        assert tree.inclusion_proof(index, size) == merkle.inclusion_proof(LEAVES[:size], index)
        assert tree.consistency_proof(old, size) == merkle.consistency_proof(LEAVES[:size], old)


def test_nothing_is_shown_of_leaves_that_are_not_there() -> None:
    for ask in (
        lambda tree: tree.root(6),
        lambda tree: tree.inclusion_proof(5, 5),
        lambda tree: tree.consistency_proof(0, 5),
    ):
        with pytest.raises(ValueError, match="a tree of 5 leaves"):
            ask(grown(5))
