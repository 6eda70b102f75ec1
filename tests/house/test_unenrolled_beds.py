"""A bed that its house does not know records and sounds nothing; whose keys a night has never reaches its root."""

from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import NightResult, run_night
from dreamloom.house.verifying import verify_night
from dreamloom.record.events import AnyEvent, CueDue, CuePlayed, GlitchSeen, StageScored
from dreamloom.testing.nights import EAGER

SOURCE = "sim:deep,start=195min,hours=0.035"
REM = 'stage: R, confidence: ">= 0.8", stable_for: 10 s'


def lived(folder: Path, *, by_hand: bool = False) -> tuple[NightFolder, NightResult]:
    """A night of two beds in a house of its own; with `by_hand`, nobody compared the words of either."""
    folder.mkdir()
    (folder / "eager.yaml").write_text(EAGER.replace(REM, "stage: [N1, N2, N3, R]"), encoding="utf-8")
    pods = [PodAsked(id=pod, sleeper=f"S-{pod}", source=SOURCE) for pod in ("p1", "p2")]
    night = making.write_night(House(folder / "house"), "tonight", pods, str(folder / "eager.yaml"), seed=3)
    if by_hand:
        night.house.settings.parent.mkdir(parents=True, exist_ok=True)
        night.house.settings.write_text('enrolment = "by hand"\n', encoding="utf-8")
    return night, run_night(night, RunOptions(speed_x=None))


def events_of(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[NightFolder, NightResult]:
    return lived(tmp_path_factory.mktemp("known") / "here")


def test_a_bed_that_nobody_enrolled_records_the_night_and_sounds_nothing(tmp_path: Path) -> None:
    night, result = lived(tmp_path / "here", by_hand=True)
    events = events_of(night)
    assert not [event for event in events if isinstance(event, CueDue | CuePlayed)]
    told = {(event.pod, event.glitch) for event in events if isinstance(event, GlitchSeen)}
    assert told == {("p1", "ORDER_UNENROLLED"), ("p2", "ORDER_UNENROLLED")}
    assert {event.pod for event in events if isinstance(event, StageScored)} == {"p1", "p2"}
    assert all((night.signals / f"{pod}.edf").stat().st_size > 100_000 for pod in ("p1", "p2"))
    assert result.withheld_by_reason["LEASE"] > 0
    assert verify_night(night).ok
    assert replay_night(night).first_difference is None


def test_the_same_night_in_two_houses_has_one_root_whatever_their_keys(
    known: tuple[NightFolder, NightResult], tmp_path: Path
) -> None:
    here, there = known, lived(tmp_path / "there")
    assert any(isinstance(event, CuePlayed) for event in events_of(here[0]))
    assert here[1].record_root == there[1].record_root
    keys = [night.house.pod("p1").key.read_bytes() for night, _ in (here, there)]
    assert keys[0] != keys[1]
    assert verify_night(here[0]).root != verify_night(there[0]).root
