"""How much memory does a whole night take? One simulated sleeper, as fast as it goes; told as JSON."""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from dreamloom.engine.clocks import boot_s
from dreamloom.house import making, running
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.pod.loop import Pod
from dreamloom.record.events import AnyEvent

SETTLED_S = 600
"""By then every module is loaded and every window filled once."""
_MEGABYTE = 1e6


class Scales:
    """A listener that weighs this process every minute of night from SETTLED_S on."""

    def __init__(self) -> None:
        self.weighed_mb: list[float] = []

    def __call__(self, tick: int, _events: Sequence[AnyEvent], _pods: Mapping[str, Pod]) -> None:
        if tick >= SETTLED_S and tick % 60 == 0:
            self.weighed_mb.append(resident_mb())


def run(hours: float, *, seed: int = 1) -> dict[str, float]:
    """A night of so many hours.

    Returns:
        first_mb, last_mb, highest_mb: resident memory after ten minutes of night, at its end, and at most between.
        wall_s. epochs. cues_played.
    """
    scales = Scales()
    with tempfile.TemporaryDirectory() as folder:
        pod = PodAsked(id="p1", sleeper="S01", source=f"sim:typical,hours={hours:g}")
        night = making.write_night(House(Path(folder)), "long", [pod], "nightmare_rem_tmr", seed=seed)
        began_s = boot_s()
        result = running.run_night(night, RunOptions(speed_x=None, listeners=[scales]))
        wall_s = boot_s() - began_s
    first_mb, *_, last_mb = scales.weighed_mb
    return {
        "first_mb": round(first_mb, 1),
        "last_mb": round(last_mb, 1),
        "highest_mb": round(max(scales.weighed_mb), 1),
        "wall_s": round(wall_s, 1),
        "epochs": result.epochs,
        "cues_played": result.cues_played,
    }


def resident_mb(process: int | str = "self") -> float:
    """Resident memory of a process now, in units of 10^6 bytes (proc(5); Linux alone tells it this way)."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(float(sys.argv[1]))) + "\n")
