"""Does an overview of many beds keep up with a night that is running? Simulated sleepers, a real server and browser."""

import json
import math
import os
import subprocess
import sys
from collections import deque
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
BEGUN_TICK, BEGUN_S, PACE_S, LOOK_S = 8, 240.0, 5.0, 0.2
COUNT_RENDERS = """() => {
  const view = document.querySelector("dl-night");
  window.renders = 0;
  const updated = view.updated.bind(view);
  view.updated = (changed) => { window.renders += 1; return updated(changed); };
}"""
LOOK = """() => {
  const view = document.querySelector("dl-night");
  const held = Object.values(view.traces).map((trace) => trace.hz ? trace.end / trace.hz : 0);
  return [view.now, Math.min(...held), window.renders];
}"""


def overview(folder: Path, beds: int, seconds: float) -> dict[str, Any]:
    """A night of so many beds in real time, one view of all of them.

    Returns:
        tiles: beds in view. wall_s, night_s, signal_s: how long it was looked at, and by how many seconds the night and
        the signal of its slowest bed went on. late_s: the longest that what stood in the record was not in view;
        looks: how often something new stood there. renders_a_s: how often the page was made anew. night_cores,
        server_cores, browser_cores: of one core.
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
        late, newest = _Late(shown_s=first[0]), tick
        while boot_s() - began_s < seconds:
            sleep(LOOK_S)
            newest = live_nights.newest_settled(night)
            last = page.evaluate(LOOK)
            late.look(newest + 1.0, last[0])
        wall_s = boot_s() - began_s
        cores = {f"{name}_cores": round((cpu_s(runs[name]) - used[name]) / wall_s, 3) for name in runs}
        tiles = page.locator(TILES).count()
        live_nights.end(process)
    return {
        "tiles": tiles,
        "wall_s": round(wall_s, 1),
        "night_s": newest - tick,
        "signal_s": round(last[1] - first[1], 1),
        "late_s": round(late.most_s, 2),
        "looks": late.looks,
        "renders_a_s": round((last[2] - first[2]) / wall_s, 2),
        **cores,
    }


class _Late:
    """How long what stands in a record is not in view."""

    def __init__(self, *, shown_s: float) -> None:
        self.most_s, self.looks = 0.0, 0
        self._newest_s = shown_s
        self._awaited: deque[tuple[float, float]] = deque()

    def look(self, recorded_s: float, shown_s: float) -> None:
        """By how far the record and the view have come in the night, each a moment of it."""
        now_s = boot_s()
        if recorded_s > self._newest_s:
            self._newest_s, self.looks = recorded_s, self.looks + 1
            self._awaited.append((recorded_s, now_s))
        while self._awaited and self._awaited[0][0] <= shown_s:
            self.most_s = max(self.most_s, now_s - self._awaited.popleft()[1])
        if self._awaited:
            self.most_s = max(self.most_s, now_s - self._awaited[0][1])


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


if __name__ == "__main__":
    sys.stdout.write(json.dumps(overview(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
