"""Are cues made of what their author named: files by their hash, speech, the sleeper's own words, Morse?"""

import hashlib
import io
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dreamloom.adapters.speech import SystemVoice, heard
from dreamloom.adapters.sqlite import read_only
from dreamloom.dreamscape import checker, reader
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.obeyed import obeyed_parts
from dreamloom.house import cue_sounds, own_voice
from dreamloom.house.cue_sounds import Shelf, make_sounds
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.opening import read_asked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.jukebox.cues import SOUND_RATE_HZ
from dreamloom.record.events import CueDue, CuePlayed
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import ConfigError, StreamError, UsageError


def bell(rate_hz: int = 44_100, seconds: float = 0.5, pitch_hz: float = 1_000.0) -> np.ndarray:
    times_s = np.arange(round(rate_hz * seconds)) / rate_hz
    return 0.3 * np.sin(2 * np.pi * pitch_hz * times_s)


def written(path: Path, samples: np.ndarray | None = None, rate_hz: int = 44_100) -> str:
    """Writes the file; returns its SHA-256."""
    soundfile.write(path, bell(rate_hz) if samples is None else samples, rate_hz)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def with_cue(cue: str) -> str:
    line = next(line for line in EAGER.splitlines() if "make: chord" in line)
    return EAGER.replace(line, f"  chord: {{{cue}, because: ours}}")


def awake(text: str) -> str:
    """The same for somebody awake, so that the first minute of a simulated night plays it."""
    text = text.replace("class: sleep", "class: awake").replace("stage: R", "stage: W").replace(">= 0.8", ">= 0.5")
    return text[: text.index("arms:")] + text[text.index("levels:") :]


def of_file(file: str, sha256: str, duration: str = "1 s") -> str:
    return with_cue(f"kind: sound, class: sleep, file: {file}, sha256: {sha256}, duration: {duration}")


def sounds(text: str, shelf: Shelf | None = None):
    return make_sounds(reader.read(text, file="a.yaml"), shelf)


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 96_000])
def test_a_file_is_played_at_the_outputs_rate_with_its_pitch_and_length(tmp_path, kind, rate_hz):
    name = f"bell.{kind}"
    sha256 = written(tmp_path / name, bell(rate_hz), rate_hz)
    sound = sounds(of_file(name, sha256), Shelf((tmp_path,)))["chord"]
    assert sound.source == "file"
    assert sound.duration_s == pytest.approx(0.5, abs=0.002)
    spectrum = np.abs(np.fft.rfft(sound.frames))
    assert np.argmax(spectrum) * SOUND_RATE_HZ / len(sound.frames) == pytest.approx(1_000.0, abs=4.0)
    assert np.max(np.abs(sound.frames)) == 1.0
    ramp = 240  # 5 ms
    assert np.all(np.abs(sound.frames[:24]) <= 0.5 - 0.5 * np.cos(np.pi * np.arange(24) / ramp) + 1e-3)


def test_two_channels_are_heard_as_one(tmp_path):
    both = np.stack([bell(), np.zeros_like(bell())], axis=1)
    sha256 = written(tmp_path / "bell.wav", both)
    assert sounds(of_file("bell.wav", sha256), Shelf((tmp_path,)))["chord"].frames.ndim == 1


def test_a_file_that_was_exchanged_is_refused_before_anybody_hears_it(tmp_path):
    sha256 = written(tmp_path / "bell.wav")
    written(tmp_path / "bell.wav", bell(pitch_hz=300.0))
    with pytest.raises(ConfigError, match=r"^DL-E352 .*bell\.wav is not the file that the cue \"chord\" names"):
        sounds(of_file("bell.wav", sha256), Shelf((tmp_path,)))


def test_a_file_that_is_not_there_is_named_with_where_it_was_looked_for(tmp_path):
    with pytest.raises(ConfigError, match=rf"^DL-E351 .*bell\.wav.*{tmp_path}.*Put it beside"):
        sounds(of_file("bell.wav", "0" * 64), Shelf((tmp_path,)))


def test_a_file_longer_than_its_cue_is_refused_with_its_length(tmp_path):
    sha256 = written(tmp_path / "bell.wav", bell(seconds=1.5))
    with pytest.raises(ConfigError, match=r"^DL-E354 .*lasts 1\.50 s, and its duration is 1 s"):
        sounds(of_file("bell.wav", sha256), Shelf((tmp_path,)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"no sound at all",
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00" + bytes(40),
    ],
)
def test_bytes_that_are_no_sound_are_refused_as_such(tmp_path, data):
    (tmp_path / "bell.wav").write_bytes(data)
    with pytest.raises(ConfigError, match=r"^DL-E353 .*\"chord\" cannot be played"):
        sounds(of_file("bell.wav", hashlib.sha256(data).hexdigest()), Shelf((tmp_path,)))


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_silence_and_what_is_no_number_are_refused(tmp_path, value):
    path = tmp_path / "bell.wav"
    soundfile.write(path, np.full(4_410, value), 44_100, subtype="FLOAT")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ConfigError, match=r"^DL-E353 "):
        sounds(of_file("bell.wav", sha256), Shelf((tmp_path,)))


class Says:
    """A voice that says every word in a tenth of a second, and counts."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def wav(self, text: str) -> bytes:
        self.said.append(text)
        samples = np.sin(np.arange(2_205 * len(text.split())) / (4 + len(self.said)))
        held = io.BytesIO()
        with wave.open(held, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(22_050)
            file.writeframes((samples * 20_000).astype("<i2").tobytes())
        return held.getvalue()


class Mute:
    def wav(self, text: str) -> bytes:
        return SystemVoice().wav(text)


SPEECH = with_cue('kind: speech, class: sleep, say: "You are dreaming.", duration: 2 s')


def test_words_are_spoken_once_and_kept_so_that_a_night_sounds_the_same_again(tmp_path):
    voice = Says()
    shelf = Shelf(kept=tmp_path / "cues", voice=voice)
    first, again = sounds(SPEECH, shelf)["chord"], sounds(SPEECH, shelf)["chord"]
    assert voice.said == ["You are dreaming."]
    assert (first.source, first.sha256) == ("spoken", again.sha256)
    assert first.duration_s == pytest.approx(0.3, abs=0.01)


def test_words_that_take_longer_than_their_cue_are_refused():
    with pytest.raises(ConfigError, match=r"^DL-E354 .*lasts 0\.30 s, and its duration is 0\.2 s"):
        sounds(SPEECH.replace("duration: 2 s", "duration: 200 ms"), Shelf(voice=Says()))


def test_without_a_voice_a_chime_stands_in_where_nobody_hears_it_and_a_night_is_refused_where_somebody_does(
    monkeypatch,
):
    monkeypatch.setenv("PATH", "")
    assert sounds(SPEECH, Shelf(voice=Mute()))["chord"].source == "stand-in"
    assert sounds(SPEECH)["chord"].duration_s == 2.0
    with pytest.raises(StreamError, match=r"^DL-E273 .*You are dreaming.*apt install espeak-ng"):
        sounds(SPEECH, Shelf(voice=Mute(), needs_voice=True))


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed on this machine")
def test_espeak_ng_says_a_sentence_in_about_the_time_a_person_needs():
    sound = heard("said", SystemVoice().wav("Tell me what is going through your mind."))
    assert sound is not None
    assert 1.5 < sound.duration_s < 5.0


OWN = with_cue('kind: speech, class: sleep, say: "You chose this.", voice: own recording, duration: 1 s')


def night_of(tmp_path: Path, text: str, source: str = "sim:lucid,start=4h,hours=0.05", **beds):
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    pods = [PodAsked(id=f"p{n}", sleeper=f"S{n:02d}", source=source) for n in (1, 2)]
    return write_night(House(tmp_path / "house"), "tide", pods, str(tmp_path / "a.yaml"), seed=3, **beds), pods


def test_each_bed_hears_its_own_sleepers_words_and_its_lease_names_them(tmp_path):
    folder, (one, _) = night_of(tmp_path, awake(OWN), "sim:typical,hours=0.02")
    sha256 = written(tmp_path / "mine.wav")
    sound, kept = own_voice.keep(folder, one, "chord", (tmp_path / "mine.wav").read_bytes(), at_most_s=1.0)
    assert kept == sha256
    assert (folder.house.pod("p1").cues / sha256).is_file()
    asked = read_asked(folder)
    assert asked.own_sounds["p1"]["chord"].sha256 == sound.sha256
    assert "p2" not in asked.own_sounds
    assert asked.offer.own_cues == {"p1": {"chord": sound.sha256}}
    assert asked.unspoken() == ['Nothing says "chord" here: a chime of that length stands in for it.']
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        due = [event for event in record.events() if isinstance(event, CueDue)]
    hashes = {event.pod: event.cue_sha256 for event in due}
    assert hashes["p1"] == sound.sha256
    assert hashes["p2"] != sound.sha256
    assert replay_night(folder).first_difference is None


def test_words_changed_after_the_evening_are_refused(tmp_path):
    folder, (one, _) = night_of(tmp_path, OWN)
    written(tmp_path / "mine.wav")
    _, kept = own_voice.keep(folder, one, "chord", (tmp_path / "mine.wav").read_bytes(), at_most_s=1.0)
    written(folder.house.pod("p1").cues / f"{kept}.wav", bell(pitch_hz=200.0))
    (folder.house.pod("p1").cues / f"{kept}.wav").replace(folder.house.pod("p1").cues / kept)
    with pytest.raises(ConfigError, match=r"^DL-E352 "):
        read_asked(folder)


def test_a_person_who_recorded_nothing_is_asked_to_and_another_sleepers_words_are_not_theirs(tmp_path):
    folder, (one, _) = night_of(tmp_path, OWN)
    written(tmp_path / "mine.wav")
    own_voice.keep(folder, one, "chord", (tmp_path / "mine.wav").read_bytes(), at_most_s=1.0)
    dreamscape = reader.read(OWN, file="a.yaml")
    live = PodAsked(id="p1", sleeper="S09", source="lsl:Muse")
    with pytest.raises(ConfigError, match=r"^DL-E355 .*S09 has not recorded \"chord\".*calibrate voice tide p1 chord"):
        cue_sounds.own_sounds(dreamscape, folder, live)


def test_only_a_cue_in_the_own_voice_can_be_recorded(tmp_path):
    folder, _ = night_of(tmp_path, OWN)
    assert own_voice.cue_of(folder, "chord").say == "You chose this."
    with pytest.raises(UsageError, match=r"^DL-E121 .*'silence'.*To be recorded: chord"):
        own_voice.cue_of(folder, "silence")


def test_files_come_along_with_a_new_night_and_it_plays_and_replays_without_the_original(tmp_path):
    sha256 = written(tmp_path / "bell.flac")
    folder, _ = night_of(tmp_path, awake(of_file("bell.flac", sha256)), "sim:typical,hours=0.02")
    (tmp_path / "bell.flac").unlink()
    assert (folder.cues / sha256).is_file()
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        assert any(isinstance(event, CuePlayed) for event in record.events())
    assert replay_night(folder).first_difference is None


def test_a_part_of_file_speech_morse_chime_or_noise_is_obeyed_and_nothing_is_said_against_it():
    for cue in (
        f"kind: sound, class: sleep, file: a.wav, sha256: {'0' * 64}, duration: 1 s",
        'kind: speech, class: sleep, say: "You are dreaming.", duration: 2 s',
        "kind: sound, class: sleep, make: morse, say: SOS, notes: [A4], duration: 4 s",
        "kind: sound, class: sleep, make: chime, notes: [E5, B5], duration: 2 s",
        "kind: sound, class: sleep, make: noise_bed, duration: 2 s",
    ):
        dreamscape = reader.read(with_cue(cue), file="a.yaml")
        assert obeyed_parts(dreamscape) == (0,)
        assert not [one for one in not_yet(dreamscape) if "never plays" in one.text]
        assert not [one for one in checker.check(dreamscape) if one.severity == "error"]


def test_a_bed_of_noise_says_what_it_may_hide():
    dreamscape = reader.read(with_cue("kind: sound, class: sleep, make: noise_bed, duration: 2 s"), file="a.yaml")
    (found,) = [one for one in checker.check(dreamscape) if one.code == "DL-E347"]
    assert "alarms, infants and other calls for help may go unheard" in found.text
    assert found.severity == "warning"
