"""Is a night whose streams die inside a second decided again as it was? However it is cut, and whoever ends it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.loop import NightEngine
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.codec import comparable
from dreamloom.record.events import AnyEvent, HostDescribed, StreamEnded
from dreamloom.vocabulary.errors import Interrupted

SECONDS = 55


def night_of(folder: Path, faults: str) -> NightFolder:
    source = f"sim:deep,start=2h,hours={SECONDS / 3600:.6f}{faults}"
    other = PodAsked(id="p2", sleeper="S02", source="sim:lucid,hours=0.01")
    pods = [PodAsked(id="p1", sleeper="S01", source=source), other]
    return write_night(House(folder), "ending", pods, "nightmare_rem_tmr", seed=5)


def events_of(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


@pytest.mark.parametrize(
    "drop",
    [
        *("", "40.5+1000", "20.3+0.4,drop=54.7+1000"),
        *(pytest.param(drop, marks=pytest.mark.slow) for drop in ("40+1000", "40.999+1000", "0.2+1000")),
    ],
)
def test_a_stream_that_dies_for_good_is_decided_again_as_it_was(tmp_path: Path, drop: str) -> None:
    night = night_of(tmp_path, f",drop={drop}" if drop else "")
    run_night(night, RunOptions(speed_x=None))
    ended = {event.pod: event.onset_s for event in events_of(night) if isinstance(event, StreamEnded)}
    assert ended == {"p1": pytest.approx(SECONDS, abs=0.01), "p2": pytest.approx(36.0)}
    assert replay_night(night).first_difference is None


@pytest.mark.slow
@given(
    drops=st.lists(st.tuples(st.floats(0.0, 56.0), st.floats(0.01, 60.0)), max_size=3),
    lates=st.lists(st.tuples(st.floats(0.0, 50.0), st.floats(0.05, 5.0)), max_size=2),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_faults_are_decided_again_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, drops: list[tuple[float, float]], lates: list[tuple[float, float]]
) -> None:
    told = [*(f",drop={a:.3f}+{b:.3f}" for a, b in drops), *(f",late={a:.3f}+{b:.3f}" for a, b in lates)]
    night = night_of(tmp_path_factory.mktemp("night"), "".join(told))
    run_night(night, RunOptions(speed_x=None))
    assert replay_night(night).first_difference is None


@pytest.mark.parametrize(
    "faults",
    [
        ",drop=33.3+1.5,drop=45.6+1000",
        *(pytest.param(faults, marks=pytest.mark.slow) for faults in (",drop=40.5+1000", ",late=50.1+4")),
    ],
)
@pytest.mark.slow
def test_how_the_stream_is_cut_tells_no_difference(tmp_path: Path, faults: str) -> None:
    logs = set()
    for block_samples in (1, 250, 5000):
        night = night_of(tmp_path / str(block_samples), faults)
        run_night(night, RunOptions(speed_x=None, block_samples=block_samples))
        told = [event for event in events_of(night) if not isinstance(event, HostDescribed)]
        logs.add(b"\n".join(comparable(event) for event in told))
    assert len(logs) == 1


@pytest.mark.parametrize("faults", ["", ",drop=12.4+1000", ",drop=12.4+2.2"])
def test_a_night_ended_in_the_middle_of_a_second_is_decided_again_as_it_was(tmp_path: Path, faults: str) -> None:
    """At ten times the speed, so that the stop falls anywhere."""
    night = night_of(tmp_path, faults)
    engines: list[NightEngine] = []
    make = NightEngine.__init__

    def remembered(engine: NightEngine, **parts: object) -> None:
        make(engine, **parts)  # type: ignore[arg-type]
        engines.append(engine)

    def stop(tick: int, *_: object) -> None:
        if tick == 17:
            engines[0].stop("a test")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NightEngine, "__init__", remembered)
        with pytest.raises(Interrupted):
            run_night(night, RunOptions(speed_x=10.0, listeners=[stop]))
    assert not any(isinstance(event, StreamEnded) for event in events_of(night))
    assert replay_night(night).first_difference is None
