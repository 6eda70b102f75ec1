"""Does the installed Cedar decide as its own public tests say? Runs them where a copy of them lies on this machine.

Use: .venv/bin/python tools/cedar_corpus.py FOLDER
FOLDER is a copy of cedar-policy/cedar-integration-tests, its corpus unpacked. Exit code 1 if any decision differs.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cedarpy

MOST_SHOWN = 20


def main(root: Path) -> int:
    """Runs every test of the folder, says what differs and how many agree."""
    counts: Counter[str] = Counter()
    for file, test in tests_in(root):
        for line in differences(root, test, counts):
            counts["different"] += 1
            if counts["different"] <= MOST_SHOWN:
                sys.stdout.write(f"{file.relative_to(root)}: {line}\n")
    agree = counts["asked"] - counts["different"]
    sys.stdout.write(f"{agree:,} of {counts['asked']:,} answers as written, in {counts['tests']:,} tests\n")
    return int(counts["different"] > 0 or counts["asked"] == 0)


def tests_in(root: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every file that describes a test: it names policies, entities and what is asked of them."""
    for file in sorted(root.rglob("*.json")):
        try:
            test = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if isinstance(test, dict) and {"policies", "entities"} <= set(test) and {"requests", "queries"} & set(test):
            yield file, test


def differences(root: Path, test: dict[str, Any], counts: Counter[str]) -> Iterator[str]:
    """What comes out otherwise than it is written: whether policies fit their schema, and every decision."""
    files = (root / test[name] for name in ("policies", "entities", "schema"))
    policies, entities, schema = (file.read_text(encoding="utf-8") for file in files)
    counts["tests"] += 1
    if "shouldValidate" in test:
        counts["asked"] += 1
        try:
            fits = bool(cedarpy.validate_policies(policies, schema))
        except ValueError:
            fits = False
        if fits != test["shouldValidate"]:
            yield f"validation says {fits}"
    for asked in test.get("requests", test.get("queries", ())):
        counts["asked"] += 1
        request = {name: asked[name] for name in ("principal", "action", "resource", "context") if asked.get(name)}
        checked = schema if asked.get("validateRequest", True) else None
        said = cedarpy.is_authorized(request, policies, entities, checked)
        allowed = said.decision is cedarpy.Decision.Allow
        if allowed != (str(asked["decision"]).lower() == "allow"):
            yield f"{asked.get('description', 'a request')}: {said.decision.value} {said.diagnostics.errors}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]))) if len(sys.argv) == 2 else sys.exit(__doc__)
