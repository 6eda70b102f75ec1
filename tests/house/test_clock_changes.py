"""Does a night in which the clocks change end what was agreed at one moment, found once?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import assembling, making, running
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.pod.loop import Pod
from dreamloom.record.events import AnyEvent, ConsentGiven, CueDue, LeaseGranted, LeaseLapsed, StageScored
from dreamloom.testing.live_nights import SEED, TIRELESS
from dreamloom.vocabulary.errors import RecordError, RefusedError

ENDS_S = 90.0
CHANGES = {
    "in autumn, a time that comes twice": ("2026-10-25T00:58:30+00:00", "02:00", "2026-10-25T02:00:00+01:00", "twice"),
    "in autumn, the first of both": ("2026-10-24T23:58:30+00:00", "02:00", "2026-10-25T02:00:00+02:00", "twice"),
    "in spring, the time behind the jump": ("2027-03-28T00:58:30+00:00", "03:00", "2027-03-28T03:00:00+02:00", ""),
    "in spring, a time that is left out": ("2027-03-28T00:58:30+00:00", "02:30", "2027-03-28T03:00:00+02:00", "jump"),
}


def write(folder: Path, expires: str) -> NightFolder:
    (folder / "tireless.yaml").write_text(TIRELESS, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:typical,start=1500s,hours=0.035")]
    night = making.write_night(House(folder / "house"), "change", pods, str(folder / "tireless.yaml"), seed=SEED)
    for file, was, now in (
        (night.consent_toml, '"end of night"', f'"{expires}"'),
        (night.night_toml, '"UTC"', '"Europe/Berlin"'),
    ):
        text = file.read_text(encoding="utf-8")
        assert was in text
        file.write_text(text.replace(was, now), encoding="utf-8")
    return night


def open_at(patch: pytest.MonkeyPatch, utc: str) -> None:
    for module in (assembling, running):
        patch.setattr(module, "utc_now", lambda: datetime.fromisoformat(utc))


def events_of(night: NightFolder) -> Sequence[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("broken", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.slow
def test_what_was_agreed_until_a_time_on_the_wall_ends_at_that_moment_once(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    utc, written, moment, told = CHANGES[change]
    night, said = write(tmp_path, written), list[str]()
    open_at(monkeypatch, utc)
    if broken:
        with pytest.raises(RecordError):
            running.run_night(night, RunOptions(speed_x=None, listeners=[fail_at_50]))
        open_at(monkeypatch, "2027-06-01T00:00:00+00:00")  # whenever it goes on: found once is found
    running.run_night(night, RunOptions(speed_x=None, rearm=True, warn=said.append))
    events = events_of(night)
    assert [event.expires for event in events if isinstance(event, ConsentGiven)] == [moment]
    assert max(event.not_after_s for event in events if isinstance(event, LeaseGranted)) == ENDS_S
    assert "consent ended" in {event.reason for event in events if isinstance(event, LeaseLapsed)}
    assert sum(isinstance(event, CueDue) for event in events) >= 3
    assert max(event.onset_s for event in events if isinstance(event, CueDue)) < ENDS_S
    assert [e.onset_s for e in events if isinstance(e, StageScored) and e.onset_s % 30 == 0][:3] == [30.0, 60.0, 90.0]
    assert [told in line for line in said if "agreed until" in line] == ([True] if told and not broken else [])
    assert replay_night(night).first_difference is None


def test_a_time_that_has_passed_for_tonight_is_not_taken_for_tomorrows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = write(tmp_path, "03:00")
    open_at(monkeypatch, "2026-10-25T02:00:01+00:00")
    with pytest.raises(RefusedError) as caught:
        running.run_night(night, RunOptions(speed_x=None))
    assert caught.value.code == "DL-E517"
    assert not night.record.exists()


def fail_at_50(tick: int, _events: Sequence[AnyEvent], _pods: Mapping[str, Pod]) -> None:
    """A disk that is full for a moment: the night stays open."""
    if tick == 50:
        raise RecordError("DL-E490", "No room for a moment.")
