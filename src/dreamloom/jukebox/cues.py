"""What is a cue made of, and what became of it? Sounds as data, outcomes as the speaker reports them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

PcmArray = npt.NDArray[np.float32]

SoundSource = Literal["made", "file", "spoken", "own recording", "stand-in"]
LoudnessMethod = Literal["none", "A-weighted RMS", "gated LUFS"]
SOUND_RATE_HZ = 48_000
"""Frames per second of every rendered sound."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A rendered sound: mono frames at SOUND_RATE_HZ with peak 1.0 (or all zero), named by the hash of its bytes.

    Attributes:
        loudness_db, weighed_by: how loud it is at full scale, against a full-scale tone of 1 kHz, and how that was
            found; "none": it is taken to be as loud as that tone.
        source: where its frames are from; a stand-in is heard in the place of words that nobody spoke.
    """

    name: str
    sha256: str
    frames: PcmArray
    source: SoundSource = "made"
    loudness_db: Decibels = Decibels(0.0)
    weighed_by: LoudnessMethod = "none"

    @property
    def duration_s(self) -> Seconds:
        return Seconds(len(self.frames) / SOUND_RATE_HZ)


@dataclass(frozen=True, slots=True)
class SoundOutcome:
    """The speaker's last word on one cue.

    Attributes:
        cue_id: id of the CueDue.
        status: played (began in time), expired (too late to begin), silenced (a bit was on at its moment), failed,
            undecided (the rules of the house took too long to be asked), changed (its file is another one now).
        actual_s: night time of its first frame; None if it never began.
        heard_s: how long it sounded before it ended or a bit cut it.
        cut: True when a bit cut it short.
        bits: names of the bits that silenced or cut it.
        verified: by which evidence actual_s is known.
    """

    cue_id: str
    status: Literal["played", "expired", "silenced", "failed", "undecided", "changed"]
    actual_s: NightTime | None
    heard_s: Seconds
    cut: bool
    bits: tuple[str, ...]
    verified: Literal["none", "render clock", "callback clock", "loopback", "microphone"]
