"""Does a broken night go on as it was? Broken at any moment, never under other files, never armed after a no."""

import gc
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.loop import Outside
from dreamloom.house import assembling, making, withdrawing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.resuming import read_past
from dreamloom.house.rewarming import tracks_rewarmed
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import FileVerdict, verify_files, verify_night
from dreamloom.pod import tracking
from dreamloom.record.events import (
    AnyEvent,
    ArmsSealed,
    ConsentGiven,
    ConsentWithdrawn,
    HostDescribed,
    LeaseGranted,
    LightsOff,
    NightClosed,
    NightOpened,
    Rearmed,
    Recovered,
    StreamDescribed,
)
from dreamloom.signals.blocks import Channel
from dreamloom.testing.nights import EAGER, always
from dreamloom.vocabulary.errors import RecordError, RefusedError, StreamError

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""What a kill leaves open is closed by nobody, here too."""

SOURCE = "sim:lucid,start=4h,hours=0.035"
PODS = ("p1", "p2")


class Broken(BaseException):
    """Ends a night as a kill does: nothing that tidies up hears of it."""


@pytest.fixture
def night(tmp_path: Path) -> Iterator[NightFolder]:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id=pod, sleeper=f"S-{pod}", source=SOURCE) for pod in PODS]
    yield making.write_night(House(tmp_path / "house"), "broken", pods, str(tmp_path / "eager.yaml"), seed=3)
    gc.collect()  # what a kill leaves open is found here, and not in the test of somebody else


def break_off(night: NightFolder, *, after: int, speed_x: float | None = None) -> None:
    """Runs the night until its beds have advanced so often together."""
    left = [after]
    advance = Bedside.advance

    def advance_or_break(bed: Bedside, *words: object) -> list[AnyEvent]:
        if not left[0]:
            raise Broken
        left[0] -= 1
        return advance(bed, *words)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bedside, "advance", advance_or_break)
        with pytest.raises(Broken):
            run_night(night, RunOptions(speed_x=speed_x))


def events_of(night: NightFolder) -> Sequence[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


@pytest.mark.parametrize("after", [0, 3, 40, *(pytest.param(after, marks=pytest.mark.slow) for after in (1, 2, 9))])
def test_a_night_broken_off_at_any_moment_says_everything_once_and_is_decided_again(
    night: NightFolder, after: int
) -> None:
    break_off(night, after=after)
    run_night(night, RunOptions(speed_x=None, rearm=True))
    events = events_of(night)
    for kind in (ConsentGiven, ArmsSealed, LightsOff):
        assert [event.pod for event in events if isinstance(event, kind)] == list(PODS), kind
    assert sum(isinstance(event, NightOpened) for event in events) == 1
    assert sum(isinstance(event, Recovered) for event in events) == 2
    assert [event for event in events if isinstance(event, LeaseGranted) and event.id.startswith("night.1.")]
    assert isinstance(events[-1], NightClosed)
    assert verify_night(night).ok
    files = verify_files(night)
    assert files == FileVerdict(6 if after == 0 else 8)  # a bed that never had a second wrote no file
    assert replay_night(night).first_difference is None


def test_a_night_that_ends_before_its_rearming_never_says_that_it_was_armed(night: NightFolder) -> None:
    break_off(night, after=40)
    run_night(night, RunOptions(speed_x=None, until_s=60.0))
    events = events_of(night)
    assert sum(isinstance(event, Recovered) for event in events) == 2
    assert [event for event in events if isinstance(event, Rearmed)] == []
    assert isinstance(events[-1], NightClosed)
    assert replay_night(night).first_difference is None


@pytest.mark.slow
def test_a_night_broken_off_twice_is_staged_on_all_the_minutes_before(night: NightFolder) -> None:
    break_off(night, after=160)
    break_off(night, after=20)
    past = read_past(events_of(night), night)
    long, short = (len(list(StoredSeconds(path))) for path in past.segments["p1"])
    assert long >= 80
    assert short < 30
    described = next(event for event in past.events if isinstance(event, StreamDescribed))
    channels = [Channel(c.label, c.kind, c.low_uv, c.high_uv) for c in described.channels]  # type: ignore[arg-type]
    tracks = tracks_rewarmed(tracking.start(channels, described.grid_hz, classify=always(4), method="test"), past, "p1")
    assert sum(len(context.groups[0][1].ranked) for context in tracks.stages.contexts) == (long + short - 30) // 5 + 1
    assert len(tracks.arousals.baseline) == long + short


def test_a_night_broken_off_twice_at_once_goes_on(night: NightFolder) -> None:
    break_off(night, after=0)
    break_off(night, after=1)
    run_night(night, RunOptions(speed_x=None))
    assert [event.pod for event in events_of(night) if isinstance(event, ConsentGiven)] == list(PODS)
    assert replay_night(night).first_difference is None


@pytest.mark.parametrize(
    ("file", "was", "now"),
    [
        ("dreamscape.yaml", "cap: 45 dBA", "cap: 40 dBA"),
        ("consent.toml", "cues_per_hour = 500", "cues_per_hour = 400"),
        ("night.toml", "simulation_seed = 3", "simulation_seed = 4"),
    ],
)
def test_a_broken_night_is_not_opened_under_another_file(night: NightFolder, file: str, was: str, now: str) -> None:
    break_off(night, after=40)
    path = night.root / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")
    if file == "dreamscape.yaml":  # a grant for the new text, or the old consent would refuse it before
        from dreamloom.dreamscape import reader

        consent = night.consent_toml.read_text(encoding="utf-8")
        night.consent_toml.write_text(
            consent.replace(reader.sha256(text), reader.sha256(path.read_text(encoding="utf-8"))), encoding="utf-8"
        )
    before = {path: path.read_bytes() for path in sorted(night.house.root.rglob("*")) if path.is_file()}
    with pytest.raises(RefusedError, match=f"{file} was changed") as caught:
        run_night(night, RunOptions(speed_x=None))
    assert caught.value.code == "DL-E518"
    after = {path: path.read_bytes() for path in sorted(night.house.root.rglob("*")) if path.is_file()}
    assert {path for path in before if before[path] != after.get(path)} == set()
    assert set(after) == set(before)
    with pytest.raises(RecordError, match="not the one"):
        replay_night(night)


@pytest.mark.parametrize("rearm", [False, True])
def test_whoever_withdrew_while_the_night_was_broken_is_not_armed_again(night: NightFolder, *, rearm: bool) -> None:
    break_off(night, after=40)
    withdrawing.withdraw(night.house, night=night.name, pod="p1", sleeper="S-p1", channel="button")
    run_night(night, RunOptions(speed_x=None, rearm=rearm))
    events = events_of(night)
    assert [event.pod for event in events if isinstance(event, Rearmed)] == ["p2"]
    assert [event.pod for event in events if isinstance(event, ConsentWithdrawn)] == ["p1"]
    assert replay_night(night).first_difference is None


@pytest.mark.slow
def test_a_withdrawal_after_a_beds_source_has_ended_is_decided_again(night: NightFolder) -> None:
    longer = PodAsked(id="p2", sleeper="S-p2", source="sim:deep,hours=0.06")
    text = night.night_toml.read_text(encoding="utf-8")
    night.night_toml.write_text(
        text.replace(f'sleeper = "S-p2"\nsource = "{SOURCE}"', f'sleeper = "S-p2"\nsource = "{longer.source}"'),
        encoding="utf-8",
    )
    event = ConsentWithdrawn(onset_s=170.0, sleeper="S-p1", channel="test")
    run_night(night, RunOptions(speed_x=None, script=[Outside(known_s=170.0, pod="p1", event=event)]))
    (told,) = [event for event in events_of(night) if isinstance(event, ConsentWithdrawn)]
    assert told.id.startswith("night.")
    assert replay_night(night).first_difference is None


@pytest.mark.parametrize("speed_x", [None, 1.0])
def test_an_opening_that_fails_at_its_last_bed_leaves_nothing_behind(night: NightFolder, speed_x: float | None) -> None:
    bits = night.house.pod("p2").bits
    bits.parent.mkdir(parents=True)
    bits.write_bytes(b"not a table of bits")
    before = _children()
    with pytest.raises(StreamError, match="19 bytes long"):
        run_night(night, RunOptions(speed_x=speed_x))
    assert [path for folder in (night.signals, night.sound) for path in folder.iterdir()] == []
    assert not night.record.exists()
    assert _children() <= before


def _children() -> set[str]:
    """Processes of this one; whoever runs tests may have some of their own."""
    return set("".join(path.read_text() for path in Path("/proc/self/task").glob("*/children")).split())


# --- the wall clock -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("set_back_s", [3600.0, pytest.param(1.0, marks=pytest.mark.slow)])
def test_a_night_goes_on_behind_its_record_although_the_wall_clock_was_set_back_meanwhile(
    night: NightFolder, set_back_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(night, after=80, speed_x=100.0)
    recorded_to_s = 1.0 + max(event.tick for event in events_of(night))
    (first,) = [event for event in events_of(night) if isinstance(event, HostDescribed)]
    set_back = datetime.fromisoformat(first.utc) - timedelta(seconds=set_back_s)
    monkeypatch.setattr(assembling, "utc_now", lambda: set_back)
    said: list[str] = []
    run_night(night, RunOptions(speed_x=100.0, warn=said.append))
    _, again = [event for event in events_of(night) if isinstance(event, HostDescribed)]
    assert again.onset_s >= recorded_to_s
    assert ["set back" in line for line in said] == [True]
    assert replay_night(night).first_difference is None


def test_a_night_that_broke_off_a_day_ago_does_not_go_on_and_stays_as_it_was(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(night, after=80, speed_x=100.0)
    before = events_of(night)
    (first,) = [event for event in before if isinstance(event, HostDescribed)]
    for hours, code in ((24.0, "DL-E533"), (6.1, "DL-E533")):
        monkeypatch.setattr(assembling, "utc_now", lambda: datetime.fromisoformat(first.utc) + timedelta(hours=hours))  # noqa: B023
        with pytest.raises(RefusedError, match="broke off") as caught:
            run_night(night, RunOptions(speed_x=100.0))
        assert caught.value.code == code
    assert events_of(night) == before
