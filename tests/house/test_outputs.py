import pytest

from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.outputs import Device
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked, SpeakerAsked
from dreamloom.house.speakers import UNMEASURED_S, Profile, keep_profile, outputs_of, profile_of
from dreamloom.vocabulary.errors import ConfigError, StreamError

SCARLETT = Device("alsa_output.usb-Focusrite_Scarlett-00.pro", "Scarlett 18i20", 4, "PULSEAUDIO")
PILLOW = Device("alsa_output.usb-Pillow-01.stereo", "Pillow", 2, "PULSEAUDIO")


@pytest.fixture(autouse=True)
def two_devices(monkeypatch):
    monkeypatch.setattr(outputs, "devices", lambda kind="output": [SCARLETT, PILLOW] if kind == "output" else [])


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def bed(pod, device, *channels):
    return PodAsked(id=pod, sleeper=f"S{pod}", source="sim:typical", speaker=SpeakerAsked(device, channels or (1,)))


def test_a_part_of_an_id_finds_the_one_device_that_has_it(house):
    found = outputs_of([bed("p1", "usb-Focusrite_Scarlett-00", 3), bed("p2", "pillow", 1, 2)], house)
    assert (found["p1"].id, found["p1"].channels, found["p1"].on) == (SCARLETT.id, 4, (3,))
    assert (found["p2"].id, found["p2"].on) == (PILLOW.id, (1, 2))


def test_several_beds_share_an_interface_on_channels_of_their_own(house):
    found = outputs_of([bed(f"p{n}", SCARLETT.id, n) for n in range(1, 5)], house)
    assert [device.on for device in found.values()] == [(1,), (2,), (3,), (4,)]


def test_two_beds_on_one_channel_are_refused(house):
    with pytest.raises(StreamError, match="'p1' and 'p2' both play on channel 2") as caught:
        outputs_of([bed("p1", "Scarlett", 1, 2), bed("p2", SCARLETT.id, 2)], house)
    assert caught.value.code == "DL-E215"


@pytest.mark.parametrize("channel", [0, 3, -1])
def test_a_channel_that_the_device_has_not_is_refused(house, channel):
    with pytest.raises(StreamError, match=f"channel {channel} of .* has channels 1 to 2") as caught:
        outputs_of([bed("p1", "pillow", channel)], house)
    assert caught.value.code == "DL-E214"


def test_an_output_that_is_gone_and_one_that_could_be_two_are_refused(house):
    for asked, told in (
        ("usb-Pilow", "There is no output"),
        ("usb-", "could be any of 2 outputs"),
        ("al", "no output"),
    ):
        with pytest.raises(StreamError, match=told) as caught:
            outputs_of([bed("p1", asked)], house)
        assert caught.value.code == "DL-E267"


def test_silent_beds_ask_for_no_device(house, monkeypatch):
    monkeypatch.setattr(outputs, "find", lambda _: pytest.fail("no device was asked for"))
    assert outputs_of([bed("p1", "silent")], house) == {}


def test_a_measured_delay_is_used_and_before_it_that_of_the_buffers(house):
    assert outputs_of([bed("p1", "pillow")], house)["p1"].latency_s == UNMEASURED_S
    keep_profile(Profile(PILLOW.id, 0.0213, 0.001, 50, "loopback", "2031-01-01T00:00:00Z"), house)
    assert outputs_of([bed("p1", "pillow")], house)["p1"].latency_s == 0.0213


def test_a_damaged_profile_is_told_with_its_file(house):
    path = keep_profile(Profile(PILLOW.id, 0.0213, 0.001, 50, "loopback", "2031-01-01T00:00:00Z"), house)
    path.write_text("{}")
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        profile_of(PILLOW.id, house)
    assert caught.value.code == "DL-E326"
    assert caught.value.do == f"Measure it again: dreamloom latency-check {PILLOW.id}"
