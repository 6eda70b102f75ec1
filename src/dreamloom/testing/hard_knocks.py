"""What is left of a live night when its processes die or hang, one by one? Real processes and signals; told as JSON.

The pod loops live in the engine's process here, so killing the engine kills them as well.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dreamloom.engine.clocks import boot_s
from dreamloom.house.layout import NightFolder
from dreamloom.house.replaying import replay_night
from dreamloom.house.verifying import verify_night
from dreamloom.pod.plan import START_WITHIN_S
from dreamloom.record.events import (
    AnyEvent,
    CueDue,
    CueFailed,
    CuePlayed,
    GapSeen,
    Rearmed,
    Recovered,
    SpeakerReopened,
    StreamLost,
)
from dreamloom.testing import live_nights

STOPPED_S = 15.0
LISTENED_S = 12.0
"""So long the beds are listened to after the engine went on, and after it was killed."""
ENDS_WITHIN_S = 10.0
_LOOK_EVERY_S = 0.005


class Ear:
    """Hears a bed: the file its speaker writes grows while it sounds, and at no other time."""

    def __init__(self, wav: Path) -> None:
        self._wav = wav
        self._heard_s: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        size = 0
        while not self._over.wait(_LOOK_EVERY_S):
            now = self._wav.stat().st_size if self._wav.exists() else 0
            if now > size:
                self._heard_s.append(boot_s())
                size = now

    def heard_s(self) -> list[float]:
        """When it was heard, on the boot clock."""
        return list(self._heard_s)

    def is_sounding(self) -> bool:
        """True in the middle of a sound: it began a moment ago and has the better part to go."""
        now_s = boot_s()
        return len([at_s for at_s in self._heard_s[-60:] if now_s - at_s < 0.25]) >= 10

    def close(self) -> None:
        self._over.set()
        self._thread.join()


def run(folder: Path) -> dict[str, Any]:
    """A live night of two beds: p1's speaker is killed, then the engine hangs for a while, then it is killed.

    Returns:
        speaker, hang, engine: see the functions below. verifies. replays. cues_unarmed: decided between the last
        recovery and the end, for nobody armed the beds.
    """
    night = live_nights.write(folder, "knocked", pods=2, dreamscape=live_nights.LONG_CUES)
    process = live_nights.start(night)
    ears = [Ear(night.sound / f"p{n}.wav") for n in (1, 2)]
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, 40, process, within_s=90)
        told = {
            "speaker": speaker_killed(night, process, ears[0]),
            "hang": engine_hung(night, process, ears),
            "engine": engine_killed(night, process, ears),
        }
    for ear in ears:
        ear.close()
    broken_at = live_nights.newest_tick(live_nights.events_of(night))
    process = live_nights.start(night)
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, broken_at + 20, process, within_s=60)
        live_nights.end(process)
    events = live_nights.events_of(night)
    recovered = next(n for n, event in enumerate(events) if isinstance(event, Recovered))
    return {
        **told,
        "cues_unarmed": sum(isinstance(event, CueDue) for event in events[recovered:]),
        "verifies": verify_night(night).ok,
        "replays": replay_night(night).first_difference is None,
    }


def speaker_killed(night: NightFolder, process: "subprocess.Popen[bytes]", ear: Ear) -> dict[str, Any]:
    """p1's speaker is killed in the middle of a cue; the night goes on until its bed is armed again and cued.

    Returns:
        silent_s: from the kill to the last that was heard. reopened_s: until the record told of another speaker,
        counted in whole ticks. failed: cues of p1 told as failed by it. cues_disarmed: of p1, between that and the
        re-arming. cues_of_others: of p2 meanwhile. gaps: of both. rearmed_s: how long it was disarmed. cues_after.
    """
    wait_for_sound(ear, process)
    victim = speaker_of(process.pid, night, "p1")
    os.kill(victim, signal.SIGKILL)
    killed_s, killed_tick = boot_s(), live_nights.newest_tick(live_nights.events_of(night))
    live_nights.wait_for(lambda: bool(_played_behind_rearming(live_nights.events_of(night))), process, within_s=180)
    events = live_nights.events_of(night)
    reopened = next(event for event in events if isinstance(event, SpeakerReopened))
    rearmed = next(event for event in events if isinstance(event, Rearmed))
    between = [event for event in events if reopened.onset_s < event.onset_s < rearmed.onset_s]
    return {
        "silent_s": _last_before(ear, killed_s, 30.0),
        "reopened_s": round(reopened.tick - killed_tick, 3),
        "failed": sum(isinstance(e, CueFailed) and e.pod == "p1" and e.reason == "SPEAKER" for e in events),
        "cues_disarmed": sum(
            isinstance(e, CueDue) and e.pod == "p1" and e.onset_s > reopened.onset_s + 1 for e in between
        ),
        "cues_of_others": sum(isinstance(e, CuePlayed) and e.pod == "p2" for e in between),
        "gaps": sum(isinstance(event, GapSeen | StreamLost) for event in events),
        "rearmed_s": round(rearmed.onset_s - reopened.onset_s, 3),
        "cues_after": len(_played_behind_rearming(events)),
    }


def engine_hung(night: NightFolder, process: "subprocess.Popen[bytes]", ears: Sequence[Ear]) -> dict[str, Any]:
    """The engine stands still in the middle of a cue, and goes on.

    Returns:
        silent_s: from the stop to the last that was heard of any bed. stale: sounds heard afterwards that no cue was
        planned for at that moment. expired: cues dropped for being late. heard_after: beds that were heard again.
    """
    wait_for_sound(ears[0], process)
    os.kill(process.pid, signal.SIGSTOP)
    stopped_s = boot_s()
    time.sleep(STOPPED_S)
    silent_s = max(_last_before(ear, stopped_s, STOPPED_S) for ear in ears)
    os.kill(process.pid, signal.SIGCONT)
    time.sleep(LISTENED_S)
    events = live_nights.events_of(night)
    planned_s = {event.id: event.play_at_s for event in events if isinstance(event, CueDue)}
    rows = [row for pod in ("p1", "p2") for row in _heard(night, pod)]
    return {
        "silent_s": silent_s,
        "stale": sum(not 0 <= at_s - planned_s.get(cue, -1e9) <= START_WITHIN_S + 0.02 for cue, at_s in rows),
        "expired": sum(isinstance(event, CueFailed) and event.reason == "EXPIRED" for event in events),
        "heard_after": sum(max(ear.heard_s()) > stopped_s + STOPPED_S for ear in ears),
    }


def engine_killed(night: NightFolder, process: "subprocess.Popen[bytes]", ears: Sequence[Ear]) -> dict[str, Any]:
    """The engine is killed in the middle of a cue, and its pod loops with it; nobody looks after the speakers.

    Returns:
        silent_s: from the kill to the last that was heard of any bed. ended_s: until the last speaker had ended by
        itself. left: speakers that had not within ENDS_WITHIN_S.
    """
    wait_for_sound(ears[0], process)
    speakers = [speaker_of(process.pid, night, pod) for pod in ("p1", "p2")]
    process.kill()
    killed_s = boot_s()
    process.wait()
    while any(map(_is_there, speakers)) and boot_s() - killed_s < ENDS_WITHIN_S:
        time.sleep(_LOOK_EVERY_S)
    ended_s = boot_s() - killed_s
    time.sleep(max(0.0, LISTENED_S - ended_s))
    left = [pid for pid in speakers if _is_there(pid)]
    return {
        "silent_s": max(_last_before(ear, killed_s, LISTENED_S) for ear in ears),
        "ended_s": round(ended_s, 3),
        "left": len(left),
    }


def wait_for_sound(ear: Ear, process: "subprocess.Popen[bytes]") -> None:
    """Returns in the middle of a cue."""
    give_up_s = boot_s() + 90.0
    while not ear.is_sounding():
        if process.poll() is not None or boot_s() > give_up_s:
            raise RuntimeError(f"no cue was heard; exit code {process.poll()}")
        time.sleep(_LOOK_EVERY_S)


def children_of(pid: int) -> list[int]:
    """The processes this one started (proc(5); Linux alone tells it this way)."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def speaker_of(pid: int, night: NightFolder, pod: str) -> int:
    """The process that renders this bed."""
    bits = str(night.house.pod(pod).bits).encode()
    return next(child for child in children_of(pid) if bits in Path(f"/proc/{child}/cmdline").read_bytes())


def _last_before(ear: Ear, knocked_s: float, within_s: float) -> float:
    """How long after a knock the bed was heard last, within that time."""
    last_s = max((at_s for at_s in ear.heard_s() if at_s < knocked_s + within_s), default=knocked_s)
    return round(max(0.0, last_s - knocked_s), 3)


def _played_behind_rearming(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    armed = [n for n, event in enumerate(events) if isinstance(event, Rearmed) and event.pod == "p1"]
    return [e for e in events[armed[0] :] if isinstance(e, CuePlayed) and e.pod == "p1"] if armed else []


def _heard(night: NightFolder, pod: str) -> list[tuple[str, float]]:
    """Every cue that sounded at this bed, by its own table: which, and when."""
    with (night.sound / f"{pod}.cues.csv").open(encoding="utf-8", newline="") as table:
        return [(row["cue_id"], float(row["onset_s"])) for row in csv.DictReader(table)]


def _is_there(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]))) + "\n")
