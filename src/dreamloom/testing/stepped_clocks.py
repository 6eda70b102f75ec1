"""What does a live night make of a wall clock that jumps, or of clocks that change? Run under libfaketime, as JSON.

The library changes the wall clock of the night and of its speakers alone: the boot clock stays as it is, as it does
when a real clock is set.
"""

import itertools
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dreamloom.engine.clocks import boot_s, utc_now
from dreamloom.house import running
from dreamloom.house.layout import NightFolder
from dreamloom.house.replaying import replay_night
from dreamloom.house.reporting import write_report
from dreamloom.house.run_options import RunOptions
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import (
    AnyEvent,
    ConsentGiven,
    CueDue,
    CueFailed,
    CuePlayed,
    GapSeen,
    HostDescribed,
    LeaseGranted,
    LeaseLapsed,
    StageScored,
    StreamLost,
)
from dreamloom.testing import live_nights
from dreamloom.vocabulary.units import EPOCH_S

LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib*/faketime/libfaketime.so.1")
STEPS = ((45, 3600), (80, -3600))
"""Night second, and how far the wall clock is off the true one from then on, in seconds."""
KILLED_AT_S, ENDED_AFTER_S = 110, 15
CHANGES = (
    ("2026-10-25T01:00:00+00:00", "02:00", "clocks went from 03:00 CEST to 02:00 CET"),
    ("2027-03-28T01:00:00+00:00", "02:30", "clocks went from 02:00 CET to 03:00 CEST"),
)
"""When clocks in Berlin change; a time on the wall that means that very moment, coming twice or left out; what a
report says of it."""
BEFORE_S, BEHIND_S = 75, 45
"""So long before a change the night is started, and so long behind it it goes on."""
_SLEEP = """import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""
"""libfaketime 0.9.10 turns a sleep until a moment of the monotonic clock into EINVAL; select() it leaves alone."""


def library() -> Path | None:
    """libfaketime, where it is installed."""
    return next((path for pattern in LIBRARIES for path in sorted(Path("/").glob(pattern[1:]))), None)


class FakedClock:
    """A wall clock for other processes, kept in a file: they look at it anew each time they ask for the time."""

    def __init__(self, folder: Path, faketime: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sitecustomize.py").write_text(_SLEEP, encoding="utf-8")
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": str(faketime),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH")))),
        }
        self.set_off(0)

    def set_off(self, off_s: float) -> None:
        """From now on so many seconds off the true time; a reader finds the old file or the new one, never half."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{off_s:+.3f}s\n", encoding="ascii")
        draft.replace(self._file)

    def set_to(self, utc: datetime) -> None:
        """From now on this time, going on from there."""
        self.set_off((utc - utc_now()).total_seconds())


def run(folder: Path, faketime: Path) -> dict[str, Any]:
    """A live night whose wall clock jumps at STEPS, which is killed under the last of them and opened again.

    Returns:
        before, whole: what judged() makes of the record up to the kill, and of all of it. took_s, of the boot clock,
        for the ticks that passed before the kill. reopened_s: how long the next process took to settle three ticks.
        wall_off_s: by how much the wall clocks of both openings differ from what passed. differs: how the same night
        without a jump decides otherwise; None if it does not. verifies. replays.
    """
    clock = FakedClock(folder / "clock", faketime)
    night = live_nights.write(folder, "jumping")
    took_s, ticks = _until_killed(night, clock)
    reopened_s = _again(night, clock)
    events = live_nights.events_of(night)
    first, again = [event for event in events if isinstance(event, HostDescribed)]
    before = events[: events.index(again)]
    wall_s = (datetime.fromisoformat(again.utc) - datetime.fromisoformat(first.utc)).total_seconds()
    return {
        "before": judged(before),
        "whole": judged(events),
        "took_s": round(took_s, 3),
        "ticks": ticks,
        "reopened_s": round(reopened_s, 3),
        "wall_off_s": round(wall_s - (again.onset_s - first.onset_s), 3),
        "differs": _first_difference(before, undisturbed(folder / "undisturbed")),
        "verifies": verify_night(night).ok,
        "replays": replay_night(night).first_difference is None,
    }


def _until_killed(night: NightFolder, clock: FakedClock) -> tuple[float, int]:
    """The night with its jumps; how long it took on the boot clock, and how many ticks passed in that time."""
    process = live_nights.start(night, environment=clock.environment)
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, 2, process, within_s=60)
        began_s, began_tick = boot_s(), live_nights.newest_tick(live_nights.events_of(night))
        for at_s, off_s in STEPS:
            live_nights.wait_for_tick(night, at_s, process, within_s=90)
            clock.set_off(off_s)
        live_nights.wait_for_tick(night, KILLED_AT_S, process, within_s=90)
        return boot_s() - began_s, live_nights.newest_tick(live_nights.events_of(night)) - began_tick


def _again(night: NightFolder, clock: FakedClock) -> float:
    """Goes on for a while; how long the new process took to its first settled ticks."""
    broken_at = live_nights.newest_tick(live_nights.events_of(night))
    began_s = boot_s()
    process = live_nights.start(night, environment=clock.environment)
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, broken_at + 3, process, within_s=60)
        reopened_s = boot_s() - began_s
        time.sleep(ENDED_AFTER_S)
        live_nights.end(process)
    return reopened_s


def run_change(folder: Path, faketime: Path, *, change: str, until: str) -> dict[str, Any]:
    """A live night of two beds in which clocks change: p1's sleeper agreed until morning, p2's until that very moment.

    Returns:
        p1, p2: what judged() makes of each. agreed_until: the moment p2's consent was found to end at. leased_to_s: the
        end of p2's last lease less the night time of the change. cued_behind: cues due behind it, at p1 and at p2.
        said: what the night told people. report: the facts at the head of its morning page. replays.
    """
    clock = FakedClock(folder / "clock", faketime)
    night = live_nights.write(folder, "change", pods=2, timezone="Europe/Berlin")
    agreed = night.consent_toml.read_text(encoding="utf-8")
    head, mine = agreed.split('["S02"]')
    night.consent_toml.write_text(f'{head}["S02"]{mine.replace("end of night", until)}', encoding="utf-8")
    clock.set_to(datetime.fromisoformat(change) - timedelta(seconds=BEFORE_S))
    process = live_nights.start(night, environment=clock.environment)
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, BEFORE_S + BEHIND_S, process, within_s=BEFORE_S + BEHIND_S + 60)
        live_nights.end(process)
    events = live_nights.events_of(night)
    host = next(event for event in events if isinstance(event, HostDescribed))
    changed_s = (datetime.fromisoformat(change) - datetime.fromisoformat(host.utc)).total_seconds()
    of = {pod: [event for event in events if event.pod == pod] for pod in ("p1", "p2")}
    return {
        **{pod: judged(own) for pod, own in of.items()},
        "agreed_until": [event.expires for event in of["p2"] if isinstance(event, ConsentGiven)],
        "leased_to_s": max(e.not_after_s for e in of["p2"] if isinstance(e, LeaseGranted)) - changed_s,
        "cued_behind": [
            sum(isinstance(event, CueDue) and event.onset_s >= changed_s for event in own) for own in of.values()
        ],
        "said": (night.root / "said.txt").read_text(encoding="utf-8"),
        "report": _head_of(write_report(night).read_text(encoding="utf-8")),
        "replays": replay_night(night).first_difference is None,
    }


def judged(events: Sequence[AnyEvent]) -> dict[str, Any]:
    """What a record says of its time, its leases and its cues.

    Returns:
        epochs. epochs_off: 30-s epochs that do not follow the one before by exactly 30 s, breaks apart.
        lapsed: reasons of leases that were taken. unleased: leases that begin behind the end of the one before.
        gaps: of samples, and losses of the stream. cues. cues_twice: planned or played more than once, or sooner than
        the dreamscape allows. cues_failed.
    """
    ends_s = [e.onset_s for e in events if isinstance(e, StageScored) and e.onset_s % EPOCH_S == 0]
    leases = [event for event in events if isinstance(event, LeaseGranted)]
    dues = [event for event in events if isinstance(event, CueDue)]
    causes = [event.cause for event in events if isinstance(event, CuePlayed)]
    return {
        "epochs": len(ends_s),
        "epochs_off": sum(later - sooner != EPOCH_S for sooner, later in itertools.pairwise(ends_s)),
        "lapsed": sorted({event.reason for event in events if isinstance(event, LeaseLapsed)}),
        "unleased": sum(later.not_before_s > sooner.not_after_s for sooner, later in itertools.pairwise(leases)),
        "gaps": sum(isinstance(event, GapSeen | StreamLost) for event in events),
        "cues": len(causes),
        "cues_twice": len(causes)
        - len(set(causes))
        + sum(later.onset_s - sooner.onset_s < 4.0 for sooner, later in itertools.pairwise(dues)),
        "cues_failed": sum(isinstance(event, CueFailed) for event in events),
    }


def undisturbed(folder: Path) -> list[AnyEvent]:
    """The same night on a virtual clock, to its fourth minute."""
    night = live_nights.write(folder, "undisturbed")
    running.run_night(night, RunOptions(speed_x=None, until_s=KILLED_AT_S + 60.0))
    return live_nights.events_of(night)


def _first_difference(knocked: Sequence[AnyEvent], calm: Sequence[AnyEvent]) -> str | None:
    """Where the decisions of two nights part, as far as the shorter goes; None if they do not."""
    ours, theirs = _decisions(knocked), _decisions(calm)
    if len(ours) > len(theirs):
        return f"{len(ours)} decisions, and {len(theirs)} in the longer night"
    return next((f"{a} is not {b}" for a, b in zip(ours, theirs, strict=False) if a != b), None)


def _decisions(events: Sequence[AnyEvent]) -> list[tuple[object, ...]]:
    told: list[tuple[object, ...]] = []
    for event in events:
        match event:
            case StageScored():
                told.append((event.tick, event.onset_s, event.stage, event.confidence))
            case CueDue():
                told.append((event.tick, event.cue, event.play_at_s, event.level_db, event.lease))
            case LeaseGranted():
                told.append((event.tick, event.lease, event.not_before_s, event.not_after_s))
            case _:
                pass
    return told


def _head_of(page: str) -> str:
    """The facts below the name of the night, without their marks."""
    found = re.search(r'<h1>.*?<p class="facts">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


def _main(folder: Path, change: Sequence[str]) -> dict[str, Any]:
    found = library()
    if found is None:
        return {"missing": "libfaketime"}
    return run_change(folder, found, change=change[0], until=change[1]) if change else run(folder, found)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_main(Path(sys.argv[1]), sys.argv[2:])) + "\n")
