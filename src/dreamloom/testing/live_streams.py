"""What becomes of a live night whose device dies, stands still, comes back and is impersonated? In real time.

Run by `python -m dreamloom.testing.live_streams FOLDER`; prints what happened as JSON.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.adapters.recovery import segment_paths
from dreamloom.adapters.sqlite import read_only
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.pod.loop import Pod
from dreamloom.record.events import AnyEvent, GapSeen, GlitchSeen, StreamFound, StreamLost, StreamRecognised
from dreamloom.testing.lsl_outlet import OutletAsked, OutletProcess

DEVICE = OutletAsked(name="Band", source_id="band-1")
IMPOSTOR = OutletAsked(
    name="Band", source_id="band-1", labels=("EEG C3-M2", "EEG C4-M1", "EOG E1-M2", "EMG chin"), offset_uv=-3000.0
)
TWIN = OutletAsked(name="Band", source_id="band-2", offset_uv=-3000.0)
RENAMED = OutletAsked(name="Band-2", source_id="band-1", offset_uv=-3000.0)
"""The device sends nothing below zero, the others nothing above: one stored sample would give them away."""
STEP_S = 5.0
PATIENCE_S = 20.0


@dataclass(slots=True)
class Told:
    """When each event was settled, in wall time; a listener of the night."""

    at: list[tuple[float, AnyEvent]] = field(default_factory=list)

    def __call__(self, tick: int, events: Sequence[AnyEvent], states: Mapping[str, Pod]) -> None:
        """Hears one settled tick."""
        del tick, states
        self.at.extend((time.monotonic(), event) for event in events)

    def since(self, began: float, is_it: Callable[[AnyEvent], bool]) -> float | None:
        """How long after a moment such an event was told; None if it was not."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for at, event in list(self.at):
                if at >= began and is_it(event):
                    return round(at - began, 3)
            time.sleep(0.01)
        return None


def _is(kind: type, **fields: object) -> Callable[[AnyEvent], bool]:
    return lambda event: isinstance(event, kind) and all(getattr(event, name) == is_ for name, is_ in fields.items())


def story(told: Told, device: OutletProcess) -> dict[str, float | None]:
    """The evening's accidents, one after the other; how long after each one it was told."""
    heard: dict[str, float | None] = {}
    time.sleep(2 * STEP_S)
    killed = time.monotonic()
    device.kill()
    heard["killed, lost"] = told.since(killed, _is(StreamLost))
    with OutletProcess(IMPOSTOR):
        heard["other channels, impostor"] = told.since(time.monotonic(), _is(GlitchSeen, glitch="IMPOSTOR"))
        time.sleep(STEP_S)
    with OutletProcess(DEVICE) as again:
        began = time.monotonic()
        heard["restarted, recognised"] = told.since(began, _is(StreamRecognised, sender="restarted"))
        heard["restarted, found"] = told.since(began, _is(StreamFound))
        time.sleep(STEP_S)
        stalled = time.monotonic()
        again.stall()
        heard["stalled, lost"] = told.since(stalled, _is(StreamLost))
        time.sleep(1.0)
        resumed = time.monotonic()
        again.go_on()
        heard["went on, found"] = told.since(resumed, _is(StreamFound))
        time.sleep(STEP_S)
        with OutletProcess(TWIN):
            heard["second of its name, impostor"] = told.since(time.monotonic(), _is(GlitchSeen, glitch="IMPOSTOR"))
            time.sleep(1.0)
        killed = time.monotonic()
        again.kill()
        heard["killed again, lost"] = told.since(killed, _is(StreamLost))
    with OutletProcess(RENAMED):
        began = time.monotonic()
        heard["renamed, told"] = told.since(began, _is(GlitchSeen, glitch="RENAMED"))
        time.sleep(STEP_S)
        heard["renamed, found after all"] = next(
            (at - began for at, event in told.at if at > began and isinstance(event, StreamFound)), None
        )
    return heard


def main(folder: Path) -> dict[str, Any]:
    """The night and what stands in its record."""
    pod = PodAsked(id="p1", sleeper="S01", source=f"lsl:{DEVICE.name}")
    night = write_night(House(folder), "accidents", [pod], "nightmare_rem_tmr", seed=1)
    told, heard, over = Told(), {}, threading.Event()

    def accidents(device: OutletProcess) -> None:
        try:
            heard.update(story(told, device))
        finally:
            over.set()

    def ends(tick: int, events: Sequence[AnyEvent], states: Mapping[str, Pod]) -> None:
        told(tick, events, states)
        if over.is_set():
            raise KeyboardInterrupt

    with OutletProcess(DEVICE) as device:
        teller = threading.Thread(target=accidents, args=(device,), daemon=True)
        teller.start()
        try:
            run_night(night, RunOptions(speed_x=1.0, until_s=600.0, listeners=[ends]))
        except BaseException as ended:  # noqa: BLE001 - however it ended is part of the report
            how = type(ended).__name__
        teller.join()
    return {"heard_s": heard, "ended": how, **_recorded(night)}


def _recorded(night: NightFolder) -> dict[str, Any]:
    with read_only(night.record) as record:
        events = list(record.events())
    seconds = [second for path in segment_paths(night.signals, "p1") for second in StoredSeconds(path)]
    real_uv = np.concatenate([second.samples_uv[~second.filled] for second in seconds])
    return {
        "gaps": [(event.onset_s, event.duration_s) for event in events if isinstance(event, GapSeen)],
        "losses": [(event.last_s, event.onset_s) for event in events if isinstance(event, StreamLost)],
        "glitches": [(event.glitch, event.differs) for event in events if isinstance(event, GlitchSeen)],
        "foreign_samples": int((real_uv < -10.0).any(axis=1).sum()),
        "samples": len(real_uv),
        "replay_differs": replay_night(night).first_difference,
    }


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout)
