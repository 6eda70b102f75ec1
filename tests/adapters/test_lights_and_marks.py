"""Do lights keep off what sets off seizures and end with every bit, and do marks tell a cue from a sham by nothing?"""

import os
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.adapters.actuator import LineActuator, PodLights
from dreamloom.adapters.lines import Line
from dreamloom.adapters.marks import Mark, NightMarks, PodMarks, SerialMarks
from dreamloom.adapters.speaker.accompanied import AccompaniedSpeaker
from dreamloom.adapters.speaker.bits_file import MemoryBits
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.dreamscape import builtin, reader
from dreamloom.dreamscape.obeyed import obeyed_parts
from dreamloom.house import companions
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.jukebox.lights import Gate, Shine, admitted, softened
from dreamloom.jukebox.synth import make
from dreamloom.ports import PlayCommand
from dreamloom.testing.nights import EAGER, grant_for, plan_of
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import ConfigError, RefusedError, StreamError

pytestmark = pytest.mark.real_time

GLOW = Shine("glow", "light", "red", 0.2, 1.0, 1.0, 10.0)
TONE = make("tone", name="beep", pitch="A4", duration_s=0.5)
SHAM = make("silence", name="silence", duration_s=0.5)


def like(**changes):
    return Shine(**{**{name: getattr(GLOW, name) for name in Shine.__slots__}, **changes})


@pytest.mark.parametrize("pulse_hz", [3.0, 10.0, 25.0, 60.0, 61.0, float("nan")])
def test_flashes_that_can_set_off_a_seizure_are_refused(pulse_hz):
    assert admitted(Gate(), like(pulse_hz=pulse_hz), 0.0)[1] is not None


@pytest.mark.parametrize("pulse_hz", [0.0, 0.5, 1.0, 2.9])
def test_slow_light_may_shine_and_is_faded(pulse_hz):
    gate, why = admitted(Gate(), like(pulse_hz=pulse_hz), 5.0)
    assert (gate.until_s, why) == (15.0, None)
    assert softened(like(fade_s=0.0)).fade_s == 0.05


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0.02, 5), st.floats(0, 5)), max_size=30))
def test_no_row_of_lights_flickers_together(asked):
    gate, shone = Gate(), []
    for at_s, duration_s, pulse_hz in sorted(asked):
        gate, why = admitted(gate, like(duration_s=duration_s, pulse_hz=pulse_hz), at_s)
        if why is None:
            shone.append((at_s, at_s + duration_s))
            assert pulse_hz < 3.0
    assert all(later[0] >= earlier[1] + 1.0 for earlier, later in pairwise(shone))


@pytest.mark.parametrize(
    "wrong", [{"strength": 1.1}, {"strength": float("nan")}, {"duration_s": 61.0}, {"fade_s": -1.0}]
)
def test_numbers_out_of_bounds_stay_dark(wrong):
    assert admitted(Gate(), like(**wrong), 0.0)[1] == "its numbers are out of bounds"


def cleared():
    bits = MemoryBits()
    for bit in Bit:
        bits.clear(bit)
    return bits


def command(sound, at_s):
    return PlayCommand("p1.0.7", sound, 40.0, at_s, at_s + 0.5)


def until(said, path, seconds=5.0):
    give_up_s = time.monotonic() + seconds
    while said not in path.read_text() and time.monotonic() < give_up_s:
        time.sleep(0.01)
    return path.read_text()


def lights(path, bits, warned, shines=None):
    zero_s = time.monotonic()
    path.touch()
    made = PodLights(
        LineActuator(str(path)),
        bits,
        shines if shines is not None else {"beep": (GLOW,)},
        now_s=lambda: time.monotonic() - zero_s,
        warn=warned.append,
    )
    made.beat(1000.0)
    return made, lambda: time.monotonic() - zero_s


def test_a_light_begins_with_its_sound_and_is_dark_as_soon_as_a_bit_says_so(tmp_path):
    path, bits, warned = tmp_path / "box", cleared(), []
    pod, now_s = lights(path, bits, warned)
    pod.begins(command(TONE, now_s() + 0.05))
    assert until("L red", path).startswith("L red 0.20 1.00 1.00 10.00\n")
    bits.set(Bit.AROUSAL)
    assert until("\n0\n", path).endswith("0\n")
    pod.close()
    assert warned == []


def test_a_sham_leaves_the_box_dark_and_a_second_light_at_once_is_told(tmp_path):
    path, bits, warned = tmp_path / "box", cleared(), []
    pod, now_s = lights(path, bits, warned)
    pod.begins(command(SHAM, now_s()))
    pod.begins(command(TONE, now_s()))
    pod.begins(command(TONE, now_s() + 3.0))
    until("L red", path)
    pod.close()
    assert path.read_text().count("L ") == 1
    assert path.read_text().endswith("0\n")
    assert "together they could flicker" in warned[0]


def test_a_bit_that_is_on_before_the_moment_keeps_it_dark(tmp_path):
    path, bits = tmp_path / "box", cleared()
    bits.set(Bit.REVOKED)
    pod, now_s = lights(path, bits, [])
    pod.begins(command(TONE, now_s()))
    time.sleep(0.1)
    pod.close()
    assert path.read_text() == "0\n"


def test_a_light_goes_dark_when_the_engine_hangs(tmp_path):
    path, zero_s = tmp_path / "box", time.monotonic()
    path.touch()
    pod = PodLights(
        LineActuator(str(path)),
        cleared(),
        {"beep": (GLOW,)},
        now_s=lambda: 4.0 * (time.monotonic() - zero_s),
        warn=print,
    )
    pod.beat(0.0)
    pod.begins(PlayCommand("p1.0.7", TONE, 40.0, 0.1, 1.9))
    assert until("\n0\n", path).startswith("L red")
    pod.close()


def test_no_place_stays_open_when_another_cannot_be(monkeypatch):
    place = Kept()
    monkeypatch.setattr(companions, "SerialMarks", lambda *_: place)
    night = NightAsked(dreamscape="x.yaml", pod=(), markers=("serial:/dev/null", "nowhere"))
    with pytest.raises(ConfigError, match="DL-E366"):
        companions.open_marks(night, "tonight", lambda: 0.0)
    assert place.closed == 1


def test_a_box_that_is_not_there_is_named_with_the_way_out(tmp_path):
    with pytest.raises(StreamError, match=r"^DL-E276 .*nowhere.*ls /dev/serial/by-id"):
        Line(str(tmp_path / "nowhere"))


class Kept:
    def __init__(self):
        self.marks = []
        self.closed = 0

    def mark(self, mark):
        self.marks.append(mark)

    def close(self):
        self.closed += 1


def test_marks_of_a_sham_are_those_of_a_cue_and_name_no_sound():
    told = []
    for sound in (TONE, SHAM):
        place = Kept()
        speaker = AccompaniedSpeaker(VirtualSpeaker(), [PodMarks("p1", NightMarks([place], 1))])
        for bit in Bit:
            speaker.set_bit(bit, on=False)
        speaker.beat(0.5)
        speaker.play(command(sound, 1.0))
        speaker.beat(2.0)
        speaker.outcomes()
        speaker.close()
        assert place.closed == 1
        told.append(place.marks)
    assert told[0] == told[1] == [Mark("due", "p1", "p1.0.7", 1.0), Mark("played", "p1", "p1.0.7", 1.0)]


def test_places_are_closed_when_the_last_bed_has_left():
    place = Kept()
    night = NightMarks([place], 2)
    one, two = PodMarks("p1", night), PodMarks("p2", night)
    one.close()
    assert place.closed == 0
    two.begins(command(TONE, 1.0))
    two.close()
    assert (place.closed, len(place.marks)) == (1, 1)


def test_a_trigger_line_pulses_at_the_planned_moment_through_a_real_terminal():
    ours, theirs = os.openpty()
    zero_s = time.monotonic()
    marks = SerialMarks(os.ttyname(theirs), lambda: time.monotonic() - zero_s)
    at_s = time.monotonic() - zero_s + 0.1
    marks.mark(Mark("due", "p1", "p1.0.7", at_s))
    marks.mark(Mark("played", "p1", "p1.0.7", at_s))
    assert os.read(ours, 1) == b"\x01"
    assert time.monotonic() - zero_s >= at_s
    assert os.read(ours, 1) == b"\x00"
    marks.close()
    assert os.read(ours, 9) == b"\x00"
    os.close(ours)
    os.close(theirs)


def test_marks_travel_over_lsl_with_the_moment_they_speak_of():
    pylsl = pytest.importorskip("pylsl")
    from dreamloom.adapters.marks import LslMarks

    zero_s = time.monotonic()
    marks = LslMarks("tide-test", lambda: time.monotonic() - zero_s)
    (found,) = pylsl.resolve_byprop("name", "Dreamloom-tide-test-marks", 1, 10.0)
    assert (found.type(), found.nominal_srate()) == ("Markers", 0.0)
    inlet = pylsl.StreamInlet(found)
    inlet.open_stream(10.0)
    at_s = time.monotonic() - zero_s + 0.25
    stamp_s = pylsl.local_clock() + at_s - (time.monotonic() - zero_s)
    marks.mark(Mark("due", "p1", "p1.0.7", at_s))
    (text,), told_s = inlet.pull_sample(10.0)
    assert text == f'{{"what":"due","pod":"p1","cue_id":"p1.0.7","at_s":{at_s}}}'
    assert told_s == pytest.approx(stamp_s, abs=0.05)
    inlet.close_stream()
    marks.close()


WITH_GLOW = EAGER.replace(
    "duration: 1 s, because: ours}\nparts", "duration: 1 s, with: [glow], because: ours}\nparts"
).replace(
    "parts:",
    "  glow: {kind: light, class: sleep, colour: red, strength: 20 %, pulse: 1 Hz, fade: 1 s, duration: 2 s}\nparts:",
)


def test_lights_go_with_their_sound_as_far_as_the_sleeper_agreed():
    plan, sounds = plan_of(WITH_GLOW)
    assert obeyed_parts(plan.dreamscape) == (0,)
    assert set(sounds) == {"chord", "silence"}
    grant = grant_for(plan, cues=("chord", "glow", "silence"))
    assert companions.shines_of(plan.dreamscape, grant) == {
        "chord": (Shine("glow", "light", "red", 0.2, 1.0, 1.0, 2.0),)
    }
    assert companions.shines_of(plan.dreamscape, grant_for(plan, cues=("chord", "silence"))) == {}
    assert companions.shines_of(plan.dreamscape, None) == {}


def test_a_bed_without_a_box_is_told_of_lights_beside_sounds_and_refused_for_lights_alone():
    night, warned = NightAsked(dreamscape="a.yaml", pod=(PodAsked(id="p1", sleeper="S01", source="lsl:x"),)), []
    companions.refuse_dark_beds(night, reader.read(WITH_GLOW, file="a.yaml"), warned.append)
    assert warned == ["Nothing at p1 can show glow: its sounds come without."]
    alone = WITH_GLOW.replace("play: chord", "play: glow")
    with pytest.raises(RefusedError, match=r"^DL-E547 Nothing at p1 can show 'glow'.*actuator = "):
        companions.refuse_dark_beds(night, reader.read(alone, file="a.yaml"), warned.append)


def test_a_place_for_marks_that_nobody_knows_is_refused():
    night = NightAsked(dreamscape="a.yaml", pod=(), markers=("ttl",))
    with pytest.raises(ConfigError, match=r"^DL-E366 .*'ttl'"):
        companions.open_marks(night, "tide", lambda: 0.0)


def test_tlr_nap_plays_its_beep_with_its_glow():
    dreamscape = builtin.load("tlr_nap")[1]
    assert obeyed_parts(dreamscape) == (0,)
    plan, _ = plan_of(builtin.load("tlr_nap")[0])
    grant = grant_for(plan, cues=tuple(dreamscape.cues))
    (glow,) = companions.shines_of(dreamscape, grant)["beep"]
    assert (glow.colour, glow.pulse_hz, glow.duration_s) == ("red", 1.0, 10.0)
