"""What does the phase of one sleeper cost a sample, when samples come 25 at a time? In processor time; as JSON."""

import json
import os
import sys
from time import process_time

GRID_HZ = 256
BLOCK = 25
WARM_S = 100
"""From here on every window is full, and waves are met, audited and learned from."""
TIMED_S = 60
"""Two refits."""


def measured() -> dict[str, float]:
    """us_per_sample: of the fast lane and of the whole second behind it, together; of each; moments: how many met."""
    import numpy as np

    from dreamloom.rhythm import lane, track
    from dreamloom.vocabulary.chance import stream
    from dreamloom.vocabulary.units import Seconds

    time_s = np.arange(GRID_HZ * (WARM_S + TIMED_S)) / GRID_HZ
    signal_uv = 40 * np.cos(2 * np.pi * 0.83 * time_s) + 8 * stream(1, "noise").standard_normal(len(time_s))
    state, fast_s, whole_s, met = track.start(GRID_HZ, tau_s=Seconds(0.1)), 0.0, 0.0, 0
    for index in range(WARM_S + TIMED_S):
        own_uv = signal_uv[index * GRID_HZ : (index + 1) * GRID_HZ]
        began_s = process_time()
        ahead = lane.begin(state, deep=True)
        for first in range(0, GRID_HZ, BLOCK):
            ahead, moments = lane.heard(ahead, own_uv[first : first + BLOCK])
            met += len(moments) * (index >= WARM_S)
        between_s = process_time()
        state, _, _ = track.step(state, index, own_uv, deep=True)
        if index >= WARM_S:
            fast_s, whole_s = fast_s + between_s - began_s, whole_s + process_time() - between_s
    us = 1e6 / (GRID_HZ * TIMED_S)
    return {
        "us_per_sample": round((fast_s + whole_s) * us, 2),
        "fast_us": round(fast_s * us, 2),
        "whole_us": round(whole_s * us, 2),
        "moments": met,
    }


if __name__ == "__main__":
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # idle threads of a product spin in processor time
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        os.execv(sys.executable, [sys.executable, "-m", "dreamloom.testing.phase_step"])  # noqa: S606 - itself
    json.dump(measured(), sys.stdout)
