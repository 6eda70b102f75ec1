"""How did it go, in one line? Adds up build/checks.txt, what pytest wrote, and build/promises.json.

Every test, every check beside pytest, and every promise counts once; what is missing counts as failed.
"""

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

Count = tuple[int, int]
"""Passed, failed."""


def tests(path: Path) -> Count:
    """What pytest counted; skipped tests are in neither."""
    if not path.is_file():
        return 0, 1
    suites = ET.parse(path).getroot().iter("testsuite")  # noqa: S314 - written by our own run a moment ago
    passed = failed = 0
    for suite in suites:
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        failed += bad
        passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
    return passed, failed


def checks(path: Path) -> Count:
    """The checks beside pytest; what pytest found is counted by `tests`."""
    lines = path.read_text().split("\n") if path.is_file() else ["FAILED 0 s  checks"]
    verdicts = [line.startswith("ok") for line in lines if line and "pytest" not in line]
    return verdicts.count(True), verdicts.count(False)


def promises(path: Path) -> Count:
    """What was kept, and what fell short or could not be measured."""
    if not path.is_file():
        return 0, 1
    verdicts = [row["verdict"] for row in json.loads(path.read_text())["promises"]]
    return verdicts.count("kept") + verdicts.count("shown"), verdicts.count("SHORT") + verdicts.count("ERROR")


def main(build: Path) -> int:
    """Says the line; exit code 1 if anything failed."""
    counts = (
        tests(build / "tests.xml"),
        tests(build / "real_time.xml"),
        tests(build / "waits.xml"),
        checks(build / "checks.txt"),
        promises(build / "promises.json"),
    )
    passed, failed = (sum(column) for column in zip(*counts, strict=True))
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(Path("build")))
