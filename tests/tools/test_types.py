"""Do the pages' scripts fit their own types, and does what checks them name no address to load it from?"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

TYPES = Path(__file__).parents[2] / "tools" / "types"
TSC = TYPES / "node_modules" / "typescript" / "bin" / "tsc"


@pytest.mark.skipif(not TSC.exists(), reason="needs TypeScript, for development alone: make types")
@pytest.mark.skipif(shutil.which("node") is None, reason="needs the package nodejs")
def test_every_script_fits_its_types() -> None:
    found = subprocess.run(["node", TSC, "-p", TYPES], capture_output=True, text=True, timeout=120, check=False)
    assert found.stdout == ""
    assert found.returncode == 0


def test_what_checks_them_is_pinned_by_its_content_and_by_no_address() -> None:
    lock = json.loads((TYPES / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((TYPES / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert {name.removeprefix("node_modules/"): each["version"] for name, each in packages.items()} == asked
    assert all(each["integrity"].startswith("sha512-") and "resolved" not in each for each in packages.values())
