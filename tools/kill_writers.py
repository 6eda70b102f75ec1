"""What does a record lose under a thousand kills? Kills writers at random moments; goes on where it was stopped.

Use: .venv/bin/python tools/kill_writers.py [FOLDER] [--kills 1000] [--seed 1]
One line after each record of fifty kills; what was done stands in FOLDER/progress.json. Exit code 1 if any
acknowledged event is lost or any proof is broken.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from dreamloom.testing.killed_writers import KILLS_A_RECORD, KilledWriters, one_record


def main(words: list[str]) -> int:
    """Kills what is still to be killed, says how it goes and what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build/killed"))
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    asked.folder.mkdir(parents=True, exist_ok=True)
    progress = asked.folder / "progress.json"
    told = KilledWriters(**json.loads(progress.read_text(encoding="utf-8"))) if progress.exists() else KilledWriters()
    while told.kills < asked.kills:
        number, began_s = told.kills // KILLS_A_RECORD, time.monotonic()
        path = asked.folder / f"record-{number}.sqlite"
        for left in asked.folder.glob(f"{path.name}*"):
            left.unlink()
        told += one_record(min(KILLS_A_RECORD, asked.kills - told.kills), asked.seed, number, path)
        progress.write_text(json.dumps(asdict(told)), encoding="utf-8")
        sys.stdout.write(f"{said(told)} ({time.monotonic() - began_s:.0f} s)\n")
        sys.stdout.flush()
    sys.stdout.write(f"{said(told)}\n")
    return int(told.lost > 0 or told.broken > 0)


def said(told: KilledWriters) -> str:
    """One line."""
    return (
        f"{told.kills} kills, {told.acknowledged:,} events acknowledged, {told.lost} lost, "
        f"{told.broken} proofs broken, {told.unsaid} killed before a word"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
