import csv
import wave

import numpy as np
import pytest

from dreamloom.adapters.speaker import VirtualSpeaker
from dreamloom.adapters.speaker.recording import CueRecording
from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.jukebox.synth import make
from dreamloom.ports import PlayCommand
from dreamloom.testing.speaker_contract import allow
from dreamloom.vetoes.bits import Bit

TONE = make("tone", pitch="A4", duration_s=0.5)


def read(path):
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def rows(path):
    with path.with_suffix(".cues.csv").open(newline="") as table:
        return list(csv.DictReader(table))


def outcome(cue_id, actual_s, heard_s):
    return SoundOutcome(cue_id, "played", actual_s, heard_s, cut=False, bits=(), verified="render clock")


def test_each_row_points_at_the_very_frames_of_its_cue(tmp_path):
    path = tmp_path / "p1.wav"
    speaker = VirtualSpeaker(None, path)
    allow(speaker)
    for cue_id, at_s in (("a", 0.5), ("b", 0.75), ("c", 2900.1234)):
        speaker.play(PlayCommand(cue_id, TONE, 60.0, at_s, at_s + 1))
    for now_s in range(1, 2905):
        speaker.beat(float(now_s))
    speaker.close()
    frames, table = read(path), rows(path)
    assert [(row["cue_id"], row["onset_s"]) for row in table] == [
        ("a", "0.500000"),
        ("b", "0.750000"),
        ("c", "2900.123400"),
    ]
    expected = np.round(TONE.frames * np.float32(0.01) * 32767)
    first = int(table[2]["first_frame"])
    assert np.abs(frames[first : first + 24_000] - expected).max() <= 1
    assert int(table[1]["first_frame"]) - int(table[0]["first_frame"]) == 12_000
    assert {row["frames"] for row in table} == {"24000"}
    assert {row["level_db"] for row in table} == {"60.0000"}


def test_silence_between_cues_is_not_written(tmp_path):
    path = tmp_path / "p1.wav"
    speaker = VirtualSpeaker(None, path)
    allow(speaker)
    speaker.play(PlayCommand("a", TONE, 60.0, 1.0, 2.0))
    for now_s in range(1, 3600):
        speaker.beat(float(now_s))
    speaker.close()
    assert len(read(path)) < 2 * 48_000


def test_a_recording_is_readable_up_to_the_last_finished_cue_without_being_closed(tmp_path):
    path = tmp_path / "p1.wav"
    recording = CueRecording(path)
    recording.append(480, np.full(480, 0.5, dtype=np.float32))
    recording.finish(outcome("a", 0.01, 0.01), 40.0)
    recording.append(96_000, np.full(480, 0.25, dtype=np.float32))
    assert list(np.unique(read(path))) == [16_384]
    assert [row["cue_id"] for row in rows(path)] == ["a"]
    recording.close()


def test_a_recording_goes_on_after_a_restart(tmp_path):
    path = tmp_path / "p1.wav"
    for cue_id in "ab":
        recording = CueRecording(path)
        recording.append(480, np.full(480, 0.5, dtype=np.float32))
        recording.finish(outcome(cue_id, 0.01, 0.01), 40.0)
        recording.close()
    assert len(read(path)) == 960
    assert [(row["cue_id"], row["first_frame"]) for row in rows(path)] == [("a", "0"), ("b", "480")]


def test_half_a_frame_left_by_a_crash_is_written_over(tmp_path):
    path = tmp_path / "p1.wav"
    CueRecording(path).close()
    with path.open("ab") as file:
        file.write(b"\x01")
    recording = CueRecording(path)
    recording.append(0, np.full(10, 1.0, dtype=np.float32))
    recording.close()
    assert list(read(path)) == [32_767] * 10


@pytest.mark.parametrize("bit", [Bit.REVOKED, Bit.AROUSAL])
def test_a_cut_cue_is_recorded_as_far_as_it_was_heard(tmp_path, bit):
    path = tmp_path / "p1.wav"
    speaker = VirtualSpeaker(None, path)
    allow(speaker)
    speaker.play(PlayCommand("a", TONE, 60.0, 0.0, 1.0))
    speaker.beat(0.25)
    speaker.set_bit(bit, on=True)
    speaker.beat(1.0)
    speaker.close()
    (row,) = rows(path)
    assert int(row["frames"]) == 12_480
    assert not np.any(read(path)[12_480:])
