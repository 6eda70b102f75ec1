"""Is each bed heard at its own place, and is the delay of an output found? On outputs that nobody hears."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.speakers import profile_of
from dreamloom.testing.null_sinks import Monitor, NullSinks, is_available, null_sinks

pytest.importorskip("miniaudio", reason="real speakers need the extra audio")
pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(not is_available(), reason="needs the packages pulseaudio and pulseaudio-utils"),
]


@pytest.fixture(scope="module")
def sinks() -> Iterator[NullSinks]:
    with null_sinks({"usb-Scarlett-00": 4, "pillow": 2}) as started:
        yield started


@pytest.fixture
def night(house: House) -> NightFolder:
    pods = [PodAsked(id=pod, sleeper=f"S-{pod}", source="sim:typical") for pod in ("p1", "p2", "p3")]
    made = making.write_night(house, "tide", pods, "nightmare_rem_tmr", seed=1)
    text = made.night_toml.read_text()
    for pod, device, channel in (("p1", "scarlett", 2), ("p2", "pillow", 1)):
        text = text.replace(
            f'id = "{pod}"\n', f'id = "{pod}"\nspeaker = {{ device = "{device}", channels = [{channel}] }}\n'
        )
    made.night_toml.write_text(text)
    return made


def test_a_machine_without_sound_is_told_so_in_one_sentence_and_no_other(tmp_path):
    nowhere = {"PULSE_SERVER": str(tmp_path / "nowhere"), "JACK_NO_START_SERVER": "", "DREAMLOOM_HOUSE": str(tmp_path)}
    words = [sys.executable, "-m", "dreamloom", "doctor", "speakers"]
    told = subprocess.run(words, env=os.environ | nowhere, capture_output=True, text=True, timeout=120, check=True)
    assert (told.stdout + told.stderr).count("\n") == 1
    assert "No sound system answers" in told.stdout + told.stderr


@pytest.mark.usefixtures("sinks")
def test_outputs_are_listed_as_night_toml_names_them(command):
    told = command("doctor", "speakers", "--json")
    assert told.code == 0
    assert [(each["id"], each["channels"], each["profile"]) for each in json.loads(told.out)["outputs"]] == [
        ("pillow", 2, None),
        ("usb-Scarlett-00", 4, None),
    ]
    assert "not measured" in told.err


@pytest.mark.usefixtures("sinks", "night")
def test_each_bed_says_its_name_on_its_own_output(command):
    with Monitor("usb-Scarlett-00", channels=4) as scarlett, Monitor("pillow") as pillow:
        told = command("doctor", "speakers", "tide", "--json")
        heard = [len(times) > 0 for monitor in (scarlett, pillow) for times in monitor.loud_ns()]
    assert told.code == 0
    assert heard == [False, True, False, False, True, False]
    assert [(bed["pod"], bed["channels"]) for bed in json.loads(told.out)["beds"]] == [("p1", [2]), ("p2", [1])]
    assert "p3  silent" in told.err


@pytest.mark.usefixtures("sinks")
def test_a_delay_is_measured_over_the_monitor_and_kept(command, house):
    told = command("latency-check", "scarlett", "--channel", "3", "--sounds", "10", "--json")
    assert told.code == 0
    profile = json.loads(told.out)["profile"]
    assert profile["sounds"] >= 5
    assert 0.0 <= profile["latency_s"] < 0.2, "a busy machine may be late, not by so much"
    kept = profile_of("usb-Scarlett-00", house)
    assert kept is not None
    assert kept.latency_s == profile["latency_s"]


def test_an_input_that_hears_nothing_measures_nothing(command, house, sinks):  # noqa: ARG001 - the server runs
    told = command("latency-check", "pillow", "--input", "usb-Scarlett-00.monitor", "--sounds", "10", "--json")
    assert told.code == 4
    assert json.loads(told.out)["error"]["code"] == "DL-E269"
    assert profile_of("pillow", house) is None
