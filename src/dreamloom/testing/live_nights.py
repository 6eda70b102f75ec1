"""How does a test hold a live night in its hand? One that cues from the first minute on, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.record.events import AnyEvent
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import RecordError

TIRELESS = EAGER.replace(
    'stage: R, confidence: ">= 0.8", stable_for: 10 s', 'stage: [N1, N2, N3, R], confidence: ">= 0.3", stable_for: 5 s'
).replace("more_than: 2", "more_than: 50")
"""A dreamscape that cues every four seconds of any sleep it sees, all night."""
LONG_CUES = (
    TIRELESS.replace("duration: 1 s", "duration: 6 s")
    .replace("every: 4 s", "every: 8 s")
    .replace("hour: 500", "hour: 450")
)
"""The same with cues so long that a speaker left alone has to end them."""
SLEEPER = "sim:typical,start=1500s"
SEED = 1
"""With SEED, this sleeper is cued from second 35 on, and at least 30 times within three minutes."""
_LONGEST_WAIT_S = 60.0


def write(
    folder: Path, name: str, *, pods: int = 1, source: str = SLEEPER, timezone: str = "UTC", dreamscape: str = TIRELESS
) -> NightFolder:
    """A night of so many tireless beds, p1 on, in a house of its own; p1 is always the same sleeper."""
    folder.mkdir(parents=True, exist_ok=True)
    text = folder / "tireless.yaml"
    text.write_text(dreamscape, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S{n:02d}", source=source) for n in range(1, pods + 1)]
    night = making.write_night(House(folder / "house"), name, beds, str(text), seed=SEED)
    asked = night.night_toml.read_text(encoding="utf-8")
    night.night_toml.write_text(asked.replace('"UTC"', f'"{timezone}"'), encoding="utf-8")
    return night


def start(night: NightFolder, *words: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """`dreamloom run NIGHT WORDS`; what it says goes to said.txt in the night's folder."""
    with (night.root / "said.txt").open("ab") as said:
        return subprocess.Popen(  # noqa: S603 - our own command on a folder we made
            [sys.executable, "-m", "dreamloom", "run", str(night.root), *words],
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
        )


def events_of(night: NightFolder) -> list[AnyEvent]:
    """The record as it stands; nothing while it is being made."""
    if not night.record.exists():
        return []
    try:
        with read_only(night.record) as record:
            return list(record.events())
    except RecordError as error:
        if error.code == "DL-E412":
            return []
        raise


@contextmanager
def cared_for(*processes: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Whatever happens inside, none of these is left when it is over."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for(
    until: Callable[[], bool], process: "subprocess.Popen[bytes]", *, within_s: float = _LONGEST_WAIT_S
) -> None:
    """Returns when it is so.

    Raises:
        RecordError: when the night ended, or took longer; it is ended then.
    """
    give_up_s = time.monotonic() + within_s
    while not until():
        if process.poll() is not None or time.monotonic() > give_up_s:
            code = process.poll()
            end(process)
            raise RecordError("DL-E490", f"The night did not come so far within {within_s:g} s: exit code {code}.")
        time.sleep(0.05)


def wait_for_tick(night: NightFolder, tick: int, process: "subprocess.Popen[bytes]", *, within_s: float) -> None:
    """Returns when this tick is in the record."""
    wait_for(lambda: newest_settled(night) >= tick, process, within_s=within_s)


def newest_settled(night: NightFolder) -> int:
    """The newest tick of its record, without reading all of it; -1 for none."""
    if not night.record.exists():
        return -1
    try:
        with read_only(night.record) as record:
            return record.last_tick()
    except RecordError as error:
        if error.code == "DL-E412":
            return -1
        raise


def newest_tick(events: Sequence[AnyEvent]) -> int:
    """The newest settled tick; -1 for none."""
    return max((event.tick for event in events), default=-1)


def end(process: "subprocess.Popen[bytes]") -> int:
    """Asks a night to end and waits for it; one that does not is killed."""
    process.send_signal(signal.SIGTERM)  # a job in the background may ignore SIGINT
    try:
        return process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
