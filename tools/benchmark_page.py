"""Writes the staging section of docs/benchmarks.md and its picture; run it with PYTHONPATH=src."""

import re
from pathlib import Path

from dreamloom.bench import staging, staging_picture
from dreamloom.bench.staging_page import BEGIN, END, section
from dreamloom.house import recordings

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEAD = "# Benchmarks\n\nMeasured on the recording that ships with Dreamloom; every section is written by a script.\n"


def main() -> None:
    """Measures, draws, and puts the section in the place of the one before it."""
    path = recordings.bundled()
    staged = staging.stage_recording(path, recordings.expert_of(path))
    staging_picture.draw([staged], DOCS / "staging.svg")
    page = DOCS / "benchmarks.md"
    text = page.read_text() if page.is_file() else HEAD
    ours = section(staging.compare([staged]))
    old = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    page.write_text(old.sub(lambda _: ours, text) if old.search(text) else f"{text.rstrip()}\n\n{ours}\n")


if __name__ == "__main__":
    main()
