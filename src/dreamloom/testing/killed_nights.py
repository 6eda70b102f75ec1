"""Kills a running night at random moments and looks at what is left: a real process, real files, SIGKILL."""

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import edfio
import mne
import numpy as np
import pyedflib

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.adapters.recovery import recover, segment_paths
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import AnyEvent, CueDue, HostDescribed, Rearmed, Recovered
from dreamloom.signals.blocks import GridSecond
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import RecordError

POD = "p1"


@dataclass(frozen=True, slots=True)
class Killed:
    """What one kill cost.

    Attributes:
        signal_lost_s: night time at the kill less the end of the stored signal.
        events_lost: acknowledged events that are gone.
        resumed_in_s: from the start of the next process to its first stored second.
        cues_before_rearming: cues decided between the recovery and a lawful re-arming.
    """

    signal_lost_s: float
    events_lost: int
    resumed_in_s: float
    cues_before_rearming: int


@dataclass(frozen=True, slots=True)
class KilledNights:
    """All kills of one night, and its verdict at the end."""

    kills: tuple[Killed, ...]
    verifies: bool
    replays: bool
    files_open: int

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def run(kills: int, seed: int, folder: Path) -> KilledNights:
    """Starts a live night of a simulated sleeper, kills it `kills` times at random moments, ends it in good order."""
    night = making.write_night(
        House(folder), "killed", [PodAsked(id=POD, sleeper="S01", source="sim:lucid,start=4h")],
        "nightmare_rem_tmr", seed=seed,
    )  # fmt: skip
    chance = stream(seed, "kills")
    told: list[Killed] = []
    process, resumed_in_s = _start(night)
    for _ in range(kills):
        time.sleep(float(chance.uniform(0.5, 4.5)))
        told.append(_kill(night, process, resumed_in_s))
        process, resumed_in_s = _start(night)
    # Until the opening is told, nobody listens to Ctrl-C yet, and a shell may have had it ignored.
    _wait(lambda: sum(isinstance(event, HostDescribed) for event in _events(night)) > kills, process)
    process.send_signal(signal.SIGTERM)  # a job in the background may ignore SIGINT
    process.wait(timeout=30)
    paths = segment_paths(night.signals, POD)
    return KilledNights(
        kills=tuple(told),
        verifies=verify_night(night).ok,
        replays=replay_night(night).first_difference is None,
        files_open=sum(len(_lengths(path)) == 1 for path in paths),
    )


def _start(night: NightFolder) -> tuple[subprocess.Popen[bytes], float]:
    """A new process on the night, and how long until it had stored a second."""
    segments = len(segment_paths(night.signals, POD))
    began_s = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own command on a folder we made
        [sys.executable, "-m", "dreamloom", "run", str(night.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    _wait(lambda: len(segment_paths(night.signals, POD)) > segments, process)
    return process, time.monotonic() - began_s


def _kill(night: NightFolder, process: subprocess.Popen[bytes], resumed_in_s: float) -> Killed:
    acknowledged = _events(night)
    process.kill()
    now = utc_now()
    process.wait()
    opened = next(event for event in acknowledged if isinstance(event, HostDescribed))
    night_s = (now - datetime.fromisoformat(opened.utc)).total_seconds()
    newest = segment_paths(night.signals, POD)[-1]
    _lengths(newest)
    recover(newest)
    assert len(_lengths(newest)) == 1
    stored_s = max((_kept_to_s(second) for second in StoredSeconds(newest).last(1)), default=0.0)
    after = {event.id for event in _events(night)}
    return Killed(
        signal_lost_s=round(night_s - stored_s, 3),
        events_lost=sum(event.id not in after for event in acknowledged),
        resumed_in_s=round(resumed_in_s, 3),
        cues_before_rearming=_cues_while_disarmed(acknowledged),
    )


def _kept_to_s(second: GridSecond) -> float:
    """Where the real samples of the newest second end."""
    real = np.flatnonzero(~second.filled)
    return second.index + (int(real[-1]) + 1 if len(real) else 0) / len(second.filled)


def _cues_while_disarmed(events: list[AnyEvent]) -> int:
    armed, cues = True, 0
    for event in events:
        armed = (armed or isinstance(event, Rearmed)) and not isinstance(event, Recovered)
        cues += isinstance(event, CueDue) and not armed
    return cues


def _events(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


def _lengths(path: Path) -> set[int]:
    """How many samples edfio, pyedflib and MNE find in the file as it stands; each must open it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # edfio says that a broken-off file holds more than its header counts
        found = {len(edfio.read_edf(path).signals[0].data)}
    with pyedflib.EdfReader(str(path)) as reader:
        found.add(int(reader.getNSamples()[0]))
    found.add(mne.io.read_raw_edf(path, verbose="error").n_times)
    return found


def _wait(until: Callable[[], bool], process: subprocess.Popen[bytes], limit_s: float = 60.0) -> None:
    end_s = time.monotonic() + limit_s
    while not until():
        if process.poll() is not None or time.monotonic() > end_s:
            raise RecordError("DL-E490", f"The night did not start: exit code {process.poll()}.")
        time.sleep(0.005)
