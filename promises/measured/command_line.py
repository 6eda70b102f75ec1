"""Does the command line answer at once?"""

import statistics
import sys

from promises.cli_runs import run_measured
from promises.registry import Measured, promise

RUNS = 7
BOUND_S = 0.5


@promise("dreamloom --help", f"under {BOUND_S} s, median of {RUNS} in a warm cache", slice="full")
def help_is_quick() -> Measured:
    """One run to warm the cache, then seven."""
    walls_s = [_help_s() for _ in range(RUNS + 1)][1:]
    median_s = statistics.median(walls_s)
    return Measured(f"{median_s:.3f} s", median_s < BOUND_S, f"From {min(walls_s):.3f} to {max(walls_s):.3f} s.")


def _help_s() -> float:
    ran = run_measured(sys.executable, "-m", "dreamloom", "--help")
    if ran["exit_code"] != 0:
        raise RuntimeError(f"dreamloom --help ended with {ran['exit_code']}: {ran['said'][-200:]}")
    return float(ran["wall_s"])
