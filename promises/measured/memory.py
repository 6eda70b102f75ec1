"""Does a whole night fit into a small machine's memory?"""

import json
import sys

from promises.cli_runs import run_measured
from promises.kept import Load
from promises.registry import Measured, promise

HOURS = 8
BOUND_MB = 100.0


@promise("memory over a sleeper's 8 h", f"grows by less than {BOUND_MB:g} MB from minute ten to the end")
def memory_stays() -> Measured:
    """Resident memory of a process that runs one simulated sleeper's night as fast as it goes."""
    if not sys.platform.startswith("linux"):
        return Measured("not measured", None, "Only Linux tells a process its resident memory of this moment.")
    load = Load()
    ran = run_measured(sys.executable, "-m", "dreamloom.testing.long_night", str(HOURS), timeout_s=1800.0)
    if ran["exit_code"] != 0:
        raise RuntimeError(f"the night ended with {ran['exit_code']}: {ran['said'][-300:]}")
    night = json.loads(ran["stdout"])
    growth_mb = max(night["last_mb"], night["highest_mb"]) - night["first_mb"]
    is_whole = night["epochs"] == HOURS * 120 and night["cues_played"] > 0
    return Measured(
        f"{growth_mb:+.1f} MB",
        growth_mb < BOUND_MB and is_whole,
        f"{night['first_mb']:.0f} MB after ten minutes, {night['last_mb']:.0f} MB at the end, "
        f"{night['highest_mb']:.0f} MB at most; {night['epochs']} epochs, {night['cues_played']} cues played, "
        f"{night['wall_s']:.0f} s "
        f"({HOURS * 3600 / night['wall_s']:.0f} x real time), {load}.",
    )
