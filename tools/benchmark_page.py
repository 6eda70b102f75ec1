"""Writes the sections of docs/benchmarks.md and their pictures; run it with PYTHONPATH=src, all or those named."""

import re
import sys
from pathlib import Path

from dreamloom.bench import eye_nights, eyes_page, staging, staging_page, staging_picture, tracking_cost, tracking_page
from dreamloom.house import recordings

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEAD = "# Benchmarks\n\nMeasured on the recording that ships with Dreamloom; every section is written by a script.\n"
SLEEPERS = 64
NIGHTS, NIGHT_H = 20, 8.0


def main(names: list[str]) -> None:
    """Measures, draws, and puts each section in the place of the one before it."""
    for name in names or list(SECTIONS):
        SECTIONS[name]()


def staged() -> None:
    """The section of stages, and its picture."""
    path = recordings.bundled()
    record = staging.stage_recording(path, recordings.expert_of(path))
    staging_picture.draw([record], DOCS / "staging.svg")
    _put(staging_page.section(staging.compare([record])), staging_page.BEGIN, staging_page.END)


def tracked() -> None:
    """The section of what tracking costs."""
    cost = tracking_cost.measure(SLEEPERS)
    text = tracking_page.section(cost, machine=tracking_page.machine())
    _put(text, tracking_page.BEGIN, tracking_page.END)


def signalled() -> None:
    """The section of eye signals in simulated nights, and its picture."""
    told, _ = eye_nights.of_simulated(NIGHTS, hours=NIGHT_H, seed=1)
    eyes_page.draw(told, DOCS / "eyes.svg")
    _put(eyes_page.section(told), eyes_page.BEGIN, eyes_page.END)


SECTIONS = {"staging": staged, "eyes": signalled, "tracking": tracked}


def _put(section: str, begin: str, end: str) -> None:
    page = DOCS / "benchmarks.md"
    text = page.read_text() if page.is_file() else HEAD
    old = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page.write_text(old.sub(lambda _: section, text) if old.search(text) else f"{text.rstrip()}\n\n{section}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
