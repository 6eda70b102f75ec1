"""Is a night the same on several cores?"""

import msgspec
import pytest

from dreamloom.engine.loop import Outside
from dreamloom.house.in_step import live_in_step
from dreamloom.house.rehearsed_night import BedWanted, TogetherAsked, night_on_beliefs
from dreamloom.house.texts import find_dreamscape
from dreamloom.record.events import ConsentWithdrawn, StageScored
from dreamloom.vocabulary.units import NightTime

TEXT, FILE = find_dreamscape("night_of_unity")
SAID = ConsentWithdrawn(onset_s=200.5, sleeper="S02", channel="test")
WANTED = TogetherAsked(
    text=TEXT,
    file=FILE,
    beds=[
        BedWanted(number=1, preset="typical,start=80min"),
        BedWanted(number=2, preset="lucid,start=3h"),
        BedWanted(number=3, preset="deep", kind="phone"),
    ],
    duration_s=400,
    seed=5,
    script=(Outside(known_s=NightTime(200.5), pod="p2", event=SAID),),
)


@pytest.mark.parametrize("cores", [1, 2])
def test_a_night_shared_by_cores_is_the_night_of_the_engine(cores: int) -> None:
    told: list[int] = []
    alone = night_on_beliefs(WANTED)
    shared = live_in_step(WANTED, cores=cores, tell=told.append)
    assert [msgspec.json.encode(event) for event in shared] == [msgspec.json.encode(event) for event in alone]
    assert sum(isinstance(event, StageScored) for event in shared) > 100
    assert told[-1] == 401
