"""What is a stranger's program asked, to see whether it reads our checkpoints as we do? A question as plain data."""

import hashlib
from collections.abc import Sequence
from typing import Any

from dreamloom.record.growing_tree import GrowingTree
from dreamloom.record.merkle import root_of
from dreamloom.seals.cosignatures import cosign
from dreamloom.seals.notes import Checkpoint, public_key, sign_note, verifier_key

ORIGIN = "dreamloom/made-up"
SEED = bytes(range(32))
BED_SEED = bytes(range(32, 64))
SEEN_AT_S = 1_800_000_000


def question(note: str, key: str, leaves: Sequence[bytes]) -> dict[str, Any]:
    """A signed checkpoint, the house's key line, the leaves it speaks of, and proofs of ours about all of them.

    Every leaf's inclusion in records of a few hundred, a few hundred of them in longer ones; as many older sizes.
    """
    size = int(note.split("\n")[1])
    tree = GrowingTree()
    tree.extend(leaves[:size])
    step = max(1, size // 256)
    return {
        "key": key,
        "note": note,
        "leaves": [leaf.hex() for leaf in leaves[:size]],
        "inclusion": [
            {"index": n, "proof": [each.hex() for each in tree.inclusion_proof(n, size)]} for n in range(0, size, step)
        ],
        "consistency": [
            {
                "size": n,
                "root": tree.root(n).hex(),
                "proof": [each.hex() for each in tree.consistency_proof(n, size)],
            }
            for n in range(1, size + 1, step)
        ],
    }


def made_up(size: int) -> dict[str, Any]:
    """The same question on every machine: a record of so many leaves, its checkpoint signed and witnessed by a bed."""
    leaves = [hashlib.sha256(b"\x00leaf %d" % n).digest() for n in range(size)]
    note = sign_note(Checkpoint(ORIGIN, size, root_of(leaves)).text, name=ORIGIN, seed=SEED)
    witnessed = cosign(note, name="dreamloom/pod/p1", seed=BED_SEED, at_s=SEEN_AT_S)
    return question(witnessed, verifier_key(ORIGIN, public_key(SEED)), leaves)


def is_agreed(asked: dict[str, Any], answered: dict[str, Any]) -> bool:
    """True when the stranger found the signature, the root and every proof as we do."""
    return (
        bool(answered["agrees"])
        and asked["note"].startswith(answered["text"])
        and answered["signer"] == asked["key"].partition("+")[0]
        and answered["inclusion"] == len(asked["inclusion"])
        and answered["consistency"] == len(asked["consistency"])
    )
