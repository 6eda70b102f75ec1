"""A night that goes on: is each bed held to its device, and does one that is gone keep no other waiting?"""

import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dreamloom.adapters.lsl.opening import FIND_WITHIN_S
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import (
    AnyEvent,
    GlitchSeen,
    HostDescribed,
    Recovered,
    SignalsStored,
    StreamIdentified,
    StreamLost,
    StreamRecognised,
)
from dreamloom.testing.lsl_outlet import OutletAsked, OutletProcess

pytestmark = pytest.mark.real_time

pytest.importorskip("pylsl")
PATIENCE_S = 60.0
"""Only catches a hang."""
FIRST, SECOND = OutletAsked(name="bed-a", source_id="a-1"), OutletAsked(name="bed-b", source_id="b-1")
IMPOSTOR = replace(FIRST, source_id="a-2")


def _broken_off(night: NightFolder) -> None:
    """A night of both devices whose engine is killed after a few seconds."""
    words = [sys.executable, "-m", "dreamloom", "run", str(night.root)]
    engine = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            if night.record.exists() and any(event.tick >= 1 for event in _events(night)):
                break
            time.sleep(0.2)
    finally:
        engine.kill()
        engine.wait()


def _events(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


@pytest.mark.slow
def test_a_resumed_night_leaves_a_stranger_outside_and_records_the_bed_that_is_well(tmp_path: Path) -> None:
    pods = [
        PodAsked(id="p1", sleeper="S01", source="lsl:bed-a"),
        PodAsked(id="p2", sleeper="S02", source="lsl:bed-b"),
    ]
    night = write_night(House(tmp_path), "held", pods, "nightmare_rem_tmr", seed=1)
    with OutletProcess(SECOND), ExitStack() as devices:
        own = devices.enter_context(OutletProcess(FIRST))
        _broken_off(night)
        own.kill()
        devices.enter_context(OutletProcess(IMPOSTOR))

        began = next(event for event in _events(night) if isinstance(event, HostDescribed))
        gone_s = (utc_now() - datetime.fromisoformat(began.utc)).total_seconds()
        run_night(night, RunOptions(speed_x=1.0, until_s=gone_s + FIND_WITHIN_S + 7.0))
    events = _events(night)
    again = events[next(n for n, event in enumerate(events) if isinstance(event, Recovered)) :]
    first = [event for event in again if event.pod == "p1"]
    assert ("IMPOSTOR", ("source_id",)) in [(e.glitch, e.differs) for e in first if isinstance(e, GlitchSeen)]
    assert any(isinstance(event, StreamLost) for event in first)
    assert not any(isinstance(event, StreamRecognised) for event in first)
    assert {e.source_id for e in events if isinstance(e, StreamIdentified) and e.pod == "p1"} == {"a-1"}
    well = [event for event in again if event.pod == "p2"]
    assert not any(isinstance(event, GlitchSeen) and event.glitch == "IMPOSTOR" for event in well)
    assert any(isinstance(event, SignalsStored) for event in well)
    assert replay_night(night).first_difference is None
