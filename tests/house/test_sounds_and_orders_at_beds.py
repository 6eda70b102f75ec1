"""What somebody changes at a bed, or between it and its house, is silence there, and the night is decided again so."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.gatekeeper import OrderDesk
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import AnyEvent, CueFailed, CuePlayed, GlitchSeen, LeaseGranted
from dreamloom.seals.orders import Envelope
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.units import NightTime

SOURCE = "sim:deep,start=195min,hours=0.035"
REM = 'stage: R, confidence: ">= 0.8", stable_for: 10 s'
FROM_S = 70


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    (tmp_path / "eager.yaml").write_text(EAGER.replace(REM, "stage: [N1, N2, N3, R]"), encoding="utf-8")
    pods = [PodAsked(id=pod, sleeper=f"S-{pod}", source=SOURCE) for pod in ("p1", "p2")]
    return making.write_night(House(tmp_path / "house"), "tonight", pods, str(tmp_path / "eager.yaml"), seed=3)


def _of(events: Sequence[AnyEvent], kind: type, pod: str) -> list[AnyEvent]:
    return [event for event in events if isinstance(event, kind) and event.pod == pod]


def _events(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


def test_a_sound_that_is_changed_at_its_bed_is_silence_there_and_nowhere_else(night: NightFolder) -> None:
    cues = night.house.pod("p1").cues

    def spoil(tick: int, _: object, __: object) -> None:
        if tick == FROM_S:
            for path in cues.iterdir():
                assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
                draft = path.with_suffix(".x")
                draft.write_bytes(path.read_bytes()[:-1] + b"!")
                draft.replace(path)

    run_night(night, RunOptions(speed_x=None, listeners=[spoil]))
    events = _events(night)
    failed = [event for event in _of(events, CueFailed, "p1") if isinstance(event, CueFailed)]
    assert {event.reason for event in failed} == {"SOUND"}
    assert len(_of(events, GlitchSeen, "p1")) == len(failed) > 0
    assert all(event.onset_s < FROM_S + 3 for event in _of(events, CuePlayed, "p1"))
    assert "SOUND" not in {event.reason for event in _of(events, CueFailed, "p2") if isinstance(event, CueFailed)}
    assert max(event.onset_s for event in _of(events, CuePlayed, "p2")) > FROM_S + 20
    assert replay_night(night).first_difference is None


def test_a_lease_that_is_spoilt_on_its_way_is_silence_and_is_told(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = OrderDesk.lease

    def spoilt(desk: OrderDesk, word: LeaseGranted, *, pod: str, from_s: NightTime) -> Envelope:
        sealed = seal(desk, word, pod=pod, from_s=from_s)
        is_spoilt = pod == "p1" and from_s > FROM_S
        return sealed._replace(text=sealed.text.replace(b'"cues_left":', b'"cues_left":9')) if is_spoilt else sealed

    monkeypatch.setattr(OrderDesk, "lease", spoilt)
    run_night(night, RunOptions(speed_x=None))
    events = _events(night)
    told = [event for event in _of(events, GlitchSeen, "p1") if isinstance(event, GlitchSeen)]
    assert {event.glitch for event in told} == {"ORDER_FORGED"}
    ids = {event.id for event in events if isinstance(event, LeaseGranted)}
    assert {event.cause for event in told} <= ids
    assert max(event.onset_s for event in _of(events, CuePlayed, "p1")) <= FROM_S + 30
    assert max(event.onset_s for event in _of(events, CuePlayed, "p2")) > FROM_S + 35
    assert replay_night(night).first_difference is None
