"""What would have been heard? The sounding stretches of a night as WAV, with a table that says when each cue was."""

import csv
import io
import os
import struct
from pathlib import Path

import numpy as np

from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, SoundOutcome
from dreamloom.jukebox.mixer import frame_at
from dreamloom.vocabulary.units import Decibels

COLUMNS = ("cue_id", "onset_s", "first_frame", "frames", "level_db")
"""first_frame counts from the start of the WAV, onset_s is night time: the silence between cues is not written."""

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_FRAME_BYTES = 2
_FULL_SCALE = 32_767
_LARGEST_DATA = 2**32 - 1 - _HEADER.size


class CueRecording:
    """POD.wav (16-bit mono) and POD.cues.csv beside it; readable up to the last finished cue after kill -9.

    An existing recording is continued. Files go straight to the system, without a buffer of our own to lose.
    """

    def __init__(self, wav_path: Path) -> None:
        self._wav = wav_path.open("r+b" if wav_path.exists() else "x+b", buffering=0)
        data_bytes = max(self._wav.seek(0, os.SEEK_END) - _HEADER.size, 0)
        self._frames = data_bytes // _FRAME_BYTES
        self._stretch = (0, self._frames)
        self._next_frame = 0
        table_path = wav_path.with_suffix(".cues.csv")
        is_new = not table_path.exists() or table_path.stat().st_size == 0
        self._table = table_path.open("ab", buffering=0)
        if is_new:
            self._table.write(_csv_line(COLUMNS))
        self._patch_header()

    def append(self, first_frame: int, frames: PcmArray) -> None:
        """A sounding quantum, float32 within -1 to 1, that begins at first_frame of night time."""
        if first_frame != self._next_frame:
            self._stretch = (first_frame, self._frames)
        self._next_frame = first_frame + len(frames)
        if (self._frames + len(frames)) * _FRAME_BYTES > _LARGEST_DATA:
            return
        self._wav.seek(_HEADER.size + self._frames * _FRAME_BYTES)
        self._wav.write(np.round(frames * _FULL_SCALE).astype("<i2").tobytes())
        self._frames += len(frames)

    def finish(self, outcome: SoundOutcome, level_db: Decibels) -> None:
        """The row of a cue that was heard, and a header that counts its frames."""
        if outcome.actual_s is None:
            return
        night_frame, file_frame = self._stretch
        first_frame = file_frame + frame_at(outcome.actual_s) - night_frame
        row = (outcome.cue_id, f"{outcome.actual_s:.6f}", first_frame, frame_at(outcome.heard_s), f"{level_db:.4f}")
        self._patch_header()
        self._table.write(_csv_line(row))

    def close(self) -> None:
        self._patch_header()
        self._wav.close()
        self._table.close()

    def _patch_header(self) -> None:
        self._wav.seek(0)
        self._wav.write(_header(self._frames * _FRAME_BYTES))


def _header(data_bytes: int) -> bytes:
    """RIFF/WAVE, PCM (Microsoft/IBM Multimedia Programming Interface 1.0, 1991): 16-bit mono at SOUND_RATE_HZ."""
    byte_rate = SOUND_RATE_HZ * _FRAME_BYTES
    form = (b"fmt ", 16, 1, 1, SOUND_RATE_HZ, byte_rate, _FRAME_BYTES, 8 * _FRAME_BYTES)
    return _HEADER.pack(b"RIFF", data_bytes + _HEADER.size - 8, b"WAVE", *form, b"data", data_bytes)


def _csv_line(row: tuple[object, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue().encode()
