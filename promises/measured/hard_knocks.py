"""Does a live night hold when its processes die or hang? Kills a speaker, stops the engine, kills it; and looks."""

import sys
from typing import Any

from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

REOPENED_TICKS = 3
DEAD_MAN_S = 2.2
"""2 s without a beat, then 0.2 s of fading."""
ENDED_S = 2.0


@promise(
    "SIGKILL of speaker and engine, SIGSTOP of the engine",
    f"each falls silent by itself <= {DEAD_MAN_S:g} s and stays so until armed, recording goes on, nothing stale plays",
)
def survives() -> Measured:
    """A live night of two beds: a speaker killed, the engine stopped for 15 s, then killed; each in mid-cue."""
    if not sys.platform.startswith("linux"):
        return Measured("not measured", None, "Only Linux tells a process its children this way.")
    load = Load()
    return judged(ran("dreamloom.testing.hard_knocks", scratch("knocks")), said=f"Measured under {load}.")


def judged(night: dict[str, Any], *, said: str = "") -> Measured:
    """Every rung of the ladder."""
    speaker, hang, engine = night["speaker"], night["hang"], night["engine"]
    kept = (
        speaker["silent_s"] <= DEAD_MAN_S
        and speaker["reopened_s"] <= REOPENED_TICKS
        and speaker["failed"] == 1
        and speaker["cues_disarmed"] == speaker["gaps"] == 0
        and speaker["cues_of_others"] > 0 < speaker["cues_after"]
        and hang["silent_s"] <= DEAD_MAN_S
        and hang["stale"] == 0 < hang["heard_after"]
        and engine["silent_s"] <= DEAD_MAN_S
        and engine["ended_s"] <= ENDED_S
        and engine["left"] == night["cues_unarmed"] == 0
        and night["verifies"]
        and night["replays"]
    )
    slowest_s = max(rung["silent_s"] for rung in (speaker, hang, engine))
    return Measured(
        f"silent within {slowest_s:.2f} s, {hang['stale']} stale, {speaker['cues_disarmed']} unarmed",
        kept,
        f"Speaker killed: silent after {speaker['silent_s']:.2f} s, another in its place {speaker['reopened_s']} ticks "
        f"later, {speaker['cues_disarmed']} cues in the {speaker['rearmed_s']:.0f} s until it was armed, "
        f"{speaker['cues_of_others']} at the other bed meanwhile, {speaker['gaps']} gaps. Engine stopped for 15 s: "
        f"silent after {hang['silent_s']:.2f} s, {hang['expired']} cues dropped as late, {hang['stale']} played stale. "
        f"Engine killed, and the pod loops in it: silent after {engine['silent_s']:.2f} s, its speakers ended by "
        f"themselves within {engine['ended_s']:.2f} s; opened again, {night['cues_unarmed']} cues unarmed; verifies: "
        f"{night['verifies']}, replays: {night['replays']}. {said}".strip(),
    )
