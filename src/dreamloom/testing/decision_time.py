"""How long does a bed think about its newest sample? A recording replayed, each of its seconds timed; as JSON."""

import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from time import thread_time
from typing import Any
from unittest import mock

from dreamloom.engine.bedside import Bedside
from dreamloom.house import making, recordings, running
from dreamloom.house.layout import House
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import AnyEvent, CueDue, LeaseGranted, LeaseLapsed

DREAMSCAPE = "nightmare_rem_tmr"


def measured(folder: Path) -> dict[str, Any]:
    """The bundled recording in a house of its own; processor time of the thread that decides.

    Returns:
        cues: how many were decided. cue_worst_ms: the longest from the second in hand until its cue was decided and
        commanded. p50_ms, worst_ms: of every second, stage or none. seconds: how many there were.
    """
    plain = Bedside.advance
    spent_ms: list[float] = []
    cued_ms: list[float] = []

    def timed(bed: Bedside, tick: int, leases: Sequence[LeaseGranted | LeaseLapsed]) -> list[AnyEvent]:
        began_s = thread_time()
        said = plain(bed, tick, leases)
        spent_ms.append(1000 * (thread_time() - began_s))
        if any(isinstance(event, CueDue) for event in said):
            cued_ms.append(spent_ms[-1])
        return said

    night = making.night_of_recording(House(folder), recordings.bundled(), DREAMSCAPE, seed=0)
    with mock.patch.object(Bedside, "advance", timed):
        running.run_night(night, RunOptions(speed_x=None))
    return {
        "cues": len(cued_ms),
        "cue_worst_ms": round(max(cued_ms, default=0.0), 2),
        "p50_ms": round(statistics.median(spent_ms), 3),
        "worst_ms": round(max(spent_ms), 2),
        "seconds": len(spent_ms),
    }


if __name__ == "__main__":
    json.dump(measured(Path(sys.argv[1])), sys.stdout)
