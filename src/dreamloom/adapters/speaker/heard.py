"""How does a rehearsed sleeper hear? A speaker that tells its sleeper each sound that its bits let through."""

from dreamloom.jukebox.cues import SOUND_RATE_HZ, SoundOutcome
from dreamloom.ports import Hears, PlayCommand, Speaker
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime, Seconds


class HeardSpeaker:
    """Another speaker, with an ear beside it; a sound is told when it is commanded, before a sample of it is read.

    A bit that comes on in the middle of a sound does not shorten what was told: nothing from outside does that in a
    rehearsal.
    """

    def __init__(self, inner: Speaker, ear: Hears) -> None:
        self._inner = inner
        self._ear = ear
        self._on: set[Bit] = set(Bit)

    def play(self, command: PlayCommand) -> None:
        """Plays, and tells the ear what is not silence."""
        self._inner.play(command)
        frames = command.sound.frames
        if frames.any() and not any(command.silenced_by >> bit & 1 for bit in self._on):
            lasts_s = Seconds(len(frames) / SOUND_RATE_HZ)
            self._ear.hear(command.play_at_s, lasts_s, command.level_db, command.sound.name)

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        """Silences, or no longer silences; nobody but this one does, so that what is so already is not said again."""
        if (bit in self._on) == on:
            return
        (self._on.add if on else self._on.discard)(bit)
        self._inner.set_bit(bit, on=on)

    def beat(self, fresh_s: NightTime) -> None:
        """Passed on."""
        self._inner.beat(fresh_s)

    @property
    def stalls(self) -> int:
        return self._inner.stalls

    def heartbeat_age_s(self) -> Seconds:
        """Passed on."""
        return self._inner.heartbeat_age_s()

    def reopen(self) -> None:
        """Passed on; disarmed."""
        self._on.add(Bit.NOT_ARMED)
        self._inner.reopen()

    def outcomes(self) -> list[SoundOutcome]:
        """Passed on."""
        return self._inner.outcomes()

    def close(self) -> None:
        """Passed on."""
        self._inner.close()
