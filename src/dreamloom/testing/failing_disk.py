"""What becomes of a night whose disk fails to sync? Real processes; the kernel says EIO; told as plain data."""

import json
import math
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dreamloom.engine.clocks import boot_s
from dreamloom.house.layout import NightFolder
from dreamloom.house.replaying import replay_night
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import ConsentWithdrawn, CueDue, NightClosed
from dreamloom.testing import live_nights
from dreamloom.testing.failing_syncs import FAILED
from dreamloom.testing.hard_knocks import Ear

SLEEPER = "sim:typical,start=1500s,hours=0.05"
"""Cued from second 35 on, and over after three minutes."""
SPEED = "20"
LONGEST_S = 300.0


class Said(NamedTuple):
    """What a verb left: its exit code, the code of its error ("" without one), its JSON and its words."""

    exit_code: int
    code: str
    data: Mapping[str, Any]
    err: str

    @property
    def has_failed_sync(self) -> bool:
        return FAILED in self.err

    @property
    def is_traceback(self) -> bool:
        return "Traceback" in self.err


class Broken(NamedTuple):
    """A night whose disk failed, and what came of it.

    Attributes:
        run: what `dreamloom run` said.
        safe: events that it called safe, and held: how many are there.
        cues: decided before.
        verifies: whatever was left; replays: of the same.
        goes_on: on a disk that is well: it runs to its end, verifies and replays.
    """

    run: Said
    safe: int
    held: int
    cues: int
    verifies: bool
    replays: bool
    goes_on: bool


def on_failing_disk(which: str, *words: str) -> Said:
    """`dreamloom WORDS --json` on a disk on which these syncs fail, see `failing_syncs.those`."""
    return _said("dreamloom.testing.failing_syncs", which, *words)


def broken_night(folder: Path, which: str) -> Broken:
    """A short night, twenty times as fast as time, on such a disk; then on one that is well."""
    night = live_nights.write(folder, "broken", source=SLEEPER)
    run = on_failing_disk(which, "run", str(night.root), "--speed", SPEED)
    events = live_nights.events_of(night)
    return Broken(
        run=run,
        safe=_safe(run),
        held=len(events),
        cues=sum(isinstance(event, CueDue) for event in events),
        verifies=not events or verify_night(night).ok,
        replays=not events or replay_night(night).first_difference is None,
        goes_on=_goes_on(night),
    )


def _goes_on(night: NightFolder) -> bool:
    is_over = any(isinstance(event, NightClosed) for event in live_nights.events_of(night))
    if not is_over and _said("dreamloom", "run", str(night.root), "--speed", "max").exit_code != 0:
        return False
    return verify_night(night).ok and replay_night(night).first_difference is None


def _safe(run: Said) -> int:
    """How many events a refusal called safe: "The first 15 events are safe"."""
    words = str(run.data.get("error", {}).get("still_works", "")).split()
    return int(words[2]) if words[:2] == ["The", "first"] else 0


def _said(module: str, *words: str) -> Said:
    done = subprocess.run(  # noqa: S603 - our own command on a folder we made
        [sys.executable, "-m", module, *words, "--json"],
        capture_output=True, text=True, check=False, timeout=LONGEST_S,
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    data = json.loads(lines[-1]) if lines else {}
    return Said(done.returncode, str(data.get("error", {}).get("code", "")), data, done.stderr)


class Heard(NamedTuple):
    """A live night of two beds: p1's sleeper says no on a disk that fails, later the night's own record fails.

    Attributes:
        withdrawn: what `dreamloom withdraw` said.
        cues_before: decided at p1 before that.
        p1_s: from its end to the last that was heard of p1.
        is_recorded: the night heard the no, although it was not on the disk.
        run: what `dreamloom run` said in the end.
        p2_s: from the sync that failed to the last that was heard of p2.
        sounded_s: how long before that sync p2 was heard last.
        verifies: what was left.
    """

    withdrawn: Said
    cues_before: int
    p1_s: float
    is_recorded: bool
    run: Said
    p2_s: float
    sounded_s: float
    verifies: bool


def heard_night(folder: Path) -> Heard:
    """In real time, through speakers that write what they play: takes about two minutes."""
    night = live_nights.write(folder, "sounding", pods=2, dreamscape=live_nights.LONG_CUES)
    ears = [Ear(night.sound / f"p{n}.wav") for n in (1, 2)]
    process = _started(night, "nights/sounding/record.sqlite-wal:60-")
    with live_nights.cared_for(process):
        live_nights.wait_for_tick(night, 50, process, within_s=120)
        cues = sum(isinstance(event, CueDue) and event.pod == "p1" for event in live_nights.events_of(night))
        withdrawn = on_failing_disk("WITHDRAWN.sounding.draft:1-", "withdraw", str(night.root), "S01")
        withdrawn_s = boot_s()
        process.wait(timeout=LONGEST_S)
    heard_1_s, heard_2_s = (ear.heard_s() for ear in ears)
    for ear in ears:
        ear.close()
    err = (night.root / "said.txt").read_text(encoding="utf-8")
    failed_s = float(err.partition(FAILED)[2].split()[0])
    return Heard(
        withdrawn=withdrawn,
        cues_before=cues,
        p1_s=_behind(heard_1_s, withdrawn_s),
        is_recorded=any(isinstance(event, ConsentWithdrawn) for event in live_nights.events_of(night)),
        run=Said(process.returncode, _code_in(err), {}, err),
        p2_s=_behind(heard_2_s, failed_s),
        sounded_s=round(failed_s - max((at_s for at_s in heard_2_s if at_s <= failed_s), default=-math.inf), 3),
        verifies=verify_night(night).ok,
    )


def _started(night: NightFolder, which: str) -> "subprocess.Popen[bytes]":
    with (night.root / "said.txt").open("ab") as said:
        return subprocess.Popen(  # noqa: S603 - our own command on a folder we made
            [sys.executable, "-m", "dreamloom.testing.failing_syncs", which, "run", str(night.root)],
            stdout=subprocess.DEVNULL,
            stderr=said,
        )


def _code_in(words: str) -> str:
    found = re.search(r"DL-E\d{3}", words)
    return found.group() if found else ""


def _behind(heard_s: Sequence[float], moment_s: float) -> float:
    """How long after this moment something was heard last; 0 if nothing was."""
    return round(max(0.0, max(heard_s, default=moment_s) - moment_s), 3)
