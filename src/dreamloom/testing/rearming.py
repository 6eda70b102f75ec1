"""Is a bed silent after a crash until somebody armed it again, even in the middle of REM? One night, killed once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.record.events import AnyEvent, CueDue, CuePlayed, CueWithheld, Rearmed, Recovered
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import RecordError

SLEEPER = "sim:lucid,start=21760s"
"""With SEED, REM comes 40 min later and lasts for a quarter of an hour."""
SEED = 1
SPEED_X = 40
LEAST_CUES = 3
"""So many are heard before the kill; behind the re-arming one is proof enough, since arousals may end the night's."""
LONGEST_WAIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Silence:
    """What the record of such a night says.

    Attributes:
        cues_before: cues that sounded before the kill.
        cues_disarmed: cues that were decided between the recovery and the re-arming.
        withheld_disarmed: occasions let pass there because the bed was not armed.
        cues_after: cues that sounded after the re-arming.
        disarmed_s: how long the bed stayed silent, in night time.
    """

    cues_before: int
    cues_disarmed: int
    withheld_disarmed: int
    cues_after: int
    disarmed_s: float


def run(folder: Path) -> Silence:
    """Runs a sleeper into REM, kills the process behind the first cues, opens the night again, and waits for cues.

    Raises:
        RecordError: when the cues do not come.
    """
    text = folder / "eager.yaml"
    text.write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S01", source=SLEEPER)]
    night = making.write_night(House(folder), "killed", pods, str(text), seed=SEED)
    first = _start(night)
    _wait(first, lambda: len(_played(_events(night))) >= LEAST_CUES)
    first.kill()
    first.wait()
    second = _start(night)
    _wait(second, lambda: len(_played(behind_rearming(_events(night)))) > 0)
    second.send_signal(signal.SIGTERM)  # a job in the background may ignore SIGINT
    second.wait(timeout=60)
    return judged(_events(night))


def judged(events: Sequence[AnyEvent]) -> Silence:
    """Cuts the record at the recovery and at the re-arming behind it."""
    recovered = next(n for n, event in enumerate(events) if isinstance(event, Recovered))
    after = behind_rearming(events)
    disarmed = events[recovered : len(events) - len(after)]
    return Silence(
        cues_before=len(_played(events[:recovered])),
        cues_disarmed=sum(isinstance(event, CueDue) for event in disarmed),
        withheld_disarmed=sum(e.count for e in events if isinstance(e, CueWithheld) and e.reason == "NOT_REARMED"),
        cues_after=len(_played(after)),
        disarmed_s=disarmed[-1].onset_s - disarmed[0].onset_s if after else 0.0,
    )


def behind_rearming(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    """What stands behind the first Rearmed of a record; nothing if there is none."""
    place = next((n for n, event in enumerate(events) if isinstance(event, Rearmed)), len(events))
    return events[place:]


def _played(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    return [event for event in events if isinstance(event, CuePlayed)]


def _events(night: NightFolder) -> list[AnyEvent]:
    if not night.record.exists():
        return []
    with read_only(night.record) as record:
        return list(record.events())


def _start(night: NightFolder) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command on a folder we made
        [sys.executable, "-m", "dreamloom", "run", str(night.root), "--speed", str(SPEED_X)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(process: subprocess.Popen[bytes], until: Callable[[], bool]) -> None:
    end_s = time.monotonic() + LONGEST_WAIT_S
    while not until():
        if process.poll() is not None or time.monotonic() > end_s:
            process.kill()
            raise RecordError("DL-E491", f"The cues did not come; exit code {process.poll()}.")
        time.sleep(0.5)
