"""What does a house of sixteen simulated beds cost a machine? Live, or a night as fast as it goes; as JSON."""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dreamloom.engine.clocks import boot_s, utc_now
from dreamloom.house import making, running
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.pod.loop import Pod
from dreamloom.record.events import AnyEvent, CuePlayed, GapSeen, HostDescribed, StageScored, StreamLost
from dreamloom.testing import live_nights
from dreamloom.testing.hard_knocks import children_of
from dreamloom.testing.long_night import resident_mb
from dreamloom.vocabulary.units import EPOCH_S

PODS = 16
SETTLED_TICK = 30
"""From here on a live night is weighed: by then every window is filled once."""
LOOK_EVERY_S = 0.1
SETTLED_S = 3600
"""From here on a whole night is: every buffer of the night has its size."""


def live(folder: Path, minutes: float) -> dict[str, Any]:
    """Sixteen tireless beds in real time, in processes of their own.

    Returns:
        cores: processor seconds of the engine and of the speakers for each second of wall time. engine_cores: of the
        engine alone. epochs: 30-s ones of all beds, epochs_a_bed: of each, if all have as many. late_s: the longest
        from the end of an epoch until its samples were in hand. behind_s: the longest from the end of a tick until
        what was decided in it stood in the record, as seen from outside; behind_p50_s, its median.
        losses: gaps and lost streams. cues.
        resident_mb: of the engine, at the beginning and the end.
    """
    night = live_nights.write(folder, "sixteen", pods=PODS)
    process = live_nights.start(night)
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, SETTLED_TICK, process, within_s=180)
        began_s, used, weighed_mb = boot_s(), _Used(process.pid), [resident_mb(process.pid)]
        opened = next(event for event in live_nights.events_of(night) if isinstance(event, HostDescribed))
        zero = datetime.fromisoformat(opened.utc) - timedelta(seconds=opened.onset_s)
        seen_tick, behind_s = live_nights.newest_settled(night), [0.0]
        while boot_s() - began_s < minutes * 60:
            time.sleep(LOOK_EVERY_S)
            newest = live_nights.newest_settled(night)
            if newest > seen_tick:
                used.look()
                seen_tick = newest
                behind_s.append((utc_now() - zero).total_seconds() - (newest + 1))
        passed_s = boot_s() - began_s
        used.look()
        weighed_mb.append(resident_mb(process.pid))
        live_nights.end(process)
    events = live_nights.events_of(night)
    epochs = [event for event in events if isinstance(event, StageScored) and event.onset_s % EPOCH_S == 0]
    return {
        "cores": round(used.in_all_s / passed_s, 3),
        "engine_cores": round(used.of_s(process.pid) / passed_s, 3),
        "minutes": round(passed_s / 60, 2),
        "epochs": len(epochs),
        "epochs_a_bed": sorted({sum(event.pod == f"p{n}" for event in epochs) for n in range(1, PODS + 1)}),
        "late_s": round(max(event.decided_at_s - event.onset_s for event in epochs), 3),
        "behind_s": round(max(behind_s), 3),
        "behind_p50_s": round(statistics.median(behind_s), 3),
        "losses": sum(isinstance(event, GapSeen | StreamLost) for event in events),
        "cues": sum(isinstance(event, CuePlayed) for event in events),
        "resident_mb": [round(mb, 1) for mb in weighed_mb],
    }


def whole_night(hours: float) -> dict[str, Any]:
    """Sixteen beds of the built-in dreamscape for so many hours, on a virtual clock, in this process.

    Returns:
        growth_mb: of resident memory, from the end of the first hour to the most after it. growth_mb_an_hour: from
        there to the end, by the hour. first_mb, last_mb. cpu_s, wall_s. epochs. cues.
    """
    weighed_mb: list[float] = []

    def weigh(tick: int, _events: Sequence[AnyEvent], _pods: Mapping[str, Pod]) -> None:
        if tick + 1 >= SETTLED_S and (tick + 1) % 60 == 0:
            weighed_mb.append(resident_mb())

    with tempfile.TemporaryDirectory() as folder:
        beds = [PodAsked(id=f"p{n:02d}", sleeper=f"S{n:02d}", source="sim:typical") for n in range(1, PODS + 1)]
        night = making.write_night(House(Path(folder)), "sixteen", beds, "nightmare_rem_tmr", seed=1)
        began_s = boot_s()
        options = RunOptions(speed_x=None, until_s=hours * 3600.0, listeners=[weigh])
        result = running.run_night(night, options)
    first_mb, last_mb = weighed_mb[0], weighed_mb[-1]
    return {
        "growth_mb": round(max(weighed_mb) - first_mb, 1),
        "growth_mb_an_hour": round((last_mb - first_mb) / (hours - SETTLED_S / 3600), 2),
        "first_mb": round(first_mb, 1),
        "last_mb": round(last_mb, 1),
        "cpu_s": round(time.process_time(), 1),
        "wall_s": round(boot_s() - began_s, 1),
        "epochs": result.epochs,
        "cues": result.cues_played,
    }


class _Used:
    """Processor seconds of a night and of every process it starts, since now; a speaker may be replaced meanwhile."""

    def __init__(self, night: int) -> None:
        self._night = night
        self._now_s: dict[int, float] = {}
        self.look()
        self._before_s = dict(self._now_s)

    def look(self) -> None:
        """Reads every process that is there; of one that ended, what was read last stays."""
        for pid in (self._night, *children_of(self._night)):
            with suppress(FileNotFoundError, ProcessLookupError):
                self._now_s[pid] = _cpu_s(pid)

    def of_s(self, pid: int) -> float:
        """Of one process."""
        return self._now_s[pid] - self._before_s.get(pid, 0.0)

    @property
    def in_all_s(self) -> float:
        """Of all of them."""
        return sum(map(self.of_s, self._now_s))


def _cpu_s(pid: int) -> float:
    """What a process used so far, of the user and of the system (proc(5))."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    where, what, amount = sys.argv[1:]
    told = live(Path(where), float(amount)) if what == "live" else whole_night(float(amount))
    sys.stdout.write(json.dumps(told) + "\n")
