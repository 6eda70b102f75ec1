"""How do many live streams fare at once? Real outlets in one other process, read as an engine reads them.

Run by `python -m dreamloom.testing.many_streams STREAMS SECONDS`; prints the figures as JSON.
"""

import json
import resource
import sys
import time
from typing import Any

import numpy as np

from dreamloom.adapters.lsl.opening import LslRequest, open_streams
from dreamloom.adapters.lsl.source import LslSource
from dreamloom.engine.clocks import RealClock
from dreamloom.engine.loop import POLL_S
from dreamloom.testing.lsl_outlet import OutletAsked, OutletProcess

LABELS = tuple(f"EEG {n}" for n in range(1, 9))


def main(streams: int, seconds: float) -> dict[str, Any]:
    """Opens them all, then looks at every one 50 times a second."""
    asked = OutletAsked(name="Many", source_id="many", labels=LABELS, streams=streams)
    with OutletProcess(asked):
        requests = [LslRequest(f"p{n}", f"Many-{n:02d}") for n in range(1, streams + 1)]
        began = time.monotonic()
        opened = open_streams(requests)
        clock = RealClock()
        sources = [LslSource(each, now_s=clock.now_s) for each in opened.values()]
        ready_s = time.monotonic() - began
        figures = _listened(sources, clock, seconds)
        began = time.monotonic()
        for source in sources:
            source.close()
    return {"streams": streams, "ready_s": round(ready_s, 3), **figures, "closed_s": round(time.monotonic() - began, 3)}


def _listened(sources: list[LslSource], clock: RealClock, seconds: float) -> dict[str, Any]:
    for source in sources:
        source.read(clock.now_s())
    used, began_s = resource.getrusage(resource.RUSAGE_SELF), clock.now_s()
    ages_s: list[float] = []
    samples = [0] * len(sources)
    while clock.now_s() < began_s + seconds:
        now_s = clock.now_s()
        for n, source in enumerate(sources):
            samples[n] += sum(len(block.samples) for block in source.read(now_s))
            ages_s.append(source.age_s())
        clock.wait_until(now_s + POLL_S)  # type: ignore[arg-type]
    took_s = clock.now_s() - began_s
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    p50, p99, most = np.percentile(ages_s, (50, 99, 100)).tolist()
    return {
        "age_ms": {"p50": round(p50 * 1e3, 1), "p99": round(p99 * 1e3, 1), "max": round(most * 1e3, 1)},
        "cores": round(cpu_s / took_s, 3),
        "least_samples_a_second": round(min(samples) / took_s, 1),
        "told": sum(len(source.told()) for source in sources),
    }


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1]), float(sys.argv[2])), sys.stdout)
