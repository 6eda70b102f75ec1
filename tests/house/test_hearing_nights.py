"""Does a simulated sleeper with ears hear what its bed plays, and is such a night decided again as it was?"""

import gc
from pathlib import Path

import pytest

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.bedside import Bedside
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.rehearsing import RehearsalAsked, rehearse
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import AnyEvent, CuePlayed
from dreamloom.testing.live_nights import TIRELESS

HOURS = 0.1
SOURCE = f"sim:typical,start=1500s,hours={HOURS},waking=10"
"""Somebody who is woken by the faintest sound."""


def night_of(folder: Path, source: str) -> NightFolder:
    folder.mkdir()
    text = folder / "tireless.yaml"
    text.write_text(TIRELESS, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S01", source=source)]
    return making.write_night(House(folder), "tide", pods, str(text), seed=1)


def events_of(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


def cued_s(night: NightFolder) -> list[float]:
    return [event.actual_s for event in events_of(night) if isinstance(event, CuePlayed)]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NightFolder]:
    folder = tmp_path_factory.mktemp("nights")
    made = {"deaf": night_of(folder / "deaf", SOURCE), "hearing": night_of(folder / "ears", SOURCE + ",with=ears")}
    for night in made.values():
        run_night(night, RunOptions(speed_x=None))
    return made


def samples_until(night: NightFolder, end_s: float) -> list[bytes]:
    seconds = StoredSeconds(night.signals / "p1.edf").last(int(HOURS * 3600))
    return [second.samples_uv.tobytes() for second in seconds if second.index + 1 <= end_s]


@pytest.mark.slow
@pytest.mark.slow
def test_who_hears_sleeps_otherwise_from_the_first_sound_on_and_not_before(nights):
    deaf, hearing = nights["deaf"], nights["hearing"]
    first_s = cued_s(hearing)[0]
    assert cued_s(deaf)[0] == first_s
    assert samples_until(hearing, first_s) == samples_until(deaf, first_s)
    assert samples_until(hearing, HOURS * 3600) != samples_until(deaf, HOURS * 3600)
    assert len(cued_s(hearing)) < len(cued_s(deaf)), "who wakes is not cued"


def test_a_night_that_was_heard_is_decided_again_as_it_was(nights):
    assert replay_night(nights["hearing"]).first_difference is None


class Broken(BaseException):
    """Ends a night as a kill does."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_night_that_goes_on_tells_its_sleeper_again_what_it_heard(tmp_path, monkeypatch):
    night = night_of(tmp_path / "broken", SOURCE + ",with=ears")
    advance = Bedside.advance

    def advance_or_break(bed: Bedside, tick: int, leases: object) -> list[AnyEvent]:
        if tick == 120:
            raise Broken
        return advance(bed, tick, leases)

    with monkeypatch.context() as patch:
        patch.setattr(Bedside, "advance", advance_or_break)
        with pytest.raises(Broken):
            run_night(night, RunOptions(speed_x=None))
    gc.collect()
    played = [event.planned_s for event in events_of(night) if isinstance(event, CuePlayed)]
    told: list[float] = []
    hear = SimulatedSource.hear

    def noted(source: SimulatedSource, onset_s: float, duration_s: float, level_db: float, cue: str) -> None:  # noqa: PLR0917 - as it is called
        told.append(onset_s)
        hear(source, onset_s, duration_s, level_db, cue)

    monkeypatch.setattr(SimulatedSource, "hear", noted)
    run_night(night, RunOptions(speed_x=None))
    assert len(played) > 3
    assert told[: len(played)] == played, "first what was heard before, and then what is heard now"
    assert replay_night(night).first_difference is None


@pytest.mark.slow
def test_a_rehearsal_on_signals_counts_cues_of_whole_nights():
    told: list[int] = []
    found = rehearse(
        RehearsalAsked(text=TIRELESS, file="tireless.yaml", sleepers=1, hours=0.1, on_signals=True),
        progress=lambda far: told.append(far.nights),
    )
    (bed,) = found.beds
    assert told[-1] == 1
    assert bed.cues + sum(found.withheld.values()) > 0
    assert bed.statistics.sleep.stages
