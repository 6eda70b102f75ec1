"""A stream that stumbles is lost and found at the same ticks when its night is decided again."""

from pathlib import Path

from dreamloom.adapters.sqlite import read_only
from dreamloom.house.assembling import RunOptions
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.running import run_night
from dreamloom.record.events import StreamFound, StreamLost

STUMBLES = ("late=20.1+1.5", "late=27.7+1.1", "late=33.95+1.9", "late=41.5+2.9", "drop=50.2+1.4", "drop=56.9+2.4")


def test_silences_of_one_to_three_seconds_are_lost_and_found_again_in_the_replay(tmp_path: Path) -> None:
    pod = PodAsked(id="p1", sleeper="S01", source=",".join(("sim:typical", "hours=0.02", *STUMBLES)))
    folder = write_night(House(tmp_path / "house"), "stumbling", [pod], "nightmare_rem_tmr", seed=3)
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        told = [event for event in record.events() if isinstance(event, StreamLost | StreamFound)]
    assert len(told) >= 2 * 3
    assert replay_night(folder).first_difference is None
