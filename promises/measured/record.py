"""Is the record's tree the one of RFC 9162?"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

from dreamloom.record.merkle import verify_consistency, verify_inclusion
from promises.registry import Measured, promise

_VECTORS = Path(__file__).parents[2] / "tests" / "vectors" / "merkle"
_CASES = 196


@promise("public Merkle proofs", "196 of 196 judged as published", slice="ci")
def public_merkle_proofs() -> Measured:
    """The vectors of transparency-dev/merkle, lawful and forged."""
    paths = [path for kind in ("inclusion", "consistency") for path in (_VECTORS / kind).rglob("*.json")]
    wrong = sorted(path.relative_to(_VECTORS).as_posix() for path in paths if not _is_judged_as_published(path))
    right = len(paths) - len(wrong)
    return Measured(f"{right} of {len(paths)}", not wrong and len(paths) == _CASES, ", ".join(wrong[:3]))


def _is_judged_as_published(path: Path) -> bool:
    case: dict[str, Any] = json.loads(path.read_text())
    proof = [b64decode(part) for part in case["proof"] or []]
    if "leafHash" in case:
        leaf, root = b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")
        holds = verify_inclusion(leaf, proof, root, index=case["leafIdx"], size=case["treeSize"])
    else:
        roots = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
        holds = verify_consistency(*roots, proof, old_size=case["size1"], new_size=case["size2"])
    return holds is not case["wantErr"]
