"""How are the measured promises shown? One aligned table, a JSON file, and the page docs/figures.md."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from promises.figures import Figure
from promises.runner import Outcome

HEAD = ("promise", "target", "measured", "verdict", "seconds")
PAGE_HEAD = (*HEAD, "measured on")
_MEBIBYTE = 1 << 20


def table(outcomes: Sequence[Outcome]) -> str:
    """The columns of HEAD, aligned; below it a line for everything that fell short."""
    rows = [HEAD, *((o.name, o.target, o.figure, o.verdict, f"{o.seconds:.1f}") for o in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    short = [f"{o.verdict} {o.name}: {o.detail or o.figure}" for o in outcomes if o.fell_short]
    return "\n".join([*lines, *([""] if short else []), *short, "", summary(outcomes)])


def summary(outcomes: Sequence[Outcome] | Sequence[Figure]) -> str:
    """How many were kept, fell short, or were only shown."""
    counts = {verdict: sum(o.verdict == verdict for o in outcomes) for verdict in ("kept", "SHORT", "ERROR", "shown")}
    named = {"kept": "kept", "SHORT": "fell short", "ERROR": "could not be measured", "shown": "shown, not judged"}
    return ", ".join(f"{count} {named[verdict]}" for verdict, count in counts.items() if count) + "."


def as_data(outcomes: Sequence[Outcome], *, measured_on: str, within: str) -> dict[str, Any]:
    """What build/promises.json holds."""
    rows = [asdict(outcome) for outcome in outcomes]
    return {"measured_on": measured_on, "machine": machine(), "slice": within, "promises": rows}


def page(figures: Sequence[Figure], *, missing: Sequence[str] = ()) -> str:
    """docs/figures.md: the table for readers, with what stands behind each figure; `missing` was never measured."""
    cells = [PAGE_HEAD, ("---",) * len(PAGE_HEAD)]
    cells += [
        (f.name, f.target, f.figure, f.verdict, f"{f.seconds:.1f}", f"{f.measured_on} {f.revision}") for f in figures
    ]
    rows = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
    behind = [f"- **{figure.name}**: {figure.detail}" for figure in figures if figure.detail]
    machines = sorted({figure.machine for figure in figures})
    return "\n".join(
        [
            "# What Dreamloom promises, measured",
            "",
            "Written by `make show`; do not edit. A promise that falls short stands here as SHORT. The last column",
            "says on which day and at which commit a figure was measured; a plus means with changes beside it.",
            "",
            f"Measured on {'; '.join(machines)}.",
            "",
            *rows,
            "",
            summary(figures),
            *(["", f"Not measured yet: {', '.join(missing)}."] if missing else []),
            *(["", "## How each was measured", "", *behind] if behind else []),
            "",
        ]
    )


def machine() -> str:
    """What kind of machine this is; nothing that tells which one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = f", {_memory_mb() / 1024:.0f} GB" if _memory_mb() else ""
    return f"{platform.system()} {platform.machine()}, {cores} cores{memory}, Python {platform.python_version()}"


def _memory_mb() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _MEBIBYTE
    except (ValueError, OSError):
        return 0.0
