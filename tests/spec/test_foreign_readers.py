"""Do others compute our roots and read our checkpoints as we do? Their answers, kept; and two more oracles."""

import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.record.growing_tree import GrowingTree
from dreamloom.record.merkle import root_of
from dreamloom.seals.notes import Checkpoint, open_note
from dreamloom.testing.foreign_reader import is_agreed, made_up
from dreamloom.testing.ledger_contract import by_pod, lights_off
from dreamloom.testing.ledgers import MemoryLedger
from dreamloom.testing.vaults import MemoryVault

ANSWERS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "foreign" / "answers.json").read_text(encoding="utf-8")
)
"""What golang.org/x/mod/sumdb (note and tlog) answered; `tools/foreign_reader.py --keep` asks it again."""


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, with nothing but SHA-256, over leaves that are hashed already."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@pytest.mark.parametrize("size", sorted(ANSWERS, key=int))
def test_what_a_stranger_read_is_what_we_write_today(size: str) -> None:
    asked, answered = made_up(int(size)), ANSWERS[size]
    assert is_agreed(asked, answered)
    leaves = [bytes.fromhex(leaf) for leaf in asked["leaves"]]
    assert answered["root"] == root_of(leaves).hex() == by_definition(leaves).hex()
    claim = Checkpoint.parse(answered["text"])
    assert claim is not None
    assert (claim.size, claim.root.hex()) == (int(size), answered["root"])


@given(st.integers(0, 300))
def test_roots_are_those_of_the_definition(size: int) -> None:
    leaves = [hashlib.sha256(b"\x00%d" % n).digest() for n in range(size)]
    tree = GrowingTree()
    tree.extend(leaves)
    assert tree.root(size) == root_of(leaves) == by_definition(leaves)


def a_record() -> MemoryLedger:
    ledger = MemoryLedger(origin="dreamloom/oracle", vault=MemoryVault(1), subject_of=by_pod)
    ledger.append([lights_off(n) for n in range(37)])
    ledger.checkpoint()
    return ledger


def test_the_root_in_a_records_checkpoint_is_that_of_the_definition() -> None:
    ledger = a_record()
    leaves = [row.leaf for row in ledger.rows()]
    text = open_note(ledger.checkpoints()[-1].note, name=ledger.origin, public=ledger.public_key)
    assert text == Checkpoint(ledger.origin, len(leaves), by_definition(leaves)).text


def pymerkle() -> ModuleType:
    return pytest.importorskip("pymerkle", reason="pymerkle is not here (GPL: it may check, and ships nowhere)")


def test_roots_are_those_of_pymerkle_where_it_is_here() -> None:
    tree = pymerkle().InmemoryTree(algorithm="sha256")
    leaves = []
    for n in range(70):
        tree.append_entry(b"%d" % n)
        leaves.append(hashlib.sha256(b"\x00%d" % n).digest())
        assert tree.get_state() == root_of(leaves)
