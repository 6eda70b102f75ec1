"""Does the doctor look at streams, outputs and the sound server, and find the one thing it is asked for?"""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dreamloom.adapters import power
from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.outputs import Device
from dreamloom.house import checkup, making, one_device, surroundings
from dreamloom.house.finding import Finding
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.speakers import Profile, keep_profile

MUSE = SimpleNamespace(
    stream=SimpleNamespace(
        name="Muse-7F", type="EEG", channels=4, sfreq_hz=256.0, hostname="here", uid="u", source_id="muse"
    )
)
PILLOW = Device("alsa_output.usb-Pillow-01", "Pillow", 2, "PULSEAUDIO")
NUMBERED = Device(":0,0", "Card", 2, "ALSA")


@pytest.fixture(autouse=True)
def surrounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "announced", lambda: [MUSE])
    monkeypatch.setattr(surroundings, "find_spec", lambda _: object())
    monkeypatch.setattr(one_device, "find_spec", lambda _: object())
    monkeypatch.setattr(outputs, "devices", lambda: [PILLOW, NUMBERED])
    monkeypatch.setattr(surroundings, "listened_to", lambda seen: Finding("stream", f"{seen.stream.name} heard"))


def found(findings: Any) -> Sequence[Finding]:
    return list(findings)


def test_streams_that_are_announced_are_named_and_none_is_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (told,) = found(surroundings.streams(House(tmp_path)))
    assert "Muse-7F (EEG), 4 channels, 256 Hz" in told.what
    monkeypatch.setattr(surroundings, "announced", list)
    (none,) = found(surroundings.streams(House(tmp_path)))
    assert (none.state, bool(none.remedy)) == ("note", True)


def test_outputs_are_named_with_what_was_measured_on_them(tmp_path: Path) -> None:
    house = House(tmp_path)
    pillow, numbered, *_ = found(surroundings.sound(house))
    assert "not measured" in pillow.what
    assert pillow.remedy == f"dreamloom latency-check {PILLOW.id}"
    assert "by a number alone" in numbered.what
    keep_profile(Profile(PILLOW.id, 0.0213, 0.001, 50, "loopback", "2031-01-01T00:00:00Z"), house)
    assert "21.3 ms" in found(surroundings.sound(house))[0].what


def test_no_output_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "devices", list)
    assert found(surroundings.sound(House(tmp_path)))[0].state == "note"


def test_the_doctor_looks_at_streams_and_outputs_and_claims_no_mains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(power, "battery", lambda: None)
    everything = found(checkup.check_up(House(tmp_path)))
    assert {"stream", "sound"} <= {finding.topic for finding in everything}
    assert any("no battery seen" in finding.what for finding in everything)


@pytest.mark.parametrize(
    ("name", "topic", "says"),
    [
        ("muse-7f", "stream", "Muse-7F heard"),
        ("PILLOW", "sound", PILLOW.id),
        ("muse_s_athena", "board", "brainflow:muse_s_athena"),
        ("p1", "bed", "dreamloom doctor speakers tide"),
        ("S02", "bed", "p2 of tide"),
    ],
)
def test_one_thing_is_found_by_a_part_of_its_name(tmp_path: Path, name: str, topic: str, says: str) -> None:
    house = House(tmp_path)
    pods = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical") for n in (1, 2)]
    night = making.write_night(house, "tide", pods, "nightmare_rem_tmr", seed=1)
    text = night.night_toml.read_text()
    night.night_toml.write_text(
        text.replace('id = "p1"\n', 'id = "p1"\nspeaker = { device = "Pillow", channels = [1] }\n')
    )
    told = [finding for finding in one_device.look_for(name, house) if finding.topic == topic]
    assert told
    assert says in told[0].what + told[0].remedy
    assert all(finding.state != "wrong" for finding in told)


def test_what_is_not_here_is_wrong_with_what_to_do(tmp_path: Path) -> None:
    (nothing,) = found(one_device.look_for("muse-8g", House(tmp_path)))
    assert nothing.state == "wrong"
    assert "Switch the device on" in nothing.remedy
