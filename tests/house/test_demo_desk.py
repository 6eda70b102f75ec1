"""Does a demo do what its pages ask, and does no other night?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import demo_desk, demonstrating, making, running
from dreamloom.house.demo_desk import Break, DemoDesk, Pace
from dreamloom.house.drills import AGAIN_AFTER_S, DRILLS
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.unplugging import Cable
from dreamloom.house.verifying import verify_night
from dreamloom.pod.loop import Pod
from dreamloom.record.events import AnyEvent
from dreamloom.signals.blocks import Block
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds

LASTS_S = 95.0
WHEN = {20: "unplug", 22: "nightmare", 24: "forge", 30: "network"}


def events_of(folder: NightFolder) -> list[AnyEvent]:
    with read_only(folder.record) as record:
        return list(record.events())


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    """A demo of some minutes in which all four drills are asked for by its pages."""
    shown = demonstrating.prepare(House(tmp_path_factory.mktemp("house")), length_s=5400.0)
    desk = DemoDesk(shown.folder, pace_x=30.0)
    demo_desk.ask(shown.folder, Pace(pace_x=demo_desk.FASTEST_X))

    def press(tick: int, _: Sequence[AnyEvent], __: Mapping[str, Pod]) -> None:
        if tick in WHEN:
            demo_desk.ask(shown.folder, Break(trouble=WHEN[tick]))  # type: ignore[arg-type]
        if tick - 4 in WHEN:
            demo_desk.ask(shown.folder, Pace(pace_x=demo_desk.FASTEST_X))

    options = RunOptions(
        speed_x=30.0, until_s=LASTS_S, listeners=[press], pace_x=desk.pace_x, lookouts=[desk], lead=desk.lead
    )
    running.run_night(shown.folder, options)
    return shown.folder


@pytest.mark.parametrize(
    ("trouble", "count"), [("unplug", 3), ("nightmare", 3), ("forge", 2), ("network", 3)], ids=list(WHEN.values())
)
def test_a_drill_shows_in_a_demo_what_it_shows_where_it_is_held(broken: NightFolder, trouble: str, count: int) -> None:
    told = demo_desk.told_of(broken)
    assert told is not None
    tried = next(each for each in told.tried if each.trouble == trouble)
    after_s = tried.from_s + (2 * AGAIN_AFTER_S if trouble == "forge" else 0.0)
    for check in DRILLS[trouble].checks[:count]:
        for pod in tried.beds:
            found = check.judge(events_of(broken), pod, after_s)
            assert found[0], f"{check.what}: {found[1]}"


def test_a_demo_that_was_broken_verifies_and_is_decided_again_the_same(broken: NightFolder) -> None:
    assert verify_night(broken).ok
    assert replay_night(broken).first_difference is None


def test_a_drill_slows_the_demo_down_so_that_it_can_be_watched(tmp_path: Path) -> None:
    desk = DemoDesk(demonstrating.prepare(House(tmp_path), length_s=600.0).folder, pace_x=60.0)
    folder = desk._folder
    demo_desk.ask(folder, Break(trouble="nightmare"))
    assert [news.known_s for news in desk(NightTime(10.5))] == []
    assert desk.pace_x() == demo_desk.SEEN_AT_X
    assert [news.known_s for news in desk(NightTime(100.0))] == [11.0, 41.0, 71.0]


def test_a_pace_holds_within_its_bounds_and_none_where_the_demo_is_live(tmp_path: Path) -> None:
    folder = demonstrating.prepare(House(tmp_path), length_s=600.0).folder
    for pace_x, asked, found in ((30.0, 0.2, 1.0), (30.0, 0.0, 0.0), (30.0, 90.0, 90.0), (None, 90.0, 1.0)):
        desk = DemoDesk(folder, pace_x=pace_x)
        demo_desk.ask(folder, Pace(pace_x=asked))
        desk(NightTime(1.0))
        assert desk.pace_x() == found


def test_a_real_night_is_asked_nothing_and_hears_nothing(tmp_path: Path) -> None:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=1500s,hours=0.01") for n in (1, 2, 4)]
    real = making.write_night(House(tmp_path), "tide", beds, str(tmp_path / "eager.yaml"), seed=1)
    with pytest.raises(RefusedError, match="DL-E588"):
        demo_desk.ask(real, Break(trouble="nightmare"))
    DemoDesk(real, pace_x=30.0)  # even where a folder like a demo's lies beside it
    demo_desk.ask(real, Break(trouble="nightmare"))
    running.run_night(real, RunOptions(speed_x=60.0, until_s=30.0))
    assert len(list((real.demo / "asked").iterdir())) == 1
    assert "NightmareArousalSeen" not in {type(event).__name__ for event in events_of(real)}


def test_a_demo_that_is_over_is_asked_nothing(tmp_path: Path) -> None:
    folder = demonstrating.prepare(House(tmp_path), length_s=600.0).folder
    DemoDesk(folder, pace_x=30.0).ends()
    with pytest.raises(RefusedError, match="over"):
        demo_desk.ask(folder, Pace(pace_x=1.0))


def test_what_a_cable_loses_is_lost_and_the_rest_comes_as_it_was() -> None:
    def source() -> SimulatedSource:
        return SimulatedSource("typical,hours=0.01", seed=1, sleeper="S01")

    cable, whole = Cable(source()), source()
    cable.unplug(NightTime(3.0), Seconds(2.0))
    through = [block for second in range(8) for block in cable.read(NightTime(second + 0.5))]
    straight = [block for second in range(8) for block in whole.read(NightTime(second + 0.5))]

    def rows(blocks: list[Block], *, lost: bool) -> FloatArray:
        at_s = np.concatenate([b.onset_s + np.arange(len(b.samples)) / b.sfreq_hz for b in blocks])
        table = np.column_stack([at_s, np.concatenate([b.samples for b in blocks])])
        return table[(at_s < 3.0) | (at_s >= 5.0)] if lost else table

    assert np.array_equal(rows(through, lost=False), rows(straight, lost=True))
