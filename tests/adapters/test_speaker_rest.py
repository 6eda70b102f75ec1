"""Does a speaker with nothing to play leave the machine alone, and lose nothing by it?"""

import os
import threading
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest

from dreamloom.adapters.speaker import render_loop, wire
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.speaker.deck import Deck
from dreamloom.adapters.speaker.render_loop import CATCH_UP_FRAMES, RenderLoop
from dreamloom.adapters.speaker.said import Word
from dreamloom.jukebox.cues import PcmArray, Sound
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import Decibels, NightTime


class Counted(Deck):
    """A deck that remembers each step: how many frames, and whether they were heard."""

    steps: list[tuple[int, bool]]

    def render(self, start_frame: int, n_frames: int, *, dead_man_ok: bool) -> PcmArray:
        frames = super().render(start_frame, n_frames, dead_man_ok=dead_man_ok)
        type(self).steps.append((n_frames, bool(frames.any())))
        return frames


class Lab:
    """The loop of a speaker process, in this one; `inbox` is what the night says to it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        Counted.steps = []
        patch.setattr(render_loop, "Deck", Counted)
        bits = BitsFile(folder / "bits")
        for bit in Bit:
            bits.clear(bit)
        self.file = wire.Beats.new_file()
        self.beats = wire.Beats(self.file.fileno())
        self.beats.engine_ns = wire.boot_ns()
        self.inbox: SimpleQueue[Word] = SimpleQueue()
        self.zero_ns = wire.boot_ns()
        opening = wire.Opening(
            bits_path=str(folder / "bits"), wav_path=None, zero_ns=self.zero_ns, parent=os.getppid(),
            beats_fd=self.file.fileno(), full_scale_db=100.0, ceiling_db=75.0,
        )  # fmt: skip
        self.loop = RenderLoop(opening, self.inbox)

    def run_for(self, seconds: float) -> None:
        threading.Timer(seconds, self.inbox.put, [None]).start()
        self.loop.run()
        self.beats.close()
        self.file.close()


def test_a_speaker_with_nothing_to_play_looks_around_a_few_times_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(tmp_path, monkeypatch)
    lab.run_for(0.6)
    assert 1 <= len(Counted.steps) <= 25


def test_a_cue_wakes_it_and_is_heard_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(tmp_path, monkeypatch)
    sound = Sound(name="", sha256="", frames=np.full(4_800, 0.5, dtype=np.float32))
    play_at_s = NightTime((wire.boot_ns() - lab.zero_ns) / 1e9 + 0.3)
    cue = PlayCommand("c", sound, Decibels(60.0), play_at_s, NightTime(play_at_s + 5.0))
    threading.Timer(0.05, lab.inbox.put, [cue]).start()
    lab.run_for(1.0)
    assert any(heard for _, heard in Counted.steps)


def test_a_machine_that_slept_for_hours_is_not_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(tmp_path, monkeypatch)
    ever_ns = wire.boot_ns
    monkeypatch.setattr(wire, "boot_ns", lambda: ever_ns() + 7_200 * 1_000_000_000)
    lab.run_for(0.2)
    assert max(frames for frames, _ in Counted.steps) <= CATCH_UP_FRAMES
