import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from dreamloom.adapters.speaker import ChildSpeaker, outputs, wire
from dreamloom.adapters.speaker.device_clock import DeviceClock
from dreamloom.adapters.speaker.device_stream import UnknownChannelsError, channel_order
from dreamloom.ports import PlayCommand, Speaker
from dreamloom.testing.null_sinks import Monitor, NullSinks, is_available, null_sinks
from dreamloom.testing.speaker_contract import CHORD, LONG_TONE, Rig, SpeakerContract, allow
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import StreamError

pytestmark = pytest.mark.real_time

pytest.importorskip("miniaudio", reason="real speakers need the extra audio")
needs_server = pytest.mark.skipif(not is_available(), reason="needs the packages pulseaudio and pulseaudio-utils")
CHANNELS = 4
BUFFER_S = outputs.BUFFER_FRAMES / 48_000


@pytest.fixture(scope="module")
def sinks() -> Iterator[NullSinks]:
    with null_sinks({"bedroom": CHANNELS, "hall": 2}) as started:
        yield started


class DeviceRig:
    def __init__(self, speaker: ChildSpeaker) -> None:
        self.child = speaker
        self.speaker: Speaker = speaker

    def now_s(self) -> float:
        return self.child.now_s()

    def pass_time(self, duration_s: float, *, beating: bool = True) -> None:
        until_s = self.now_s() + duration_s
        while (now_s := self.now_s()) < until_s:
            if beating:
                self.speaker.beat(now_s)
            time.sleep(min(0.1, until_s - now_s))


@contextmanager
def on_device(folder: Path, *, sink: str = "bedroom", on: tuple[int, ...] = (1,)) -> Iterator[ChildSpeaker]:
    device = outputs.find(sink)
    asked = wire.DeviceAsked(device.id, device.backend, device.channels, on, latency_s=BUFFER_S)
    speaker = ChildSpeaker(folder / "bits", folder / "p1.wav", now_s=100.0, device=asked)
    try:
        yield speaker
    finally:
        speaker.close()


@needs_server
@pytest.mark.usefixtures("sinks")
class TestDeviceSpeaker(SpeakerContract):
    late_s: ClassVar[float] = 0.6
    early_s: ClassVar[float] = 0.1

    @contextmanager
    def open_rig(self, folder: Path) -> Iterator[Rig]:
        with on_device(folder) as speaker:
            yield DeviceRig(speaker)


def wait_until(condition, *, within_s: float = 10.0) -> None:
    give_up_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_s
        time.sleep(0.01)


def sounding(speaker: ChildSpeaker, sound=LONG_TONE) -> None:
    """Plays, and returns while it sounds."""
    allow(speaker)
    speaker.beat(speaker.now_s())
    at_s = speaker.now_s() + 0.05
    speaker.play(PlayCommand(f"at {at_s}", sound, 60.0, at_s, at_s + 5.0))
    wait_until(lambda: (speaker.last_sound_s or 0.0) > at_s)


@needs_server
@pytest.mark.usefixtures("sinks")
@pytest.mark.parametrize("channel", [2, 3])
def test_a_bed_is_heard_on_its_own_channel_alone(tmp_path, channel):
    with Monitor("bedroom", channels=CHANNELS) as bedroom, Monitor("hall") as hall:
        with on_device(tmp_path, on=(channel,)) as speaker:
            sounding(speaker)
            time.sleep(0.3)
        heard = [len(times) > 0 for times in bedroom.loud_ns()]
        assert heard == [number == channel for number in range(1, CHANNELS + 1)]
        assert not any(len(times) for times in hall.loud_ns())


@needs_server
def test_an_output_unplugged_in_mid_cue_sounds_nowhere_else_and_leaves_the_bed_stalled(tmp_path, sinks):
    unplug = sinks.add("guest")
    with Monitor("bedroom", channels=CHANNELS) as bedroom, Monitor("hall") as hall:
        with on_device(tmp_path, sink="guest") as speaker:
            sounding(speaker)
            sinks.remove(unplug)
            wait_until(lambda: speaker.heartbeat_age_s() > 0.5)
            speaker.reopen()  # there is nothing to reopen it on: it stays silent, and may be tried again
            assert Bit.NOT_ARMED in speaker._bits.silencing()
            wait_until(speaker._process.has_ended)
            assert [outcome.status for outcome in speaker.outcomes()] == ["failed"]
            unplug = sinks.add("guest")
            speaker.reopen()
            wait_until(lambda: speaker.heartbeat_age_s() < 0.1 and speaker._process.beats.render_ns > 0)
        assert not any(len(times) for monitor in (bedroom, hall) for times in monitor.loud_ns())
    sinks.remove(unplug)


@needs_server
@pytest.mark.usefixtures("sinks")
def test_nothing_stale_plays_after_a_speaker_stood_still(tmp_path):
    with Monitor("bedroom", channels=CHANNELS) as bedroom, on_device(tmp_path) as speaker:
        sounding(speaker)
        os.kill(speaker.pid, signal.SIGSTOP)
        try:
            time.sleep(0.2)
            at_s = speaker.now_s()
            speaker.play(PlayCommand("stale", CHORD, 60.0, at_s + 0.2, at_s + 0.5))
            time.sleep(2.5)
            went_on_ns = wire.boot_ns()
        finally:
            os.kill(speaker.pid, signal.SIGCONT)
        wait_until(lambda: speaker.heartbeat_age_s() < 0.1)
        time.sleep(0.5)
        assert {outcome.status for outcome in speaker.outcomes()} <= {"played", "expired", "silenced"}
        loud_ns = bedroom.loud_ns(since=went_on_ns)[0]
        buffered_ns = 2 * outputs.BUFFER_FRAMES * 1_000_000_000 // 48_000
        assert np.all(loud_ns <= went_on_ns + 100_000_000 + buffered_ns)
        assert len(loud_ns) <= 2 * outputs.BUFFER_FRAMES, "more than lay in the device's buffers"


@needs_server
@pytest.mark.usefixtures("sinks")
def test_an_output_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(StreamError) as caught:
        outputs.find("bedrom")
    assert caught.value.code == "DL-E267"
    assert "'bedroom', 'hall'" in str(caught.value.why)
    assert "Did you mean 'bedroom'?" in str(caught.value.do)


@needs_server
def test_a_name_that_fits_two_outputs_is_refused(sinks):
    first, second = sinks.add("twin.left"), sinks.add("twin.right")
    try:
        assert outputs.find("twin.left").id == "twin.left"
        with pytest.raises(StreamError, match="could be any of 2 outputs"):
            outputs.find("twin")
    finally:
        sinks.remove(first)
        sinks.remove(second)


@needs_server
@pytest.mark.usefixtures("sinks")
def test_a_device_taken_from_under_a_start_is_told_as_an_error(tmp_path):
    asked = wire.DeviceAsked("gone", "PULSEAUDIO", 2, (1,), latency_s=0.0)
    with pytest.raises(StreamError) as caught:
        ChildSpeaker(tmp_path / "bits", None, now_s=0.0, device=asked)
    assert caught.value.code == "DL-E262"


def test_channels_nobody_can_name_are_not_guessed():
    with pytest.raises(UnknownChannelsError):
        channel_order("some card", 6, backend="ALSA", is_output=True)


def called(clock: DeviceClock, times, n_frames=192):
    return [clock.take(int(at), n_frames) for at in times]


def steady(count: int, *, every: float = 192.0, start: float = 0.0):
    return start + every * np.arange(count)


def test_late_calls_do_not_move_the_devices_time():
    clock = DeviceClock(latency_frames=0)
    times = steady(2_000)
    rng = stream(1, "late calls")
    late = times + rng.integers(0, 400, len(times)) * (rng.random(len(times)) < 0.3)
    heard = called(clock, late)
    assert np.all(np.abs(np.array(heard[50:]) - times[50:]) <= 1)
    assert clock.stalls == 0


@pytest.mark.parametrize("ppm", [-100, 100])
def test_a_drifting_device_is_followed_within_two_milliseconds(ppm):
    clock = DeviceClock(latency_frames=0)
    times = steady(50_000, every=192.0 * (1 - ppm * 1e-6))
    heard = np.array(called(clock, times))
    assert np.max(np.abs(heard - times)) <= 96
    assert clock.stalls == 0


def test_lost_frames_are_counted_and_the_time_behind_them_is_right_again():
    clock = DeviceClock(latency_frames=96)
    before, after = steady(1_000), steady(1_000, start=1_000 * 192 + 24_000)
    called(clock, before)
    heard = called(clock, after)
    assert clock.stalls == 1
    assert abs(heard[-1] - (after[-1] + 96)) <= 1


def test_a_short_loss_is_noticed_within_half_a_second():
    clock = DeviceClock(latency_frames=0)
    called(clock, steady(1_000))
    after = steady(200, start=1_000 * 192 + 960)
    heard = called(clock, after)
    assert clock.stalls == 1
    assert abs(heard[-1] - after[-1]) <= 1


def test_a_device_that_opens_slowly_has_not_stalled():
    clock = DeviceClock(latency_frames=0)
    called(clock, [0, *steady(300, start=60_000)])
    assert clock.stalls == 0
