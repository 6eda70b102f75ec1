"""What goes with a bed's cues beside their sound? A speaker that tells its companions: marks, lights, vibration."""

from collections.abc import Sequence

from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.ports import Companion, PlayCommand, Speaker
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime, Seconds


class AccompaniedSpeaker:
    """Another speaker with companions, told after it of every cue and of what became of each."""

    def __init__(self, inner: Speaker, companions: Sequence[Companion]) -> None:
        self._inner = inner
        self._companions = companions

    def play(self, command: PlayCommand) -> None:
        """Sound first: no companion may hold it up."""
        self._inner.play(command)
        for companion in self._companions:
            companion.begins(command)

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        """Passed on."""
        self._inner.set_bit(bit, on=on)

    def beat(self, fresh_s: NightTime) -> None:
        """Passed on, and told."""
        self._inner.beat(fresh_s)
        for companion in self._companions:
            companion.beat(fresh_s)

    @property
    def stalls(self) -> int:
        return self._inner.stalls

    def heartbeat_age_s(self) -> Seconds:
        """Passed on."""
        return self._inner.heartbeat_age_s()

    def reopen(self) -> None:
        """Passed on."""
        self._inner.reopen()

    def outcomes(self) -> list[SoundOutcome]:
        """Passed on, and told."""
        told = self._inner.outcomes()
        for companion in self._companions:
            for outcome in told:
                companion.ended(outcome)
        return told

    def close(self) -> None:
        """Companions first: no light outlives its sound."""
        for companion in self._companions:
            companion.close()
        self._inner.close()
