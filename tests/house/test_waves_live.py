"""Does a night in real time give its clicks in step, and is it decided again as it was? Real sleep, real processes."""

from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import recordings
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import CueAudited, CueDue, CueFailed, CuePlayed, PhaseWindowOpened
from dreamloom.testing.slow_waves import CLICKS

DEEP_S, SECONDS = 2270, 110
"""Where the bundled recording lies in N3, and how much of it is played."""


def deep_recording(path: Path) -> Path:
    """That stretch as a file of its own."""
    whole = recordings.bundled().read_bytes()
    header, records = int(whole[184:192]), int(whole[236:244])
    each = (len(whole) - header) // records
    head = bytearray(whole[:header])
    head[236:244] = f"{SECONDS:<8d}".encode()
    path.write_bytes(bytes(head) + whole[header + DEEP_S * each : header + (DEEP_S + SECONDS) * each])
    return path


@pytest.mark.slow
def test_a_live_night_gives_its_clicks_at_the_planned_moment_and_replays(tmp_path: Path) -> None:
    text = CLICKS.replace('">= 0.8"', '">= 0.4"').replace("[N3]", "[N2, N3]")
    (tmp_path / "clicks.yaml").write_text(text, encoding="utf-8")
    pod = PodAsked(id="p1", sleeper="S01", source=f"edf:{deep_recording(tmp_path / 'deep.edf')}")
    night = write_night(House(tmp_path / "house"), "live", [pod], str(tmp_path / "clicks.yaml"), seed=1)
    run_night(night, RunOptions(speed_x=1.0))
    with read_only(night.record) as record:
        events = list(record.events())
    dues = [event for event in events if isinstance(event, CueDue)]
    windows = {event.id for event in events if isinstance(event, PhaseWindowOpened)}
    ended = [event for event in events if isinstance(event, CuePlayed | CueFailed)]
    assert len(dues) >= 5
    assert all(due.cause in windows for due in dues)
    assert {event.cause for event in ended} == {event.id for event in dues}
    assert {event.cause for event in events if isinstance(event, CueAudited)} == {event.id for event in dues}
    played = [event for event in ended if isinstance(event, CuePlayed)]
    assert played
    assert all(0.0 <= event.actual_s - event.planned_s <= 0.05 for event in played)
    assert replay_night(night).first_difference is None
