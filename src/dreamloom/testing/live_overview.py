"""Does an overview of many beds keep up with a night that is running? Simulated sleepers, a real server and browser."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import Any

from dreamloom.engine.clocks import boot_s
from dreamloom.house.layout import NightFolder
from dreamloom.testing import live_nights
from dreamloom.testing.browsers import PATIENCE_MS, browser
from dreamloom.testing.painted_nights import cpu_s, descendants_of, served_beside

ASLEEP = "sim:typical,hours=0.5,start=2h"
TILES = ".tiles .tile"
BEGUN_TICK, BEGUN_S, PACE_S = 8, 240.0, 5.0
COUNT_RENDERS = """() => {
  const view = document.querySelector("dl-night");
  window.renders = 0;
  const updated = view.updated.bind(view);
  view.updated = (changed) => { window.renders += 1; return updated(changed); };
}"""
LOOK = """() => {
  const view = document.querySelector("dl-night");
  const held = Object.values(view.traces).map((trace) => trace.hz ? trace.end / trace.hz : 0);
  return [view.now, Math.min(...held), held.length, window.renders];
}"""


def overview(folder: Path, beds: int, seconds: float) -> dict[str, Any]:
    """A night of so many beds in real time, one view of all of them.

    Returns:
        tiles: beds in view. night_s, shown_s, signal_s: by how many seconds the night, the moment the page shows and
        the signal of its slowest bed went on in `wall_s`. longest_still_s: the longest that the shown moment stood.
        renders_a_s: how often the page is made anew. night_cores, server_cores, browser_cores: of one core.
    """
    night = live_nights.write(folder, "tide", pods=beds, source=ASLEEP)
    process = live_nights.start(night)
    with live_nights.cared_for(process), served_beside(night, links=1) as (server, links), browser() as chromium:
        _wait_until_in_time(night, process)
        page = chromium.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(links[0])
        page.locator(TILES).nth(beds - 1).wait_for()
        page.evaluate(COUNT_RENDERS)
        runs = {"night": [process.pid], "server": [server], "browser": _browsers()}
        began_s, first, tick = boot_s(), page.evaluate(LOOK), live_nights.newest_settled(night)
        used = {name: cpu_s(pids) for name, pids in runs.items()}
        looks = [(began_s, first)]
        while boot_s() - began_s < seconds:
            sleep(0.5)
            looks.append((boot_s(), page.evaluate(LOOK)))
        wall_s, last = looks[-1][0] - began_s, looks[-1][1]
        cores = {f"{name}_cores": round((cpu_s(runs[name]) - used[name]) / wall_s, 3) for name in runs}
        night_s = live_nights.newest_settled(night) - tick
        tiles = page.locator(TILES).count()
        live_nights.end(process)
    return {
        "tiles": tiles,
        "wall_s": round(wall_s, 1),
        "night_s": night_s,
        "shown_s": round(last[0] - first[0], 1),
        "signal_s": round(last[1] - first[1], 1),
        "longest_still_s": round(_longest_still(looks), 1),
        "renders_a_s": round((last[3] - first[3]) / wall_s, 2),
        **cores,
    }


def _wait_until_in_time(night: NightFolder, process: "subprocess.Popen[bytes]") -> None:
    """What so many beds need to begin with puts a night behind for a moment; it has caught up when it keeps pace."""
    live_nights.wait_for_tick(night, BEGUN_TICK, process, within_s=BEGUN_S)
    before = -math.inf
    give_up_s = boot_s() + BEGUN_S
    while (now := live_nights.newest_settled(night)) - before > PACE_S + 1.0 and boot_s() < give_up_s:
        before = now
        sleep(PACE_S)


def _browsers() -> list[int]:
    names = ((pid, Path(f"/proc/{pid}/cmdline").read_bytes()) for pid in descendants_of(os.getpid()))
    return [pid for pid, name in names if b"chrom" in name.split(b"\0")[0]]


def _longest_still(looks: list[tuple[float, list[float]]]) -> float:
    still_s = since_s = 0.0
    for (before_s, before), (at_s, seen) in zip(looks, looks[1:], strict=False):
        since_s = 0.0 if seen[0] > before[0] else since_s + at_s - before_s
        still_s = max(still_s, since_s)
    return still_s


if __name__ == "__main__":
    sys.stdout.write(json.dumps(overview(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
