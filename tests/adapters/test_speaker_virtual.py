from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from dreamloom.adapters.speaker import BitsFile, MemoryBits, Output, VirtualSpeaker
from dreamloom.adapters.speaker.deck import Deck
from dreamloom.jukebox.synth import make
from dreamloom.ports import PlayCommand
from dreamloom.testing.speaker_contract import CHORD, Rig, SpeakerContract, VirtualRig, allow
from dreamloom.vetoes.bits import Bit


class TestVirtualSpeaker(SpeakerContract):
    late_s: ClassVar[float] = 1e-9

    @contextmanager
    def open_rig(self, folder: Path) -> Iterator[Rig]:
        speaker = VirtualSpeaker(None, folder / "p1.wav")
        yield VirtualRig(speaker)
        speaker.close()


class TestVirtualSpeakerWithABitsFile(SpeakerContract):
    late_s: ClassVar[float] = 1e-9

    @contextmanager
    def open_rig(self, folder: Path) -> Iterator[Rig]:
        speaker = VirtualSpeaker(folder / "bits", folder / "p1.wav", start_s=1234.5)
        yield VirtualRig(speaker, now_s=1234.5)
        speaker.close()


def night(speaker: VirtualSpeaker, *, beat_s: float = 1.0) -> list[object]:
    allow(speaker)
    found: list[object] = []
    for k in range(int(20 / beat_s)):
        now_s = k * beat_s
        if now_s % 4 == 0:
            speaker.play(PlayCommand(f"c{now_s}", CHORD, 40.0, now_s + 1.237, now_s + 2.0))
        speaker.beat(now_s + beat_s)
        found += speaker.outcomes()
    return found


def test_a_lawful_cue_begins_at_the_very_time_it_was_planned_for():
    speaker = VirtualSpeaker()
    outcomes = night(speaker)
    assert [outcome.actual_s for outcome in outcomes] == [k + 1.237 for k in (0.0, 4.0, 8.0, 12.0, 16.0)]
    assert {outcome.verified for outcome in outcomes} == {"render clock"}


def test_one_night_is_one_recording_however_often_the_engine_beats(tmp_path):
    results = {}
    for beat_s in (1.0, 0.5, 0.05):
        path = tmp_path / f"{beat_s}.wav"
        speaker = VirtualSpeaker(None, path)
        results[beat_s] = night(speaker, beat_s=beat_s)
        speaker.close()
    assert results[1.0] == results[0.5] == results[0.05]


def test_a_bits_file_and_bits_in_memory_give_the_same_outcomes(tmp_path):
    assert night(VirtualSpeaker(tmp_path / "bits")) == night(VirtualSpeaker())


def test_another_handle_on_the_bits_silences_the_rest_of_the_night(tmp_path):
    speaker = VirtualSpeaker(tmp_path / "bits")
    allow(speaker)
    speaker.beat(1.0)
    BitsFile(tmp_path / "bits").set(Bit.REVOKED)
    speaker.play(PlayCommand("a", CHORD, 40.0, 1.5, 2.0))
    speaker.beat(2.0)
    assert [outcome.bits for outcome in speaker.outcomes()] == [("REVOKED",)]


def test_opening_a_speaker_silences_bits_that_a_crashed_night_left_clear(tmp_path):
    left = BitsFile(tmp_path / "bits")
    for bit in Bit:
        left.clear(bit)
    VirtualSpeaker(tmp_path / "bits")
    assert left.silencing() == tuple(Bit)


def test_time_that_runs_back_renders_nothing_twice():
    speaker = VirtualSpeaker()
    allow(speaker)
    speaker.play(PlayCommand("a", CHORD, 40.0, 0.5, 1.0))
    speaker.beat(1.0)
    speaker.beat(0.2)
    speaker.beat(2.0)
    assert len(speaker.outcomes()) == 1


def test_a_beat_after_close_renders_nothing():
    speaker = VirtualSpeaker()
    speaker.close()
    speaker.beat(10.0)
    assert speaker.outcomes() == []


@pytest.mark.parametrize("asked_db", [60.0, 80.0, 500.0])
def test_no_level_asked_for_leaves_louder_than_the_sealed_ceiling(asked_db):
    output = Output(full_scale_db=90.0, ceiling_db=50.0)
    deck = Deck(allowing(), output=output, wav_path=None, next_frame=0)
    tone = make("tone", pitch="A4", duration_s=0.5)
    for cue in "abc":
        deck.queue(PlayCommand(cue, tone, asked_db, 0.0, 1.0))
    frames = deck.render(0, 24_000, dead_man_ok=True)
    assert 0.009 < np.abs(frames).max() <= 10 ** (-40 / 20)


def allowing():
    bits = MemoryBits()
    for bit in Bit:
        bits.clear(bit)
    return bits
