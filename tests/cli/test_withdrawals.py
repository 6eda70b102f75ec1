"""What happens when somebody says no, before a night, twice, after it, or of another night?"""

import json
import os
from collections.abc import Callable

import pytest

from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.house.layout import House, NightFolder
from dreamloom.vetoes.bits import Bit

Command = Callable[..., object]
MakeNight = Callable[..., NightFolder]


def events(command: Command, night: str, kind: str) -> list[dict[str, object]]:
    lines = command("export", "events", night).out.splitlines()
    return [event for event in map(json.loads, lines) if event["type"] == kind]


@pytest.mark.parametrize("who", ["S01", "p1"])
def test_who_withdraws_before_the_night_is_never_cued_in_it(
    command: Command, make_night: MakeNight, house: House, who: str
) -> None:
    make_night()
    told = command("withdraw", "tide", who, "--json")
    assert told.code == 0
    assert told.data == {"withdrawn": True, "night": "tide", "pod": "p1", "sleeper": "S01"}
    assert "S01 has withdrawn. Bed p1 is silent for tonight" in told.err
    assert house.pod("p1").withdrawn("tide").exists()
    assert command("run", "tide", "--speed", "max").code == 0
    (said,) = events(command, "tide", "ConsentWithdrawn")
    assert (said["pod"], said["tick"]) == ("p1", 0)
    withheld = {event["reason"] for event in events(command, "tide", "CueWithheld") if event["pod"] == "p1"}
    assert withheld == {"REVOKED"}


def test_saying_it_twice_changes_nothing(command: Command, make_night: MakeNight) -> None:
    make_night()
    assert command("withdraw", "tide", "S01", "--json") == command("withdraw", "tide", "p1", "--json")
    assert command("run", "tide", "--speed", "max").code == 0
    assert len(events(command, "tide", "ConsentWithdrawn")) == 1


def test_nobody_of_that_name_takes_part(command: Command, make_night: MakeNight, house: House) -> None:
    make_night()
    told = command("withdraw", "tide", "S09", "--json")
    assert (told.code, told.error["code"]) == (3, "DL-E323")
    assert "p1 (S01), p2 (S02)" in told.error["do"]
    assert not (house.root / "pods").exists()


def test_a_night_that_is_over_has_nothing_to_silence(command: Command, closed_night: NightFolder, house: House) -> None:
    told = command("withdraw", closed_night.name, "S01", "--json")
    assert (told.code, told.error["code"]) == (5, "DL-E515")
    assert not house.pod("p1").withdrawn("tide").exists()


def test_a_withdrawal_outlives_the_nights_before_it(command: Command, make_night: MakeNight) -> None:
    make_night("tonight")
    make_night("tomorrow")
    assert command("withdraw", "tomorrow", "S01").code == 0
    assert command("run", "tonight", "--speed", "max").code == 0
    assert events(command, "tonight", "ConsentWithdrawn") == []
    assert command("run", "tomorrow", "--speed", "max").code == 0
    assert len(events(command, "tomorrow", "ConsentWithdrawn")) == 1


def test_withdrawing_from_tomorrow_leaves_tonights_bed_as_it_is(
    command: Command, make_night: MakeNight, house: House
) -> None:
    make_night("tonight")
    make_night("tomorrow")
    assert command("run", "tonight", "--speed", "max").code == 0
    bits = BitsFile(house.pod("p1").bits)
    bits.clear(Bit.REVOKED)
    assert command("withdraw", "tomorrow", "S01").code == 0
    assert Bit.REVOKED not in bits.silencing()
    bits.close()


def test_a_broken_night_toml_does_not_keep_a_sleeper_from_withdrawing(
    command: Command, closed_night: NightFolder, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_night.night_toml.write_text("[[pod")
    monkeypatch.setattr("dreamloom.house.glance.NightClosed", type("NoEvent", (), {}))
    told = command("withdraw", closed_night.name, "S02", "--json")
    assert (told.code, told.data["pod"]) == (0, "p2")
    bits = BitsFile(house.pod("p2").bits)
    assert Bit.REVOKED in bits.silencing()
    bits.close()


def test_the_bed_is_silent_even_when_the_disk_refuses_the_rest(
    command: Command, make_night: MakeNight, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_night()
    assert command("run", "tide", "--speed", "max").code == 0
    monkeypatch.setattr("dreamloom.house.glance.NightClosed", type("NoEvent", (), {}))
    bits = BitsFile(house.pod("p1").bits)
    bits.clear(Bit.REVOKED)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dreamloom.house.withdrawing.write_durably", full)
    told = command("withdraw", "tide", "S01", "--json")
    assert (told.code, told.error["code"]) == (6, "DL-E448")
    assert Bit.REVOKED in bits.silencing()
    bits.close()


def test_any_key_at_a_beds_own_terminal_withdraws_without_a_password(
    command: Command, make_night: MakeNight, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_night()
    read, write = os.pipe()
    monkeypatch.setattr("dreamloom.adapters.key_presses.standard_input", lambda: read)
    os.write(write, b"j")
    told = command("withdraw", "tide", "p2", "--key", "--json")
    assert (told.code, told.data["sleeper"]) == (0, "S02")
    assert b'"stop key"' in house.pod("p2").withdrawn("tide").read_bytes()
    assert not house.pod("p1").withdrawn("tide").exists()
    os.close(write)
    told = command("withdraw", "tide", "p1", "--key", "--json")
    assert (told.code, told.error["code"]) == (5, "DL-E577")
    assert not house.pod("p1").withdrawn("tide").exists()
    os.close(read)
