"""How does the benchmark page say what tracking costs? Figures with their machine and how they were taken."""

import os
import platform
from pathlib import Path

from dreamloom.bench.tracking_cost import CYCLES, TrackingCost

BEGIN, END = "<!-- tracking: written by tools/benchmark_page.py -->", "<!-- tracking ends -->"
BATCHED, ALONE = 1000, 200
"""Sleepers on one core that are aimed at, in one pass and one by one."""


def section(cost: TrackingCost, *, machine: str) -> str:
    """The part of the page between its two marks, which are included."""
    rows = "\n".join(f"| {part.name} | {part.alone_ms:.3f} | {part.batched_ms:.3f} |" for part in cost.parts)
    return f"""{BEGIN}

## Tracking

Stages every {cost.hop_s} s, arousals, faults of the signal, eyes, and the phase of slow waves at each of 50 bins a
second, of {cost.channels} channels at {cost.sfreq_hz} Hz: what a second of one sleeper costs, in milliseconds of one
core's processor time, when each is tracked by itself and when {cost.sleepers} are in one pass. Half a minute is
counted, in which everything that is done now and then is done once; each of its hops as cheap as it was in
{CYCLES} such half minutes, since whatever else a machine does can only add to it. The signal is noise with slow waves
all the time, which keeps the phase busier than a night does. Measured on {machine}.

| part | alone, ms | in one pass, ms |
| --- | --- | --- |
{rows}

One core keeps up with {cost.batched_per_core:,} sleepers in one pass (aim: {BATCHED:,}) and {cost.alone_per_core:,}
one by one (aim: {ALONE:,}). The dearest second, in which all {cost.sleepers} windows end, takes
{cost.worst_second_s:.2f} s. A sleeper's state takes {cost.memory_mb:.2f} MB; from the call to the first sample it is
{cost.start_up_wall_s:.1f} s.

On your own machine: `dreamloom bench tracking --sleepers {cost.sleepers}`.

{END}"""


def machine() -> str:
    """This one: its processor, its cores, and how many programs wanted them in the last minute."""
    found = Path("/proc/cpuinfo")
    lines = found.read_text(encoding="utf-8").splitlines() if found.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    cores = os.cpu_count() or 1
    told = f"{names[0] if names else platform.machine()}, {cores} cores, {platform.system()}"
    return f"{told}, at a load of {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else told
