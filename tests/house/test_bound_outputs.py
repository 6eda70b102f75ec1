"""Does a bed keep the one output it was bound to, through a broken night, and stay silent when that is gone?"""

import gc
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.deck import Output
from dreamloom.adapters.speaker.outputs import Device
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.bedside import Bedside
from dreamloom.house import assembling, making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked, SpeakerAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.speakers import outputs_of
from dreamloom.record.events import AnyEvent, NightClosed, OutputBound, OutputLost, Rearmed
from dreamloom.testing.nights import EAGER
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import NightTime

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""What a kill leaves open is closed by nobody, here too."""

OWN = Device("bedroom_a", "Bedroom A", 2, "PULSEAUDIO")
OTHER = Device("bed_of_somebody_else", "Guest", 2, "PULSEAUDIO")

LISTED = outputs.devices


class Broken(BaseException):
    """Ends a night as a kill does."""


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> list[Device]:
    there = [OWN]
    monkeypatch.setattr(outputs, "devices", lambda _="output": list(there))
    return there


@pytest.fixture
def opened_on(monkeypatch: pytest.MonkeyPatch) -> list[DeviceAsked | None]:
    """The output of every speaker that a night opened, in order; nothing is heard."""
    opened: list[DeviceAsked | None] = []

    def speaker(
        bits: Path, wav: Path, *, now_s: NightTime, output: Output, device: DeviceAsked | None
    ) -> VirtualSpeaker:
        opened.append(device)
        return VirtualSpeaker(bits, wav, start_s=now_s, output=output)

    monkeypatch.setattr(assembling, "ChildSpeaker", speaker)
    return opened


@pytest.fixture
def night(tmp_path: Path) -> Iterator[NightFolder]:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    bed = PodAsked(id="p1", sleeper="S01", source="sim:lucid,start=4h,hours=0.1")
    made = making.write_night(House(tmp_path / "house"), "broken", [bed], str(tmp_path / "eager.yaml"), seed=3)
    text = made.night_toml.read_text()
    made.night_toml.write_text(text.replace('id = "p1"\n', 'id = "p1"\nspeaker = { device = "bed", channels = [1] }\n'))
    yield made
    gc.collect()


def break_off(night: NightFolder) -> None:
    """Runs the night until some of its ticks are in the record."""
    settled: list[int] = []
    advance = Bedside.advance

    def advance_or_break(bed: Bedside, *words: object) -> list[AnyEvent]:
        if len(settled) > 1:
            raise Broken
        return advance(bed, *words)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bedside, "advance", advance_or_break)
        with pytest.raises(Broken):
            run_night(night, RunOptions(speed_x=1.0, listeners=[lambda tick, *_: settled.append(tick)]))


def go_on(night: NightFolder, told: list[str]) -> None:
    """Again, armed by a person, for a few seconds."""
    run_night(night, RunOptions(speed_x=1.0, rearm=True, until_s=12.0, warn=told.append))


def events_of(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


@pytest.mark.slow
def test_a_broken_night_plays_on_no_other_output_whatever_its_name_and_says_so(
    night: NightFolder, plugged_in: list[Device], opened_on: list[DeviceAsked | None]
) -> None:
    break_off(night)
    assert [device and device.id for device in opened_on] == [OWN.id]
    plugged_in[:] = [OTHER]
    told: list[str] = []
    go_on(night, told)
    assert opened_on[1:] == [None]
    assert any(OWN.id in line and "p1" in line and "silent" in line for line in told)
    assert not [event for event in events_of(night) if isinstance(event, Rearmed)]
    assert [event.device for event in events_of(night) if isinstance(event, OutputLost)] == [OWN.id]
    assert (night.house.pod("p1").bits).read_bytes()[Bit.HALTED] != 0
    assert replay_night(night).first_difference is None


@pytest.mark.slow
def test_a_broken_night_goes_on_at_the_output_it_was_bound_to_beside_one_named_alike(
    night: NightFolder, plugged_in: list[Device], opened_on: list[DeviceAsked | None]
) -> None:
    break_off(night)
    plugged_in.append(OTHER)
    go_on(night, [])
    assert [device and device.id for device in opened_on] == [OWN.id, OWN.id]
    events = events_of(night)
    assert [(e.device, e.channels) for e in events if isinstance(e, OutputBound)] == [(OWN.id, (1,))]
    assert [event for event in events if isinstance(event, Rearmed)]
    assert replay_night(night).first_difference is None


@pytest.mark.slow
def test_a_bed_that_lived_without_saying_where_is_bound_to_no_guess(
    night: NightFolder, plugged_in: list[Device], opened_on: list[DeviceAsked | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(assembling, "outputs_of", lambda *_, **__: {})
        break_off(night)
    assert plugged_in == [OWN]
    go_on(night, [])
    assert opened_on == [None, None]


class WithoutCard:
    """A sound system that answers and then cannot list its devices, as ALSA does without a card."""

    class MiniaudioError(Exception):
        pass

    class Backend(Enum):
        PULSEAUDIO = 1
        ALSA = 2
        JACK = 3

    class Devices:
        def __init__(self, _: object) -> None:
            pass

        def get_playbacks(self) -> None:
            raise WithoutCard.MiniaudioError("cannot get device infos", -100)

        get_captures = get_playbacks


@pytest.mark.slow
def test_a_broken_night_is_recorded_on_without_a_sound_server(
    night: NightFolder, plugged_in: list[Device], opened_on: list[DeviceAsked | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(night)
    assert plugged_in == [OWN]
    monkeypatch.setattr(outputs, "devices", LISTED)
    monkeypatch.setattr(outputs, "_miniaudio", lambda: WithoutCard)
    told: list[str] = []
    go_on(night, told)
    assert opened_on[1:] == [None]
    assert any("p1 is recorded and stays silent" in line for line in told)
    assert isinstance(events_of(night)[-1], NightClosed)


def test_without_a_sound_server_a_new_night_says_so_and_nothing_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "_miniaudio", lambda: WithoutCard)
    assert outputs.devices() == outputs.devices("input") == []
    with pytest.raises(StreamError, match="no output 'bed'") as caught:
        outputs.find("bed")
    assert "No sound system answered" in caught.value.why


@pytest.mark.parametrize("backend", ["ALSA", "JACK"])
def test_an_output_known_by_a_number_alone_is_refused(tmp_path: Path, plugged_in: list[Device], backend: str) -> None:
    plugged_in[:] = [Device(":0,0", "USB Audio", 2, backend)]
    bed = PodAsked(id="p1", sleeper="S01", source="sim:typical", speaker=SpeakerAsked(":0,0", (1,)))
    with pytest.raises(StreamError, match="by a number alone") as caught:
        outputs_of([bed], House(tmp_path))
    assert caught.value.code == "DL-E216"
    assert "PipeWire" in caught.value.do
