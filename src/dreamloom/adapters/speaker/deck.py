"""What do all speakers share? A deck: one bed's mixer with its bits, its sealed output constants and its recording."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dreamloom.adapters.speaker.bits_file import Bits, silencing_names
from dreamloom.adapters.speaker.recording import CueRecording
from dreamloom.jukebox import mixer
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, SoundOutcome
from dreamloom.jukebox.levels import UNCALIBRATED_FULL_SCALE_DB, gain
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import ignored
from dreamloom.vocabulary.units import Decibels, Seconds

QUANTUM_FRAMES = 480
"""Frames between two looks at the bits: 10 ms."""
DEAD_MAN_S = Seconds(2.0)
"""Without a beat for this long the gain falls to zero."""


@dataclass(frozen=True, slots=True)
class Output:
    """Constants of one bed's output, sealed when its speaker is made.

    Attributes:
        full_scale_db: level at the pillow of a full-scale sound; the default is for an output nobody measured.
        ceiling_db: no frame leaves louder than a peak of this level, whatever is asked; ours: a loud alarm clock.
    """

    full_scale_db: Decibels = UNCALIBRATED_FULL_SCALE_DB
    ceiling_db: Decibels = Decibels(75.0)

    @property
    def ceiling(self) -> float:
        return gain(self.ceiling_db, full_scale_db=self.full_scale_db)


class Heard(NamedTuple):
    """One quantum as it left: frames float32[n], where it began, whether a cue was in it, and what became final."""

    start_frame: int
    frames: PcmArray
    sounded: bool
    outcomes: tuple[SoundOutcome, ...]


class Keeper:
    """Keeps what sounded beside the night; apart from the deck, so that no device ever waits for a disk."""

    def __init__(self, wav_path: Path) -> None:
        self._recording = CueRecording(wav_path)
        self._levels_db: dict[str, Decibels] = {}

    def expect(self, command: PlayCommand) -> None:
        """Told of every cue before its first quantum: a row of the table names its level."""
        self._levels_db.setdefault(command.cue_id, command.level_db)

    def keep(self, heard: Heard) -> None:
        """Writes a quantum that sounded, and the rows of cues that ended in it."""
        if heard.sounded:
            self._recording.append(heard.start_frame, heard.frames)
        for outcome in heard.outcomes:
            if (level_db := self._levels_db.pop(outcome.cue_id, None)) is not None:
                self._recording.finish(outcome, level_db)

    def close(self) -> None:
        self._recording.close()


class Deck:
    """Renders one bed quantum by quantum, as the bits allow at that moment."""

    def __init__(self, bits: Bits, *, output: Output, wav_path: Path | None, next_frame: int) -> None:
        self._bits = bits
        self._output = output
        self._keeper = Keeper(wav_path) if wav_path else None
        self._state = mixer.new_mixer(ceiling=output.ceiling, next_frame=next_frame)
        self._outcomes: list[SoundOutcome] = []

    @property
    def next_frame(self) -> int:
        return self._state.next_frame

    def first_sound(self) -> int | None:
        """The next frame anything is queued for, None if nothing is."""
        return mixer.first_sound(self._state)

    @property
    def is_sounding(self) -> bool:
        """True while a cue has begun and not ended."""
        return mixer.is_sounding(self._state)

    def queue(self, command: PlayCommand) -> None:
        """Takes a cue; one that no mixer could play is reported as failed."""
        if not is_playable(command):
            self._outcomes.append(failed(command.cue_id))
            return
        linear = gain(command.level_db, full_scale_db=self._output.full_scale_db, loudness_db=command.sound.loudness_db)
        if self._keeper is not None:
            self._keeper.expect(command)
        cue = mixer.voice(
            command.cue_id,
            command.sound.frames,
            linear,
            play_at_s=command.play_at_s,
            expires_s=command.expires_s,
            ignores=frozenset(bit.name for bit in ignored(command.silenced_by)),
            arousal_fade_s=command.arousal_fade_s,
        )
        self._state, outcomes = mixer.enqueue(self._state, cue)
        self._outcomes += outcomes

    def render(self, start_frame: int, n_frames: int, *, dead_man_ok: bool) -> PcmArray:
        """One quantum, float32[n_frames], kept if a cue was in it."""
        heard = self.hear(start_frame, n_frames, dead_man_ok=dead_man_ok)
        if self._keeper is not None:
            self._keeper.keep(heard)
        self._outcomes = list(heard.outcomes)
        return heard.frames

    def step_to(self, end_frame: int, *, dead_man_ok: bool) -> None:
        """Up to here without a frame: for stretches in which nothing begins or sounds."""
        if mixer.has_cues(self._state) or self._outcomes:  # these are kept by whoever hears them
            self.render(end_frame, 0, dead_man_ok=dead_man_ok)
        else:
            self._state = mixer.idled(self._state, end_frame, dead_man_ok=dead_man_ok)

    def hear(self, start_frame: int, n_frames: int, *, dead_man_ok: bool) -> Heard:
        """One quantum with everything about it, for whoever keeps and reports elsewhere."""
        silenced = silencing_names(self._bits) if mixer.has_cues(self._state) else ()
        rendered = mixer.render(self._state, start_frame, n_frames, silenced=silenced, dead_man_ok=dead_man_ok)
        self._state = rendered.state
        unsaid, self._outcomes = self._outcomes, []
        return Heard(start_frame, rendered.frames, rendered.sounded, (*unsaid, *rendered.outcomes))

    def outcomes(self) -> list[SoundOutcome]:
        """What became of cues since the last call, oldest first."""
        reported, self._outcomes = self._outcomes, []
        return reported

    def hear_close(self) -> Heard:
        """The last fade with everything about it; afterwards nothing sounds."""
        self._state, refused = mixer.closing(self._state)
        self._outcomes += refused
        return self.hear(self.next_frame, mixer.CUT_FRAMES, dead_man_ok=True)

    def close(self) -> PcmArray:
        """The last fade, float32[frame]; then nothing more."""
        heard = self.hear_close()
        self._outcomes = list(heard.outcomes)
        if self._keeper is not None:
            self._keeper.keep(heard)
            self._keeper.close()
            self._keeper = None
        return heard.frames


def is_playable(command: PlayCommand) -> bool:
    """Whether the command's numbers are numbers and its sound is mono float32 frames within -1 to 1."""
    loudness_db, frames = command.sound.loudness_db, command.sound.frames
    numbers = (command.level_db, loudness_db, command.play_at_s, command.expires_s, command.arousal_fade_s or 0.0)
    if not all(map(math.isfinite, numbers)) or frames.ndim != 1 or frames.dtype != np.float32:
        return False
    return len(frames) == 0 or float(np.max(np.abs(frames))) <= 1.0


def failed(cue_id: str) -> SoundOutcome:
    """The outcome of a cue that no speaker could take, or that was lost with its process."""
    return SoundOutcome(cue_id, "failed", None, Seconds(0.0), cut=False, bits=(), verified="none")


def frames_in(duration_s: Seconds) -> int:
    """Whole frames in a duration."""
    return int(duration_s * SOUND_RATE_HZ)
