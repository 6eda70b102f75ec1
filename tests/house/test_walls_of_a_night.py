"""Do two beds of one night keep the time of their own walls, live, in a replay and after a break?"""

from datetime import datetime
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked, read_night
from dreamloom.house.opening import read_asked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.pod.wall import Stretch
from dreamloom.record.events import AnyEvent, CueDue, CueWithheld
from dreamloom.testing.live_nights import SEED, TIRELESS
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import NightTime

AT_THREE = TIRELESS.replace("when: {stage:", 'when: {local_time: {from: "03:00", until: "03:01"}, stage:')
OPENS = datetime.fromisoformat("2027-03-28T00:59:00+00:00")
"""A minute before clocks jump to 03:00 in Berlin; in Kolkata nobody changes a clock."""


def night_at(folder: Path) -> NightFolder:
    (folder / "three.yaml").write_text(AT_THREE, encoding="utf-8")
    source = "sim:typical,start=1500s,hours=0.04"
    pods = [
        PodAsked(id="p1", sleeper="S01", source=source, timezone="Europe/Berlin"),
        PodAsked(id="p2", sleeper="S02", source=source, timezone="Asia/Kolkata"),
    ]
    return making.write_night(House(folder / "house"), "three", pods, str(folder / "three.yaml"), seed=SEED)


def events_of(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


def test_each_bed_of_a_night_has_its_own_wall_in_its_plan(tmp_path: Path) -> None:
    asked = read_asked(night_at(tmp_path))
    walls = [list(asked.plan_of(pod, OPENS).wall.values()) for pod in asked.night.pod]
    assert walls[0] == [(Stretch(NightTime(60.0), NightTime(120.0)),)]
    assert walls[1] == [()]


@pytest.mark.slow
def test_each_bed_plays_by_its_own_wall_also_where_clocks_jump_and_a_replay_finds_the_same(tmp_path: Path) -> None:
    night = night_at(tmp_path)
    run_night(night, RunOptions(speed_x=None, opens_utc=OPENS))
    events = events_of(night)
    cues = [(event.pod, event.onset_s) for event in events if isinstance(event, CueDue)]
    assert {pod for pod, _ in cues} == {"p1"}
    assert all(60.0 <= onset_s < 120.0 for _, onset_s in cues)
    assert len(cues) > 3
    why = {event.reason for event in events if isinstance(event, CueWithheld) and event.pod == "p2"}
    assert "LOCAL_TIME" in why
    assert replay_night(night).first_difference is None


def test_a_bed_in_a_zone_that_does_not_exist_is_refused_with_its_place() -> None:
    text = (
        'dreamscape = "a.yaml"\n[[pod]]\nid = "p1"\nsleeper = "S01"\nsource = "sim:lucid"\ntimezone = "Europe/Berlim"\n'
    )
    with pytest.raises(ConfigError, match=r"night.toml:6:\d+.*Europe/Berlim.*Did you mean 'Europe/Berlin'"):
        read_night(text, file="night.toml")
