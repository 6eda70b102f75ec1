"""The Merkle tree: what must hold for every tree, index and pair of sizes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.record.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)


def leaves_of(size: int) -> list[bytes]:
    return [hashlib.sha256(b"\x00leaf %d" % k).digest() for k in range(size)]


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH word for word from RFC 9162, 2.1.1, as the oracle."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = max(2**power for power in range(16) if 2**power < len(leaves))
    return node_hash(tree_hash(leaves[:k]), tree_hash(leaves[k:]))


def with_bit_flipped(data: bytes, bit: int) -> bytes:
    bit %= len(data) * 8
    return bytes(byte ^ (1 << bit % 8 if k == bit // 8 else 0) for k, byte in enumerate(data))


trees = st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1)))


@pytest.mark.parametrize("size", range(71))
def test_frontier_root_equals_the_definition(size):
    leaves = leaves_of(size)
    assert Frontier().extend(leaves).root == tree_hash(leaves)


@given(size=st.integers(0, 40), cut=st.integers(0, 40))
def test_frontier_grows_the_same_by_one_and_by_many(size, cut):
    leaves = leaves_of(size)
    one_by_one = Frontier()
    for leaf in leaves:
        one_by_one = one_by_one.append(leaf)
    assert one_by_one == Frontier().extend(leaves[:cut]).extend(leaves[cut:])
    assert one_by_one.size == size


@given(tree=trees, bit=st.integers(0, 10_000), part=st.integers(0, 6))
def test_inclusion_proof_verifies_and_no_flipped_bit_does(tree, bit, part):
    size, index = tree
    leaves = leaves_of(size)
    root, proof = root_of(leaves), inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], proof, root, index=index, size=size)
    assert not verify_inclusion(with_bit_flipped(leaves[index], bit), proof, root, index=index, size=size)
    assert not verify_inclusion(leaves[index], proof, with_bit_flipped(root, bit), index=index, size=size)
    if proof:
        part %= len(proof)
        bent = [*proof[:part], with_bit_flipped(proof[part], bit), *proof[part + 1 :]]
        assert not verify_inclusion(leaves[index], bent, root, index=index, size=size)
    assert not verify_inclusion(leaves[index], [*proof, root], root, index=index, size=size)


@given(tree=trees, bit=st.integers(0, 10_000), part=st.integers(0, 6))
def test_consistency_proof_verifies_and_no_flipped_bit_does(tree, bit, part):
    size, old_size = tree[0], tree[1] + 1
    leaves = leaves_of(size)
    old, new = root_of(leaves[:old_size]), root_of(leaves)
    proof = consistency_proof(leaves, old_size)
    assert verify_consistency(old, new, proof, old_size=old_size, new_size=size)
    assert not verify_consistency(with_bit_flipped(old, bit), new, proof, old_size=old_size, new_size=size)
    assert not verify_consistency(old, with_bit_flipped(new, bit), proof, old_size=old_size, new_size=size)
    if proof:
        part %= len(proof)
        bent = [*proof[:part], with_bit_flipped(proof[part], bit), *proof[part + 1 :]]
        assert not verify_consistency(old, new, bent, old_size=old_size, new_size=size)
    assert not verify_consistency(old, new, [*proof, new], old_size=old_size, new_size=size)


@given(tree=trees, other=st.integers(0, 69))
def test_a_leaf_is_nowhere_but_at_its_index(tree, other):
    size, index = tree
    leaves = leaves_of(size)
    proof = inclusion_proof(leaves, index)
    found = verify_inclusion(leaves[index], proof, root_of(leaves), index=other, size=size)
    assert found is (other == index)


def test_a_proof_for_what_is_not_there_is_refused():
    with pytest.raises(IndexError, match="leaf 3 of a tree of 3"):
        inclusion_proof(leaves_of(3), 3)
    with pytest.raises(ValueError, match="old size 0"):
        consistency_proof(leaves_of(3), 0)
